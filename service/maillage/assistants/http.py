"""The tools at one address of the service (streamable HTTP), started by their first caller.

Each request stands alone, without a session: any process of the service may answer it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from maillage.problemes import Probleme
from maillage.routes.contexte import Service
from maillage.routes.relais import CLE
from maillage.textes import Textes

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

_service: ContextVar[Service] = ContextVar("service")


class Assistants:
    """An ASGI application. What it imports weighs on nobody until it is called."""

    def __init__(self, textes: Textes) -> None:
        self._textes = textes
        self._verrou = asyncio.Lock()
        self._gerant: StreamableHTTPSessionManager | None = None
        self._tache: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. The tools see the service that this request began with."""
        if scope["method"] != "POST":
            # Without sessions there is nothing to listen to (GET) or to end (DELETE).
            raise Probleme("methode-refusee", 405, entetes={"Allow": "POST"})
        gerant = await self._demarrer()
        _service.set(scope[CLE])
        await gerant.handle_request(scope, receive, send)

    async def fermer(self) -> None:
        """End what was started."""
        if self._tache is not None:
            self._tache.cancel()
            with suppress(asyncio.CancelledError):
                await self._tache

    async def _demarrer(self) -> StreamableHTTPSessionManager:
        async with self._verrou:
            if self._gerant is None:
                self._gerant = await asyncio.to_thread(self._preparer)
                ready = asyncio.Event()
                self._tache = asyncio.create_task(self._tenir(self._gerant, ready))
                await ready.wait()
            return self._gerant

    def _preparer(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
        from mcp.server.transport_security import TransportSecuritySettings

        from maillage.assistants.outils import Outils
        from maillage.assistants.serveur import creer_serveur

        serveur = creer_serveur(lambda: Outils(_service.get()), self._textes)
        # Public and read only: there is nothing that a page of another site could gain by rebinding a name.
        ouvert = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        return StreamableHTTPSessionManager(
            app=serveur._lowlevel_server, json_response=True, stateless=True, security_settings=ouvert
        )

    async def _tenir(self, gerant: StreamableHTTPSessionManager, ready: asyncio.Event) -> None:
        """The manager begins and ends in one task, as its scopes demand."""
        async with gerant.run():
            ready.set()
            await asyncio.Event().wait()
