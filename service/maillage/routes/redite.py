"""Answers of the SPARQL endpoint kept for who asks the same again: the graph of a version never changes."""

from __future__ import annotations

import re
from collections import OrderedDict

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maillage.routes.compte import noter

CHEMIN = "/sparql"
#: bytes of the longest answer kept, and of all those kept for a version.
REPONSE, TOTAL = 64 << 10, 16 << 20
#: what a request must have in common with an earlier one to be answered alike, beside its address.
_ENTETES = (
    b"accept", b"accept-encoding", b"accept-language", b"host", b"if-none-match", b"origin",
)  # fmt: skip
#: functions whose value is another one each time (SPARQL 1.1 §17.4), and letters written as escapes.
_CHANGEANTE = re.compile(rb"RAND|NOW|UUID|BNODE|%[46][1-9A-F]|%[57][0-9A]", re.IGNORECASE)

Cle = tuple[bytes | str | None, ...]


class Redites:
    """The answers asked for last, within TOTAL bytes; those of one version of the data."""

    def __init__(self) -> None:
        self._reponses: OrderedDict[Cle, tuple[Message, ...]] = OrderedDict()
        self._octets = 0

    def lire(self, cle: Cle) -> tuple[Message, ...] | None:
        """The messages of the answer kept, if any."""
        reponse = self._reponses.get(cle)
        if reponse is not None:
            self._reponses.move_to_end(cle)
        return reponse

    def garder(self, cle: Cle, messages: tuple[Message, ...]) -> None:
        """Keep an answer; the oldest give way."""
        self._reponses[cle] = messages
        self._octets += _taille(cle, messages)
        while self._octets > TOTAL:
            self._octets -= _taille(*self._reponses.popitem(last=False))


def _taille(cle: Cle, messages: tuple[Message, ...]) -> int:
    parts = (one for one in cle if isinstance(one, bytes))
    return sum(map(len, parts)) + sum(len(message.get("body", b"")) for message in messages)


class Redite:
    """Answers a query from `redites` of the service of the moment, kept in the scope under `cle`."""

    def __init__(self, app: ASGIApp, cle: str) -> None:
        self._app, self._service = app, cle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if not _repetable(scope):
            await self._app(scope, receive, send)
            return
        redites: Redites = scope[self._service].redites
        headers = dict(scope["headers"])
        cle = (scope["query_string"], scope["scheme"], *(headers.get(name) for name in _ENTETES))
        kept = redites.lire(cle)
        if kept is not None:
            noter(scope, "cache", "redite")
            noter(scope, "route", CHEMIN)
            for message in kept:
                await send(message)
            return
        messages: list[Message] = []

        async def send_and_note(message: Message) -> None:
            messages.append(message)
            await send(message)

        await self._app(scope, receive, send_and_note)
        body = sum(len(message.get("body", b"")) for message in messages)
        if messages and messages[0].get("status") in (200, 304) and body <= REPONSE:
            redites.garder(cle, tuple(messages))


def _repetable(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and scope["path"] == CHEMIN
        and not _CHANGEANTE.search(scope["query_string"])
    )
