"""/s/{id} and its picture: what a chat shows of a link, and where a browser goes from it."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from analytics import view
from analytics.clock.instants import day_of
from analytics.errors import AnalyticsError
from analytics.render.words import day
from analytics.view import View
from serving.door import Door
from serving.health import FRESH, Front
from serving.words import CARD, PRODUCT, document, outside

if TYPE_CHECKING:  # the database's library: the server answers before it is there
    from analytics.ledger.links import ShortLink

MINUTE = dt.timedelta(minutes=1)
GONE = "This link leads nowhere: it was never made here, it has expired, or it was revoked. Ask its sender for a new one."
OUTSIDE = "Sign in to see it."
STARTING = "The server is starting. Try again in a moment."


class Unfurl:
    """The two routes of a short link.

    Args:
        front: Gives the desk.
        pages: Slugs of the pages; a link to any other leads nowhere.
        clock: The present instant.
        door: Knows who is asking.
    """

    def __init__(
        self, front: Front, pages: frozenset[str], clock: Callable[[], dt.datetime], door: Door
    ) -> None:
        self.front, self.pages, self.clock, self.door = front, pages, clock, door

    def page(self, request: Request) -> Response:
        """The page that a bot reads and a browser passes through; 404 with a sentence where there is none."""
        if self.door.reader(request) is None:  # before the table is asked: known or not looks the same
            return HTMLResponse(outside(request.url.path), headers=FRESH)
        found, status, why = self._find(request)
        if found is None:
            return HTMLResponse(_nowhere(why), status, headers=FRESH)
        link, chosen = found
        image = str(request.url_for("short_image", identifier=link.id))
        return HTMLResponse(_page(link, chosen, self._simulated(), image), headers=FRESH)

    def image(self, request: Request) -> Response:
        """The preview, 1200 x 630."""
        if self.door.reader(request) is None:
            return HTMLResponse(_nowhere(OUTSIDE), 401, headers=FRESH)
        found, status, why = self._find(request)
        desk = self.front.desk
        if found is None or desk is None:
            return HTMLResponse(_nowhere(why), status, headers=FRESH)
        from serving import preview  # pandas: there since the desk is open

        try:
            minute = (self.clock() + MINUTE).replace(second=0, microsecond=0)
            version, told = desk.ledger.version(), _as_of(found[1])
            drawn = preview.drawn(desk.ledger, version, found[0].title, told, found[1], minute)
        except AnalyticsError as error:
            return HTMLResponse(_nowhere(str(error)), 503, headers=FRESH)
        return Response(drawn, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})

    def _find(self, request: Request) -> tuple[tuple[ShortLink, View] | None, int, str]:
        """The link that the address names with its view, or the status and the sentence to say instead."""
        self.front.open()
        desk = self.front.desk
        if desk is None:
            return None, 503, STARTING
        from analytics.ledger import links  # there since the desk is open

        try:
            link = links.find(desk.ledger.engine, request.path_params["identifier"], self.clock())
        except AnalyticsError as error:
            return None, 503, str(error)
        if link is None or link.page not in self.pages:
            return None, 404, GONE
        # Read as any address is: whatever stands in the table, only a view of ours leaves it.
        return (link, view.from_query(dict(parse_qsl(link.query, keep_blank_values=True)))[0]), 200, ""

    def _simulated(self) -> bool:
        return self.front.desk is not None and not self.front.desk.live


def _as_of(chosen: View) -> str:
    return "Live data" if chosen.as_of is None else f"As known on {day(day_of(chosen.as_of))}"


def _page(link: ShortLink, chosen: View, simulated: bool, image: str) -> str:
    target = f"../{'' if link.page == 'overview' else link.page}?{urlencode(view.to_query(chosen))}"
    frozen = " Frozen data, checked by hash when it opens." if chosen.recorded else ""
    mark = " Simulated demo data, not market prices." if simulated else ""
    says = f"{_as_of(chosen)}.{frozen}{mark}"
    tags = {
        "og:site_name": PRODUCT,
        "og:type": "website",
        "og:title": link.title,
        "og:description": says,
        "og:image": image,
        "og:image:width": str(CARD[0]),
        "og:image:height": str(CARD[1]),
        "og:image:alt": f"{link.title}. {says}",
    }
    properties = "".join(
        f'<meta property="{name}" content="{html.escape(text)}">' for name, text in tags.items()
    )
    return document(
        link.title,
        f'{properties}<meta name="twitter:card" content="summary_large_image">'
        f'<meta name="description" content="{html.escape(says)}">'
        f'<meta http-equiv="refresh" content="0;url={html.escape(target)}">',
        f'<p>{html.escape(says)}</p><p><a href="{html.escape(target)}">Open {html.escape(link.title)}</a></p>',
    )


def _nowhere(sentence: str) -> str:
    return document(PRODUCT, "", f'<p>{html.escape(sentence)}</p><p><a href="../">{PRODUCT}</a></p>')
