"""An HTTP client on the application itself, without a socket: lifespan, real middlewares, real answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import anyio
import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

ADRESSE = "https://maillage.test"


class Client:
    """Synchronous requests to an ASGI application."""

    def __init__(self, portail: BlockingPortal, app: FastAPI) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._portail = portail
        self._client = httpx.AsyncClient(transport=transport, base_url=ADRESSE)

    def demander(self, methode: str, chemin: str, **options: Any) -> httpx.Response:
        """Send one request; redirections are not followed."""

        async def send() -> httpx.Response:
            return await self._client.request(methode, chemin, **options)

        return self._portail.call(send)

    def get(self, chemin: str, accept: str = "*/*", langue: str = "fr", **entetes: str) -> httpx.Response:
        """GET with these Accept and Accept-Language."""
        headers = {"Accept": accept, "Accept-Language": langue, **entetes}
        return self.demander("GET", chemin, headers=headers)

    def interroger(self, question: str, page: bool = False, **options: str) -> httpx.Response:
        """Ask a question: the page, or the JSON."""
        chemin = "/recherche" if page else "/api/orientation"
        return self.get(f"{chemin}?q={quote(question, safe='')}", "text/html" if page else "*/*", **options)

    def simultanement(self, chemins: list[str]) -> list[httpx.Response]:
        """GET all of these at once."""
        found: dict[int, httpx.Response] = {}

        async def one(rank: int, chemin: str) -> None:
            found[rank] = await self._client.get(chemin)

        async def all_of_them() -> None:
            async with anyio.create_task_group() as group:
                for rank, chemin in enumerate(chemins):
                    group.start_soon(one, rank, chemin)

        self._portail.call(all_of_them)
        return [found[rank] for rank in range(len(chemins))]


@contextmanager
def ouvrir(app: FastAPI) -> Iterator[Client]:
    """Start the application, give a client, stop the application."""
    with (
        start_blocking_portal() as portail,
        portail.wrap_async_context_manager(app.router.lifespan_context(app)),
    ):
        yield Client(portail, app)
