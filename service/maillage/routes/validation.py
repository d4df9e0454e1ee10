"""Files validated before they are saved: Turtle in, the report of `maillage valider` out; nothing stored."""

from __future__ import annotations

import asyncio
import hashlib
import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from maillage.donnees_liees.negociation import HTML, TURTLE, Variante, choose
from maillage.problemes import Champ, Probleme, en_dict
from maillage.routes.constats import presenter
from maillage.routes.contexte import adresse_publique, described, langue_de, page, service
from maillage.routes.entetes import SECURITE
from maillage.routes.recherche import dump

routeur = APIRouter()

#: forms of a report, by the names of `maillage valider --format`.
FORMES = (
    Variante("json", "application/json"),
    Variante("sarif", "application/sarif+json"),
    HTML,
    Variante("texte", "text/plain"),
    Variante("junit", "application/xml", ("text/xml",)),
    TURTLE,
    Variante("svg", "image/svg+xml"),
)
TYPES = (TURTLE.media, *TURTLE.autres, "text/plain", "application/octet-stream")
FORMULAIRES = ("multipart/form-data", "application/x-www-form-urlencoded")
_TEXTE = {"type": "string"}
CORPS = {
    "requestBody": {
        "required": True,
        "content": {
            TURTLE.media: {"schema": _TEXTE},
            FORMULAIRES[0]: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "turtle": _TEXTE,
                        "fichier": {**_TEXTE, "format": "binary"},
                        "chemin": _TEXTE,
                    },
                }
            },
        },
    }
}
#: seconds a sender has for its file; letters of a path.
ENVOI, CHEMIN = 30.0, 200


@dataclass(frozen=True)
class Envoi:
    """What was sent: the bytes, the name or path of the file if any, the form of the report if any."""

    octets: bytes
    chemin: str = ""
    forme: str = ""
    depose: bool = False
    """Whether the text came as a file."""


@routeur.post(
    "/api/validation", name="validation", openapi_extra=described("chemin", "format", "langue") | CORPS
)
async def validation(request: Request) -> Response:
    """The report of a Turtle file, in the context of the version in service."""
    envoi = await lire(request)
    variante = _variant(request, envoi.forme)
    parts, langue = service(request), langue_de(request)
    jugement = await parts.essais.essayer(envoi.octets, envoi.chemin, variante.suffixe, langue)
    entetes = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language", "Content-Language": langue}
    corps = jugement.rapport
    if variante is FORMES[0]:
        contexte = {"version": parts.manifeste.version, "fichier": jugement.fichier}
        corps = dump({**json.loads(corps), "contexte": {**contexte, "remplace": jugement.remplace}})
    if variante is HTML:
        entetes["Content-Security-Policy"] = _with_style(corps)
    return Response(corps, headers=entetes, media_type=variante.entete)


@routeur.get("/intendance/validation", name="page_validation", include_in_schema=False)
def formulaire(request: Request) -> Response:
    """The form where a file is pasted or dropped."""
    return page(request, "intendance_validation.html", **_etat(request))


@routeur.post("/intendance/validation", name="page_validation_post", include_in_schema=False)
async def valider(request: Request) -> Response:
    """The same form with the report below it."""
    try:
        envoi = await lire(request)
    except Probleme as probleme:
        return _refus(request, probleme, Envoi(b""))
    langue = langue_de(request)
    try:
        jugement = await service(request).essais.essayer(envoi.octets, envoi.chemin, "json", langue)
    except Probleme as probleme:
        return _refus(request, probleme, envoi)
    rapport = presenter(json.loads(jugement.rapport), langue)
    return page(
        request, "intendance_validation.html", **_etat(request, envoi, rapport=rapport, jugement=jugement)
    )


def _refus(request: Request, probleme: Probleme, envoi: Envoi) -> Response:
    parts, langue = service(request), langue_de(request)
    document = en_dict(probleme, parts.textes, langue, request.url.path, adresse_publique(request))
    response = page(
        request,
        "intendance_validation.html",
        probleme.statut,
        **_etat(request, envoi, probleme=document),
    )
    response.headers.update(probleme.entetes)
    return response


def _etat(request: Request, envoi: Envoi | None = None, **plus: object) -> dict[str, Any]:
    """What the page shows; the text pasted comes back, the one of a file does not."""
    envoi = envoi or Envoi(b"")
    texte = "" if envoi.depose else envoi.octets.decode("utf-8", errors="replace")
    delai = f"{service(request).essais.limites.delai:g}"
    return {
        "texte": texte,
        "nom_du_fichier": envoi.chemin,
        "delai": delai,
        **dict.fromkeys(("rapport", "jugement", "probleme")),
        **plus,
    }


async def lire(request: Request) -> Envoi:
    """The file of a request: its body, or the fields of a form.

    Raises Probleme: 400 nothing sent, 408 too slow, 415 another type.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (*TYPES, *FORMULAIRES):
        raise Probleme(
            "validation-type",
            415,
            valeurs={"recu": media[:80]},
            entetes={"Accept-Post": ", ".join((*TYPES[:1], *FORMULAIRES))},
        )
    try:
        async with asyncio.timeout(ENVOI):
            if media in TYPES:
                envoi = Envoi(await request.body(), request.query_params.get("chemin", "")[:CHEMIN])
            else:
                async with request.form(max_files=1, max_fields=10) as champs:
                    envoi = await _from_form(request, champs)
    except TimeoutError:
        raise Probleme("envoi-trop-lent", 408, valeurs={"delai": f"{ENVOI:g}"}) from None
    except HTTPException as error:
        raise Probleme("requete-incorrecte", 400) from error
    if not envoi.octets.strip():
        raise Probleme("validation-vide", 400)
    return envoi


async def _from_form(request: Request, champs: FormData) -> Envoi:
    """A browser ends the lines of a text field its own way: they are put back as they were."""

    def field(nom: str) -> str:
        value = champs.get(nom, request.query_params.get(nom, ""))
        return value if isinstance(value, str) else ""

    fichier, forme = champs.get("fichier"), field("format")
    chemin = field("chemin").strip()[:CHEMIN]
    if isinstance(fichier, UploadFile) and fichier.filename:
        return Envoi(await fichier.read(), chemin or fichier.filename[:CHEMIN], forme, depose=True)
    return Envoi(field("turtle").replace("\r\n", "\n").encode(), chemin, forme)


def _variant(request: Request, asked: str) -> Variante:
    """The form asked for by name, else by Accept."""
    asked = request.query_params.get("format", asked)
    named = [one for one in FORMES if one.suffixe == asked]
    if asked and not named:
        offered = ", ".join(one.suffixe for one in FORMES)
        raise Probleme("parametre-refuse", 400, champs=(Champ("format", "invalide", {"attendu": offered}),))
    chosen = named[0] if named else choose(request.headers.get("accept", ""), FORMES)
    if chosen is None:
        types = [one.media for one in FORMES]
        raise Probleme(
            "format-refuse", 406, valeurs={"offerts": ", ".join(types)}, membres={"offerts": types}
        )
    return chosen


def _with_style(corps: bytes) -> str:
    """The security policy of a report that stands alone: its own style sheet, and nothing else."""
    style = corps.partition(b"<style>")[2].partition(b"</style>")[0]
    digest = b64encode(hashlib.sha256(style).digest()).decode()
    return SECURITE["Content-Security-Policy"].replace("style-src 'self'", f"style-src 'sha256-{digest}'")
