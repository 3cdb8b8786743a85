"""Divergence: how far apart are they, and which leg did it?"""

from analytics.charts import divergence as charts
from analytics.sections import pair as made
from pages.shell import contest, parts, show
from pages.shell.frame import open_page

page = open_page("divergence")
with show.place("The pair"):
    pair, found = parts.pair(page), page.finding("divergence")
    show.reading(found.sentence)
    left, right = parts.two()
    with left:
        show.chart(page, charts.indexed(found, pair, parts.events(page)))
    with right:
        show.chart(page, charts.ratio(found, pair, parts.events(page)))
    left, right = parts.two()
    with left:
        parts.legs(page, charts.legs(found, pair))
    with right, show.place("Drawdowns"):
        show.chart(page, charts.drawdowns(page.finding("drawdowns"), pair))
    left, right = parts.two()
    with left, show.place("Trailing z of the spread"):
        show.chart(page, charts.zscore(found, pair))
    with right, show.place("Rolling correlation"):
        show.chart(page, charts.correlation(page.finding("correlation"), pair, page.window))
    left, right = parts.two()
    with left, show.place("Does the gap close by itself?"):
        show.exhibit(page, made.cointegration(page))
    with left, show.place("Did the lead beat the follow?"):
        contest.outperformance(page)
    with right, show.place("Does the lead feed on its own rise?"):
        contest.acceleration(page)
    with show.place("League table"):
        show.exhibit(page, made.league(page))
    with show.place("Best of many"):
        contest.best(page)
