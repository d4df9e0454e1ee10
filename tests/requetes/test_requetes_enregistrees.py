"""Every stored query answers what its trials expect, on three engines."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rdflib
from monde import ICI, entrepot, lignes, requetes
from pyoxigraph import RdfFormat

from maillage.namespaces import compact
from maillage.store.acces import Acces
from maillage.store.distant import EntrepotDistant
from serveur_sparql import ServeurSparql

#: queries whose rows the service takes all, in any order.
INTERNES = {requete.nom for requete in requetes() if requete.interne}
SELECT = [requete.nom for requete in requetes() if requete.forme == "SELECT"]


def essais() -> list[Any]:
    found = []
    for path in sorted(ICI.glob("*/essais.json")):
        for essai in json.loads(path.read_text(encoding="utf-8")):
            found.append(pytest.param(path.parent, essai, id=f"{path.parent.name}-{essai['cas']}"))
    return found


def donnees(dossier: Path) -> Path:
    own = dossier / "donnees.ttl"
    return own if own.exists() else ICI / "commun.ttl"


@pytest.mark.parametrize(("dossier", "essai"), essais())
def test_rows_on_the_embedded_store(dossier: Path, essai: dict[str, Any]) -> None:
    rows = lignes(entrepot(donnees(dossier)), dossier.name, essai["parametres"])
    assert _comparables(dossier.name, rows) == _comparables(dossier.name, essai["attendu"])


@pytest.mark.parametrize(("dossier", "essai"), essais())
def test_rows_on_a_sparql_server(dossier: Path, essai: dict[str, Any], serveur_sparql: ServeurSparql) -> None:
    serveur_sparql.remplir(entrepot(donnees(dossier)).exporter(RdfFormat.N_QUADS))
    remote = EntrepotDistant(Acces(serveur_sparql.requetes))
    rows = lignes(remote, dossier.name, essai["parametres"])
    assert _comparables(dossier.name, rows) == _comparables(dossier.name, essai["attendu"])


# rdflib 7.6 calls its own deprecated properties when a Dataset is queried.
@pytest.mark.filterwarnings(r"ignore:Dataset\.\w+ is deprecated:DeprecationWarning")
@pytest.mark.parametrize(("dossier", "essai"), essais())
def test_rows_on_rdflib(dossier: Path, essai: dict[str, Any]) -> None:
    query = requetes()[dossier.name].lier(essai["parametres"])
    result = _rdflib(donnees(dossier)).query(query)
    rows = [
        {str(name): _ecrit(term) for name, term in row.asdict().items()}
        for row in result
        if isinstance(row, rdflib.query.ResultRow)
    ]
    assert _sac(rows) == _sac(essai["attendu"])


def test_every_select_has_a_trial() -> None:
    assert [nom for nom in SELECT if not (ICI / nom / "essais.json").exists()] == []


def test_every_trial_has_its_query() -> None:
    assert {path.parent.name for path in ICI.glob("*/essais.json")} <= {one.nom for one in requetes()}


@pytest.mark.parametrize("nom", [requete.nom for requete in requetes()])
def test_runs_alone_with_the_values_of_its_example(nom: str) -> None:
    requete = requetes()[nom]
    run = {"SELECT": entrepot().lignes, "CONSTRUCT": entrepot().graphe, "ASK": entrepot().demande}
    assert run[requete.forme](requete.texte) == run[requete.forme](requete.lier(requete.exemple))


@pytest.mark.parametrize("nom", [requete.nom for requete in requetes()])
def test_parameters_are_said_in_both_languages(nom: str) -> None:
    for parametre in requetes()[nom].parametres:
        assert parametre.description and parametre.description_en != parametre.description, parametre.nom


@pytest.mark.parametrize("nom", SELECT)
def test_rows_that_can_be_cut_are_ordered(nom: str) -> None:
    requete = requetes()[nom]
    assert requete.limitee or "ORDER BY" in requete.texte or nom in INTERNES


@cache
def _rdflib(path: Path) -> rdflib.Dataset:
    dataset, source = rdflib.Dataset(default_union=True), entrepot(path)
    for name in source.graphes():
        triples = source.exporter(RdfFormat.N_TRIPLES, name)
        dataset.graph(rdflib.URIRef(name)).parse(data=triples, format="nt")
    return dataset


def _ecrit(terme: rdflib.term.Node) -> str:
    if isinstance(terme, rdflib.URIRef):
        return compact(str(terme))
    if isinstance(terme, rdflib.Literal):
        return f"{terme}@{terme.language}" if terme.language else str(terme)
    return "_:"


def _comparables(nom: str, rows: list[dict[str, str]]) -> object:
    """The rows; their order counts, save in the queries that only the service itself reads."""
    return _sac(rows) if nom in INTERNES else rows


def _sac(rows: list[dict[str, str]]) -> Counter[str]:
    return Counter(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)
