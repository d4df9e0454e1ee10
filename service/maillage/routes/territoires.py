"""The coverage of a territory: page, JSON, table, data cube."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import RdfFormat, serialize

from maillage.donnees_liees.negociation import HTML
from maillage.namespaces import BASE, PREFIXES
from maillage.routes.cartes import carte
from maillage.routes.contexte import adresse_publique, described, offered, render, service
from maillage.routes.lieu import (
    OFFERTS,
    autre_demande,
    comparables,
    depuis_demande,
    forme_demandee,
    jour_demande,
    rendu_de,
    repondre,
    territoire_nomme,
)
from maillage.routes.parcours import BESOIN, Besoin, besoin_demande, choix, parcours
from maillage.routes.recherche import dump
from maillage.routes.relations import rendu_relations
from maillage.territoire.couverture import Tableau
from maillage.territoire.cube import PREFIXES_CUBE, cube
from maillage.territoire.evolution import evolution
from maillage.territoire.experiences import concernees, lire_experiences
from maillage.territoire.preparation import AXES
from maillage.territoire.rendu import Rendu

routeur = APIRouter()

#: axes that the page crosses with the steps, in order.
CROISES = ("Famille", "Role", "Public", "Secteur")


@routeur.get(
    "/territoires/{niveau}/{code}",
    name="territoire",
    response_class=Response,
    responses=offered(*OFFERTS),
    openapi_extra=described("format", "date", "autre", "depuis", "carte", *BESOIN),
)
def territoire(request: Request, niveau: str, code: str) -> Response:
    """Who covers each step, role, audience, sector and family of a territory, and what is missing.

    `date`: as of that day; `autre` (departement:35): what differs there; `depuis` (a version): what
    changed since; `public`, `evenement`, `secteur`: the need of which the path is told; a suffix or `format`
    names the form.
    """
    code, variante = forme_demandee(request, code)
    rendu = rendu_de(request, territoire_nomme(niveau, code))
    autre, besoin = autre_demande(request), besoin_demande(request)
    bodies: dict[str, Callable[[], bytes | str]] = {
        "json": lambda: dump(_json(request, rendu, autre, besoin)),
        "csv": lambda: rendu.en_csv(service(request).textes),
        "ttl": lambda: _cube(request, rendu, niveau, code),
        "html": lambda: _page(request, rendu, autre, besoin, f"/territoires/{niveau}/{code}"),
    }
    asked = (
        jour_demande(request),
        autre.territoire if autre else "",
        *(besoin[nom].code if nom in besoin else "" for nom in BESOIN),
        request.query_params.get("carte", "")[:1],
    )
    return repondre(request, variante, bodies, f"couverture-{niveau}-{code}", *asked)


def _json(request: Request, rendu: Rendu, autre: Tableau | None, besoin: Besoin) -> dict[str, Any]:
    found = {
        "date": jour_demande(request) or None,
        **rendu.en_json(),
        "relations": rendu_relations(request, rendu.tableau.territoire).relations(),
        "parcours": parcours(request, rendu, besoin),
    }
    since = _evolution(request, rendu)
    if since is not None:
        found["evolution"] = since
    if autre is not None:
        found["differences"] = {"avec": autre.territoire, "cellules": rendu.differences(autre)}
    return found


def _evolution(request: Request, rendu: Rendu) -> dict[str, Any] | None:
    """What changed since the version asked for; none where none is, or where it had not the territory."""
    depuis = depuis_demande(request)
    if depuis is None:
        return None
    found = evolution(rendu, service(request).territoires.avant(depuis))
    return None if found is None else {"depuis": depuis.name, **found}


def _cube(request: Request, rendu: Rendu, niveau: str, code: str) -> bytes:
    parts = service(request)
    day = jour_demande(request) or parts.manifeste.date[:10]
    triples = cube(rendu.tableau, dict(rendu.mots), f"{BASE}territoires/{niveau}/{code}", day)
    names = {name: PREFIXES[name] for name in ("mlg", "voc", "etape", "couverture", niveau)}
    return serialize(triples, format=RdfFormat.TURTLE, prefixes={**PREFIXES_CUBE, **names}) or b""


def _page(request: Request, rendu: Rendu, autre: Tableau | None, besoin: Besoin, chemin: str) -> str:
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
        parcours=parcours(request, rendu, besoin) if besoin else (),
        besoin=besoin,
        choix=choix(request),
        relations=rendu_relations(request, rendu.tableau.territoire),
        manques=[rendu.manque(one) for one in rendu.manques()],
        etats=rendu.etats(),
        differences=rendu.differences(autre) if autre else (),
        avec=rendu.nommer(autre.territoire) if autre else "",
        carte=carte(request, rendu),
        choix_etapes=steps,
        experiences=concernees(
            lire_experiences(service(request).entrepot, service(request).requetes, rendu.langue),
            couverture,
            rendu.tableau.territoire,
        ),
        evolution=_evolution(request, rendu),
        versions=comparables(request),
        mots=rendu.mots,
        jour=jour_demande(request),
        tronc=chemin,
        formes=[one.suffixe for one in OFFERTS if one is not HTML],
        adresse_page=adresse_publique(request) + chemin,
    )
