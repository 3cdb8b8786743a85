"""The Overview page, and the entry point: ``streamlit run app.py``."""

from analytics.topics.claims import blocks as made
from analytics.topics.pair import blocks as pair
from analytics.topics.pair import recipes
from pages.shell import claims, parts, show, triggers
from pages.shell.frame import open_page

page = open_page("overview")
with show.place("The pair"):
    show.reading(page.finding(recipes.DIVERGENCE).sentence)
    parts.record_line(page)
    later = parts.cards(page)
    show.chart(page, page.block(pair.indexed))
    parts.priced(page, later)
left, right = parts.two()
with right, show.place("The three triggers"):
    triggers.overview_line(page)
parts.staleness(page)
with (
    left,
    show.place("The claims"),
):  # last: the picture and everything else stand before 34 claims are measured
    with show.working("Measuring the 34 claims…"):
        tally = page.block(made.overview)
    claims.overview(page, tally)
