"""Each source: what a good extract gives, and what is said of a bad one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from maillage.importation import IMPORTATEURS, Bilan, ErreurImport, contours, reperes

if TYPE_CHECKING:
    from conftest import Atelier


def test_every_importer_has_a_test_extract(
    avec_territoires: Atelier, tous: Callable[[], list[Bilan]]
) -> None:
    bilans = tous()
    assert [b.source for b in bilans] == [nom for nom in IMPORTATEURS if nom != "territoires"]
    assert all(b.ajoutes > 0 and b.modifies == b.retires == 0 for b in bilans)


def test_territoires_commune(avec_territoires: Atelier) -> None:
    a = avec_territoires
    assert a.valeurs("commune/29232", "prefLabel") == {"Quimper"}
    assert a.valeurs("commune/29232", "codePostal") == {"29000"}
    assert a.valeurs("commune/29232", "population") == {"64385"}
    assert a.valeurs("commune/29232", "subdivisionDe") == {"29"}
    assert a.valeurs("commune/29232", "membreDe") == {"200068120"}
    assert a.valeurs("commune/29232", "ancienCode") == {"29050", "29088", "29157"}


def test_territoires_merged_commune_is_a_former_name(avec_territoires: Atelier) -> None:
    assert avec_territoires.valeurs("commune/29003", "ancienNom") == {"Esquibien"}
    assert avec_territoires.valeurs("commune/29003", "ancienCode") == {"29052"}
    assert avec_territoires.valeurs("commune/29052", "prefLabel") == set()
    # Arbignieu kept its code when it became Arboys en Bugey.
    assert avec_territoires.valeurs("commune/01015", "ancienCode") == {"01340"}
    assert "Arbignieu" in avec_territoires.valeurs("commune/01015", "ancienNom")


def test_territoires_hierarchies(avec_territoires: Atelier) -> None:
    a = avec_territoires
    assert a.valeurs("departement/01", "membreDe") == {"82"}
    assert a.valeurs("ancienne-region/82", "membreDe") == {"84"}
    assert a.valeurs("arrondissement-municipal/75111", "subdivisionDe") == {"75056"}
    assert a.valeurs("arrondissement-municipal/75111", "codePostal") == {"75011"}
    assert a.valeurs("arrondissement-municipal/75111", "altLabel") == {"Paris 11e"}
    assert "75011" not in a.valeurs("commune/75056", "codePostal")
    assert "CollectiviteDOutreMer" in "".join(a.valeurs("departement/975", "#type"))
    assert a.valeurs("epci/200068120", "membreDe") == {"29"}
    assert a.valeurs("epci/200068120", "altLabel") == {"Quimper Bretagne Occidentale"}


def test_reperes_fall_inside_and_skip_what_the_corpus_does_not_know(avec_territoires: Atelier) -> None:
    bilan = avec_territoires.importe("reperes")
    (latitude,) = avec_territoires.valeurs("commune/29232", "latitude")
    (longitude,) = avec_territoires.valeurs("commune/29232", "longitude")
    assert 47.9 < float(latitude) < 48.1 and -4.2 < float(longitude) < -4.0
    assert avec_territoires.valeurs("departement/29", "latitude")
    assert avec_territoires.valeurs("commune/29129", "latitude") == set()
    assert any(ecart.identifiant == "29129" for ecart in bilan.ecartes)


def test_reperes_of_a_bay_is_on_land() -> None:
    bay = [
        (0.0, 0.0),
        (10.0, 0.0),
        (10.0, 10.0),
        (9.0, 10.0),
        (9.0, 1.0),
        (1.0, 1.0),
        (1.0, 10.0),
        (0.0, 10.0),
    ]
    longitude, latitude = reperes.repere([bay])
    assert (0 <= longitude <= 1 or 9 <= longitude <= 10) and 0 < latitude < 10


def test_outlines_keep_what_neighbours_share() -> None:
    """Two squares with a bent border between them: the bend goes from both, or from none."""
    bend = (1.0, 0.51)
    left = [(0.0, 0.0), (1.0, 0.0), bend, (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    right = [(1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), bend, (1.0, 0.0)]
    for area, kept in ((0.001, False), (0.0, True)):
        found = contours.simplifie({"1": [left], "2": [right]}, 0.01, area)
        assert [bend in found[code][0] for code in ("1", "2")] == [kept, kept]
        assert all(found[code][0][0] == found[code][0][-1] for code in found)


def test_outlines_are_written_once(avec_territoires: Atelier) -> None:
    first, again = avec_territoires.importe("contours"), avec_territoires.importe("contours")
    assert first.fichiers[0].etat == "nouveau" and again.fichiers[0].etat == "inchangé"
    written = json.loads((avec_territoires.racine / contours.CHEMIN).read_text(encoding="utf-8"))
    assert {"departement/29", "commune/29232"} <= {one["id"] for one in written["features"]}
    assert any(ecart.identifiant == "29129" for ecart in first.ecartes)


def test_quimper(avec_territoires: Atelier) -> None:
    bilan = avec_territoires.importe("quimper")
    a = avec_territoires
    acteurs = {"cdos-29", "espace-associatif-quimper", "cosmos"}
    assert all(a.valeurs(f"acteur/{acteur}", "prefLabel") for acteur in acteurs)
    assert a.valeurs("intervention/quimper-cosmos", "#etape") == {"4", "5", "6"}
    assert a.valeurs("intervention/quimper-cosmos", "#evenement") == {"premiere-embauche"}
    assert a.valeurs("acteur/cosmos", "statut") == {"atteste"}
    assert a.valeurs("acteur/cdos-29", "statut") == {"a-confirmer"}
    assert a.valeurs("acteur/semafor-brest", "statut") == {"historique"}
    assert a.valeurs("acteur/ft-quimper-nord", "statut") == {"a-confirmer"}
    assert {e.identifiant for e in bilan.ecartes} == {"lma-bretagne", "semafor-brest"}


def test_france_travail(avec_territoires: Atelier) -> None:
    avec_territoires.importe("france-travail")
    a = avec_territoires
    assert a.valeurs("france-travail-883", "prefLabel") == {"France Travail – Paris 5 et 13ème Daviel"}
    assert a.valeurs("france-travail-883", "#commune") == {"75056"}
    assert a.valeurs("france-travail-624", "prefLabel") == {"France Travail – Carhaix"}
    assert a.valeurs("france-travail-624", "altLabel") == {"Agence Pôle emploi CARHAIX"}
    assert a.valeurs("france-travail-624", "#commune") == set()
    # The number 20 does not say which département of Corsica.
    assert a.valeurs("france-travail-685", "territoireServi") == {"94"}
    assert a.valeurs("france-travail-685", "prefLabel") == {"France Travail – Corte (relais)"}
    assert a.valeurs("ft-quimper-sud", "identifier") == {"pass-emploi-618"}


def test_missions_locales(avec_territoires: Atelier) -> None:
    bilan = avec_territoires.importe("missions-locales")
    a = avec_territoires
    # Same commune as a body of the directory: one actor, with the identifiers of all.
    assert a.valeurs("mission-locale-29019-01", "identifier") == {"29019S00", "pass-emploi-agence-206"}
    assert a.valeurs("mission-locale-29019-01", "altLabel") == {"Mission Locale du Pays de Brest"}
    assert a.valeurs("ml-cornouaille", "identifier") == {"29232S00", "pass-emploi-agence-208"}
    assert a.valeurs("mission-locale-2a004s00", "prefLabel") == {"Mission Locale d'Ajaccio"}
    assert a.valeurs("mission-locale-2a004s00", "identifier") == {"2A004S00", "pass-emploi-agence-77"}
    assert a.valeurs("mission-locale-agence-69", "prefLabel") == {"Mission Locale Centre Ouest Bretagne"}
    assert {e.identifiant for e in bilan.ecartes} == {"65441S00", "99994S00"}


def test_droit_du_travail(avec_territoires: Atelier) -> None:
    avec_territoires.importe("droit-du-travail")
    a = avec_territoires
    assert a.valeurs("droit-du-travail-2a", "territoireServi") == {"2A"}
    assert a.valeurs("droit-du-travail-2a", "constat") == {"2026-03-13"}
    assert a.valeurs("droit-du-travail-75", "statut") == {"atteste"}
    assert a.valeurs("droit-du-travail-29", "prefLabel") == set()
    assert a.valeurs("ddets-29", "classification") == {"ddets"}


def test_opco(atelier: Atelier) -> None:
    bilan = atelier.importe("opco")
    assert bilan.ajoutes == 11
    remarque = "".join(atelier.valeurs("acteur/uniformation", "remarque"))
    assert "IDCC 1518" in remarque and "IDCC 3105 Régies de quartier (à confirmer)" in remarque
    assert "OPCO Cohésion sociale" in atelier.valeurs("acteur/uniformation", "altLabel")
    assert atelier.valeurs("acteur/opco-2i", "statut") == {"a-confirmer"}
    assert [e.identifiant for e in bilan.ecartes] == ["IDCC 1316 Tourisme social et familial"]


def test_crdla(atelier: Atelier) -> None:
    assert atelier.importe("crdla").ajoutes == 7
    assert atelier.valeurs("acteur/crdla-culture", "secteur") == {"culture"}
    assert atelier.valeurs("acteur/crdla-culture", "remarque") == {"Porté par Opale (avec Ufisc et Cofac)."}


def test_successions(atelier: Atelier) -> None:
    bilan = atelier.importe("successions")
    assert atelier.valeurs("direccte-dreets-2021", "nouveau") == {"dreets"}
    assert atelier.valeurs("direccte-ddets-2021", "nouveau") == {"ddets"}
    assert atelier.valeurs("direccte-ddets-2021", "dateEffet") == {"2021-04-01"}
    assert atelier.valeurs("ddcs-sdjes-2021", "nouveau") == {"sdjes"}
    assert atelier.valeurs("picardie-2016", "nouveau") == {"32"}
    assert atelier.valeurs("cpca-2012", "dateEffet") == {"2012-10"}
    assert "Sans changement." in [r[0] for r in bilan.raisons()]


@pytest.mark.parametrize(
    ("source", "fichier", "ancien", "nouveau", "attendu"),
    [
        ("territoires", "communes.json", '"code": "29232"', '"code": "2923"', "champ « code » : « 2923 »"),
        ("territoires", "epci.json", '"membres"', '"autres"', "champ « membres »"),
        ("territoires", "regions.json", "[", "{", "JSON illisible"),
        ("quimper", "dossier.csv", "cosmos,", "kosmos,", "« kosmos » n'a pas de ligne"),
        ("quimper", "dossier.csv", "4;5;6", "4;5;7", "champ « etapes_suggerees »"),
        (
            "france-travail",
            "agences_france_travail.json",
            "29,",
            '"vingt-neuf",',
            "champ « code_departement »",
        ),
        ("missions-locales", "structures.json", '"29-ML BREST"', '""', "champ « nom_officiel »"),
        ("droit-du-travail", "droit_du_travail.json", '"2a"', '"2c"', "champ « code » : « 2c »"),
        ("opco", "idcc.csv", ",afdas,", ",afdass,", "« afdass » n'est pas dans la liste des OPCO"),
        ("crdla", "crdla.csv", "CRDLA Culture", "", "enregistrement 1, champ « nom »"),
        ("successions", "institutions.csv", "2021-04-01", "2021-05-01", "champ « date_effet »"),
    ],
)
def test_a_bad_source_is_refused_in_french_and_nothing_is_written(
    avec_territoires: Atelier, source: str, fichier: str, ancien: str, nouveau: str, attendu: str
) -> None:
    avant = avec_territoires.contenus()
    avec_territoires.remplace(fichier, ancien, nouveau)
    with pytest.raises(ErreurImport) as erreur:
        avec_territoires.importe(source)
    assert fichier.split(".")[0] in str(erreur.value) and attendu in str(erreur.value)
    assert avec_territoires.contenus() == avant


@pytest.mark.parametrize("source", ["quimper", "france-travail", "missions-locales", "droit-du-travail"])
def test_actors_need_the_territories_first(atelier: Atelier, source: str) -> None:
    with pytest.raises(ErreurImport, match="maillage importer territoires"):
        atelier.importe(source)


@pytest.mark.parametrize("nom", list(IMPORTATEURS))
def test_the_number_of_files_is_checked(atelier: Atelier, nom: str) -> None:
    with pytest.raises(ErreurImport, match="fichiers sont attendus"):
        IMPORTATEURS[nom].fonction([], atelier.racine, False, lambda message: None)
