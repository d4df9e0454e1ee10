"""OpenAPI for machines, and the same as a page: our own, so that nothing comes from another host."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.openapi.utils import get_openapi

from maillage.problemes import MEDIA_PROBLEME
from maillage.requetes.parametres import Parametre
from maillage.requetes.requete import Requete
from maillage.routes.contexte import adresse_publique, conditional, langue_de, page_stable, service
from maillage.routes.recherche import dump
from maillage.routes.requetes import FORMATS
from maillage.textes import Langue, Textes

routeur = APIRouter()

#: path of the operation that runs any stored query: each of them has one of its own besides.
GENERIQUE = "/api/requetes/{nom}"


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
    contexte = {"decrire": lambda: describe(request), "codes": codes}
    return page_stable(request, "documentation", "documentation.html", **contexte)


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
    generique = document["paths"].get(GENERIQUE, {}).get("get", {})
    for requete in service(request).requetes:
        document["paths"][GENERIQUE.replace("{nom}", requete.nom)] = {
            "get": _operation(requete, generique, textes, langue)
        }
    return document


def _operation(requete: Requete, generique: dict[str, Any], textes: Textes, langue: Langue) -> dict[str, Any]:
    """The operation of one stored query: its own parameters, then those that every query has."""
    communs = [one for one in generique["parameters"] if one["in"] == "query"]
    if requete.forme != "SELECT" or requete.limitee:
        communs = [one for one in communs if one["name"] == "format"]
    offerts = FORMATS[requete.forme]
    formats = {"type": "string", "enum": [one.suffixe for one in offerts]}
    communs = [one | {"schema": formats} if one["name"] == "format" else one for one in communs]
    return {
        "tags": [textes.dire("documentation.requetes", langue)],
        "operationId": f"requete_{requete.nom.replace('-', '_')}",
        "summary": requete.dire(langue),
        "parameters": [*(_parameter(one, requete, langue) for one in requete.parametres), *communs],
        "responses": {
            "200": {
                "description": requete.dire(langue),
                "content": {one.media: {} for one in offerts},
            },
            "4XX": generique["responses"]["4XX"],
            "503": generique["responses"]["503"],
        },
    }


def _parameter(parametre: Parametre, requete: Requete, langue: Langue) -> dict[str, Any]:
    """A parameter as its header declares it, with the value of the example; a list repeats it."""
    given = requete.exemple.get(parametre.nom, ())
    described: dict[str, Any] = {
        "name": parametre.nom,
        "in": "query",
        "required": not parametre.facultatif,
        "description": f"{parametre.dire(langue)} ({parametre.attendu(langue)})",
        "schema": parametre.schema,
    }
    if given:
        described["example"] = list(given) if parametre.plusieurs else given[0]
    return described


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
    operation["responses"]["4XX"] = operation["responses"]["503"] = probleme
