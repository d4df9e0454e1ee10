"""SPARQL 1.1 Protocol, read only; a form and a table for browsers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response

from maillage.bac_a_sable.controle import Controle, controler, verifier_graphe
from maillage.bac_a_sable.reserve import BacASable
from maillage.donnees_liees.negociation import (
    JSONLD,
    NTRIPLES,
    RDFXML,
    TURTLE,
    Variante,
    accepts_html,
    choose,
)
from maillage.problemes import Champ, Probleme, en_dict
from maillage.routes.contexte import adresse_publique, described, etag_of, langue_de, page, service, unchanged

routeur = APIRouter()

JSON = Variante("json", "application/sparql-results+json", ("application/json",))
XML = Variante("xml", "application/sparql-results+xml", ("application/xml", "text/xml"))
CSV = Variante("csv", "text/csv")
TSV = Variante("tsv", "text/tab-separated-values")
OFFERTS = {"resultats": (JSON, XML, CSV, TSV), "graphe": (TURTLE, NTRIPLES, JSONLD, RDFXML)}
PARAMETRES = ("query", "format", "delai", "default-graph-uri", "named-graph-uri")
TABLEAU = "html"
LIGNES_AFFICHEES = 500


@dataclass(frozen=True)
class Appel:
    """One protocol request, whatever the method that carried it."""

    requete: str
    format: str = ""
    delai: str = ""
    graphes: tuple[str, ...] = ()
    nommes: tuple[str, ...] = ()

    @classmethod
    def lire(cls, champs: dict[str, list[str]], requete: str | None = None) -> Appel:
        """From form or query-string fields; `requete` where the body is the query itself."""
        if "update" in champs:
            raise Probleme("sparql-lecture-seule", 400, valeurs={"mot": "update"})
        given = champs.get("query", [])
        if len(given) > 1:
            raise Probleme("parametre-refuse", 400, champs=(Champ("query", "unique"),))
        return cls(
            requete if requete is not None else "".join(given),
            champs.get("format", [""])[0],
            champs.get("delai", [""])[0],
            tuple(champs.get("default-graph-uri", ())),
            tuple(champs.get("named-graph-uri", ())),
        )


@routeur.get("/sparql", name="sparql", openapi_extra=described(*PARAMETRES))
async def sparql_get(request: Request) -> Response:
    """Query in the `query` parameter; without it, a page for browsers."""
    champs = parse_qs(request.url.query, keep_blank_values=True)
    appel = Appel.lire(champs)
    if "query" not in champs and accepts_html(request.headers.get("accept", "")):
        return _form(request, appel)
    return await _answer(request, appel)


@routeur.post("/sparql", name="sparql_post")
async def sparql_post(request: Request) -> Response:
    """Query in a form, or as the body (application/sparql-query)."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        text = (await request.body()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Probleme("requete-incorrecte", 400) from error
    if media == "application/x-www-form-urlencoded":
        return await _answer(request, Appel.lire(parse_qs(text, keep_blank_values=True)))
    if media == "application/sparql-query":
        return await _answer(request, Appel.lire(parse_qs(request.url.query, keep_blank_values=True), text))
    if media == "application/sparql-update":
        raise Probleme("sparql-lecture-seule", 400, valeurs={"mot": "update"})
    raise Probleme("type-refuse", 415, entetes={"Accept-Post": "application/sparql-query"})


def _bac(request: Request) -> BacASable:
    bac = service(request).bac
    if bac is None:
        raise Probleme("sparql-distant", 501)
    return bac


def _variant(request: Request, appel: Appel, controle: Controle) -> Variante | None:
    """The wanted format; None for the page with a table."""
    accept = request.headers.get("accept", "")
    if appel.format == TABLEAU or (not appel.format and accepts_html(accept)):
        return None
    offers = OFFERTS[controle.sorte]
    named = [one for one in offers if one.suffixe == appel.format]
    chosen = named[0] if named else choose(accept, offers)
    if chosen is None or (appel.format and not named):
        types = [one.media for one in offers]
        raise Probleme(
            "format-refuse", 406, valeurs={"offerts": ", ".join(types)}, membres={"offerts": types}
        )
    return chosen


async def _run(request: Request, appel: Appel, controle: Controle, forme: str) -> bytes:
    for iri in (*appel.graphes, *appel.nommes):
        verifier_graphe(iri)
    try:
        delai = float(appel.delai) if appel.delai else None
    except ValueError:
        raise Probleme(
            "parametre-refuse", 400, champs=(Champ("delai", "invalide", {"attendu": "0.1 … s"}),)
        ) from None
    return await _bac(request).executer(
        appel.requete,
        forme,
        union=not (controle.jeu_de_donnees or appel.graphes or appel.nommes),
        graphes=appel.graphes,
        nommes=appel.nommes,
        delai=max(0.1, delai) if delai is not None and delai == delai else None,
    )


async def _answer(request: Request, appel: Appel) -> Response:
    bac = _bac(request)
    try:
        controle = controler(appel.requete)
        variante = _variant(request, appel, controle)
        if variante is None:
            return await _table(request, appel, controle)
    except Probleme as probleme:
        if accepts_html(request.headers.get("accept", "")) and appel.format in ("", TABLEAU):
            return _form(request, appel, probleme)
        raise
    etag = etag_of(request, f"sparql-{variante.suffixe}")
    headers = {
        "ETag": etag,
        "Vary": "Accept, Accept-Language",
        "Cache-Control": "no-cache",
        "Maillage-Limites": f"delai={bac.limites.delai:g}; lignes={bac.limites.lignes}",
    }
    if request.method == "GET" and unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    body = await _run(request, appel, controle, variante.suffixe)
    return Response(body, headers=headers, media_type=variante.entete)


async def _table(request: Request, appel: Appel, controle: Controle) -> Response:
    if controle.sorte == "graphe":
        text = (await _run(request, appel, controle, "ttl")).decode()
        return _form(request, appel, texte=text)
    return _form(request, appel, resultats=json.loads(await _run(request, appel, controle, "json")))


def _form(
    request: Request,
    appel: Appel,
    probleme: Probleme | None = None,
    resultats: dict[str, Any] | None = None,
    texte: str = "",
) -> Response:
    langue, textes = langue_de(request), service(request).textes
    document = (
        en_dict(probleme, textes, langue, request.url.path, adresse_publique(request)) if probleme else None
    )
    return page(
        request,
        "sparql.html",
        probleme.statut if probleme else 200,
        requete=appel.requete,
        limites=_bac(request).limites,
        probleme=document,
        resultats=resultats,
        texte=texte,
        formats=sorted({one.suffixe for offers in OFFERTS.values() for one in offers}),
        lignes_affichees=LIGNES_AFFICHEES,
    )
