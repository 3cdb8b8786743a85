"""Lead and lag: does the lead come first?"""

from analytics.charts import lead_lag as charts
from pages.shell import leads, parts, show
from pages.shell.frame import open_page

page = open_page("lead_lag")
with show.place("Lead and lag"):
    with show.working("Drawing unrelated pairs to compare with…"):
        found = page.finding("lead_lag")
    pair = parts.pair(page)
    show.reading(found.sentence)
    leads.verdict(page, found, pair)
    left, right = parts.two()
    with left:
        show.chart(page, charts.correlogram(found, pair))
        leads.naive(found)
    with right:
        show.chart(
            page,
            charts.windows(found.windows, pair, "Smoothed windows: " + charts.strongest(found.windows, pair)),
        )
    with show.place("Beside it"):
        leads.beside(page, found, pair)
with show.place("After the lead's highs"):
    with show.working("Drawing paths without events…"):
        study = page.finding("events")
    leads.events(page, study, parts.pair(page))
with show.place("Is a high a buy signal?"):
    leads.signal(page, parts.pair(page))
with show.place("Every pair of a universe"):
    leads.scan(page)
