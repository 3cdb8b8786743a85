"""What Rate path shows."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analytics import shown
from analytics.errors import NotEnoughData, NotPriced
from analytics.evaluate.asks import Asks
from analytics.published import fomc
from analytics.render.chart import Chart
from analytics.render.exhibits import Judged, Table, judged
from analytics.render.words import day
from analytics.topics.rate_path import charts
from analytics.topics.rate_path.measures.rate_score import RateScore
from analytics.topics.rate_path.measures.rate_through_time import meeting_odds, year_end_line
from analytics.topics.rate_path.recipes import Inputs, PathNow

HORIZON = 30
"""Days before a meeting at which the reliability picture is drawn [days]."""
FIRST_YEAR = 2010
"""Of the meetings whose odds are kept."""


def path(asks: Asks) -> Chart:
    """The path against the range, with the earlier path in grey."""
    found: PathNow = asks.finding("rate_path")
    inputs: Inputs = asks.finding("rate_inputs")
    limits, papers = inputs.announced.by_day, shown.rate_papers(asks)
    return charts.path(found.now, found.then, limits["upper"], limits["lower"], papers, asks.ink)


def odds_table(asks: Asks) -> Table:
    """Meeting by range, beside the chosen earlier day."""
    found: PathNow = asks.finding("rate_path")
    since = f" (change in points since {day(found.then.as_of)})" if found.then else ""
    frame = charts.odds_table(found.now, found.changes)
    return Table(
        "odds_table",
        f"Odds after each meeting, %{since}",
        frame,
        frame,
        tuple(shown.rate_papers(asks)),
        f"closes of {day(found.now.as_of)} · {found.n_contracts} contract months · rows sum to 100; below 0.05 not shown",
        "Each meeting's own moves, convolved from the announced range. " + " ".join(charts.CAVEATS),
    )


def moves(asks: Asks) -> Chart:
    """Moves priced to a year's end, through time.

    Raises:
        NotEnoughData: none is known.
    """
    found: PathNow = asks.finding("rate_path")
    line = year_end_line(asks.finding("rate_history"), found.year).loc[: str(asks.day)]
    if line.dropna().empty:
        raise NotEnoughData(f"The moves priced to the end of {found.year}", 0, 1)
    spanned = line.loc[str(asks.window[0]) :]
    drawn = spanned if len(spanned.dropna()) >= 2 else line
    return charts.moves_line(drawn, found.year, shown.rate_papers(asks), asks.ink, _begins(found))


def meetings(asks: Asks) -> list[dt.date]:
    """Scheduled meetings known on the day, oldest first."""
    return [one.day for one in fomc.known(asks.day) if one.scheduled and one.day.year >= FIRST_YEAR]


def meeting(asks: Asks) -> dt.date:
    """The chosen meeting, or the next one.

    Raises:
        NotPriced: no coming meeting is priced.
    """
    chosen, found = asks.view.meeting, asks.finding("rate_path")
    if chosen != "next" and dt.date.fromisoformat(chosen) in meetings(asks):
        return dt.date.fromisoformat(chosen)
    if not found.now.meetings:
        raise NotPriced("No coming meeting is priced on this day.")
    first: dt.date = found.now.meetings[0].date
    return first


def odds(asks: Asks) -> Chart:
    """Cut, hold and hike odds of one meeting, through time.

    Raises:
        NotPriced: none is held.
    """
    chosen = meeting(asks)
    line = meeting_odds(asks.finding("rate_history"), chosen)
    if line.dropna().empty:
        raise NotPriced(f"No odds are held for the meeting of {day(chosen)}.")
    begins = _begins(asks.finding("rate_path"))
    return charts.odds(line, chosen, shown.rate_papers(asks), asks.ink, begins)


def _begins(found: PathNow) -> str:
    return f"stored contract prices begin {day(found.begins)}; Yahoo forgets expired months"


def inputs(asks: Asks) -> Table:
    """Contract prices, pins and residuals."""
    frame: pd.DataFrame = charts.inputs_table(asks.finding("rate_path").now)
    title = "Contract months with their average, the path through them and residuals"
    papers = tuple(shown.rate_papers(asks))
    return Table("rate_inputs", title, frame, frame, papers, method=" ".join(charts.CAVEATS))


def reliability(asks: Asks) -> Chart:
    """How often what was priced came."""
    found: RateScore = asks.finding("rate_score")
    horizons = [one.horizon for one in found.horizons]
    horizon = HORIZON if HORIZON in horizons else horizons[0]
    return charts.reliability(found, shown.rate_papers(asks), asks.ink, horizon)


def score(asks: Asks) -> Table:
    """How good the market's odds have been."""
    found: RateScore = asks.finding("rate_score")
    frame = charts.score_rows(found)
    return Table(
        "score",
        found.sentence,
        frame,
        frame,
        tuple(shown.rate_papers(asks)),
        "Brier score over cut, hold and hike, 0 to 2, lower is better · intervals: bootstrap over meetings",
        "Odds that stood so many days before each scheduled meeting since 2010, against what the Fed then did; beside it the "
        "score of always saying no change, and of the frequencies known by then. Emergency decisions had no odds and are left "
        "out, which flatters the market.",
        dict.fromkeys(frame.columns[:6], "%.3f"),
    )


def link(asks: Asks) -> Judged:
    """Claim 12: on days when more easing was priced, did real yields and the dollar fall?"""
    found = asks.finding("easing_link")
    held = asks.panel(["real_yield_10y", "dollar_index"]).papers
    method = (
        "Daily change in cuts priced to the year-end meeting against the daily change of the 10-year real yield and of the "
        "dollar index, both on the same days; White errors, wild bootstrap; both must hold (the larger p counts). "
        f"Newey-West t: {found.legs[0].t_hac:.1f} and {found.legs[1].t_hac:.1f}. Same-day association, not cause."
    )
    return judged("easing_link", found.sentence, found.inference, tuple(held.values()), method)
