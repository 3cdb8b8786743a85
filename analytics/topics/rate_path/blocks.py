"""What Rate path shows."""

from __future__ import annotations

import datetime as dt
from typing import cast

import pandas as pd

from analytics import catalogue
from analytics.clock import calendars
from analytics.clock.instants import NEW_YORK
from analytics.errors import NotPriced
from analytics.evaluate import Evaluator
from analytics.panel import Papers
from analytics.published import fomc
from analytics.render import cards
from analytics.render.cards import Card
from analytics.render.chart import Chart
from analytics.render.exhibits import Judged, Table, judged
from analytics.render.words import day
from analytics.topics.rate_path import recipes, words
from analytics.topics.rate_path.charts import odds as odds_charts
from analytics.topics.rate_path.charts import path as path_charts
from analytics.topics.rate_path.charts import score as score_charts
from analytics.topics.rate_path.charts import through_time
from analytics.topics.rate_path.measures.coarse_path import CoarsePath
from analytics.topics.rate_path.measures.rate_guard import contradiction
from analytics.topics.rate_path.measures.rate_score import RateScore
from analytics.topics.rate_path.measures.rate_table import Kind, RateTable, rate_table
from analytics.topics.rate_path.measures.rate_through_time import meeting_odds, year_end_line
from analytics.topics.rate_path.recipes import Inputs, PathNow
from analytics.topics.rate_path.words import from_record

EASING = 12
"""The claim that easing expectations go with lower real yields and a weaker dollar."""
HORIZON = 30
"""Days before a meeting at which the reliability picture is drawn [days]."""
FIRST_YEAR = 2010
"""Of the meetings whose odds are kept."""
DOTS = "fed_dots_median"
PROJECTED, VINTAGES = (3, 6, 9, 12), 4
"""Months whose meetings make projections, and how many of the last such meetings are shown."""
TO_FRED = dt.timedelta(days=2)
"""By then FRED has them."""


def contracts(evaluator: Evaluator) -> list[Papers]:
    """Papers of the target range and of the nearest contracts."""
    months = catalogue.listed_contracts(evaluator.day, 12)
    held = evaluator.panel([*("target_lower", "target_upper", "effr"), *(row.key for row in months)]).papers
    return list(held.values())


def reading(evaluator: Evaluator, found: PathNow) -> str:
    """The moves priced to the year's end, in one sentence."""
    moves = found.year_end.moves
    if moves is None:
        return f"{found.now.sentence} {found.year_end.why}"
    said = words.priced(moves, found.year, found.now, evaluator.day)
    if found.running is None:
        return said
    return f"{said} The end of {recipes.running_year(found.now.as_of)} is not known."


def priced_card(evaluator: Evaluator) -> Card:
    """Moves of the Fed priced to a year's end, which takes longer than the other cards; it says its day and which year.

    Where no contract is held as of the day, what bills say, as the coarse reading that it is.

    Raises:
        NotPriced: that end is not known on the day.
    """
    try:
        found: PathNow = evaluator.finding(recipes.RATE_PATH)
    except NotPriced:
        coarse: CoarsePath = evaluator.finding(recipes.COARSE_PATH)
        if coarse.one_year is None:
            raise
        return cards.coarse_card(coarse.one_year, coarse.day).aged(
            _stale(evaluator, "treasury_1y", coarse.day)
        )
    card = cards.priced_card(evaluator.finding(recipes.PRICED_MOVES), found.year)
    return card.aged(_stale(evaluator, "fed_funds_front", found.now.as_of))


def _stale(evaluator: Evaluator, like: str, of: dt.date) -> bool:
    """Whether a reading is older than the calendar of a series like those that it rests on allows."""
    return not evaluator.simulated and calendars.is_stale(catalogue.get(like), evaluator.as_of, of)


def strip(evaluator: Evaluator) -> Chart:
    """Cut, hold and hike at the next meeting.

    Raises:
        NotPriced: no coming meeting is priced, or the next one's odds are not known.
    """
    now = evaluator.finding(recipes.RATE_PATH).now
    if not now.meetings:
        raise NotPriced("No coming meeting is priced on this day.")
    following = now.meetings[0]
    if following.expected_moves is None:
        raise NotPriced(
            f"The odds of the next meeting, {day(following.date)}, are not known. {following.note}"
        )
    odds = rate_table(now, None, "meeting").odds.iloc[0]
    return odds_charts.strip(following, odds, now.as_of, evaluator.day, contracts(evaluator), evaluator.ink)


def path(evaluator: Evaluator) -> Chart:
    """The path against the range, with the earlier path in grey, a tick's band and the Committee's medians."""
    found: PathNow = evaluator.finding(recipes.RATE_PATH)
    inputs: Inputs = evaluator.finding(recipes.RATE_INPUTS)
    limits, papers = inputs.announced.by_day, contracts(evaluator)
    ticks = evaluator.finding(recipes.RATE_TICKS)
    held = evaluator.panel([DOTS])
    dots = held.columns[DOTS].loc[str(found.now.as_of.year) :] if DOTS in held else None
    if dots is not None:
        papers = [*papers, held.papers[DOTS]]
    return path_charts.path(
        found.now, found.then, limits["upper"], limits["lower"], papers, evaluator.ink, ticks, dots
    )


def odds(evaluator: Evaluator) -> RateTable:
    """The chosen odds of each meeting, beside those of the chosen earlier day.

    Raises:
        NotPriced: the contracts contradict the range that the odds would start from, or none of these odds is known.
    """
    found: PathNow = evaluator.finding(recipes.RATE_PATH)
    kind = cast("Kind", evaluator.view.odds)
    if kind != "meeting" and (against := contradiction(found.now)):
        raise NotPriced(f"{against} No odds are shown from a range that the prices contradict.")
    table = rate_table(found.now, found.then, kind)
    if table.odds.isna().all(axis=None):
        raise NotPriced(words.no_odds(found.now, kind))
    return table


def odds_map(evaluator: Evaluator) -> Chart:
    """Meeting by range, or by cut, hold and hike: odds and their change in one cell.

    Raises:
        NotPriced: as ``odds``.
    """
    now = evaluator.finding(recipes.RATE_PATH).now
    return odds_charts.odds_map(odds(evaluator), now.as_of, contracts(evaluator), evaluator.ink)


def odds_table(evaluator: Evaluator) -> Table:
    """The same as a table, for where nothing is drawn.

    Raises:
        NotPriced: as ``odds``.
    """
    now, shown = evaluator.finding(recipes.RATE_PATH).now, odds(evaluator)
    return Table(
        "odds_table",
        words.map_title(shown, now.as_of),
        odds_charts.odds_cells(shown),
        odds_charts.odds_rows(shown),
        tuple(contracts(evaluator)),
        "in brackets: the change" if shown.compared else "",
        odds_charts.METHOD,
    )


def no_comparison(evaluator: Evaluator) -> str:
    """Why the cells of the map hold no change; empty where they do.

    Raises:
        NotPriced: as ``odds``.
    """
    found: PathNow = evaluator.finding(recipes.RATE_PATH)
    compared = recipes.compare_day(evaluator.view, found.now.as_of)
    return words.no_comparison(odds(evaluator), found.why_no_then, compared)


def dots(evaluator: Evaluator) -> Table:
    """The Committee's median projections as they were known after each of its last meetings that made some.

    Raises:
        NotPriced: none is held.
    """
    made = {}
    for on in [evaluator.day, *(one + TO_FRED for one in _projected(evaluator.day))]:
        held = evaluator.on(min(on, evaluator.day)).panel([DOTS])
        if DOTS in held and not held.papers[DOTS].later_vintage:
            known = held.papers[DOTS].known_at.astimezone(NEW_YORK).date()
            made[known] = held.columns[DOTS].loc[str(evaluator.day.year) :]
    newest = evaluator.panel([DOTS])
    if not any(len(row) for row in made.values()):
        raise NotPriced(
            "No projections of the Committee are held as of this day: FRED's earlier vintages need a key."
        )
    frame = pd.DataFrame({day(known): row for known, row in sorted(made.items(), reverse=True)}).T
    frame = frame.set_axis([f"end of {stamp.year}" for stamp in frame.columns], axis=1).rename_axis(
        "as known on"
    )
    return Table(
        "dots",
        words.dots_title(made),
        frame,
        frame,
        (newest.papers[DOTS],),
        words.dots_rule(len(frame)),
        "Median of the federal funds rate that the members of the Committee project for the end of each year.",
        dict.fromkeys(frame.columns, "%.2f"),
    )


def _projected(today: dt.date) -> list[dt.date]:
    """The last meetings with projections, newest first."""
    return [one for one in meetings(today) if one.month in PROJECTED and one <= today][: -VINTAGES - 1 : -1]


def moves(evaluator: Evaluator) -> Chart:
    """Moves priced to a year's end, through time.

    Raises:
        NotPriced: none is known.
    """
    found: PathNow = evaluator.finding(recipes.RATE_PATH)
    line = year_end_line(evaluator.finding(recipes.RATE_HISTORY), found.year).loc[: str(evaluator.day)]
    if line.dropna().empty:
        raise NotPriced(
            found.year_end.why or f"The moves priced to the end of {found.year} are known on no day."
        )
    spanned = line.loc[str(evaluator.window[0]) :]
    drawn = spanned if len(spanned.dropna()) >= 2 else line
    return through_time.moves_line(drawn, found.year, contracts(evaluator), evaluator.ink, _begins(found))


def meetings(today: dt.date) -> list[dt.date]:
    """Scheduled meetings known on a day, oldest first."""
    return [one.day for one in fomc.known(today) if one.scheduled and one.day.year >= FIRST_YEAR]


def meeting(evaluator: Evaluator) -> dt.date:
    """The chosen meeting, or the next one.

    Raises:
        NotPriced: no coming meeting is priced.
    """
    chosen = evaluator.view.meeting
    if chosen != "next" and dt.date.fromisoformat(chosen) in meetings(evaluator.day):
        return dt.date.fromisoformat(chosen)
    if not (ahead := evaluator.finding(recipes.RATE_PATH).now.meetings):
        raise NotPriced("No coming meeting is priced on this day.")
    return ahead[0].date


def meeting_line(evaluator: Evaluator) -> Chart:
    """Cut, hold and hike odds of one meeting, through time.

    Raises:
        NotPriced: none is held.
    """
    chosen = meeting(evaluator)
    line = meeting_odds(evaluator.finding(recipes.RATE_HISTORY), chosen)
    if line.dropna().empty:
        raise NotPriced(f"No odds are held for the meeting of {day(chosen)}.")
    begins = _begins(evaluator.finding(recipes.RATE_PATH))
    return through_time.odds(line, chosen, contracts(evaluator), evaluator.ink, begins)


def _begins(found: PathNow) -> str:
    return f"stored contract prices begin {day(found.begins)}; Yahoo forgets expired months"


def inputs(evaluator: Evaluator) -> Table:
    """Which prices of which day gave the path: contracts, pins and residuals, range and effective rate."""
    found: PathNow = evaluator.finding(recipes.RATE_PATH)
    frame = path_charts.inputs_table(found.now)
    effective = evaluator.finding(recipes.RATE_INPUTS).effective.dropna()
    return Table(
        "rate_inputs",
        f"Closes of {day(found.now.as_of)}, the path through them and what each contract misses it by",
        frame,
        frame,
        tuple(contracts(evaluator)),
        words.inputs_rule(found.now, effective),
        " ".join(words.CAVEATS),
        dict.fromkeys(("price", "average %", "start %", "end %"), "%.4f") | {"residual bp": "%.2f"},
    )


def reliability(evaluator: Evaluator) -> Chart:
    """How often what was priced came."""
    found: RateScore = evaluator.finding(recipes.RATE_SCORE)
    horizons = [one.horizon for one in found.horizons]
    horizon = HORIZON if HORIZON in horizons else horizons[0]
    return score_charts.reliability(found, contracts(evaluator), evaluator.ink, horizon, from_record(found))


def score(evaluator: Evaluator) -> Table:
    """How good the market's odds have been."""
    found: RateScore = evaluator.finding(recipes.RATE_SCORE)
    frame = score_charts.score_rows(found)
    return Table(
        "score",
        found.sentence,
        frame,
        frame,
        tuple(contracts(evaluator)),
        f"Brier score over cut, hold and hike, 0 to 2, lower is better · intervals: bootstrap over meetings{from_record(found)}",
        "Odds that stood so many days before each scheduled meeting since 2010, against what the Fed then did; beside it the "
        "score of always saying no change, and of the frequencies known by then. Decisions outside the calendar had no odds and "
        "are not scored, which flatters the market: under *all moves* each that moved the rate counts as a hold that was sure "
        "and wrong.",
        dict.fromkeys(frame.columns[:8], "%.3f"),
    )


def link(evaluator: Evaluator) -> Judged:
    """Claim 12: on days when more easing was priced, did real yields and the dollar fall?"""
    found = evaluator.finding(recipes.EASING_LINK)
    held = evaluator.panel(["real_yield_10y", "dollar_index"]).papers
    method = (
        "Daily change in cuts priced to the year-end meeting against the daily change of the 10-year real yield and of the "
        "dollar index, both on the same days; White errors, wild bootstrap; both must hold (the larger p counts). "
        f"Newey-West t: {found.legs[0].t_hac:.1f} and {found.legs[1].t_hac:.1f}. Same-day association, not cause."
    )
    return judged(
        "easing_link",
        found.sentence,
        found.inference,
        tuple(held.values()),
        method,
        evaluator.own_verdict(EASING),
    )
