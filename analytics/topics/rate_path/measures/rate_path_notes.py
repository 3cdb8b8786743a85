"""What is wrong with a month or a meeting of the rate path, in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from analytics.topics.rate_path.measures.rate_chain import LEAST_AFTER, Link, month_name
from analytics.topics.rate_path.measures.rate_path_days import as_day, month_number, month_of


def thin(
    chain: list[Link], as_of: dt.date, volumes: Mapping[dt.date, float | None], horizon: int
) -> dict[int, str]:
    """{position: why the contract is hard to trade}, for those that are."""
    here = month_number(as_of)
    volume = {month_of(as_day(month)): traded for month, traded in volumes.items()}
    found = {}
    for i, link in enumerate(chain):
        if month_number(link.month) - here >= horizon:
            found[i] = f"{month_name(link.month)} is {month_number(link.month) - here} months ahead"
        elif volume.get(link.month) == 0:
            found[i] = f"{month_name(link.month)} did not trade"
    return found


def unsolved(link: Link, start: float | None, end: float | None, broken: dt.date | None) -> str:
    """What of a meeting is not known and why; ``broken`` is the first unsolved meeting up to it. Empty where all is."""
    if broken is None:
        return ""
    if link.note:
        return link.note
    if start is None and end is None:
        return f"Not known: {_no_end(link)}, and no month, nor a recent effective rate, gives the rate before it."
    if end is None:
        return f"The rate after it is not known: {_no_end(link)}."
    if start is None:
        return "The rate before it is not known: no month, nor a recent effective rate, gives it."
    return (
        f"No odds of the range: the meeting of {broken:%-d %B %Y} before it is not solved, and its outcome cannot be skipped. "
        "Its own move is known."
    )


def _no_end(link: Link) -> str:
    if link.average is None:
        return f"{month_name(link.month)} has no usable price, nor has a month without a meeting between it and the next one"
    observed = link.start is not None and not link.start_from
    if observed and 0 < link.after < LEAST_AFTER:
        few = f"{month_name(link.month)} itself holds only {link.after} day{'' if link.after == 1 else 's'} of it"
    else:
        few = "the path goes forward by one month only"
    return f"no month without a meeting has a price before the next one, and {few}"


def of_month(link: Link) -> str:
    """Why a month is refused, unused or without a price; empty otherwise."""
    if not link.known:
        return "Past the published calendar: whether it has a meeting is unknown, so it pins nothing."
    return link.note or ("No usable price." if link.average is None else "")
