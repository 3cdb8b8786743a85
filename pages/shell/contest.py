"""The Divergence page's tests: does the lead feed on its own rise, did it beat what it is held against."""

from __future__ import annotations

from analytics import catalogue
from analytics.render.words import p_value
from analytics.topics.pair import blocks as made
from analytics.topics.pair import recipes
from analytics.topics.pair.measures.best_of_many import BestOfMany
from pages.shell import show
from pages.shell.frame import Page

METAL = "gold"


def acceleration(page: Page) -> None:
    """The verdict on the lead's acceleration, and the statistic through the window."""
    with show.working("Drawing random walks as volatile…"):
        found = page.block(made.acceleration)
    show.exhibit(page, found)
    with show.place():
        show.chart(page, page.block(made.growth_path))


def outperformance(page: Page) -> None:
    """The lead against the follow, and against gold where it is neither."""
    with show.working("Resampling the half year…"):
        found = page.block(made.outperformance)
    show.exhibit(page, found)
    if METAL not in (page.view.lead, page.view.follow):
        with show.place("Against gold"):
            with show.working("Resampling the half year…"):
                metal = page.block(made.outperformance_metal)
            show.exhibit(page, metal)


def best(page: Page) -> None:
    """Whether the best of the universe beat the follow once all that were tried count; the naive answer greyed beside it."""
    with show.working("Trying every asset against the follow…"):
        found: BestOfMany = page.finding(recipes.BEST_OF_MANY)
    beat = ", ".join(catalogue.get(key).label for key in found.superior) or "none"
    follow = catalogue.get(found.benchmark).label
    said = (
        f"With all {found.tried} counted: **{show.escape(p_value(found.p))}**. "
        f"Beat {show.escape(follow)} each on its own, all {found.tried} counted: {show.escape(beat)}."
    )
    table = page.block(made.best_of_many)
    paragraphs = [said, f":gray[{show.escape(found.naive_sentence)}]"]
    show.block(page, table.key, table.title, paragraphs, table.rows, table.papers, table.rule, table.method)
