"""The Overview page, and the entry point: ``streamlit run app.py``."""

from analytics.charts import divergence as charts
from analytics.sections import claims as made
from pages.shell import claims, parts, show, triggers
from pages.shell.frame import open_page

page = open_page("overview")
with show.place("The pair"):
    found = page.finding("divergence")
    show.reading(found.sentence)
    parts.record_line(page)
    later = parts.cards(page)
    show.chart(page, charts.indexed(found, parts.pair(page), parts.events(page)))
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
        tally = made.both(page)
    claims.overview(page, tally)
