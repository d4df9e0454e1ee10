"""The coverage of a territory: page, JSON, table, data cube."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, RdfFormat, serialize

from maillage.donnees_liees.negociation import HTML
from maillage.namespaces import BASE, PREFIXES
from maillage.requetes.libelles import libelles
from maillage.routes.contexte import adresse_publique, described, langue_de, render, service
from maillage.routes.lieu import (
    OFFERTS,
    autre_demande,
    forme_demandee,
    jour_demande,
    rendu_de,
    repondre,
    territoire_nomme,
)
from maillage.routes.recherche import dump
from maillage.territoire.couverture import Tableau
from maillage.territoire.cube import PREFIXES_CUBE, cube
from maillage.territoire.preparation import AXES
from maillage.territoire.rendu import Rendu

routeur = APIRouter()

#: axes that the page crosses with the steps, in order.
CROISES = ("Famille", "Role", "Public", "Secteur")


@routeur.get(
    "/territoires/{niveau}/{code}", name="territoire", openapi_extra=described("format", "date", "autre")
)
def territoire(request: Request, niveau: str, code: str) -> Response:
    """Who covers each step, role, audience, sector and family of a territory, and what is missing.

    `date`: as of that day; `autre` (departement:35): what differs there; a suffix or `format` names the form.
    """
    code, variante = forme_demandee(request, code)
    rendu = rendu_de(request, territoire_nomme(niveau, code))
    autre = autre_demande(request)
    bodies: dict[str, Callable[[], bytes | str]] = {
        "json": lambda: dump(_json(request, rendu, autre)),
        "csv": lambda: rendu.en_csv(service(request).textes),
        "ttl": lambda: _cube(request, rendu, niveau, code),
        "html": lambda: _page(request, rendu, autre, f"/territoires/{niveau}/{code}"),
    }
    asked = (jour_demande(request), autre.territoire if autre else "")
    return repondre(request, variante, bodies, f"couverture-{niveau}-{code}", *asked)


def _json(request: Request, rendu: Rendu, autre: Tableau | None) -> dict[str, Any]:
    found = {
        "date": jour_demande(request) or None,
        **rendu.en_json(),
        "relations": _relations(request, rendu.tableau.territoire),
    }
    if autre is not None:
        found["differences"] = {"avec": autre.territoire, "cellules": rendu.differences(autre)}
    return found


def _relations(request: Request, territoire: str) -> list[dict[str, Any]]:
    """Relations of the territory, as stated, each with the labels of what it names."""
    parts = service(request)
    asked = {"territoire": territoire}
    rows = parts.requetes.executer(parts.entrepot, "relations-d-un-territoire", asked)
    named = {term.value for row in rows for term in row.values() if isinstance(term, NamedNode)}
    labels = libelles(parts.entrepot, parts.requetes, named, langue_de(request)) if named else {}
    return [
        {name: _dit(term.value, labels) for name, term in row.items() if name != "relation"}
        | {"iri": row["relation"].value}
        for row in rows
    ]


def _dit(valeur: str, labels: Mapping[str, str]) -> str | dict[str, str]:
    return {"iri": valeur, "libelle": labels[valeur]} if valeur in labels else valeur


def _cube(request: Request, rendu: Rendu, niveau: str, code: str) -> bytes:
    parts = service(request)
    day = jour_demande(request) or parts.manifeste.date[:10]
    triples = cube(rendu.tableau, dict(rendu.mots), f"{BASE}territoires/{niveau}/{code}", day)
    names = {name: PREFIXES[name] for name in ("mlg", "voc", "etape", "couverture", niveau)}
    return serialize(triples, format=RdfFormat.TURTLE, prefixes={**PREFIXES_CUBE, **names}) or b""


def _page(request: Request, rendu: Rendu, autre: Tableau | None, chemin: str) -> str:
    couverture = rendu.couverture
    steps = couverture.etapes
    tables = [
        (
            AXES[axe],
            [
                (one, rendu.cellule(("", one.iri)), [rendu.cellule((step.iri, one.iri)) for step in steps])
                for one in couverture.axe(axe)
            ],
        )
        for axe in CROISES
    ]
    return render(
        request,
        "territoire.html",
        ici=rendu.territoire(),
        population=rendu.population(),
        etapes=[
            (step, rendu.cellule((step.iri, "")), rendu.communes(rendu.tableau.cellules[step.iri, ""]))
            for step in steps
        ],
        tables=tables,
        parcours=rendu.parcours(),
        relations=_relations(request, rendu.tableau.territoire),
        manques=[rendu.manque(one) for one in rendu.manques()],
        etats=[
            (code, mot)
            for code, mot in sorted(rendu.mots.items(), key=lambda pair: pair[1].ordre)
            if mot.ordre
        ],
        differences=rendu.differences(autre) if autre else (),
        avec=rendu.nommer(autre.territoire) if autre else "",
        mots=rendu.mots,
        jour=jour_demande(request),
        tronc=chemin,
        formes=[one.suffixe for one in OFFERTS if one is not HTML],
        adresse_page=adresse_publique(request) + chemin,
    )
