"""Rate path: what does the market price the Fed to do?"""

from analytics.errors import NotPriced
from analytics.topics.rate_path import blocks as made
from analytics.topics.rate_path import recipes
from pages.shell import parts, policy, show, triggers
from pages.shell.frame import open_page

page = open_page("rate_path")
with show.place("The rate path"):
    try:
        found = page.finding(recipes.RATE_PATH)
    except NotPriced as error:
        show.reading(str(error))
        policy.coarse(page)
    else:
        policy.reading(page, found)
        policy.notes(found)
        show.chart(page, page.block(made.path))
        policy.dots(page)
        policy.table(page)
        left, right = parts.two()
        with left, show.place("Moves priced through time"):
            policy.moves(page, found)
        with right, show.place("One meeting's odds through time"):
            policy.odds(page)
        policy.inputs(page, found)
        with show.place("The day of the article"):
            policy.story(page)
        with show.place("How good the odds have been"):
            show.exhibit(page, page.block(made.reliability), page.block(made.score))
        with show.place("Easing priced, real yields and the dollar"):
            show.exhibit(page, page.block(made.link))
with show.place("The Fed really cuts"):
    triggers.picture(page, "cut")
