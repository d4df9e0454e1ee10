"""The state of knowledge: a blank in the data is told apart from a blank in the field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from client_http import Client
from maillage.donnees_liees.noms import Noms
from maillage.inference import deriver
from maillage.namespaces import GRAPHE, iri
from maillage.qualite.connaissance import ETATS, Connaissance, bilan, connaissances
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import EntrepotEmbarque
from maillage.textes import lire_textes

REQUETES = Path(__file__).parents[2] / "requetes"
DONNEES = Path(__file__).parents[1] / "requetes" / "connaissance-acteurs" / "donnees.ttl"


def entrepot() -> EntrepotEmbarque:
    """A store of the trial data of the query, and of what the rules derive."""
    made, graph = EntrepotEmbarque(), NamedNode(GRAPHE + "essai")
    read = parse(path=DONNEES, format=RdfFormat.TURTLE)
    made.ajouter(Quad(one.subject, one.predicate, one.object, graph) for one in read)
    list(deriver(made, REQUETES / "inference"))
    return made


@pytest.fixture
def trouvees() -> dict[tuple[str, str], Connaissance]:
    store, requetes = entrepot(), Requetes(REQUETES)
    noms = Noms(requetes, store, lire_textes(), "fr")
    departements = [iri("departement", "29"), iri("departement", "22")]
    found = connaissances(store, requetes, departements, date(2026, 12, 31), noms)
    return {(one.departement[-2:], one.type.rpartition("/")[2]): one for one in found}


def test_what_is_known_is_counted_with_its_dates(trouvees: dict[tuple[str, str], Connaissance]) -> None:
    crib = trouvees["29", "crib"]
    assert (crib.etat, crib.nombre, crib.historiques, crib.dus) == ("connu", 2, 1, 1)
    assert (crib.premier, crib.dernier, crib.confiance) == ("2013", "2026-09", 60)


def test_nobody_listed_is_not_data_missing(trouvees: dict[tuple[str, str], Connaissance]) -> None:
    assert trouvees["29", "ml"].etat == "personne"
    assert "2026-08-03" in trouvees["29", "ml"].source
    assert trouvees["22", "ml"].etat == "sans-donnees"
    assert trouvees["22", "crib"].etat == "sans-donnees"


def test_every_kind_is_in_one_state(trouvees: dict[tuple[str, str], Connaissance]) -> None:
    for counts in bilan(trouvees.values()).values():
        assert list(counts) == list(ETATS)
        assert sum(counts.values()) == 2


def test_the_page_and_its_table(client: Client) -> None:
    whole = client.get("/intendance/connaissance", "text/html").text
    assert "Finistère" in whole and "données manquantes" in whole
    one = client.get("/intendance/connaissance?departement=29", "text/html").text
    assert "mission locale" in one.lower() and "personne de recensé" in one
    table = client.get("/intendance/connaissance?departement=29&format=csv")
    assert table.headers["content-disposition"] == 'attachment; filename="maillage-connaissance-29.csv"'
    assert table.text.startswith("\ufeffDépartement;Type d'acteur;État;")
    english = client.get("/intendance/connaissance?departement=29&langue=en", "text/html").text
    assert "nobody listed" in english
    assert client.get("/intendance/connaissance?departement=999", "text/html").status_code == 400
