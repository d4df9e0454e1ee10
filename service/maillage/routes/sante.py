"""Is the service ready, and with which data."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from maillage.routes.contexte import service

routeur = APIRouter()


@routeur.get("/sante", name="sante")
def sante(request: Request) -> JSONResponse:
    """Readiness and data version. A snapshot with an error is never built: what is served conforms."""
    manifeste = service(request).manifeste
    return JSONResponse(
        {
            "pret": True,
            "version": manifeste.version,
            "empreinte": manifeste.empreinte,
            "date": manifeste.date,
            "triples": sum(manifeste.triples.values()),
            "triples_saisis": manifeste.triples.get("saisis", 0),
            "conforme": True,
        },
        headers={"Cache-Control": "no-store"},
    )
