"""Claims: was the article right, then and now?"""

from analytics.topics.claims import blocks as made
from pages.shell import claims, show, triggers
from pages.shell.frame import open_page

page = open_page("claims")
with show.place("The claims"):
    with show.working("Measuring the 34 claims…"):
        found = page.block(made.both)
    claims.reading(found)
    show.chart(page, page.block(made.tally))
    claims.filters(page, found)
    claims.cards(page, found)
with show.place("The trigger ledger"):
    triggers.ledger(page)
