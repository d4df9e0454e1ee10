"""The coverage of a territory: page, JSON, table, data cube."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, RdfFormat, serialize

from maillage.donnees_liees.negociation import HTML, TURTLE, Variante, choose
from maillage.namespaces import BASE, CHEMINS, PREFIXES, iri, local_name
from maillage.problemes import Champ, Probleme
from maillage.requetes.libelles import libelles
from maillage.routes.contexte import adresse_publique, conditional, described, langue_de, render, service
from maillage.routes.protocole import refus
from maillage.routes.recherche import dump
from maillage.territoire.couverture import Tableau
from maillage.territoire.cube import QB, SDMX, cube
from maillage.territoire.preparation import AXES
from maillage.territoire.rendu import Rendu

routeur = APIRouter()

JSON = Variante("json", "application/json")
CSV = Variante("csv", "text/csv")
OFFERTS = (JSON, HTML, CSV, TURTLE)
PAR_SUFFIXE = {one.suffixe: one for one in OFFERTS}
#: prefixes that name territories.
NIVEAUX = tuple(name for name, path in CHEMINS.items() if path.startswith("territoire/"))
#: axes that the page crosses with the steps, in order.
CROISES = ("Famille", "Role", "Public", "Secteur")


@routeur.get(
    "/territoires/{niveau}/{code}", name="territoire", openapi_extra=described("format", "date", "autre")
)
def territoire(request: Request, niveau: str, code: str) -> Response:
    """Who covers each step, role, audience, sector and family of a territory, and what is missing.

    `date`: as of that day; `autre` (departement:35): what differs there; a suffix or `format` names the form.
    """
    code, variante = _variante(request, code)
    rendu = _rendu(request, iri(niveau, code) if niveau in NIVEAUX else "")
    autre = _autre(request)
    langue = langue_de(request)
    bodies: dict[str, Callable[[], bytes | str]] = {
        "json": lambda: dump(_json(request, rendu, autre)),
        "csv": lambda: rendu.en_csv(service(request).textes),
        "ttl": lambda: _cube(request, rendu, niveau, code),
        "html": lambda: _page(request, rendu, autre, f"/territoires/{niveau}/{code}"),
    }
    asked = "-".join(request.query_params.get(name, "") for name in ("date", "autre"))
    entetes: dict[str, str] = {"Content-Language": langue}
    if variante is CSV:
        entetes["Content-Disposition"] = f'attachment; filename="couverture-{niveau}-{code}.csv"'
    return conditional(
        request,
        f"territoire-{variante.suffixe}-{langue}-{asked}",
        variante.entete,
        bodies[variante.suffixe],
        **entetes,
    )


def _variante(request: Request, code: str) -> tuple[str, Variante]:
    """The code without its suffix, and the form. Raises Probleme where none suits."""
    tronc, _, suffixe = code.rpartition(".")
    if tronc and suffixe in PAR_SUFFIXE:
        return tronc, PAR_SUFFIXE[suffixe]
    asked = request.query_params.get("format", "")
    if asked and asked not in PAR_SUFFIXE:
        raise _refus("format", ", ".join(PAR_SUFFIXE))
    found = PAR_SUFFIXE.get(asked) or choose(request.headers.get("accept", ""), OFFERTS)
    if found is None:
        raise refus(OFFERTS)
    return code, found


def _refus(nom: str, attendu: str) -> Probleme:
    return Probleme("parametre-refuse", 400, champs=(Champ(nom, "invalide", {"attendu": attendu}),))


def _jour(request: Request) -> str:
    said = request.query_params.get("date", "")
    try:
        return date.fromisoformat(said).isoformat() if said else ""
    except ValueError as error:
        raise _refus("date", "AAAA-MM-JJ") from error


def _tableau(request: Request, territoire: str) -> Tableau:
    """Raises Probleme where the territory is not known."""
    couverture = service(request).territoires.couverture
    if not couverture.atlas.connait(territoire):
        raise Probleme("introuvable", 404)
    return couverture.de(territoire, _jour(request))


def _rendu(request: Request, territoire: str) -> Rendu:
    parts, langue = service(request), langue_de(request)
    tableau = _tableau(request, territoire)
    lexique = parts.orienteur.lexique
    lieux, mots = lexique.lieux, parts.territoires.mots(langue)

    def nommer(one: str) -> str:
        return lieux[one].nom if one in lieux else local_name(one)

    def definir(one: str) -> str:
        return lexique.concepts[one].definition(langue) if one in lexique.concepts else ""

    return Rendu(parts.territoires.couverture, tableau, mots, nommer, definir, langue)


def _autre(request: Request) -> Tableau | None:
    """The territory to compare with. Raises Probleme where it is not known."""
    said = request.query_params.get("autre", "")
    niveau, _, code = said.partition(":")
    if not said:
        return None
    if niveau not in NIVEAUX:
        raise _refus("autre", "departement:35")
    return _tableau(request, iri(niveau, code))


def _json(request: Request, rendu: Rendu, autre: Tableau | None) -> dict[str, Any]:
    found = {
        "date": _jour(request) or None,
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
    day = _jour(request) or parts.manifeste.date[:10]
    triples = cube(rendu.tableau, dict(rendu.mots), f"{BASE}territoires/{niveau}/{code}", day)
    names = {name: PREFIXES[name] for name in ("mlg", "voc", "etape", "couverture", niveau)}
    prefixes = {"qb": QB, "sdmx-dimension": SDMX + "dimension#", "sdmx-measure": SDMX + "measure#", **names}
    return serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b""


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
        etapes=[(step, rendu.cellule((step.iri, ""))) for step in steps],
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
        jour=_jour(request),
        tronc=chemin,
        formes=[one.suffixe for one in OFFERTS if one is not HTML],
        adresse_page=adresse_publique(request) + chemin,
    )
