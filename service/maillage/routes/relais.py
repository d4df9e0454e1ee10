"""From one version to the next while requests go on: each request keeps the service it began with."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from maillage.requetes.recueil import suivre

#: where a request keeps the service that answers it.
CLE = "maillage.service"


class Usage:
    """How many requests use a service; touched by the event loop only."""

    def __init__(self) -> None:
        self._nombre = 0
        self._libre = asyncio.Event()
        self._libre.set()

    def __enter__(self) -> None:
        self._nombre += 1
        self._libre.clear()

    def __exit__(self, *error: object) -> None:
        self._nombre -= 1
        if not self._nombre:
            self._libre.set()

    async def fin(self) -> None:
        """Wait until no request uses the service any more."""
        await self._libre.wait()


class Relais:
    """Gives each request the service of the moment, `app.state.service`, until its answer is sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        suivre()
        service = scope["app"].state.service
        with service.usage:
            await self._app({**scope, CLE: service}, receive, send)
