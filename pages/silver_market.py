"""Silver market: is there a deficit, and did it tighten?"""

from analytics.charts import silver_market as charts
from analytics.charts import silver_supply as supply
from pages.shell import metal, parts, show
from pages.shell.frame import open_page

page = open_page("silver_market")
found, prints = page.finding("silver_balance"), page.finding("silver_prints")
metal.reading(found, prints)
left, right = parts.two()
with left, show.place("Balance by year"):
    show.chart(page, charts.balance(prints, page.ink))
    metal.vintage(page, prints)
with right, show.place("The same year, print by print"):
    show.chart(page, charts.revisions(prints, page.ink))
left, right = parts.two()
with left, show.place("Supply and demand"):
    show.chart(page, charts.flows(prints, page.ink))
with right, show.place("Demand by use"):
    show.chart(page, supply.mix(prints, page.ink))
left, right = parts.two()
with left, show.place("Visible stocks"):
    metal.stocks(page)
with right, show.place("Mine output beside prices"):
    show.chart(page, supply.mine_and_price(found, metal.price(page), page.ink))
with show.place("Claims 16 to 22"):
    metal.claims(page, found)
left, right = parts.two()
with left, show.place("Did supply keep pace?"):
    metal.pace(page, found)
with right, show.place("Policy events"):
    metal.policy(page)
