"""Is the service alive, is it ready, with which data; what is counted of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from maillage.donnees_liees.negociation import Variante
from maillage.mesures import MEDIA, Mesures
from maillage.routes.contexte import langue_de, offered, service
from maillage.store.distant import EntrepotDistant
from maillage.store.entrepot import EntrepotIndisponible
from maillage.textes import Langue, Textes
from maillage.versions.publication import Tentative, derniere

routeur = APIRouter()

_JAMAIS_GARDE = {"Cache-Control": "no-store"}


@routeur.get("/sante", name="sante")
def sante(request: Request) -> JSONResponse:
    """Readiness and data version; what came of the last attempt to publish.

    A snapshot with an error is never built: what is served conforms, even where the last attempt does not.
    """
    parts = service(request)
    manifeste, tentative = parts.manifeste, derniere(parts.settings.dossier_instantanes)
    return JSONResponse(
        {
            "pret": True,
            "version": manifeste.version,
            "empreinte": manifeste.empreinte,
            "date": manifeste.date,
            "triples": sum(manifeste.triples.values()),
            "triples_saisis": manifeste.triples.get("saisis", 0),
            "conforme": True,
            "numero": manifeste.numero,
            "revision": manifeste.revision,
            "en_service_depuis": parts.depuis,
            "surveillance": parts.surveillance,
            "derniere_tentative": _dite(tentative, parts.textes, langue_de(request)) if tentative else None,
        },
        headers=_JAMAIS_GARDE,
    )


@routeur.get("/sante/vif", name="sante_vif")
async def vif() -> JSONResponse:
    """The process answers; where it does not, it is to be started again."""
    return JSONResponse({"vif": True}, headers=_JAMAIS_GARDE)


@routeur.get("/sante/pret", name="sante_pret")
async def pret(request: Request) -> JSONResponse:
    """It may be sent requests: a version of the data is loaded, and its store is not away."""
    parts = service(request)
    if isinstance(parts.entrepot, EntrepotDistant) and parts.entrepot.acces.disjoncteur.ouvert:
        raise EntrepotIndisponible(parts.entrepot.acces.requetes)
    return JSONResponse({"pret": True, "version": parts.manifeste.version}, headers=_JAMAIS_GARDE)


@routeur.get(
    "/metriques",
    name="metriques",
    response_class=Response,
    responses=offered(Variante("", MEDIA.partition(";")[0])),
)
def metriques(request: Request) -> Response:
    """Counts for Prometheus. No question and no client is in them."""
    mesures: Mesures = request.app.state.mesures
    parts = service(request)
    return Response(mesures.ecrire(parts.manifeste, parts.depuis), media_type=MEDIA, headers=_JAMAIS_GARDE)


def _dite(tentative: Tentative, textes: Textes, langue: Langue) -> dict[str, Any]:
    """An attempt, with what is to be known of it in words where nothing was published."""
    match tentative.resultat:
        case "refusee":
            said = textes.dire("intendance.refusee-aide", langue, erreurs=tentative.erreurs)
        case "echouee":
            said = textes.dire(f"intendance.echouee-{tentative.cause or 'interne'}", langue)
        case _:
            said = ""
    return {**asdict(tentative), "message": said}
