"""On a real corpus: the same figures as SPARQL by hand, maps and the country in short as each page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from maillage.config import Settings
from maillage.namespaces import MLG, iri
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import EntrepotEmbarque, Ligne
from maillage.territoire import matrices
from maillage.territoire.atlas import Atlas
from maillage.territoire.cellule import Cellule
from maillage.territoire.couverture import Couverture
from maillage.territoire.grille import SANS_SECTEUR, Croisee
from maillage.territoire.preparation import preparer
from maillage.versions.instantane import REQUETES, charger_courant

FINISTERE, FRANCE = iri("departement", "29"), iri("pays", "france")
LIEUX = ["departement:29", "commune:29232", "region:53", "pays:france", "bassin:cornouaille"]
COMPTES = ("acteurs", "confirmes", "declarants", "entiers", "degre")


@pytest.fixture(scope="module")
def recensement(racine_finistere: Path) -> tuple[EntrepotEmbarque, Requetes, Couverture]:
    """The store of the small corpus, its queries, and the coverage prepared from them."""
    dossier, entrepot, _ = charger_courant(Settings(racine=racine_finistere).dossier_instantanes)
    requetes = Requetes(dossier / REQUETES)
    return entrepot, requetes, Couverture(Atlas(preparer(entrepot, requetes)))


Recensement = tuple[EntrepotEmbarque, Requetes, Couverture]


def comptes(rows: list[Ligne], axes: tuple[str, ...]) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Figures by cell, as a stored query gives them."""
    return {
        tuple(row[axe].value if axe in row else SANS_SECTEUR for axe in axes): tuple(
            int(row[name].value) if name in row else 0 for name in COMPTES
        )
        for row in rows
    }


def chiffres(cell: Cellule) -> tuple[int, ...]:
    return cell.acteurs, cell.confirmes, cell.declares, cell.entiers, cell.degre


@pytest.mark.parametrize("lieu", LIEUX)
def test_steps_count_what_the_stored_query_counts(recensement: Recensement, lieu: str) -> None:
    entrepot, requetes, found = recensement
    cells = found.de(iri(*lieu.split(":"))).cellules
    rows = requetes.executer(
        entrepot, "couverture-etapes-d-un-territoire", {"territoire": lieu, "langue": "fr"}
    )
    assert len(rows) == len(found.etapes) == 6
    asked = {cle: told[:4] for cle, told in comptes(rows, ("etape",)).items()}
    assert {(one.iri,): chiffres(cells[one.iri, ""])[:4] for one in found.etapes} == asked


@pytest.mark.parametrize("lieu", LIEUX)
@pytest.mark.parametrize(
    ("lignes", "colonnes", "tenu"),
    [
        ("Etape", "Public", ""),
        ("Role", "Secteur", ""),
        ("Famille", "Public", ""),
        ("Etape", "Public", "sport"),
    ],
)
def test_two_axes_count_what_the_stored_query_counts(
    recensement: Recensement, lieu: str, lignes: str, colonnes: str, tenu: str
) -> None:
    entrepot, requetes, found = recensement
    asked = {"territoire": lieu, "axeLignes": MLG + lignes, "axeColonnes": MLG + colonnes}
    held = {"tenu": iri("secteur", tenu)} if tenu else {}
    rows = requetes.executer(entrepot, "couverture-croisee", {**asked, **held})
    grid = Croisee((lignes, colonnes), tuple(("Secteur", one) for one in held.values()))
    cells = found.croiser(iri(*lieu.split(":")), grid).cellules
    counted = {
        cle[:2]: chiffres(one) for cle, one in cells.items() if one.acteurs and SANS_SECTEUR not in cle
    }
    assert rows and counted == comptes(rows, ("ligne", "colonne"))


@pytest.mark.parametrize("lieu", LIEUX)
def test_five_axes_count_what_the_stored_query_counts(recensement: Recensement, lieu: str) -> None:
    entrepot, requetes, found = recensement
    rows = requetes.executer(entrepot, "couverture-cinq-axes", {"territoire": lieu})
    cells = found.croiser(
        iri(*lieu.split(":")), Croisee(("Etape", "Role", "Public", "Secteur", "Famille"))
    ).cellules
    counted = {cle: chiffres(one) for cle, one in cells.items()}
    assert rows and counted == comptes(rows, ("etape", "role", "public", "secteur", "famille"))


def test_map_says_of_a_commune_what_its_own_page_says(recensement: Recensement) -> None:
    found = recensement[2]
    whole = found.de(FINISTERE)
    by_step = {one.iri: found.par_commune(whole, (one.iri, "")) for one in found.etapes}
    communes = sorted(by_step[found.etapes[0].iri])
    assert len(communes) == 277 and {"couverte", "a-confirmer"} <= set(by_step[found.etapes[0].iri].values())
    for commune in [*communes[::20], iri("commune", "29151"), iri("commune", "29232")]:
        own = found.croiser(commune, Croisee(("Etape",))).cellules
        assert {step: told[commune] for step, told in by_step.items()} == {
            cle[0]: one.etat for cle, one in own.items()
        }


def test_the_country_in_short_is_what_each_territory_says(recensement: Recensement) -> None:
    found = recensement[2]
    told = matrices.calculer(found)
    for name in (FINISTERE, FRANCE, iri("region", "53"), iri("ancienne-region", "25")):
        assert told[name] == matrices.resumer(found.de(name))
