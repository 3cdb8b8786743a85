"""Lead and lag: does the lead come first?"""

from analytics.topics.lead_lag import blocks as made
from pages.shell import leads, parts, show
from pages.shell.frame import open_page

page = open_page("lead_lag")
with show.place("Lead and lag"):
    with show.working("Drawing unrelated pairs to compare with…"):
        found = page.finding("lead_lag")
    show.reading(found.sentence)
    show.exhibit(page, page.made(made.verdict), titled=False)
    left, right = parts.two()
    with left:
        show.chart(page, page.made(made.correlogram))
        leads.naive(found)
    with right:
        show.chart(page, page.made(made.windows))
    with show.place("Beside it"):
        show.exhibit(page, page.made(made.beside))
with show.place("After the lead's highs"):
    with show.working("Drawing paths without events…"):
        study = page.finding("events")
    leads.events(page, study)
with show.place("Is a high a buy signal?"):
    show.exhibit(page, page.made(made.signal))
with show.place("Every pair of a universe"):
    leads.scan(page)
