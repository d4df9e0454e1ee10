"""The directory: what an edition would change, what is accepted, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph
import pytest

from maillage.importation.lecture import ErreurImport
from maillage.sources.chemin import Proposition

EDITION = "donnees/acteurs/29/annuaire-2026-08-03.ttl"
ANCIENNE = "donnees/acteurs/29/annuaire-2019.ttl"
Codes = Callable[[Proposition, str], set[str]]


def bloc(texte: str, acteur: str) -> str:
    """Turtle of one actor in a file."""
    return next((b for b in texte.split("\n\n") if b.startswith(f"acteur:{acteur} ")), "")


def test_what_an_edition_would_change(atelier: Any, codes: Codes) -> None:
    proposition = atelier.propose()
    assert codes(proposition, "ajouts") == {"ajouts/cij-29003-01"}
    assert "modifications/cij-29019-01/telephone" in codes(proposition, "modifications")
    assert "modifications/mission-locale-29019-01/territoireServi" in codes(proposition, "modifications")
    assert "conflits/cdos-29/prefLabel" in codes(proposition, "conflits")
    assert "confirmations/mairie-29001-01" in codes(proposition, "confirmations")
    assert not (atelier.racine / EDITION).exists()


def test_the_communes_served_become_the_fewest_territories(atelier: Any) -> None:
    servis = next(
        c for c in atelier.propose().changements if c.code.endswith("mission-locale-29019-01/territoireServi")
    )
    assert servis.anciens == ["departement:29"]
    assert servis.nouveaux == ["epci:200068120", "commune:29019"]


def test_every_accepted_fact_says_its_edition(atelier: Any) -> None:
    atelier.accepte("tout")
    neuf = bloc(atelier.lit(EDITION), "cij-29019-01")
    assert '"02 98 00 00 01"' in neuf
    assert "source:annuaire-service-public-2026-08-03" in neuf
    assert '"2026-08-03"^^xsd:date' in neuf
    assert not bloc(atelier.lit(ANCIENNE), "cij-29019-01")
    assert "edition of 2026-08-03" in atelier.lit("donnees/editions/annuaire-service-public-2026-08-03.ttl")


def test_a_part_accepted_leaves_the_rest_in_the_old_edition(atelier: Any) -> None:
    proposition = atelier.propose()
    liste = atelier.racine / "liste.txt"
    liste.write_text("modifications/cij-29019-01/telephone\n", encoding="utf-8")
    atelier.accepte(str(liste))
    ancien, neuf = bloc(atelier.lit(ANCIENNE), "cij-29019-01"), bloc(atelier.lit(EDITION), "cij-29019-01")
    assert "schema:telephone" not in ancien
    assert "source:annuaire-service-public-2019" in ancien
    assert '"02 98 00 00 01"' in neuf
    assert "mlg:constat" not in neuf
    assert len(atelier.propose().changements) == len(proposition.changements) - 1


def test_the_same_edition_twice_changes_nothing(atelier: Any) -> None:
    atelier.accepte("tout,conflits")
    atelier.accepte("disparitions")
    premier = {p: p.read_bytes() for p in (atelier.racine / "donnees").rglob("*.ttl")}
    assert atelier.accepte("tout,conflits").changements == []
    assert {p: p.read_bytes() for p in (atelier.racine / "donnees").rglob("*.ttl")} == premier


def test_a_steward_wins_and_the_disagreement_is_kept(atelier: Any, codes: Codes) -> None:
    avant = atelier.lit("donnees/acteurs/29/dossier-quimper.ttl")
    atelier.accepte("conflits")
    assert atelier.lit("donnees/acteurs/29/dossier-quimper.ttl") == avant
    garde = atelier.lit("donnees/rapprochements/desaccords-annuaire.ttl")
    assert "rdf:subject acteur:cdos-29" in garde
    assert "source:annuaire-service-public-2026-08-03" in garde
    assert not codes(atelier.propose(), "conflits")


def test_a_body_gone_is_to_be_confirmed_with_the_date(atelier: Any) -> None:
    atelier.accepte("disparitions")
    dit = bloc(atelier.lit(EDITION), "mairie-29004-01")
    assert "mlg:statut statut:a-confirmer" in dit
    assert "N'est plus dans l'édition du 2026-08-03 ; vu pour la dernière fois : 2019-09" in dit
    assert "skos:prefLabel" in bloc(atelier.lit(ANCIENNE), "mairie-29004-01")


def test_a_body_that_comes_back_is_confirmed(atelier: Any, codes: Codes) -> None:
    mairie = atelier.record("mairie-29001-01")
    atelier.records.remove(mairie)
    atelier.accepte("disparitions")
    atelier.records.append(mairie)
    atelier.accepte("tout")
    revenue = bloc(atelier.lit(EDITION), "mairie-29001-01")
    assert "N'est plus" not in revenue
    assert '"2026-08-03"^^xsd:date' in revenue
    assert not bloc(atelier.lit(ANCIENNE), "mairie-29001-01")


def test_an_extract_does_not_make_bodies_gone_in_one_word(atelier: Any) -> None:
    proposition = atelier.accepte("tout")
    assert "peut-être un extrait" in " ".join(proposition.avertissements)
    assert not bloc(atelier.lit(EDITION), "mairie-29004-01")


def test_a_cut_file_makes_nobody_gone(atelier: Any, codes: Codes) -> None:
    entier = atelier.propose()
    octets = (atelier.racine / "2026-08-03_053120-data.gouv_local.json").read_bytes()
    coupe = atelier.propose(octets[: len(octets) // 2])
    assert codes(entier, "disparitions")
    assert not codes(coupe, "disparitions")
    assert "la fin manque" in coupe.avertissements[0]


def test_an_older_edition_is_refused(atelier: Any) -> None:
    atelier.accepte("ajouts")
    (atelier.racine / EDITION).rename(atelier.racine / EDITION.replace("2026-08", "2027-01"))
    with pytest.raises(ErreurImport, match="plus ancienne"):
        atelier.propose()


@pytest.mark.parametrize(
    ("champ", "valeur", "dit"),
    [
        ("id", "?", "champ « id »"),
        ("nom", "", "champ « nom »"),
        ("code_insee_commune", "99999", "champ « code_insee_commune »"),
        ("pivot", "[cassé", "champ « pivot »"),
        ("adresse", 3, "champ « adresse »"),
    ],
)
def test_a_fault_names_the_record_and_the_field(atelier: Any, champ: str, valeur: object, dit: str) -> None:
    atelier.record("mairie-29001-01")[champ] = valeur
    rang = 1 + [r["ancien_code_pivot"] for r in atelier.records].index("mairie-29001-01")
    proposition = atelier.propose()
    dits = [e.raison for e in proposition.bilan.ecartes]
    assert any(f"enregistrement {rang}, {dit}" in d for d in dits), dits
    assert "ajouts/cij-29003-01" in {c.code for c in proposition.changements}


def test_impossible_coordinates_and_unreadable_contacts_are_left_out(atelier: Any) -> None:
    mairie = atelier.record("mairie-29001-01")
    mairie["adresse"][0]["latitude"] = "482.1"
    mairie["telephone"] = [{"valeur": "12 3"}]
    mairie["site_internet"] = [{"valeur": "http://pas un site"}]
    dits = " ".join(e.raison for e in atelier.propose().bilan.ecartes)
    assert "latitude : « 482.1 » n'existe pas" in dits
    assert "« 12 3 » : numéro illisible" in dits
    assert "« http://pas un site » : adresse illisible" in dits


def test_a_second_record_of_the_same_identifier_is_left_out(atelier: Any) -> None:
    atelier.records.append(dict(atelier.record("mairie-29001-01")))
    assert any("est déjà pris" in e.raison for e in atelier.propose().bilan.ecartes)


def test_persons_are_kept_out(atelier: Any) -> None:
    proposition = atelier.accepte("tout")
    ecrit = atelier.lit(EDITION)
    assert "prenom.nom@" not in ecrit
    assert "06 00" not in ecrit
    assert "contact@finistere.fr" in ecrit
    dits = " ".join(e.raison for e in proposition.bilan.ecartes)
    assert "numéro de mobile" in dits
    assert "prenom.nom" not in dits


def test_what_is_written_is_turtle_the_corpus_reads(atelier: Any) -> None:
    atelier.accepte("tout,conflits,disparitions")
    for chemin in (atelier.racine / "donnees").rglob("*.ttl"):
        assert list(pyoxigraph.parse(path=str(chemin)))
