"""Completion by keystroke."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from maillage.question import LONGUEUR
from maillage.routes.contexte import conditional, described, langue_de, service
from maillage.routes.recherche import dump

routeur = APIRouter()


@routeur.get("/api/suggestions", name="suggestions", openapi_extra=described("langue"))
def suggestions(
    request: Request,
    q: Annotated[str, Query(max_length=LONGUEUR)] = "",
    limite: Annotated[int, Query(ge=1, le=100)] = 10,
) -> Response:
    """Concepts, places and actors that the words being typed may name; none for no word."""
    langue = langue_de(request)

    def body() -> bytes:
        found = service(request).suggestions.suggerer(q, langue, limite)
        return dump({"q": q, "suggestions": [one.en_json() for one in found]})

    media = "application/json; charset=utf-8"
    return conditional(request, f"suggestions-{langue}", media, body, **{"Content-Language": langue})
