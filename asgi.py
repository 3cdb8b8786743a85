"""The server for a team: ``streamlit run asgi.py``. The pages of app.py with health, short links, a login and security headers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from prometheus_client import CollectorRegistry
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route

from analytics.settings import settings
from pages.shell.contents import PAGES
from serving import oidc
from serving.door import Door, Doorway
from serving.frames import Frames
from serving.headers import Guard
from serving.health import Front
from serving.inner import Inner
from serving.logs import as_json_lines, paced
from serving.metrics import Metrics
from serving.unfurl import Unfurl
from serving.visits import Visits
from serving.watch import Counts, Watch

if TYPE_CHECKING:
    from analytics.desk import Desk


def _desk() -> Desk:
    # Here and not above: this runs behind the server's start, which then takes as long as a plain app's.
    from pages.shell import load, short

    short.serve()
    return load.desk()


front = Front(_desk)
registry = CollectorRegistry()
metrics = Metrics(front, registry, settings().metrics_token, settings().now)
pages = frozenset(slug for slug, *_ in PAGES)
door = Door(settings(), pages, oidc.claims, oidc.begin, Visits(front))
unfurl = Unfurl(front, pages, settings().now, door)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the ledger as soon as the server runs; requests do not wait for it."""
    if settings().silverlead_log == "json":
        as_json_lines()
    paced()
    if door.access.mode == "oidc":
        oidc.check()
    front.open()
    yield


app = st.App(
    Path(__file__).with_name("app.py"),
    lifespan=lifespan,
    routes=[
        Route("/healthz", front.health),
        Route("/readyz", front.ready),
        Route("/metrics", metrics.answer),
        Route("/login", door.login, methods=["GET", "POST"]),
        Route("/login/go", door.go),
        Route("/logout", door.logout, methods=["GET", "POST"]),
        Route("/s/{identifier}.png", unfurl.image, name="short_image"),
        Route("/s/{identifier}", unfurl.page, name="short"),
    ],
    middleware=[
        Middleware(Guard, frame_ancestors=settings().silverlead_frame_ancestors),
        Middleware(Watch, counts=Counts(registry)),
        Middleware(TrustedHostMiddleware, allowed_hosts=settings().hosts, www_redirect=False),
        Middleware(Inner, metrics=metrics),
        Middleware(Doorway, door=door),
        Middleware(Frames),
        Middleware(
            GZipMiddleware, minimum_size=1_000, compresslevel=4
        ),  # Streamlit sends its scripts as they are: 3x
    ],
)
