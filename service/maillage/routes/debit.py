"""So many requests for each client, where the setting asks: `MAILLAGE_DEBIT=10/second;300/minute`.

Off by default: a reverse proxy counts for all processes, this counts for its own. A client is a network
address, the first half of it in IPv6, where one household has the whole second half.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from maillage.routes.entetes import Securite

#: what supervisors ask, and what pages are made of, is not counted.
LIBRES = ("/sante", "/metriques", "/statique/")

#: answers a client who asks too much, given the seconds to wait.
Refuser = Callable[[Request, int], Response]


class Debit:
    """Refuses with `refuser` what passes `debit`, in the form of the limits library; empty: nothing does."""

    def __init__(self, app: ASGIApp, debit: str, refuser: Refuser) -> None:
        self._app, self._refuser = app, refuser
        self._limites: list[RateLimitItem] = parse_many(debit) if debit else []
        self._compteur = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        attente = 0
        if self._limites and scope["type"] == "http" and not scope["path"].startswith(LIBRES):
            attente = await self._attente(client(scope))
        if attente:
            await Securite(self._refuser(Request(scope), attente))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _attente(self, client: str) -> int:
        """Seconds until this client may ask again; 0 where it may now."""
        longest = 0.0
        for limite in self._limites:
            if not await self._compteur.hit(limite, client):
                until = (await self._compteur.get_window_stats(limite, client)).reset_time
                longest = max(longest, until - time.time(), 1.0)
        return math.ceil(longest)


def client(scope: Scope) -> str:
    """Who asks, as it is counted."""
    host: str = (scope.get("client") or ("", 0))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ip_network(f"{host}/64", strict=False))
