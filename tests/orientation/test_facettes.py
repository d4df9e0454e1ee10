"""Facets: counted on all the actors found, each under the filters of the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from maillage.config import Settings
from maillage.orientation import FACETTES, FiltreInconnu, Filtres, Orienteur, Page
from maillage.versions.instantane import charger_courant

QUESTION = "qui conseille les associations qui recrutent en Bretagne ?"
#: what bears each facet, by plain SPARQL: the count must not depend on how it is computed.
PORTEURS = """
PREFIX mlg: <https://w3id.org/maillage/ontologie#>
SELECT ?porteur ?valeur WHERE { ?i mlg:porteur ?porteur ; mlg:facette ?valeur . ?valeur a mlg:%s }
"""
TYPES = """
PREFIX mlg: <https://w3id.org/maillage/ontologie#>
SELECT ?acteur ?porteur WHERE { ?acteur mlg:estUn ?porteur }
"""


def demander(orienteur: Orienteur, **filtres: list[str]) -> dict[str, Any]:
    page = Page(100, 0, orienteur.facettes.lire(filtres))
    return orienteur.repondre(QUESTION, page=page).en_json()


def valeurs(reponse: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for nom, facette in reponse["facettes"].items():
        for valeur in facette["valeurs"]:
            yield nom, valeur


def test_every_facet_is_there_with_its_label(orienteur: Orienteur) -> None:
    facettes = demander(orienteur)["facettes"]
    assert list(facettes) == list(FACETTES)
    assert facettes["niveau_territoire"]["libelle"] == "Territoire servi"
    anglais = orienteur.repondre(QUESTION, "en").en_json()["facettes"]
    assert anglais["niveau_territoire"]["libelle"] == "Territory served"


def test_number_of_a_value_is_what_its_filter_gives(orienteur: Orienteur) -> None:
    tout = demander(orienteur)
    seen = 0
    for nom, valeur in valeurs(tout):
        assert 0 < valeur["nombre"] <= tout["total"]
        assert demander(orienteur, **{nom: [valeur["code"]]})["total"] == valeur["nombre"]
        seen += 1
    assert seen > 20


def test_facets_are_counted_on_all_candidates_not_on_the_page(orienteur: Orienteur) -> None:
    tout = demander(orienteur)
    page = orienteur.repondre(QUESTION, page=Page(2)).en_json()
    assert len(page["acteurs"]) == 2 < page["total"] == tout["total"]
    assert page["facettes"] == tout["facettes"]


def test_a_facet_is_counted_under_the_others_and_not_under_its_own(orienteur: Orienteur) -> None:
    tout = demander(orienteur)
    types = tout["facettes"]["type"]["valeurs"]
    statut = tout["facettes"]["statut"]["valeurs"][-1]["code"]
    filtre = demander(orienteur, type=[types[0]["code"]], statut=[statut])
    for valeur in filtre["facettes"]["type"]["valeurs"]:
        assert demander(orienteur, type=[valeur["code"]], statut=[statut])["total"] == valeur["nombre"]
    for valeur in filtre["facettes"]["statut"]["valeurs"]:
        seul = demander(orienteur, type=[types[0]["code"]], statut=[valeur["code"]])
        assert seul["total"] == valeur["nombre"]
    sans_statut = demander(orienteur, type=[types[0]["code"]])["facettes"]["type"]["valeurs"]
    assert [(v["code"], v["nombre"]) for v in sans_statut] == [(v["code"], v["nombre"]) for v in types]


def test_values_of_one_facet_widen_and_facets_narrow(orienteur: Orienteur) -> None:
    rares = demander(orienteur)["facettes"]["type"]["valeurs"][-2:]
    premier, second = (valeur["code"] for valeur in rares)
    un = {a["iri"] for a in demander(orienteur, type=[premier])["acteurs"]}
    deux = {a["iri"] for a in demander(orienteur, type=[second])["acteurs"]}
    ensemble = {a["iri"] for a in demander(orienteur, type=[premier, second])["acteurs"]}
    assert ensemble == un | deux and un and deux


def test_filter_takes_an_iri_as_well_as_a_code(orienteur: Orienteur) -> None:
    par_code = demander(orienteur, type=["crib"])
    par_iri = demander(orienteur, type=["https://w3id.org/maillage/type-acteur/crib"])
    assert par_code["acteurs"] == par_iri["acteurs"] and par_code["total"] > 0
    assert all("crib" in acteur["types"] for acteur in par_code["acteurs"])


def test_value_asked_for_stays_to_be_given_up(orienteur: Orienteur) -> None:
    rien = demander(orienteur, type=["urssaf"], secteur=["sport"])
    assert rien["total"] == 0 and rien["acteurs"] == []
    actives = {(nom, v["code"]) for nom, v in valeurs(rien) if v["actif"]}
    assert actives == {("type", "urssaf"), ("secteur", "sport")}


@pytest.mark.parametrize(("facette", "valeur"), [("type", "crip"), ("etape", "7"), ("famille", "crib")])
def test_unknown_value_is_refused_by_name(orienteur: Orienteur, facette: str, valeur: str) -> None:
    with pytest.raises(FiltreInconnu) as error:
        orienteur.facettes.lire({facette: [valeur]})
    assert (error.value.facette, error.value.valeur) == (facette, valeur)


def test_steps_keep_their_order_and_kinds_come_by_number(orienteur: Orienteur) -> None:
    facettes = demander(orienteur)["facettes"]
    etapes = [v["code"] for v in facettes["etape"]["valeurs"]]
    nombres = [v["nombre"] for v in facettes["type"]["valeurs"]]
    assert etapes == sorted(etapes) and nombres == sorted(nombres, reverse=True)


def test_same_filters_in_another_order_are_the_same() -> None:
    un, autre = (
        Filtres({"type": frozenset("ab"), "etape": frozenset("4")}),
        Filtres({"etape": frozenset("4"), "type": frozenset("ba")}),
    )
    assert un.en_texte() == autre.en_texte() and un
    assert not Filtres({"type": frozenset()})


@pytest.mark.parametrize(("facette", "classe"), [("etape", "Etape"), ("role", "Role"), ("public", "Public")])
def test_sets_in_memory_are_those_of_the_graph(
    livre: Settings, orienteur: Orienteur, facette: str, classe: str
) -> None:
    _, entrepot, _ = charger_courant(livre.dossier_instantanes)
    annuaire = orienteur.facettes.annuaire
    porteurs: dict[str, set[str]] = {acteur: {acteur} for acteur in annuaire.acteurs}
    for ligne in entrepot.lignes(TYPES):
        porteurs[ligne["acteur"].value].add(ligne["porteur"].value)
    ont: dict[str, set[str]] = {}
    for ligne in entrepot.lignes(PORTEURS % classe):
        ont.setdefault(ligne["valeur"].value, set()).add(ligne["porteur"].value)
    tous = annuaire.masque(annuaire.acteurs)
    assert len(ont) > 3
    for valeur, siens in ont.items():
        acteurs = {acteur for acteur, de_lui in porteurs.items() if de_lui & siens}
        trouves = orienteur.facettes.filtrer(Filtres({facette: frozenset([valeur])}), tous)
        assert {acteur for acteur in annuaire.acteurs if annuaire.dans(trouves, acteur)} == acteurs
