"""Asks an ASGI application without a socket."""

from __future__ import annotations

from collections.abc import Mapping

import anyio
import httpx
from starlette.applications import Starlette


class Client:
    """``client.get("/path")`` as from http://testserver."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def get(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        form: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                return await client.request(method, path, headers=headers, data=form)

        return anyio.run(asked)

    def head(self, path: str) -> httpx.Response:
        return self.get(path, method="HEAD")

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> httpx.Response:
        return self.get(path, headers, "POST", form)
