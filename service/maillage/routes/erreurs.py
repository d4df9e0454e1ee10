"""Every error leaves through here, in the one shape, in the format that was asked for."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from maillage.donnees_liees.description import write
from maillage.donnees_liees.negociation import accepts_html
from maillage.problemes import (
    MEDIA_PROBLEME,
    Champ,
    Probleme,
    depuis_statut,
    en_dict,
    en_json,
    en_triples,
    rdf_wanted,
)
from maillage.requetes.parametres import ParametreInvalide
from maillage.requetes.recueil import RequeteInconnue
from maillage.routes.compte import noter
from maillage.routes.contexte import adresse_publique, langue_de, page, service
from maillage.store.entrepot import EntrepotIndisponible

journal = logging.getLogger("maillage")


def answer(request: Request, probleme: Probleme) -> Response:
    """The problem as HTML for a browser, as RDF where RDF was asked, else as application/problem+json."""
    noter(request.scope, "code", probleme.code)
    langue = langue_de(request)
    accept = request.headers.get("accept", "")
    path = request.url.path
    document = en_dict(probleme, service(request).textes, langue, path, adresse_publique(request))
    entetes = {
        "Vary": "Accept, Accept-Language",
        "Cache-Control": "no-store",
        "Content-Language": langue,
        **probleme.entetes,
    }
    variante = rdf_wanted(path, accept)
    if path.endswith(".html") or (accepts_html(accept) and variante is None):
        response = page(request, "erreur.html", probleme.statut, probleme=document)
        response.headers.update(entetes)
        return response
    if variante is not None:
        body = write([*en_triples(document), *probleme.triples], variante.suffixe)
        return Response(body, probleme.statut, entetes, variante.entete)
    return Response(en_json(document), probleme.statut, entetes, MEDIA_PROBLEME)


def _as_problem(error: Exception) -> Probleme:
    match error:
        case Probleme():
            return error
        case RequestValidationError():
            champs = (Champ(str(one["loc"][-1]), *_reason(dict(one))) for one in error.errors())
            return Probleme("parametre-refuse", 400, champs=tuple(champs))
        case HTTPException():
            probleme = depuis_statut(error.status_code)
            probleme.entetes.update(error.headers or {})
            return probleme
        case EntrepotIndisponible():
            journal.error("entrepôt indisponible : %s", error)
            return Probleme("entrepot-indisponible", 503, entetes={"Retry-After": "10"})
        case _:
            journal.error("erreur imprévue", exc_info=error)
            return Probleme("interne", 500)


def _reason(error: dict[str, object]) -> tuple[str, dict[str, object]]:
    if error["type"] == "missing":
        return "absent", {}
    return "invalide", {"attendu": error["msg"]}


async def rescue(request: Request, error: Exception) -> Response:
    """The answer to any exception."""
    if isinstance(error, ParametreInvalide):
        statut = 404 if isinstance(error, RequeteInconnue) else 400
        valeurs = {"message": error.message(langue_de(request))}
        return answer(request, Probleme("requete-enregistree", statut, valeurs=valeurs))
    return answer(request, _as_problem(error))


def install(app: FastAPI) -> None:
    """Register the handlers of the expected errors (the unexpected ones meet `entetes.Filet`)."""
    for kind in (Probleme, RequestValidationError, HTTPException, ParametreInvalide, EntrepotIndisponible):
        app.add_exception_handler(kind, rescue)
