"""Drivers: do real yields and the dollar explain it?"""

from analytics.topics.drivers import blocks as made
from pages.shell import causes, haven, parts, show
from pages.shell.frame import open_page

page = open_page("drivers")
with show.place("Drivers"):
    causes.reading(page)
left, right = parts.two()
with left:
    with show.place("The move, taken apart"):
        causes.move(page)
    causes.window(page)
with right:
    with show.place("January 2026"):
        show.exhibit(page, page.block(made.january))
    with show.place("Real yields"):
        causes.real_yield(page)
    with show.place("The dollar"):
        causes.dollar(page)
left, right = parts.two()
with left:
    causes.rolling(page)
with right:
    with show.place("The whole window, and whether it held"):
        show.exhibit(page, page.block(made.whole))
    with show.place("Beside the tests"):
        show.exhibit(page, page.block(made.beside))
left, right = parts.two()
with left, show.place("Haven and industrial metal"):
    haven.roles(page)
with right:
    with show.place("Silver in other moneys"):
        show.exhibit(page, page.block(made.abroad))
    with show.place("Policy uncertainty and the term premium"):
        show.exhibit(page, page.block(made.uncertainty))
