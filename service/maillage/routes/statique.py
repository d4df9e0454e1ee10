"""Style sheet, icon and script. Their address carries the edition: browsers keep them for ever."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from maillage.problemes import Probleme
from maillage.routes.contexte import service, unchanged
from maillage.textes import PAGES

routeur = APIRouter()

STATIQUE = PAGES / "statique"
MEDIAS = {
    ".png": "image/png",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


@routeur.get("/statique/{nom}", name="statique", include_in_schema=False)
def statique(request: Request, nom: str) -> Response:
    """One file of the folder, by its plain name."""
    files = {path.name: path for path in STATIQUE.iterdir()}
    if nom not in files or files[nom].suffix not in MEDIAS:
        raise Probleme("introuvable", 404)
    edition = service(request).edition
    etag = f'"{edition}-{nom}"'
    fixed = request.query_params.get("v") == edition
    headers = {"ETag": etag, "Cache-Control": "public, max-age=31536000, immutable" if fixed else "no-cache"}
    if unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(files[nom].read_bytes(), headers=headers, media_type=MEDIAS[files[nom].suffix])


@routeur.get("/robots.txt", name="robots", include_in_schema=False)
def robots(request: Request) -> Response:
    """What robots may read: all but open-ended queries."""
    return statique(request, "robots.txt")
