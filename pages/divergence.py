"""Divergence: how far apart are they, and which leg did it?"""

from analytics.topics.pair import blocks as made
from analytics.topics.pair import recipes
from pages.shell import contest, parts, show
from pages.shell.frame import open_page

page = open_page("divergence")
with show.place("The pair"):
    show.reading(page.finding(recipes.DIVERGENCE).sentence)
    left, right = parts.two()
    with left:
        show.chart(page, page.block(made.indexed))
    with right:
        show.chart(page, page.block(made.ratio))
    left, right = parts.two()
    with left:
        parts.legs(page, page.block(made.legs))
    with right, show.place("Drawdowns"):
        show.chart(page, page.block(made.drawdowns))
    left, right = parts.two()
    with left, show.place("Trailing z of the spread"):
        show.chart(page, page.block(made.zscore))
    with right, show.place("Rolling correlation"):
        show.chart(page, page.block(made.correlation))
    left, right = parts.two()
    with left, show.place("Does the gap close by itself?"):
        show.exhibit(page, page.block(made.cointegration))
    with left, show.place("Did the lead beat the follow?"):
        contest.outperformance(page)
    with right, show.place("Does the lead feed on its own rise?"):
        contest.acceleration(page)
    with show.place("League table"):
        show.exhibit(page, page.block(made.league))
    with show.place("Best of many"):
        contest.best(page)
