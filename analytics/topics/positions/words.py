"""Sentences about who holds how much."""

from __future__ import annotations

import datetime as dt

import numpy as np

from analytics.render.words import day, percent
from analytics.topics.positions.measures.crowding import FEWEST, Crowding
from analytics.topics.positions.measures.following import Following
from analytics.topics.positions.measures.positioning import QUARTER, Group, Positioning
from analytics.topics.positions.measures.term_structure import TermStructure
from analytics.topics.positions.measures.vaults import Vaults

USUAL = 13
"""A report is at most so old before the next one is out: ten days, and three more over a holiday."""
WEAK, STRONG = 0.2, 0.5
"""Correlations from which on two things are said to go together, and to go together closely."""
BASIS_TRADE = "the basis trade: buy the coin or a fund, sell the future, keep the difference; such a short is no bet on a fall"


def of(name: str) -> str:
    """``managed money's``, ``asset managers'``."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def capital(text: str) -> str:
    """The first letter as a sentence begins."""
    return text[:1].upper() + text[1:]


def share(value: float) -> str:
    """A share of open interest: whole from 10% on."""
    return f"{abs(value):.0f}%" if abs(value) >= 10 else f"{abs(value):.1f}%"


def side(group: Group) -> str:
    """``net long 4.6%``."""
    return f"net {'long' if group.net >= 0 else 'short'} {share(group.share)}"


def answer(found: Positioning) -> str:
    """The page's sentence: the price against the first group's net long, or how usual that is."""
    first = found.groups[0]
    if found.divergence and found.since is not None:
        before = float(found.weeks[first.name].loc[f"{found.since}"])
        rose = found.price_change > 0
        return (
            f"{capital(found.market)} {'rose' if rose else 'fell'} {abs(found.price_change):.0f}% in the {QUARTER} weeks to "
            f"{day(found.report)} while {of(first.name)} net long {'shrank' if rose else 'grew'} from {_signed(before)} to {_signed(first.share)} of "
            "open interest."
        )
    rank = f": {_rank(first.percentile)}" if np.isfinite(first.percentile) else ""
    return f"{capital(first.name)}: {side(first)} of open interest in {found.market}{rank}."


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else ''}{share(value)}"


def _rank(percentile: float) -> str:
    if percentile >= 50:
        return f"more than in {percentile:.0f}% of reports so far"
    return f"less than in {100 - percentile:.0f}% of reports so far"


def dated(found: Positioning) -> str:
    """Which report it is, when it came out and how old it is."""
    old = f"{found.age} day{'s' * (found.age != 1)} old"
    newer = ", and no newer one was known" if found.age > USUAL else ""
    return f"Report of {day(found.report)}, out on {_instant(found.known_at)}: {old}{newer}."


def _instant(known: dt.datetime) -> str:
    return f"{day(known.date())} at {known:%H:%M} in New York"


def other_side(found: Positioning) -> str:
    """Who stood against the first group."""
    first = found.groups[0]
    against = sorted(
        (group for group in found.groups[1:] if group.net * first.net < 0),
        key=lambda group: -abs(group.share),
    )
    if not against:
        return f"No other group of large traders stood against {of(first.name)} net position."
    named = " and ".join(f"{group.name} ({side(group)})" for group in against[:2])
    return f"On the other side of {first.name} ({side(first)}): {named}."


def follows(found: Following) -> str:
    """Whether a group buys when the price rises."""
    size, name = abs(found.correlation), capital(of(found.group))
    if size < WEAK:
        return f"{name} weekly moves barely go with {of(found.market)} price: correlation {_two(found.correlation)}."
    word = "closely " if size >= STRONG else ""
    way = "with" if found.correlation > 0 else "against"
    return f"{name} net long moves {word}{way} {of(found.market)} price, week by week: correlation {_two(found.correlation)}."


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def after_crowded(found: Crowding, market: str) -> str:
    """What the price did after crowded reports, and how many separate quarters that is."""
    if found.effective_n < FEWEST:
        return f"Only {found.effective_n} separate quarters followed a crowded report: too few to say what comes after."
    return (
        f"In the quarter after a crowded report {market} moved {percent(found.after_crowded)} on average, after others "
        f"{percent(found.after_others)}: {found.effective_n} separate quarters."
    )


def basis(found: Positioning) -> str:
    """Bitcoin's leveraged funds against asset managers."""
    by_name = {group.name: group for group in found.groups}
    funds, managers = by_name["leveraged funds"], by_name["asset managers"]
    said = f"leveraged funds are {side(funds)} of open interest in {found.market}, asset managers {side(managers)}."
    return f"The basis trade: {said}" if funds.net < 0 < managers.net else capital(said)


def vaults(found: tuple[Vaults, ...]) -> str:
    """The newest count of each metal, and how the first one moved."""
    first, *others = found
    if first.year is not None:
        moved, since = first.year, "a year before"
    elif first.month is not None:
        moved, since = first.month, "a month before"
    else:
        moved, since = 0.0, ""
    change = f", {abs(moved):,.0f} million {'more' if moved >= 0 else 'fewer'} than {since}" if since else ""
    beside = "".join(f"; {one.metal} {one.ounces:,.0f} million" for one in others)
    return f"London's vaults: {first.ounces:,.0f} million ounces of {first.metal} on {day(first.day)}{change}{beside}."


def term(found: TermStructure) -> str:
    """What later delivery costs, and whether the market is backward."""
    months = f"{found.following:%b %Y} over {found.front:%b %Y}"
    if found.backwardation:
        return f"Backwardation: silver for later delivery is cheaper, by {abs(found.spread):.1f}% a year ({months})."
    beside = "" if np.isnan(found.bills) else f"; bills pay {found.bills:.1f}%"
    return f"Silver for later delivery costs {found.spread:.1f}% a year more ({months}){beside}."
