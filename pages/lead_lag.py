"""Lead and lag: does the lead come first?"""

from analytics.sections import lead as made
from pages.shell import leads, parts, show
from pages.shell.frame import open_page

page = open_page("lead_lag")
with show.place("Lead and lag"):
    with show.working("Drawing unrelated pairs to compare with…"):
        found = page.finding("lead_lag")
    show.reading(found.sentence)
    show.exhibit(page, made.verdict(page), titled=False)
    left, right = parts.two()
    with left:
        show.chart(page, made.correlogram(page))
        leads.naive(found)
    with right:
        show.chart(page, made.windows(page))
    with show.place("Beside it"):
        show.exhibit(page, made.beside(page))
with show.place("After the lead's highs"):
    with show.working("Drawing paths without events…"):
        study = page.finding("events")
    leads.events(page, study)
with show.place("Is a high a buy signal?"):
    show.exhibit(page, made.signal(page))
with show.place("Every pair of a universe"):
    leads.scan(page)
