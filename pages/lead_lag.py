"""Lead and lag: does the lead come first?"""

from analytics.topics.lead_lag import blocks as made
from analytics.topics.lead_lag import recipes
from pages.shell import leads, parts, show
from pages.shell.frame import open_page

page = open_page("lead_lag")
with show.place("Lead and lag"):
    with show.working("Drawing unrelated pairs to compare with…"):
        found = page.finding(recipes.LEAD_LAG)
    show.reading(found.sentence)
    show.exhibit(page, page.block(made.verdict), titled=False)
    left, right = parts.two()
    with left:
        show.chart(page, page.block(made.correlogram))
        leads.naive(found)
    with right:
        show.chart(page, page.block(made.windows))
    with show.place("Beside it"):
        show.exhibit(page, page.block(made.beside))
with show.place("After the lead's highs"):
    with show.working("Drawing paths without events…"):
        study = page.finding(recipes.EVENTS)
    leads.events(page, study)
with show.place("Is a high a buy signal?"):
    show.exhibit(page, page.block(made.signal))
with show.place("Every pair of a universe"):
    leads.scan(page)
