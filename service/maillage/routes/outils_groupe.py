"""A group's answers put together, as a page and as a table. Nothing is stored."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import RdfFormat, serialize
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from maillage.namespaces import compact
from maillage.outils.groupe import ENVOIS, Groupe, Synthese, en_lignes, reunir, synthetiser
from maillage.problemes import Probleme
from maillage.routes.contexte import langue_de, page, page_stable, service
from maillage.routes.outils import FORMULAIRES
from maillage.routes.validation import ENVOI
from maillage.tableur import ecrire as en_csv
from maillage.textes import taille_lisible

routeur = APIRouter()

#: bytes of all the answers together: what the service accepts of any request.
OCTETS = 1_000_000
COLONNES = ("sorte", "objet", "qui", "autres")


@routeur.get("/outils/groupe", name="outils_groupe", include_in_schema=False)
def groupe(request: Request) -> Response:
    """The form where a group's answers are given."""
    return page_stable(request, "outils-groupe", "outils_groupe.html", **_etat(request))


@routeur.post("/outils/groupe", name="outils_groupe_post", include_in_schema=False)
async def mettre_en_commun(request: Request) -> Response:
    """The same page with what the answers say together; or the table of it."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in FORMULAIRES:
        raise Probleme("formulaire-type", 415, valeurs={"recu": media[:80]})
    try:
        async with asyncio.timeout(ENVOI), request.form(max_files=ENVOIS, max_fields=10) as form:
            texte, envois, forme = await _envois(request, form)
    except TimeoutError:
        raise Probleme("envoi-trop-lent", 408, valeurs={"delai": f"{ENVOI:g}"}) from None
    except HTTPException as error:
        raise Probleme("requete-incorrecte", 400) from error
    if not envois:
        return page(request, "outils_groupe.html", 400, **_etat(request, texte=texte, vide=True))
    async with service(request).guichet.places:
        found, synthese = await asyncio.to_thread(_lire, request, envois)
    if forme == "csv":
        return _table(request, found, synthese)
    tout = serialize((one.triple for one in found.entrepot.moteur), format=RdfFormat.N_TRIPLES) or b""
    contexte = _etat(request, texte=texte, groupe=found, synthese=synthese, tout=tout.decode())
    return page(request, "outils_groupe.html", **contexte)


async def _envois(request: Request, form: FormData) -> tuple[str, list[tuple[str, bytes]], str]:
    """The text pasted, the answers by name, the form asked for."""
    texte = form.get("turtle", "")
    pasted = texte.replace("\r\n", "\n") if isinstance(texte, str) else ""
    found = []
    if pasted.strip():
        name = service(request).textes.dire("groupe.colle", langue_de(request))
        found.append((name, pasted.encode()))
    for one in form.getlist("fichier"):
        if isinstance(one, UploadFile) and one.filename:
            found.append((one.filename[-80:], await one.read()))
    return pasted, found, str(form.get("forme", ""))


def _lire(request: Request, envois: list[tuple[str, bytes]]) -> tuple[Groupe, Synthese]:
    parts = service(request)
    found = reunir(parts.guichet, envois)
    return found, synthetiser(found, parts.requetes)


def _nommer(request: Request, groupe: Groupe, un: str) -> str:
    """Name that the group gives, else that the service knows, else the short form."""
    lexique = service(request).orienteur.lexique
    if un in groupe.noms:
        return groupe.noms[un]
    if un in lexique.concepts:
        return lexique.concepts[un].libelle(langue_de(request))
    return lexique.acteurs[un].nom if un in lexique.acteurs else compact(un)


def _table(request: Request, groupe: Groupe, synthese: Synthese) -> Response:
    textes, langue = service(request).textes, langue_de(request)
    rows = en_lignes(
        synthese,
        lambda sorte: textes.dire(f"groupe.{sorte}", langue),
        lambda one: _nommer(request, groupe, one),
    )
    octets = en_csv([textes.dire(f"groupe.{nom}", langue) for nom in COLONNES], rows)
    headers = {"Content-Disposition": 'attachment; filename="groupe.csv"', "Cache-Control": "no-store"}
    return Response(octets, media_type="text/csv; charset=utf-8", headers=headers)


def _etat(request: Request, groupe: Groupe | None = None, **contexte: object) -> dict[str, Any]:
    textes, langue = service(request).textes, langue_de(request)
    return {
        "texte": "",
        "vide": False,
        "synthese": None,
        "groupe": groupe,
        "nommer": lambda one: _nommer(request, groupe or Groupe(), one),
        "envois": ENVOIS,
        "taille": taille_lisible(textes, OCTETS, langue),
        **contexte,
    }
