"""States of a cell on a made-up geography, gaps, differences, dates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from maillage.namespaces import iri
from maillage.territoire.atlas import Atlas
from maillage.territoire.couverture import Couverture
from maillage.territoire.evolution import evolution
from maillage.territoire.grille import SANS_SECTEUR, Croisee
from maillage.territoire.manques import differences, manques
from maillage.territoire.mots import Mot
from maillage.territoire.preparation import (
    Acteur,
    Concept,
    Geographie,
    Intervention,
    Preparation,
)
from maillage.territoire.rendu import Rendu

A, B, C = (iri("commune", code) for code in ("29001", "29002", "35001"))
FINISTERE, ILLE, FRANCE = iri("departement", "29"), iri("departement", "35"), iri("pays", "france")
ETAPE, ROLE, PUBLIC, SECTEUR = (
    iri("etape", "4"), iri("role", "conseil"), iri("public", "petites"), iri("secteur", "sport"),
)  # fmt: skip
BASSIN = iri("bassin", "cap")
CRIB, DLA = iri("type", "crib"), iri("type", "dla")


def acteur(nom: str, servi: str, statut: str = "atteste", **more: object) -> Acteur:
    kinds, sectors = more.get("types", (CRIB,)), more.get("secteurs", ())
    assert isinstance(kinds, tuple) and isinstance(sectors, tuple)
    return Acteur(
        iri("acteur", nom), nom, kinds, sectors, (servi,), statut,
        str(more.get("constat", "2020")), bool(more.get("joignable", True)), str(more.get("fin", "")),
    )  # fmt: skip


def couverture(*acteurs: Acteur, declare: dict[str, Intervention] | None = None) -> Couverture:
    """A country of three communes in two départements; a CRIB advises small associations at step 4."""
    concepts = {
        name: Concept(name, axe, name.rsplit("/", 1)[-1], {"fr": name.rsplit("/", 1)[-1]})
        for name, axe in ((ETAPE, "Etape"), (ROLE, "Role"), (PUBLIC, "Public"), (SECTEUR, "Secteur"))
    }
    geographie = Geographie(
        {A: (100, (FINISTERE,)), B: (50, (FINISTERE,)), C: (30, (ILLE,))},
        {FINISTERE: "Finistère", ILLE: "Ille-et-Vilaine", FRANCE: "France"},
        {
            BASSIN: (BASSIN, FINISTERE, FRANCE),
            FINISTERE: (FINISTERE, FRANCE),
            ILLE: (ILLE, FRANCE),
            FRANCE: (FRANCE,),
        },
    )
    habits = {CRIB: (Intervention("i", (ETAPE, ROLE, PUBLIC), 3, ()),)}
    own = {iri("acteur", name): (one,) for name, one in (declare or {}).items()}
    degres = ("informer", "orienter", "conseiller", "accompagner")
    return Couverture(Atlas(Preparation(geographie, acteurs, {**habits, **own}, concepts, degres)))


def etat(found: Couverture, territoire: str = FINISTERE, cle: tuple[str, str] = (ETAPE, "")) -> str:
    return found.de(territoire).cellules[cle].etat


def test_nobody_is_unknown_not_absent() -> None:
    assert etat(couverture()) == "inconnue"


def test_one_then_several() -> None:
    one, two = acteur("un", FINISTERE), acteur("deux", FRANCE)
    assert etat(couverture(one)) == "couverte"
    assert etat(couverture(one, two)) == "plusieurs"
    assert couverture(one, two).de(A).cellules[ETAPE, ""].entiers == 2


def test_part_of_the_communes_is_partly_until_they_make_the_whole() -> None:
    one, two = acteur("un", A), acteur("deux", B)
    partly = couverture(one)
    cell = partly.de(FINISTERE).cellules[ETAPE, ""]
    assert cell.etat == "partielle"
    assert (cell.communes.bit_count(), partly.atlas.habitants(cell.communes)) == (1, 100)
    assert etat(couverture(one, two)) == "couverte"


def test_a_basin_whose_communes_are_not_known_is_a_part() -> None:
    cell = couverture(acteur("un", BASSIN)).de(FINISTERE).cellules[ETAPE, ""]
    assert (cell.etat, cell.acteurs, cell.communes) == ("partielle", 1, 0)


def test_listed_but_not_confirmed() -> None:
    cell = couverture(acteur("un", FINISTERE, "a-confirmer")).de(FINISTERE).cellules[ETAPE, ""]
    assert (cell.etat, cell.etat_si_confirme, cell.acteurs, cell.confirmes) == (
        "a-confirmer",
        "couverte",
        1,
        0,
    )


def test_only_from_outside_says_where() -> None:
    cell = couverture(acteur("un", C)).de(FINISTERE).cellules[ETAPE, ""]
    assert (cell.etat, cell.ailleurs) == ("exterieure", FRANCE)


def test_an_actor_that_declared_is_taken_at_its_word() -> None:
    said = Intervention("d", (ROLE,), 4, ())
    found = couverture(acteur("un", FINISTERE), declare={"un": said}).de(FINISTERE)
    assert found.cellules[ETAPE, ""].etat == "inconnue"
    role = found.cellules["", ROLE]
    assert (role.acteurs, role.declares, role.degre, found.declarants) == (1, 1, 4, 1)


def test_an_intervention_tied_to_a_territory_covers_that_part_only() -> None:
    said = Intervention("d", (ETAPE,), 4, (C,))
    found = couverture(acteur("un", FRANCE), declare={"un": said})
    assert [etat(found, one) for one in (C, ILLE, FRANCE, FINISTERE)] == [
        "couverte",
        "couverte",
        "partielle",
        "exterieure",
    ]


def test_a_sector_is_reached_by_its_own_or_by_generalists_only() -> None:
    cle = (ETAPE, SECTEUR)
    assert etat(couverture(acteur("un", FINISTERE)), cle=cle) == "par-generalistes"
    assert etat(couverture(acteur("un", FINISTERE, secteurs=(SECTEUR,))), cle=cle) == "couverte"


def test_as_of_a_day() -> None:
    past = acteur("ancien", FINISTERE, "historique", constat="2015", fin="2021-04-01")
    found = couverture(past, acteur("neuf", FINISTERE, constat="2022-05"))
    listed = {day: [one[0].nom for one in found.de(FINISTERE, day).presences] for day in DAYS}
    assert listed == {"": ["neuf"], "2014-01-01": [], "2019-06-01": ["ancien"], "2023-01-01": ["neuf"]}


DAYS = ("", "2014-01-01", "2019-06-01", "2023-01-01")


def mot(code: str, poids: float, seuil: int = 0) -> Mot:
    return Mot(iri("manque", code), code, code, 0, poids, seuil, "piste")


def test_gaps_are_ranked_with_their_evidence() -> None:
    weights = {"etape-sans-accompagnement": 6.0, "public-non-nomme": 4.0, "acteur-injoignable": 3.0}
    mots = {code: mot(code, poids) for code, poids in weights.items()}
    found = couverture(acteur("un", FINISTERE, types=(DLA,), joignable=False))
    gaps = manques(found, found.de(FINISTERE), mots)
    assert [(one.code, one.objets) for one in gaps] == [
        ("etape-sans-accompagnement", (ETAPE,)),
        ("public-non-nomme", (PUBLIC,)),
        ("acteur-injoignable", (iri("acteur", "un"),)),
    ]
    assert gaps[0].preuve["etat"] == "inconnue" and gaps[2].preuve["acteurs"] == 1


def test_crowded_cells_from_the_threshold_of_the_vocabulary() -> None:
    found = couverture(*(acteur(name, FINISTERE) for name in "abc"))
    mots = {seuil: {"case-chargee": mot("case-chargee", 1.0, seuil)} for seuil in (3, 4)}
    crowded = manques(found, found.de(FINISTERE), mots[3])
    assert [(one.code, one.objets) for one in crowded] == [
        ("case-chargee", (ETAPE,)),
        ("case-chargee", (ETAPE, ROLE)),
    ]
    assert manques(found, found.de(FINISTERE), mots[4]) == []


def test_differences_between_two_territories() -> None:
    found = couverture(acteur("un", FINISTERE))
    told = {cle: (ici.etat, la.etat) for cle, ici, la in differences(found.de(FINISTERE), found.de(ILLE))}
    assert told[ETAPE, ""] == ("couverte", "exterieure")


def test_written_and_read_back(tmp_path: Path) -> None:
    made = couverture(acteur("un", FINISTERE)).atlas.preparation
    made.ecrire(tmp_path / "couverture.json")
    assert Preparation.lire(tmp_path / "couverture.json") == made


def test_a_cell_of_outsiders_names_the_nearest() -> None:
    far, near = acteur("loin", C), acteur("pres", B, types=(DLA,))
    said = Intervention("d", (ETAPE,), 4, ())
    found = couverture(far, near, declare={"loin": said, "pres": said})
    reperes = {A: (48.0, -4.0), B: (48.1, -4.0), C: (48.1, -1.7)}
    found.atlas.preparation.geographie.reperes.update(reperes)
    cell = found.de(A)
    nearest = found.proche(cell, (ETAPE, ""))
    assert cell.cellules[ETAPE, ""].etat == "exterieure" and nearest is not None
    assert (nearest[0].nom, round(found.atlas.distance(A, B))) == ("pres", 11)
    assert [one[0].nom for one in found.couvrant(found.de(B), (ETAPE, ""))] == ["pres"]
    assert found.proche(found.de(B), (ETAPE, "")) is None


def test_generalists_stand_beside_a_sector_crossed_not_in_one_held() -> None:
    found = couverture(acteur("un", FINISTERE), acteur("deux", FINISTERE, secteurs=(SECTEUR,)))
    crossed = found.croiser(FINISTERE, Croisee(("Etape", "Secteur"))).cellules
    assert {cle[1]: one.acteurs for cle, one in crossed.items()} == {SECTEUR: 1, SANS_SECTEUR: 1}
    held = found.croiser(FINISTERE, Croisee(("Etape",), (("Secteur", SECTEUR),))).cellules
    assert {cle: (one.acteurs, one.generalistes) for cle, one in held.items()} == {(ETAPE, SECTEUR): (1, 1)}


def test_an_actor_that_serves_two_communes_covers_both() -> None:
    both = replace(acteur("un", A), servis=(A, B))
    cell = couverture(both).de(FINISTERE).cellules[ETAPE, ""]
    assert (cell.etat, cell.acteurs, cell.communes.bit_count()) == ("couverte", 1, 2)


def test_changes_since_an_earlier_version() -> None:
    before = couverture(acteur("parti", FINISTERE), acteur("doute", FINISTERE, "a-confirmer"))
    after = couverture(acteur("doute", FINISTERE), acteur("venu", ILLE))
    states = ("plusieurs", "couverte", "exterieure", "a-confirmer", "inconnue", "par-generalistes")
    mots = {code: mot(code, 1.0) for code in (*states, "etape-sans-accompagnement", "etape-a-confirmer")}

    def rendre(territoire: str) -> Rendu:
        return Rendu(after, after.de(territoire), mots, str, str, "fr")

    told = evolution(rendre(FINISTERE), before)
    assert told is not None
    assert [[one["nom"] for one in told[cle]] for cle in ("arrives", "partis", "confirmes")] == [
        [],
        ["parti"],
        ["doute"],
    ]
    assert told["cellules"] == [] and told["manques_parus"] == []
    changed = evolution(rendre(ILLE), before)
    assert changed is not None
    assert {(one["etat"], one["autre"]) for one in changed["cellules"]} == {
        ("couverte", "exterieure"),
        ("par-generalistes", "inconnue"),
    }
    assert [one["nom"] for one in changed["arrives"]] == ["venu"]
    assert (
        evolution(rendre(FINISTERE), Couverture(Atlas(Preparation(Geographie({}, {}, {}), (), {}, {}))))
        is None
    )
