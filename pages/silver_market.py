"""Silver market: is there a deficit, and did it tighten?"""

from analytics.topics.silver_market import blocks as made
from analytics.topics.silver_market import recipes
from pages.shell import metal, parts, show
from pages.shell.frame import open_page

page = open_page("silver_market")
found, prints = (
    page.finding(recipes.SILVER_BALANCE),
    page.finding(recipes.SILVER_PRINTS),
)
metal.reading(found, prints)
left, right = parts.two()
with left, show.place("Balance by year"):
    show.chart(page, page.block(made.balance))
    metal.vintage(page, prints)
with right, show.place("The same year, print by print"):
    show.chart(page, page.block(made.revisions))
left, right = parts.two()
with left, show.place("Supply and demand"):
    show.chart(page, page.block(made.flows))
with right, show.place("Demand by use"):
    show.chart(page, page.block(made.mix))
left, right = parts.two()
with left, show.place("Visible stocks"):
    show.chart(page, page.block(made.stocks))
with right, show.place("Mine output beside prices"):
    show.chart(page, page.block(made.mine_and_price))
with show.place("Claims 16 to 22"):
    metal.claims(page, found)
left, right = parts.two()
with left, show.place("Did supply keep pace?"):
    show.chart(page, page.block(made.pace))
with right, show.place("Policy events"):
    show.exhibit(page, page.block(made.policy))
