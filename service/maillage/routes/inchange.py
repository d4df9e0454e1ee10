"""« Not modified », said again without asking: a harvester that comes back costs next to nothing.

Within a version, the same request with the same validator has the same answer. The first time, the route says
304; the next times, this layer does.
"""

from __future__ import annotations

from collections.abc import MutableMapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maillage.routes.compte import note_de, noter
from maillage.routes.relais import CLE

Cle = tuple[str | bytes, ...]
#: the pattern of the address, and the headers of the answer.
Reponse = tuple[str, list[tuple[bytes, bytes]]]

#: what an answer may depend on, with the address and the validator.
_CONDITIONS = ("host", "accept", "accept-language", "accept-encoding", "range", "origin", "if-none-match")
#: answers remembered; past that, all is forgotten.
_MAXIMUM = 4_096
_LONGUEUR = 2_000


class Inchange:
    """Remembers the 304 answers of a version, in the service's own `inchanges`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        known: MutableMapping[Cle, Reponse] = scope[CLE].inchanges
        if key in known:
            route, headers = known[key]
            noter(scope, "cache", "inchange")
            noter(scope, "route", route)
            await send({"type": "http.response.start", "status": 304, "headers": list(headers)})
            await send({"type": "http.response.body", "body": b""})
            return

        kept: list[tuple[bytes, bytes]] | None = None

        async def send_and_remember(message: Message) -> None:
            nonlocal kept
            if message["type"] == "http.response.start" and message["status"] == 304:
                kept = list(message.get("headers", ()))
            await send(message)

        await self._app(scope, receive, send_and_remember)
        if kept is not None:
            if len(known) >= _MAXIMUM:
                known.clear()
            known[key] = (note_de(scope, "route"), kept)


def _key(scope: Scope) -> Cle | None:
    """What makes two requests the same; none for one that is not conditional, or too long to be kept."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    headers = Headers(scope=scope)
    if "if-none-match" not in headers:
        return None
    key: Cle = (scope["path"], scope["query_string"], *(headers.get(name, "") for name in _CONDITIONS))
    return key if sum(map(len, key)) < _LONGUEUR else None
