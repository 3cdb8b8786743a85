"""The sections of the brief and of the bundle: a table of small records, each a function of an asker.

A section that cannot be measured raises one of our own errors; whoever shows it says why in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analytics import catalogue, findings, shown
from analytics.asks import Asks
from analytics.charts import divergence as pair_charts
from analytics.charts import lead_lag as lead_charts
from analytics.charts import rate_path as rate_charts
from analytics.charts import triggers as trigger_charts
from analytics.charts.words import day
from analytics.exhibits import Block, Cards, Judged, Table, Tiles, Words
from analytics.findings.rates import Inputs, PathNow
from analytics.findings.triggers import firing_rows
from analytics.measures.rate_through_time import year_end_line
from analytics.measures.triggers import Triggers
from analytics.view import ARTICLE

Make = Callable[[Asks], Sequence[Block]]


@dataclass(frozen=True, slots=True)
class Section:
    """One section.

    Attributes:
        key: Slug; a folder of the bundle.
        title: What it is called where it cannot be shown.
        make: Its blocks.
        brief: Whether it stands in the brief; the bundle has every one.
        wide: Over the page's whole width; others stand two side by side.
    """

    key: str
    title: str
    make: Make
    brief: bool = False
    wide: bool = True


def reading(asks: Asks) -> str:
    """The brief's sentence: which leg moved.

    Raises:
        AnalyticsError: the pair cannot be measured.
    """
    return str(asks.finding("divergence").sentence)


def _cards(asks: Asks) -> Sequence[Block]:
    keys = findings.recipe("snapshots").keys(asks.view, asks.day)
    return [Cards(tuple(shown.cards(asks)), tuple(asks.panel(keys).papers.values()))]


def _pair(asks: Asks) -> Sequence[Block]:
    return [pair_charts.indexed(asks.finding("divergence"), shown.pair(asks), shown.events(asks))]


def _legs(asks: Asks) -> Sequence[Block]:
    return [pair_charts.legs(asks.finding("divergence"), shown.pair(asks))]


def _spread(asks: Asks) -> Sequence[Block]:
    found, pair = asks.finding("divergence"), shown.pair(asks)
    return [pair_charts.ratio(found, pair, shown.events(asks)), pair_charts.zscore(found, pair)]


def _drawdowns(asks: Asks) -> Sequence[Block]:
    return [pair_charts.drawdowns(asks.finding("drawdowns"), shown.pair(asks))]


def _correlation(asks: Asks) -> Sequence[Block]:
    return [pair_charts.correlation(asks.finding("correlation"), shown.pair(asks), asks.window)]


def _cointegration(asks: Asks) -> Sequence[Block]:
    found = asks.finding("cointegration")
    method = pair_charts.cointegration_method(found)
    return [Judged("cointegration", found.sentence, found.inference, shown.pair(asks).papers, method)]


def _league(asks: Asks) -> Sequence[Block]:
    found = asks.finding("league")
    held = asks.panel(findings.recipe("league").keys(asks.view, asks.day)).papers
    rows = found.returns.add_suffix("_percent").join(found.ranks.add_suffix("_rank"))
    title = f"Returns over five windows with ranks, as of {day(found.as_of)}"
    papers = tuple(held[key] for key in found.returns.index)
    return [Table("league", title, rows, rows, papers, "simple returns; 1 is the best of a fixed universe")]


def _lead(asks: Asks) -> Sequence[Block]:
    found, pair = asks.finding("lead_lag"), shown.pair(asks)
    method = "Decided by the smoothed family alone (claim 28)."
    return [Judged("lead_lag", found.sentence, found.inference, pair.papers, method)]


def _correlogram(asks: Asks) -> Sequence[Block]:
    found, pair = asks.finding("lead_lag"), shown.pair(asks)
    strongest = f"Smoothed windows: {lead_charts.strongest(found.windows, pair)}"
    return [lead_charts.correlogram(found, pair), lead_charts.windows(found.windows, pair, strongest)]


def _highs(asks: Asks) -> Sequence[Block]:
    found, pair = asks.finding("events"), shown.pair(asks)
    horizons, cycles = lead_charts.horizon_rows(found), lead_charts.cycle_rows(found)
    return [
        lead_charts.event_path(found, pair),
        Judged("events", found.sentence, found.inference, pair.papers, "Claim 31."),
        Table("horizons", "Every horizon, tested as one family", horizons, horizons, pair.papers),
        Table("cycles", "The test without each market cycle", cycles, cycles, pair.papers),
    ]


def _path(asks: Asks) -> Sequence[Block]:
    found: PathNow = asks.finding("rate_path")
    inputs: Inputs = asks.finding("rate_inputs")
    limits, papers = inputs.announced.by_day, shown.rate_papers(asks)
    return [rate_charts.path(found.now, found.then, limits["upper"], limits["lower"], papers, asks.ink)]


def _odds(asks: Asks) -> Sequence[Block]:
    found: PathNow = asks.finding("rate_path")
    since = f" (change in points since {day(found.then.as_of)})" if found.then else ""
    frame = rate_charts.odds_table(found.now, found.changes)
    rule = f"closes of {day(found.now.as_of)} · {found.n_contracts} contract months · below 0.05 not shown"
    papers, method = tuple(shown.rate_papers(asks)), " ".join(rate_charts.CAVEATS)
    return [Table("odds_table", f"Odds after each meeting, %{since}", frame, frame, papers, rule, method)]


def _moves(asks: Asks) -> Sequence[Block]:
    found: PathNow = asks.finding("rate_path")
    line = year_end_line(asks.finding("rate_history"), found.year).loc[: str(asks.day)]
    begins = f"stored contract prices begin {day(found.begins)}"
    papers = shown.rate_papers(asks)
    return [rate_charts.moves_line(line, found.year, papers, asks.ink, begins)] if line.notna().any() else []


def _score(asks: Asks) -> Sequence[Block]:
    found = asks.finding("rate_score")
    frame = rate_charts.score_rows(found)
    return [Table("score", found.sentence, frame, frame, tuple(shown.rate_papers(asks)), "Brier, 0 to 2")]


def _triggers(asks: Asks) -> Sequence[Block]:
    found: Triggers = asks.finding("triggers")
    tiles = tuple(trigger_charts.tile(one) for one in found.triggers)
    return [Words(trigger_charts.counted(found)), Tiles(tiles, tuple(shown.trigger_papers(asks)))]


def _firings(asks: Asks) -> Sequence[Block]:
    found: Triggers = asks.finding("triggers")
    rows = {one.title: firing_rows(one) for one in found.triggers}
    drawn = [one for one in found.triggers if one.known_from is not None]
    charts = [trigger_charts.through_time(one, shown.trigger_papers(asks, one), asks.ink) for one in drawn]
    papers = tuple(shown.trigger_papers(asks))
    table = Table(
        "firings",
        trigger_charts.firings_title(found),
        trigger_charts.firings_table(rows),
        trigger_charts.firings_rows(rows),
        papers,
        "false alarm: Bitcoin no higher 60 trading days later",
        trigger_charts.RULE,
    )
    return [*charts, table, *(Words(trigger_charts.record(one)) for one in drawn)]


def _stale(asks: Asks) -> Sequence[Block]:
    return [Words(shown.staleness(asks), quiet=True)]


SECTIONS: tuple[Section, ...] = (
    Section("cards", "Where things are", _cards, brief=True),
    Section("pair", "The pair", _pair, brief=True),
    Section("legs", "Which leg moved", _legs, brief=True, wide=False),
    Section("triggers", "The three triggers", _triggers, brief=True, wide=False),
    Section("lead", "Does the lead come first?", _lead, brief=True),
    Section("rate_path", "The rate path", _path, brief=True),
    Section("odds", "Odds of each meeting", _odds, brief=True),
    Section("stale", "What is stale", _stale, brief=True),
    Section("spread", "The ratio and its spread", _spread),
    Section("drawdowns", "Drawdowns", _drawdowns),
    Section("correlation", "Rolling correlation", _correlation),
    Section("cointegration", "Does the gap close by itself?", _cointegration),
    Section("league", "League table", _league),
    Section("correlogram", "Every lag", _correlogram),
    Section("highs", "After the lead's highs", _highs),
    Section("moves", "Moves priced through time", _moves),
    Section("score", "How good the odds have been", _score),
    Section("firings", "The trigger ledger", _firings),
)
"""In the order of the brief, then what only the bundle has."""


def settings_rows(asks: Asks) -> dict[str, str]:
    """The choices and the data that everything was made from, as a reader checks them."""
    lead, follow = catalogue.get(asks.view.lead), catalogue.get(asks.view.follow)
    start, end = asks.window
    panel = asks.panel([lead.key, follow.key])
    return {
        "pair": f"{lead.title} against {follow.title}",
        "as of": f"{asks.as_of.isoformat()}{', the day of the article' if asks.day == ARTICLE else ''}",
        "window": f"{day(start)} to {day(end)}",
        "data": "simulated demo data" if asks.simulated else "recorded from Yahoo Finance and FRED",
        "sha256 of the pair": panel.sha256,
    }
