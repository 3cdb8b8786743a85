"""The three triggers as Overview and Claims show them."""

from __future__ import annotations

from collections.abc import Sequence

from analytics import shown
from analytics.evaluate.asks import Asks
from analytics.render.chart import Chart
from analytics.render.exhibits import Block, Table, Tiles, Words
from analytics.topics.triggers import charts
from analytics.topics.triggers.measures.triggers import Triggers
from analytics.topics.triggers.recipes import firing_rows


def tiles(asks: Asks) -> Sequence[Block]:
    """How many are on; each one's state, since when, how far from changing."""
    found: Triggers = asks.finding("triggers")
    said = tuple(charts.tile(one) for one in found.triggers)
    return [Words(charts.counted(found)), Tiles(said, tuple(shown.trigger_papers(asks)))]


def pictures(asks: Asks) -> list[Chart]:
    """Each trigger of which a state is known, through time."""
    found: Triggers = asks.finding("triggers")
    return [picture(asks, one.key) for one in found.triggers if one.known_from is not None]


def picture(asks: Asks, key: str) -> Chart:
    """One trigger through time.

    Raises:
        NotKnown: no state of it is known.
    """
    found: Triggers = asks.finding("triggers")
    trigger = next(one for one in found.triggers if one.key == key)
    return charts.through_time(trigger, shown.trigger_papers(asks, trigger), asks.ink)


def worth(asks: Asks) -> list[Words]:
    """What the firings of each were worth."""
    found: Triggers = asks.finding("triggers")
    return [Words(charts.record(one)) for one in found.triggers if one.known_from is not None]


def firings(asks: Asks) -> Table:
    """Every firing and what Bitcoin did after."""
    found: Triggers = asks.finding("triggers")
    rows = {one.title: firing_rows(one) for one in found.triggers}
    table = charts.firings_table(rows)
    return Table(
        "firings",
        charts.firings_title(found),
        table,
        charts.firings_rows(rows),
        tuple(shown.trigger_papers(asks)),
        f"n = {len(table)} firings since 2003 · false alarm: Bitcoin no higher 60 trading days later · display, no verdict",
        charts.RULE,
    )
