"""A coarse reading of expectations where contract months are missing: the front contract and Treasury bills. Display."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analytics.errors import NotPriced

STEP_BP = 25.0
COMPARED = ("fed_funds_front", "treasury_3m", "treasury_1y")
LONGEST_AGE = 7
"""A figure older than this on the day is not used [days]."""


@dataclass(frozen=True, slots=True)
class CoarsePath:
    """Average rate expected over coming windows, less the effective rate now.

    Attributes:
        effective: Effective rate [%].
        day: The oldest date among the figures used.
        front: Rate of the front contract month, 100 - price [%]; None where it is missing.
        three_months: (3-month bill yield - effective) / 25 bp: moves expected on average over three months, with the
            bill's own premium [moves]; None likewise.
        one_year: The same for one year.
        sentence: What a reader sees.
    """

    effective: float
    day: dt.date
    front: float | None
    three_months: float | None
    one_year: float | None
    sentence: str


def coarse_path(known: Mapping[str, pd.Series], day: dt.date) -> CoarsePath:
    """What the front contract and bills say as of ``day``.

    Args:
        known: Some of ``fed_funds_front`` [price], ``treasury_3m``, ``treasury_1y``, ``effr``, ``fed_funds_rate`` [%], by day.
        day: Nothing later is used, nor what is more than a week older.

    Raises:
        NotPriced: no effective rate, or nothing to compare it with.
    """
    since = pd.Timestamp(day) - pd.Timedelta(days=LONGEST_AGE)
    last = {key: values.loc[since : pd.Timestamp(day)].dropna() for key, values in known.items()}
    effective = next(
        (last[key] for key in ("effr", "fed_funds_rate") if key in last and len(last[key])), None
    )
    if effective is None:
        raise NotPriced(
            f"No effective fed funds rate is known of the week to {day}. Refresh, or choose another day."
        )
    rate = float(effective.iloc[-1])
    bills = {key: _moves(last.get(key), rate) for key in ("treasury_3m", "treasury_1y")}
    front = last.get("fed_funds_front")
    quoted = None if front is None or front.empty else 100 - float(front.iloc[-1])
    if quoted is None and all(value is None for value in bills.values()):
        raise NotPriced(
            f"Neither the front fed funds contract nor a Treasury bill is known of the week to {day}. Refresh, or choose "
            "another day."
        )
    used = [effective, *(values for key, values in last.items() if key in COMPARED and len(values))]
    oldest = min(values.index[-1] for values in used).date()
    sentence = _sentence(oldest, bills["treasury_3m"], bills["treasury_1y"], quoted)
    return CoarsePath(rate, oldest, quoted, bills["treasury_3m"], bills["treasury_1y"], sentence)


def _moves(yields: pd.Series | None, rate: float) -> float | None:
    return None if yields is None or yields.empty else (float(yields.iloc[-1]) - rate) * 100 / STEP_BP


def _sentence(oldest: dt.date, three: float | None, year: float | None, front: float | None) -> str:
    parts = []
    if front is not None:
        parts.append(f"the front contract stands at {front:.2f}%")
    if three is not None:
        parts.append(f"3-month bills {_words(three)} {_side(three)} the effective rate")
    if year is not None:
        parts.append(f"1-year bills {_words(year)} {_side(year)} it")
    return (
        f"Coarse, as of {oldest:%-d %b %Y}, from the front contract and Treasury bills, whose yields carry premia: "
        f"{'; '.join(parts)}."
    )


def _words(moves: float) -> str:
    return f"{abs(moves):.1f} moves of 25 bp"


def _side(moves: float) -> str:
    return "below" if moves < 0 else "above"
