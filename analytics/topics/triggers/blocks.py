"""The three triggers as Overview and Claims show them."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.evaluate import Evaluator
from analytics.panel import Papers
from analytics.render.chart import Chart
from analytics.render.exhibits import Block, Table, Tiles, Words
from analytics.topics.triggers import charts, recipes
from analytics.topics.triggers.measures.triggers import Trigger, Triggers
from analytics.topics.triggers.recipes import KEYS, READS, firing_rows


def inputs(evaluator: Evaluator, trigger: Trigger | None = None) -> list[Papers]:
    """Papers of what one trigger reads, or all of them, and of Bitcoin."""
    held = evaluator.panel(KEYS).papers
    wanted = KEYS if trigger is None else (*READS[trigger.key], "bitcoin")
    return [held[key] for key in wanted if key in held]


def tiles(evaluator: Evaluator) -> Sequence[Block]:
    """How many are on; each one's state, since when, how far from changing."""
    found: Triggers = evaluator.finding(recipes.TRIGGERS)
    said = tuple(charts.tile(one) for one in found.triggers)
    return [Words(charts.counted(found)), Tiles(said, tuple(inputs(evaluator)))]


def pictures(evaluator: Evaluator) -> list[Chart]:
    """Each trigger of which a state is known, through time."""
    found: Triggers = evaluator.finding(recipes.TRIGGERS)
    return [picture(evaluator, one.key) for one in found.triggers if one.known_from is not None]


def picture(evaluator: Evaluator, key: str) -> Chart:
    """One trigger through time.

    Raises:
        NotKnown: no state of it is known.
    """
    found: Triggers = evaluator.finding(recipes.TRIGGERS)
    trigger = next(one for one in found.triggers if one.key == key)
    return charts.through_time(trigger, inputs(evaluator, trigger), evaluator.ink)


def worth(evaluator: Evaluator) -> list[Words]:
    """What the firings of each were worth."""
    found: Triggers = evaluator.finding(recipes.TRIGGERS)
    return [Words(charts.record(one)) for one in found.triggers if one.known_from is not None]


def firings(evaluator: Evaluator) -> Table:
    """Every firing and what Bitcoin did after."""
    found: Triggers = evaluator.finding(recipes.TRIGGERS)
    rows = {one.title: firing_rows(one) for one in found.triggers}
    table = charts.firings_table(rows)
    return Table(
        "firings",
        charts.firings_title(found),
        table,
        charts.firings_rows(rows),
        tuple(inputs(evaluator)),
        f"n = {len(table)} firings since 2003 · false alarm: Bitcoin no higher 60 trading days later · display, no verdict",
        charts.RULE,
    )
