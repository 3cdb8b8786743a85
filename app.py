"""The Overview page, and the entry point: ``streamlit run app.py``."""

from analytics.charts import divergence as charts
from pages.shell import parts, show, triggers
from pages.shell.frame import open_page

page = open_page("overview")
with show.place("The pair"):
    found = page.finding("divergence")
    show.reading(found.sentence)
    parts.record_line(page)
    parts.cards(page)
    show.chart(page, charts.indexed(found, parts.pair(page), parts.events(page)))
with show.place("The three triggers"):
    triggers.overview_line(page)
parts.staleness(page)
