"""Stored queries as an API: parameters bound as terms, run in bounded workers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from maillage import tableur
from maillage.bac_a_sable.reserve import SERVICE
from maillage.bac_a_sable.trames import Demande
from maillage.donnees_liees.negociation import JSONLD, NTRIPLES, RDFXML, TURTLE, Variante, choose
from maillage.problemes import Champ, Probleme
from maillage.requetes.requete import Requete
from maillage.routes.contexte import Liens, conditional, described, etag_of, service, unchanged
from maillage.routes.protocole import CSV, JSON, refus
from maillage.routes.recherche import dump

routeur = APIRouter()

#: CSV for a spreadsheet, asked by name only: programs get the plain one.
TABLEUR = Variante("tableur", "text/csv")
FORMATS: dict[str, tuple[Variante, ...]] = {
    "SELECT": (JSON, CSV, TABLEUR),
    "ASK": (JSON,),
    "CONSTRUCT": (TURTLE, JSONLD, NTRIPLES, RDFXML),
}
#: names of the operation itself; a stored query may still have a parameter called `langue`.
RESERVES = frozenset({"format", "limite", "decalage"})
Limite = Annotated[int, Query(ge=1, le=10_000)]
Decalage = Annotated[int, Query(ge=0, le=10_000_000)]


def exemple(requete: Requete) -> str:
    """Query string of the example of a stored query, `?` first; empty where it takes nothing."""
    pairs = [(name, value) for name, values in requete.exemple.items() for value in values]
    return "?" + urlencode(pairs) if pairs else ""


@routeur.get("/api/requetes", name="api_requetes")
def api_requetes(request: Request) -> Response:
    """Names, summaries, parameters and examples of the stored queries."""
    liens = Liens(request)
    liste = [_en_json(requete, liens) for requete in service(request).requetes]
    return conditional(request, "requetes", "application/json; charset=utf-8", lambda: dump(liste))


def _en_json(requete: Requete, liens: Liens) -> dict[str, Any]:
    return {
        "nom": requete.nom,
        "resume": requete.resume,
        "summary": requete.summary,
        "forme": requete.forme,
        "interne": requete.interne,
        "parametres": [
            {
                "nom": one.nom,
                "type": one.type,
                "classe": one.classe,
                "description": one.description,
                "description_en": one.description_en,
                "plusieurs": one.plusieurs,
                "facultatif": one.facultatif,
            }
            for one in requete.parametres
        ],
        "exemple": requete.exemple,
        "adresse": liens.page(f"/api/requetes/{requete.nom}") + exemple(requete),
        "page": liens.page(f"/requetes/{requete.nom}"),
        "texte": requete.texte,
    }


@routeur.get("/api/requetes/{nom}", name="api_requete", openapi_extra=described("format"))
async def api_requete(request: Request, nom: str, limite: Limite = 1_000, decalage: Decalage = 0) -> Response:
    """Run a stored query. Its parameters are those of its header; a list repeats its parameter."""
    requete = service(request).requetes[nom]
    texte = requete.lier(given(request, requete))  # refuses wrong parameters before any 304
    variante = _variant(request, requete)
    etag = etag_of(request, f"requete-{variante.suffixe}")
    if unchanged(request, etag):
        return conditional(request, f"requete-{variante.suffixe}", variante.entete, bytes)
    if requete.forme != "SELECT":
        body = await _run(request, texte, variante.suffixe)
        entetes: dict[str, str] = {}
    else:
        body, entetes = await _rows(request, requete, texte, variante, limite, decalage)
    media = variante.entete
    return conditional(request, f"requete-{variante.suffixe}", media, lambda: body, **entetes)


def given(request: Request, requete: Requete) -> dict[str, Sequence[str]]:
    """The values that the address gives to the parameters of a query; an empty field is not given."""
    skipped = RESERVES | ({"langue"} - {parametre.nom for parametre in requete.parametres})
    values = {
        name: [value for value in request.query_params.getlist(name) if value]
        for name in dict.fromkeys(request.query_params)
        if name not in skipped
    }
    known = {parametre.nom for parametre in requete.parametres}
    return {name: found for name, found in values.items() if found or name not in known}


def _variant(request: Request, requete: Requete) -> Variante:
    offers = FORMATS[requete.forme]
    asked, accept = request.query_params.get("format", ""), request.headers.get("accept", "")
    if not asked:
        chosen = choose(accept, offers) or (offers[0] if "text/html" in accept else None)
        if chosen is None:
            raise refus(offers)
        return chosen
    for one in offers:
        if asked in (one.suffixe, one.media):
            return one
    attendu = {"attendu": ", ".join(one.suffixe for one in offers)}
    raise Probleme("parametre-refuse", 400, champs=(Champ("format", "invalide", attendu),))


async def _run(request: Request, texte: str, forme: str) -> bytes:
    return await service(request).bac.interroger(Demande(texte, forme), SERVICE)


async def rows(
    request: Request, requete: Requete, texte: str, limite: int, decalage: int
) -> tuple[dict[str, Any], bool]:
    """SPARQL 1.1 Query Results JSON of a bound SELECT, at most `limite` rows; whether more follow.

    One row more than asked is read to know. A text with its own LIMIT is taken whole. Raises Probleme.
    """
    if requete.limitee:
        return json.loads(await _run(request, texte, "json")), False
    texte = f"{texte.rstrip()}\nLIMIT {limite + 1:d} OFFSET {decalage:d}\n"
    found: dict[str, Any] = json.loads(await _run(request, texte, "json"))
    lignes = found["results"]["bindings"]
    found["results"]["bindings"] = lignes[:limite]
    return found, len(lignes) > limite


async def _rows(
    request: Request, requete: Requete, texte: str, variante: Variante, limite: int, decalage: int
) -> tuple[bytes, dict[str, str]]:
    """The rows as bytes, and where they go on: `Link: rel="next"`."""
    found, more = await rows(request, requete, texte, limite, decalage)
    entetes = {}
    if more:
        following = request.url.include_query_params(limite=limite, decalage=decalage + limite)
        address = Liens(request).page(request.url.path) + "?" + following.query
        entetes["Link"] = f'<{address}>; rel="next"'
    return _written(found, variante), entetes


def _written(found: dict[str, Any], variante: Variante) -> bytes:
    if variante is JSON:
        return dump(found)
    noms = found["head"]["vars"]
    lignes = [[ligne.get(nom, {}).get("value", "") for nom in noms] for ligne in found["results"]["bindings"]]
    if variante is TABLEUR:
        return tableur.ecrire(noms, lignes)
    written = io.StringIO()
    csv.writer(written).writerows([noms, *lignes])
    return written.getvalue().encode()
