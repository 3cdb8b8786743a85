"""What is wrong with a month or a meeting of the rate path, in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from analytics.topics.rate_path.measures.rate_chain import Link, month_name
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


def unsolved(link: Link, broken: dt.date | None) -> str:
    """Why a meeting has no distribution; ``broken`` is the first unsolved meeting up to it. Empty where it has one."""
    if broken is None:
        return ""
    if link.note:
        return link.note
    if link.change is None:
        return f"Not solved: {_cause(link)}."
    return f"No odds: the meeting of {broken:%-d %B %Y} before it is not solved, and its outcome cannot be skipped."


def _cause(link: Link) -> str:
    """Why neither its neighbours nor its own contract determine an unsolved month."""
    if link.average is None:
        return f"no usable price for {month_name(link.month)}"
    if link.end is None:
        return "no later month without a meeting has a price, and the path goes forward by one month only"
    return "nothing determines the rate before it"


def of_month(link: Link) -> str:
    """Why a month is refused, unused or without a price; empty otherwise."""
    if not link.known:
        return "Past the published calendar: whether it has a meeting is unknown, so it pins nothing."
    return link.note or ("No usable price." if link.average is None else "")
