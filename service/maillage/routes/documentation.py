"""OpenAPI for machines, and the same as a page: our own, so that nothing comes from another host."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.openapi.utils import get_openapi

from maillage.problemes import MEDIA_PROBLEME
from maillage.routes.contexte import adresse_publique, conditional, langue_de, page, service
from maillage.routes.recherche import dump
from maillage.textes import Langue, Textes

routeur = APIRouter()


@routeur.get("/openapi.json", name="openapi", include_in_schema=False)
def openapi(request: Request) -> Response:
    """The OpenAPI description."""
    langue = langue_de(request)
    media = "application/json; charset=utf-8"
    return conditional(request, f"openapi-{langue}", media, lambda: dump(describe(request)))


@routeur.get("/documentation", name="documentation", include_in_schema=False)
def documentation(request: Request) -> Response:
    """The description as a page, with the list of problems."""
    textes = service(request).textes
    codes = sorted({cle.split(".")[1] for cle in textes.entrees if cle.startswith("probleme.")})
    return page(request, "documentation.html", api=describe(request), codes=codes)


def describe(request: Request) -> dict[str, Any]:
    """The OpenAPI document in the reader's language, the errors in the one shape."""
    textes, langue = service(request).textes, langue_de(request)
    document = get_openapi(
        title=textes.dire("site.nom", langue),
        version=version("maillage"),
        description=textes.dire("documentation.intro", langue),
        routes=request.app.routes,
        servers=[{"url": adresse_publique(request)}],
    )
    document.get("components", {}).pop("schemas", None)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _say(operation, f"{method} {path}", textes, langue)
    return document


def _say(operation: dict[str, Any], nom: str, textes: Textes, langue: Langue) -> None:
    operation["summary"] = textes.dire(f"operation.{nom}", langue)
    operation.pop("description", None)
    for parameter in operation.get("parameters", ()):
        parameter["description"] = textes.dire(f"parametre.{parameter['name']}", langue)
    probleme = {
        "description": textes.dire("documentation.problemes", langue),
        "content": {MEDIA_PROBLEME: {}},
    }
    operation["responses"].pop("422", None)
    operation["responses"]["4XX"] = probleme
