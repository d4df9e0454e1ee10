"""The data to take away."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from maillage.routes.contexte import etag_of, page, service, unchanged
from maillage.versions.instantane import GRAPHES

routeur = APIRouter()

NQUADS = "application/n-quads"


@routeur.get("/exports", name="exports", include_in_schema=False)
def exports(request: Request) -> Response:
    """What can be downloaded."""
    size = (service(request).dossier / GRAPHES).stat().st_size
    return page(request, "exports.html", taille=round(size / 1e6, 1))


@routeur.get("/exports/maillage.nq", name="export_nquads")
def export_nquads(request: Request) -> Response:
    """Every assertion of the corpus, one named graph per file, without what is derived. Ranges are served."""
    etag = etag_of(request, "nq")
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    path = service(request).dossier / GRAPHES
    return FileResponse(path, headers=headers, media_type=f"{NQUADS}; charset=utf-8", filename="maillage.nq")
