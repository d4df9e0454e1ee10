"""Is the service ready, and with which data."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from maillage.routes.contexte import service
from maillage.versions.publication import derniere

routeur = APIRouter()


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
            "derniere_tentative": asdict(tentative) if tentative else None,
        },
        headers={"Cache-Control": "no-store"},
    )
