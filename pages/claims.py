"""Claims: was the article right, then and now?"""

from pages.shell import claims, show, triggers
from pages.shell.frame import open_page

page = open_page("claims")
with show.place("The claims"):
    with show.working("Measuring the 34 claims…"):
        found = claims.both(page)
    claims.reading(found)
    claims.tally(page, found)
    claims.filters(page, found)
    claims.cards(page, found)
with show.place("The trigger ledger"):
    triggers.ledger(page)
