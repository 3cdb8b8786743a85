"""Sentences about the rate path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from analytics.render.words import day
from analytics.topics.rate_path.measures.complete_day import CompleteDay
from analytics.topics.rate_path.measures.rate_odds import STEP
from analytics.topics.rate_path.measures.rate_path import RatePath
from analytics.topics.rate_path.measures.rate_score import RateScore
from analytics.topics.rate_path.measures.rate_table import Kind, RateTable

MOST_NAMED = 4
TITLES: dict[Kind, str] = {
    "range": "Odds of each range after each meeting",
    "at_most": "Odds of each range or a lower one after each meeting",
    "at_least": "Odds of each range or a higher one after each meeting",
    "meeting": "Odds of a cut, hold and hike at each meeting",
}
KINDS: dict[Kind, str] = {
    "range": "Range",
    "at_most": "At or below",
    "at_least": "At or above",
    "meeting": "Move",
}
"""What a reader chooses between."""
CAVEATS = (
    "A contract settles on the mean effective rate of its month, so it cannot show two-sided tails: a 50% chance of two "
    "moves and a certain single move look alike.",
    "Meetings are taken as independent of each other.",
    "The effective rate (EFFR) is not the target range; the distance between them is taken as it is now.",
    "A term premium, small this near, is read as expectation.",
)


def priced(moves: float, year: int, path: RatePath, today: dt.date) -> str:
    """The page's sentence: moves priced to a year's end, with their day."""
    low, high = path.range
    when = f"({day(path.as_of)})" if today == path.as_of else f"({day(path.as_of)}; nothing newer)"
    return f"The market prices {moves_words(moves)} by the end of {year}, from {low:.2f}–{high:.2f}% {when}."


def path_title(path: RatePath) -> str:
    """From where to where the priced path goes."""
    ends = [one for one in path.meetings if one.end is not None]
    if not ends or path.meetings[0].start is None:
        return path.sentence
    last = ends[-1]
    return f"Priced: from {path.meetings[0].start:.2f}% to {last.end:.2f}% after {day(last.date)} ({day(path.as_of)})."


def year_choice(unchosen: int, running: int, today: dt.date) -> str:
    """What the choice of no year stands for: ``2026 (running)``, or which year and why another one."""
    if unchosen != running:
        return f"{unchosen} (the end of {running} is not known)"
    return (
        f"{running} (running)" if running == today.year else f"{running} ({today.year} has no meeting left)"
    )


def lag(read: CompleteDay) -> str:
    """Which months lag behind the newest prices; empty where none does."""
    if read.day == read.newest:
        return ""
    names = [f"{month:%b %Y}" for month in read.lagging]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return (
        f"Shown as of {day(read.day)}, the last complete day: on {day(read.newest)} no price has come yet for "
        f"{', '.join(names[:MOST_NAMED])}{more}."
    )


def from_record(found: RateScore) -> str:
    """How many meetings rest on the published record of odds; empty where none does."""
    most = max(found.horizons, key=lambda one: one.from_record)
    if not most.from_record:
        return ""
    return (
        f" · {most.from_record} of {most.n} meetings from the published record of odds (whole percents, computed by this "
        "product from contracts that have expired)"
    )


def moves_words(moves: float) -> str:
    """``1.76 cuts``, ``0.97 hikes``, ``no move``."""
    if abs(moves) < 0.005:
        return "no move"
    return f"{abs(moves):.2f} {'cuts' if moves < 0 else 'hikes'}"


def odds(percent: float) -> str:
    """Whole percents from 10 on, a tenth below."""
    return f"{percent:.0f}" if percent >= 9.95 else f"{percent:.1f}"


def moved(points: float) -> str:
    """A change in points, to the same digits: ``+12``, ``−0.4``, ``±0``."""
    size = odds(abs(points))
    return "±0" if float(size) == 0 else f"{'+' if points > 0 else '−'}{size}"


def likeliest_first(odds_of: pd.Series) -> str:
    """``hold 98%, cut 2.0%``: outcomes by their odds; one that rounds to nothing is left out."""
    ordered = odds_of.sort_values(ascending=False, kind="stable")
    return ", ".join(f"{name} {odds(value)}%" for name, value in ordered.items() if value >= 0.05)


def in_days(days: int) -> str:
    """How far a meeting lies ahead."""
    return "tomorrow" if days == 1 else f"in {days} days"


def range_name(level: float) -> str:
    """``3.50–3.75`` for a lower bound."""
    return f"{level:.2f}–{level + STEP:.2f}"


def column_name(kind: Kind, column: float | str) -> str:
    """A column of the odds in a table that is taken away."""
    if isinstance(column, str):
        return column
    if kind == "at_most":
        return f"at most {column + STEP:.2f}"
    return f"at least {column:.2f}" if kind == "at_least" else range_name(column)


def column(kind: Kind, of: float | str) -> str:
    """A column of the odds over its cells, narrow enough for a phone."""
    if isinstance(of, str):
        return of
    if kind == "at_most":
        return f"≤ {of + STEP:.2f}"
    return f"≥ {of:.2f}" if kind == "at_least" else f"{of:.2f}<br>–{of + STEP:.2f}"


def likeliest(kind: Kind, shown: pd.DataFrame) -> dict[int, float | str]:
    """{row: column with the highest odds}; none of odds that are added up, and none of a row that is not known."""
    if kind in ("at_most", "at_least"):
        return {}
    return {
        row: shown.columns[int(values.argmax())]
        for row, values in enumerate(shown.to_numpy())
        if pd.notna(values).all() and len(values)
    }


def map_title(found: RateTable, as_of: dt.date) -> str:
    """What the map shows; the changes are spoken of only where there are some."""
    since = f"; change in points since {day(found.then)}" if found.then and found.compared else ""
    return f"{TITLES[found.kind]}, % ({day(as_of)}{since})"


def map_alt(kind: Kind, shown: pd.DataFrame) -> str:
    """The map in words: the likeliest after each meeting."""
    named = [
        f"{day(shown.index[row])} {column_name(kind, of)} {odds(shown.iloc[row][of])}%"
        for row, of in likeliest(kind, shown).items()
    ]
    most = f" Likeliest: {'; '.join(named)}." if named else ""
    return f"{TITLES[kind]}, a cell each; the table can be copied or taken as CSV.{most}"


def map_rule(found: RateTable, as_of: dt.date) -> str:
    """What the cells say."""
    said = [f"closes of {day(as_of)}"]
    if found.then and found.compared:
        said.append(f"below the odds: points since {day(found.then)}")
        partly = (found.odds.notna() & found.points.isna()).to_numpy().any()
        said += [f"–: not known on {day(found.then)}"] * bool(partly)
    if found.kind in ("range", "meeting"):
        said.append("outlined: the likeliest")
    if found.kind != "meeting":
        said.append("ranges that never reach 0.5% have no column")
    return " · ".join(said)


def no_odds(path: RatePath, kind: Kind) -> str:
    """Why none of these odds is known, and which are."""
    first = next((one for one in path.meetings if one.note), None)
    why = f" Meeting of {day(first.date)}: {first.note}" if first else ""
    known = any(one.expected_moves is not None for one in path.meetings)
    instead = (
        f" {KINDS['meeting']} gives those that are known by themselves."
        if known and kind != "meeting"
        else ""
    )
    return f"None of these odds is known on {day(path.as_of)}.{why}{instead}"


def no_comparison(found: RateTable, why: str, asked: dt.date) -> str:
    """Why the cells hold no change; empty where they do."""
    if found.then is None:
        return f"No change is shown: nothing is priced for {day(asked)}. {why}"
    if found.compared:
        return ""
    return (
        f"No change is shown: the contracts held of {day(found.then)} do not determine these odds. Choose a later day, or "
        "import the contracts that have expired (python -m analytics import zq FILE)."
    )


def dots_title(made: Mapping[dt.date, pd.Series]) -> str:
    """The newest medians, with the day from which they are known."""
    known = max(made)
    said = ", ".join(f"{value:.2f}% at the end of {stamp.year}" for stamp, value in made[known].items())
    return f"The Committee's median: {said} (as known on {day(known)})"


def dots_rule(vintages: int) -> str:
    """How many vintages there are, and what more would take."""
    if vintages > 1:
        return f"{vintages} vintages, newest first"
    return "the newest projections only: FRED gives earlier vintages to those who have a key"


def inputs_rule(path: RatePath, effective: pd.Series) -> str:
    """The range and the effective rate of the path, each with its day."""
    low, high = path.range
    said = f"range announced by {day(path.as_of)}: {low:.2f}–{high:.2f}%"
    known = effective[effective.index < pd.Timestamp(path.as_of)]
    if len(known):
        used = (
            "the path starts from it" if path.observed else "the contracts themselves give the path's start"
        )
        said += f" · effective rate of {day(known.index[-1].date())}: {known.iloc[-1]:.2f}%, {used}"
    return said
