"""Stored queries as pages and as an API."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import BlankNode, Literal, NamedNode

from maillage.donnees_liees.description import write
from maillage.donnees_liees.negociation import JSONLD, NTRIPLES, RDFXML, TURTLE, Variante, choose
from maillage.problemes import Champ, Probleme
from maillage.requetes.requete import Requete
from maillage.routes.contexte import Liens, conditional, described, langue_de, page, service
from maillage.routes.recherche import dump
from maillage.store.entrepot import Ligne, Terme

routeur = APIRouter()

JSON = Variante("json", "application/sparql-results+json", ("application/json",))
CSV = Variante("csv", "text/csv")
TABLE = (JSON, CSV)
GRAPHE = (TURTLE, JSONLD, NTRIPLES, RDFXML)
#: names of the operation itself; a stored query may still have a parameter called `langue`.
RESERVES = frozenset({"format", "limite", "decalage"})


@routeur.get("/requetes", name="requetes", include_in_schema=False)
def requetes(request: Request) -> Response:
    """The list of stored queries, each with its example ready to run."""
    liens = Liens(request)
    listed = [
        (requete, _summary(requete, request), liens.page(f"/api/requetes/{requete.nom}") + _example(requete))
        for requete in service(request).requetes
    ]
    return page(request, "requetes.html", requetes=listed)


def _summary(requete: Requete, request: Request) -> str:
    return requete.resume if langue_de(request) == "fr" else requete.summary


def _example(requete: Requete) -> str:
    pairs = [(name, value) for name, values in requete.exemple.items() for value in values]
    return "?" + urlencode(pairs) if pairs else ""


@routeur.get("/api/requetes", name="api_requetes")
def api_requetes(request: Request) -> Response:
    """Names, summaries, parameters and examples of the stored queries."""
    liste = [
        {
            "nom": requete.nom,
            "resume": requete.resume,
            "summary": requete.summary,
            "forme": requete.forme,
            "parametres": [
                {
                    "nom": one.nom,
                    "type": one.type,
                    "classe": one.classe,
                    "description": one.description,
                    "plusieurs": one.plusieurs,
                    "facultatif": one.facultatif,
                }
                for one in requete.parametres
            ],
            "exemple": requete.exemple,
            "adresse": Liens(request).page(f"/api/requetes/{requete.nom}") + _example(requete),
        }
        for requete in service(request).requetes
    ]
    return conditional(request, "requetes", "application/json; charset=utf-8", lambda: dump(liste))


@routeur.get("/api/requetes/{nom}", name="api_requete", openapi_extra=described("format"))
def api_requete(
    request: Request,
    nom: str,
    limite: Annotated[int, Query(ge=1, le=10_000)] = 1_000,
    decalage: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """Run a stored query. Its parameters are those of its header; a list repeats its parameter."""
    requete = service(request).requetes[nom]
    requete.lier(_given(request))  # refuses wrong parameters before any 304
    variante = _variant(request, requete)
    if variante in GRAPHE:
        return conditional(
            request, variante.suffixe, variante.entete, lambda: _graph(request, requete, variante)
        )
    return _rows(request, requete, variante, limite, decalage)


def _given(request: Request) -> dict[str, Sequence[str]]:
    names = dict.fromkeys(request.query_params)
    declared = {
        parameter.nom for parameter in service(request).requetes[request.path_params["nom"]].parametres
    }
    skipped = RESERVES | ({"langue"} - declared)
    return {name: request.query_params.getlist(name) for name in names if name not in skipped}


def _variant(request: Request, requete: Requete) -> Variante:
    offers = GRAPHE if requete.forme == "CONSTRUCT" else TABLE
    asked = request.query_params.get("format", "")
    named = [one for one in offers if one.suffixe == asked]
    if asked and not named:
        raise Probleme(
            "parametre-refuse", 400,
            champs=(Champ("format", "invalide", {"attendu": ", ".join(o.suffixe for o in offers)}),),
        )  # fmt: skip
    accept = request.headers.get("accept", "")
    chosen = named[0] if named else choose(accept, offers) or (offers[0] if "text/html" in accept else None)
    if chosen is None:
        types = [one.media for one in offers]
        raise Probleme(
            "format-refuse", 406, valeurs={"offerts": ", ".join(types)}, membres={"offerts": types}
        )
    return chosen


def _graph(request: Request, requete: Requete, variante: Variante) -> bytes:
    parts = service(request)
    return write(parts.requetes.graphe(parts.entrepot, requete.nom, _given(request)), variante.suffixe)


def _rows(request: Request, requete: Requete, variante: Variante, limite: int, decalage: int) -> Response:
    """One row more than asked is read, so that a longer result says so: `Link: rel="next"`."""
    parts = service(request)
    given = _given(request)
    if requete.forme == "ASK":
        answer = parts.requetes.demande(parts.entrepot, requete.nom, given)
        return conditional(request, "ask", JSON.entete, lambda: dump({"head": {}, "boolean": answer}))
    rows = parts.requetes.executer(parts.entrepot, requete.nom, given, limite + 1, decalage)
    entetes = {}
    if len(rows) > limite and not requete.limitee:
        rows = rows[:limite]
        following = request.url.include_query_params(limite=limite, decalage=decalage + limite)
        address = Liens(request).page(request.url.path) + "?" + following.query
        entetes["Link"] = f'<{address}>; rel="next"'
    names = list(dict.fromkeys(name for row in rows for name in row))
    body = _csv(rows, names) if variante is CSV else dump(_results(rows, names))
    return conditional(request, variante.suffixe, variante.entete, lambda: body, **entetes)


def _csv(rows: Sequence[Ligne], names: Sequence[str]) -> bytes:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(names)
    table.writerows([row[name].value if name in row else "" for name in names] for row in rows)
    return written.getvalue().encode()


def _results(rows: Sequence[Ligne], names: Sequence[str]) -> dict[str, Any]:
    """SPARQL 1.1 Query Results JSON."""
    bindings = [{name: _term(term) for name, term in row.items()} for row in rows]
    return {"head": {"vars": list(names)}, "results": {"bindings": bindings}}


def _term(term: Terme) -> dict[str, str]:
    match term:
        case NamedNode():
            return {"type": "uri", "value": term.value}
        case BlankNode():
            return {"type": "bnode", "value": term.value}
        case Literal(language=str(langue)):
            return {"type": "literal", "value": term.value, "xml:lang": langue}
        case _:
            return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
