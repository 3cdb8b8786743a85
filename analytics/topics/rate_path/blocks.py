"""What Rate path shows."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analytics import catalogue
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
from analytics.topics.rate_path.measures.rate_through_time import meeting_odds, year_end_line
from analytics.topics.rate_path.recipes import Inputs, PathNow
from analytics.topics.rate_path.words import from_record

EASING = 12
"""The claim that easing expectations go with lower real yields and a weaker dollar."""
HORIZON = 30
"""Days before a meeting at which the reliability picture is drawn [days]."""
FIRST_YEAR = 2010
"""Of the meetings whose odds are kept."""


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
    low, high = found.now.range
    tense = "prices" if evaluator.day == found.now.as_of else f"on {day(found.now.as_of)} priced"
    said = f"The market {tense} {words.moves_words(moves)} by the end of {found.year}, from {low:.2f}–{high:.2f}%."
    return said if found.running is None else f"{said} To the end of the running year: {found.running.why}"


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
        return cards.coarse_card(coarse.one_year, coarse.day)
    return cards.priced_card(evaluator.finding(recipes.PRICED_MOVES), found.year)


def path(evaluator: Evaluator) -> Chart:
    """The path against the range, with the earlier path in grey."""
    found: PathNow = evaluator.finding(recipes.RATE_PATH)
    inputs: Inputs = evaluator.finding(recipes.RATE_INPUTS)
    limits, papers = inputs.announced.by_day, contracts(evaluator)
    return path_charts.path(found.now, found.then, limits["upper"], limits["lower"], papers, evaluator.ink)


def odds_table(evaluator: Evaluator) -> Table:
    """Meeting by range, beside the chosen earlier day.

    Raises:
        NotPriced: the contracts contradict the range that the odds would start from.
    """
    found: PathNow = evaluator.finding(recipes.RATE_PATH)
    if against := contradiction(found.now):
        raise NotPriced(f"{against} No odds are shown from a range that the prices contradict.")
    changed = any(change.points for change in found.changes)
    since = f" (change in points since {day(found.then.as_of)})" if found.then and changed else ""
    frame = odds_charts.odds_table(found.now, found.changes)
    return Table(
        "odds_table",
        f"Odds after each meeting, %{since}",
        frame,
        frame,
        tuple(contracts(evaluator)),
        f"closes of {day(found.now.as_of)} · {found.n_contracts} contract months · rows sum to 100; below 0.05 not shown",
        "Each meeting's own moves, convolved from the announced range. " + " ".join(words.CAVEATS),
    )


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


def meetings(evaluator: Evaluator) -> list[dt.date]:
    """Scheduled meetings known on the day, oldest first."""
    return [one.day for one in fomc.known(evaluator.day) if one.scheduled and one.day.year >= FIRST_YEAR]


def meeting(evaluator: Evaluator) -> dt.date:
    """The chosen meeting, or the next one.

    Raises:
        NotPriced: no coming meeting is priced.
    """
    chosen, found = evaluator.view.meeting, evaluator.finding(recipes.RATE_PATH)
    if chosen != "next" and dt.date.fromisoformat(chosen) in meetings(evaluator):
        return dt.date.fromisoformat(chosen)
    if not found.now.meetings:
        raise NotPriced("No coming meeting is priced on this day.")
    first: dt.date = found.now.meetings[0].date
    return first


def odds(evaluator: Evaluator) -> Chart:
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
    """Contract prices, pins and residuals."""
    frame: pd.DataFrame = path_charts.inputs_table(evaluator.finding(recipes.RATE_PATH).now)
    title = "Contract months with their average, the path through them and residuals"
    papers = tuple(contracts(evaluator))
    return Table("rate_inputs", title, frame, frame, papers, method=" ".join(words.CAVEATS))


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
