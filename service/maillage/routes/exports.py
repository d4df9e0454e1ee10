"""The data to take away: files of the version in service, and of the versions that are kept."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from maillage.catalogue.compression import CODAGES
from maillage.catalogue.dcat import Catalogue
from maillage.catalogue.depot import Depot, FabricationImpossible
from maillage.catalogue.fabrique import SOMMES, FichierInconnu
from maillage.catalogue.jeux import Offre
from maillage.catalogue.vue import Vue
from maillage.donnees_liees.negociation import weighted
from maillage.problemes import Probleme
from maillage.routes.contexte import adresse_publique, langue_de, page, service, unchanged
from maillage.routes.entetes import TETE
from maillage.versions.instantane import versions

routeur = APIRouter()

_MEDIAS = {"gz": "application/gzip", "zst": "application/zstd"}
_IANA = "https://www.iana.org/assignments/media-types/"


class Fichier(FileResponse):
    """A file in large blocks; nothing is read of it where only the headers are asked for."""

    chunk_size = 1 << 20

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. Raises Probleme, before anything is sent: 400 or 416 where `Range` cannot be served."""

        async def envoyer(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (400, 416):
                said = Headers(raw=message["headers"])
                entetes = {nom: said[nom] for nom in ("Content-Range",) if nom in said}
                raise Probleme("plage-refusee", message["status"], entetes=entetes)
            await send(message)

        await super().__call__({**scope, "method": "HEAD"} if scope.get(TETE) else scope, receive, envoyer)


@routeur.get("/exports", name="exports", include_in_schema=False)
def exports(request: Request) -> Response:
    """What can be downloaded, and of which versions."""
    parts = service(request)
    kept = [path.name for path in versions(parts.settings.dossier_instantanes)]
    vue = Vue(Catalogue(parts.offre, parts.depot, adresse_publique(request)), langue_de(request))
    with fabrication():
        return page(request, "exports.html", vue=vue, versions=kept)


@routeur.get("/exports/{nom}", name="export", response_class=Fichier)
def export(request: Request, nom: str) -> Response:
    """A file of the version in service. Ranges and compressed transfer are served."""
    return _serve(request, service(request).depot, nom, "no-cache")


@routeur.get("/exports/{version}/{nom}", name="export_version", response_class=Fichier)
def export_version(request: Request, version: str, nom: str) -> Response:
    """The same file of another version, while it is kept: it never changes."""
    parts = service(request)
    if version == parts.dossier.name:
        return _serve(request, parts.depot, nom, "public, max-age=31536000, immutable")
    for path in versions(parts.settings.dossier_instantanes):
        if path.name == version:
            return _serve(request, Depot(path), nom, "public, max-age=31536000, immutable")
    raise Probleme("introuvable", 404)


class fabrication:  # noqa: N801 (read as a word of the `with` statement)
    """What is being made, said as problems of HTTP: 404 not offered, 503 not made."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Turn the errors of the maker into problems."""
        if isinstance(error, FichierInconnu):
            raise Probleme("introuvable", 404) from error
        if isinstance(error, FabricationImpossible):
            raise Probleme("fichier-indisponible", 503, entetes={"Retry-After": "30"}) from error


def _serve(request: Request, depot: Depot, nom: str, cache: str) -> Response:
    media = media_type(service(request).offre, nom)
    if media is None:
        raise Probleme("introuvable", 404)
    codage = _codage(request, nom)
    name = f"{nom}.{codage}" if codage else nom
    headers = {
        "ETag": f'"{depot.version.name}-{depot.dossier.name[-8:]}-{name}"',
        "Cache-Control": cache,
        "Vary": "Accept-Encoding",
        "Content-Disposition": f'attachment; filename="{nom}"',
    }
    if codage:
        headers["Content-Encoding"] = CODAGES[codage]
    if unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    with fabrication():
        path: Path = depot.fichier(name)
    return Fichier(path, headers=headers, media_type=media)


def media_type(offre: Offre, nom: str) -> str | None:
    """Content-Type of a file of that name; None where none is offered."""
    tronc, _, end = nom.rpartition(".")
    files = offre.fichiers
    if nom == SOMMES:
        return "text/plain; charset=utf-8"
    if end in _MEDIAS:
        return _MEDIAS[end] if tronc in files else None
    if nom not in files:
        return None
    media = offre.savoir.textes(files[nom][1].iri, "dcat:mediaType")[0].removeprefix(_IANA)
    return media if media == "application/json" else f"{media}; charset=utf-8"


def _codage(request: Request, nom: str) -> str:
    """The compressed copy to send in place of the file; none for a range: it counts the file's own bytes."""
    if "range" in request.headers or nom == SOMMES or nom.endswith(tuple(f".{one}" for one in CODAGES)):
        return ""
    accepted = dict(weighted(request.headers.get("accept-encoding", "")))
    return max(
        (one for one in CODAGES if accepted.get(CODAGES[one], 0) > 0),
        key=lambda one: accepted[CODAGES[one]],
        default="",
    )
