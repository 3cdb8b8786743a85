"""The server's own routes on a small ledger, without streamlit; and the whole server as a process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from analytics import panel as panels
from analytics.clock.instants import end_of_day, from_micros
from analytics.ledger import Ledger
from analytics.settings import Settings
from analytics.view import View
from serving.door import Door, Doorway
from serving.headers import Guard
from serving.health import Front
from serving.unfurl import Unfurl
from serving.visits import Visits
from tests.ledger.rows import BITCOIN, NOW, SILVER, rows
from tests.pages.served import copy_of, environment, free_port
from tests.serving.client import Client
from tests.serving.process import Server, running

DAYS = ["2026-05-27", "2026-05-28", "2026-05-29", "2026-06-01", "2026-06-02"]
PAGES = frozenset({"overview", "divergence"})


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> dt.datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(ledger: Ledger) -> Any:
    """What the routes use of a desk, on a ledger of five days."""
    for series, level in ((SILVER, 70.0), (BITCOIN, 60_000.0)):
        ledger.append(series, rows(series, DAYS, [level + i for i in range(5)]), NOW)
    return SimpleNamespace(ledger=ledger, live=True, refreshing=False)


@pytest.fixture
def frozen_view(desk: Any) -> View:
    as_of = end_of_day(dt.date(2026, 6, 2))
    pair = panels.build(desk.ledger, ("silver", "bitcoin"), as_of)
    return View(as_of=as_of, span="3m").pinned(NOW, from_micros(desk.ledger.version()), pair.sha256)


def opened(front: Front) -> Front:
    front.open()
    for _ in range(200):
        if front._opened.wait(0.01) or front.trouble:
            break
    return front


def door_of(claims: Mapping[str, object] | None = None, front: Front | None = None, **given: Any) -> Door:
    """A door under some settings; whoever knocks has these OIDC claims. ``front`` knows the ledger of who signed out."""
    held, visits = Settings(**given), Visits(front or Front(lambda: pytest.fail("the ledger was opened")))
    return Door(held, PAGES, lambda cookies: claims or {}, lambda: "/auth/login?provider=signed", visits)


@pytest.fixture
def door() -> Door:
    """Open: nobody is asked."""
    return door_of()


def came_back(request: Request) -> Response:
    """Streamlit's end of an OIDC login: always to the root, with its cookie where the login worked."""
    answer = RedirectResponse("/", 302)
    if "code" in request.query_params:
        answer.set_cookie("_streamlit_user", "signed")
    return answer


@pytest.fixture
def client(desk: Any, clock: Clock, door: Door) -> Client:
    front = opened(Front(lambda: desk))
    unfurl = Unfurl(front, PAGES, clock, door)
    app = Starlette(
        routes=[
            Route("/healthz", front.health),
            Route("/readyz", front.ready),
            Route("/s/{identifier}.png", unfurl.image, name="short_image"),
            Route("/s/{identifier}", unfurl.page, name="short"),
            Route("/login", door.login, methods=["GET", "POST"]),
            Route("/login/go", door.go),
            Route("/logout", door.logout, methods=["GET", "POST"]),
            Route("/auth/logout", lambda request: PlainTextResponse("Streamlit's way out")),
            Route("/media/{name}", lambda request: PlainTextResponse("file")),
            Route("/oauth2callback", came_back),
            Route("/", lambda request: PlainTextResponse("page")),
            Route("/divergence", lambda request: PlainTextResponse("page")),
        ],
        middleware=[
            Middleware(Guard, frame_ancestors="'none'"),
            Middleware(TrustedHostMiddleware, allowed_hosts=["testserver"], www_redirect=False),
            Middleware(Doorway, door=door),
        ],
    )
    return Client(app)


@pytest.fixture(scope="session")
def demo_server(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """asgi.py as `make serve` runs it, on simulated data."""
    folder = copy_of(simulated, tmp_path_factory.mktemp("served"))
    settings = environment(folder, SILVERLEAD_DATA="demo", SILVERLEAD_MANAGE_LINKS="true")
    settings |= {
        "SILVERLEAD_ALLOWED_HOSTS": "127.0.0.1",
        "SILVERLEAD_FRAME_ANCESTORS": "'none'",
        "SILVERLEAD_LINK_DAYS": "",
    }
    with running("asgi.py", free_port(), settings) as server:
        yield server
