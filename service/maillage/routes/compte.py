"""Each request is counted, timed and logged, by the pattern of its address."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maillage.config import Settings
from maillage.journal import acces
from maillage.mesures import Mesures

#: where a request keeps what is learnt of it on its way: `route`, `code` of a problem, `cache`.
NOTE = "maillage.note"
#: the pattern of what a layer answers before any route: preflights, bodies and headers too large.
AUCUNE = "(aucune)"


def noter(scope: MutableMapping[str, Any], nom: str, valeur: str) -> None:
    """Keep something learnt of a request, for its count and its line in the log."""
    scope.get(NOTE, {})[nom] = valeur


def note_de(scope: MutableMapping[str, Any], nom: str) -> str:
    """What was learnt of a request under a name; empty where nothing was."""
    found: str = scope.get(NOTE, {}).get(nom, "")
    return found


class Itineraire:
    """Innermost layer: notes which route answered; outer layers see copies of the scope."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        try:
            await self._app(scope, receive, send)
        finally:
            if "route" in scope:
                noter(scope, "route", scope["route"].path)


class Compte:
    """Outermost layer: counts in `mesures`, and logs."""

    def __init__(self, app: ASGIApp, mesures: Mesures, settings: Settings) -> None:
        self._app, self._mesures, self._adresses = app, mesures, settings.journal_questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        note: dict[str, str] = {}
        start, statut = time.perf_counter(), int(HTTPStatus.INTERNAL_SERVER_ERROR)

        async def send_and_watch(message: Message) -> None:
            nonlocal statut
            if message["type"] == "http.response.start":
                statut = message["status"]
            await send(message)

        try:
            await self._app({**scope, NOTE: note}, receive, send_and_watch)
        finally:
            self._compter(scope, note, statut, time.perf_counter() - start)

    def _compter(self, scope: Scope, note: dict[str, str], statut: int, secondes: float) -> None:
        route = note.get("route", AUCUNE)
        self._mesures.requete(route, scope["method"], statut, secondes)
        if "code" in note:
            self._mesures.refus(note["code"])
        if "cache" in note:
            self._mesures.garde(note["cache"])
        membres: dict[str, Any] = {"methode": scope["method"], "route": route, "statut": statut}
        membres |= {name: said for name, said in note.items() if name != "route"}
        if self._adresses:
            membres["adresse"] = scope["path"] + "?" + scope["query_string"].decode("latin-1")
        acces({**membres, "secondes": round(secondes, 4)})
