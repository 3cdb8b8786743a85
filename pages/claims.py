"""Claims: was the article right, then and now?"""

from analytics.sections import claims as made
from pages.shell import claims, show, triggers
from pages.shell.frame import open_page

page = open_page("claims")
with show.place("The claims"):
    with show.working("Measuring the 34 claims…"):
        found = made.both(page)
    claims.reading(found)
    show.chart(page, made.tally(page))
    claims.filters(page, found)
    claims.cards(page, found)
with show.place("The trigger ledger"):
    triggers.ledger(page)
