"""Stored queries as pages: what each answers, a form for its parameters, its result, its text."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from maillage.bac_a_sable.reserve import SERVICE
from maillage.bac_a_sable.trames import Demande
from maillage.donnees_liees.negociation import HTML
from maillage.donnees_liees.noms import Noms
from maillage.requetes.parametres import ParametreInvalide
from maillage.requetes.requete import Requete
from maillage.routes.contexte import (
    ADRESSE,
    Liens,
    conditional,
    etag_of,
    langue_de,
    page,
    page_stable,
    render,
    service,
    unchanged,
)
from maillage.routes.requetes import FORMATS, Decalage, given, rows

routeur = APIRouter()

#: rows of a page.
LIGNES = 100


@routeur.get("/requetes", name="requetes", include_in_schema=False)
def requetes(request: Request) -> Response:
    """The list of stored queries; those that only the service uses come last."""
    toutes = sorted(service(request).requetes, key=lambda one: (one.interne, one.nom))
    return page_stable(request, "requetes", "requetes.html", requetes=toutes)


@routeur.get("/requetes/{nom}", name="requete", include_in_schema=False)
async def requete(request: Request, nom: str, decalage: Decalage = 0) -> Response:
    """One stored query: its form and, once its parameters are given, its result."""
    stored = service(request).requetes[nom]
    values = _lines(stored, given(request, stored))
    etag = f"page-requete-{langue_de(request)}"
    if unchanged(request, etag_of(request, etag)):
        return conditional(request, etag, HTML.entete, str)
    etat = _state(stored, values)
    try:
        if values or not any(not one.facultatif for one in stored.parametres):
            etat |= await _result(request, stored, values, decalage)
    except ParametreInvalide as error:
        return page(request, "requete.html", 400, **etat | {"refus": error.message(langue_de(request))})
    html = await asyncio.to_thread(render, request, "requete.html", **etat)
    return conditional(request, etag, HTML.entete, lambda: html, **{"Content-Language": langue_de(request)})


def _lines(stored: Requete, values: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """A field that takes several values holds one a line."""
    several = {parametre.nom for parametre in stored.parametres if parametre.plusieurs}
    texts = {nom: "\n".join(found).splitlines() if nom in several else found for nom, found in values.items()}
    return {nom: [one for one in found if one.strip()] for nom, found in texts.items()}


def _state(stored: Requete, values: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the page shows whatever comes of the query."""
    return {
        "requete": stored,
        "valeurs": values or stored.exemple,
        "texte": stored.texte,
        "resultats": None,
        "tortue": "",
        "noms": None,
        "suivante": "",
        "debut": 0,
        "formats": [one.suffixe for one in FORMATS[stored.forme]],
        "api": f"/api/requetes/{stored.nom}",
        "question": urlencode([(nom, one) for nom, found in values.items() for one in found]),
        "refus": "",
        "adresse_maximale": ADRESSE,
    }


async def _result(
    request: Request, stored: Requete, values: Mapping[str, Sequence[str]], decalage: int
) -> dict[str, Any]:
    """The rows with their names, or the graph as Turtle. Raises ParametreInvalide, Probleme."""
    parts = service(request)
    texte = stored.lier(values)
    if stored.forme == "CONSTRUCT":
        turtle = await parts.bac.interroger(Demande(texte, "ttl"), SERVICE)
        return {"texte": texte, "tortue": turtle.decode()}
    found, more = await rows(request, stored, texte, LIGNES, decalage)
    following = ""
    if more:
        pairs = [(nom, one) for nom, given in values.items() for one in given]
        chemin, langue = f"/requetes/{stored.nom}", request.query_params.get("langue")
        if langue and "langue" not in values:
            pairs.append(("langue", langue))
        following = Liens(request).page(chemin).partition("?")[0]
        following += "?" + urlencode([*pairs, ("decalage", decalage + LIGNES)])
    noms = await asyncio.to_thread(_names, request, found)
    return {"texte": texte, "resultats": found, "noms": noms, "suivante": following, "debut": decalage}


def _names(request: Request, found: Mapping[str, Any]) -> Noms:
    parts = service(request)
    noms = Noms(parts.requetes, parts.entrepot, parts.textes, langue_de(request))
    lignes = found.get("results", {}).get("bindings", ())
    noms.apprendre(one["value"] for ligne in lignes for one in ligne.values() if one["type"] == "uri")
    return noms
