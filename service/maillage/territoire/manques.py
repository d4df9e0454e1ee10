"""Gaps and excesses of a territory, ranked, each with its evidence and a line of work to discuss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from maillage.territoire.cellule import CITES, Cellule
from maillage.territoire.couverture import Couverture, Tableau
from maillage.territoire.grille import Cle
from maillage.territoire.mots import Mot
from maillage.territoire.preparation import Concept

#: kinds of gap, as the vocabulary `types-manque` codes them.
SANS_ACCOMPAGNEMENT, A_CONFIRMER = "etape-sans-accompagnement", "etape-a-confirmer"
PUBLIC, SECTEUR, INJOIGNABLE, CHARGEE = (
    "public-non-nomme", "secteur-par-generalistes", "acteur-injoignable", "case-chargee",
)  # fmt: skip


@dataclass(frozen=True)
class Manque:
    """A gap: its kind, what it bears on (IRIs of concepts or actors), the figures that prove it."""

    code: str
    objets: tuple[str, ...]
    preuve: Mapping[str, int | str]
    poids: float


def manques(couverture: Couverture, tableau: Tableau, mots: Mapping[str, Mot]) -> list[Manque]:
    """The gaps of a coverage, the heaviest first; kinds and weights are those of the vocabulary."""
    found = [
        Manque(code, objets, preuve, mots[code].poids)
        for code, objets, preuve in _trouver(couverture, tableau, mots)
        if code in mots
    ]
    return sorted(found, key=lambda one: (-one.poids, one.code, one.objets))


Trouve = tuple[str, tuple[str, ...], Mapping[str, int | str]]


def _trouver(couverture: Couverture, tableau: Tableau, mots: Mapping[str, Mot]) -> Iterator[Trouve]:
    highest = len(couverture.atlas.preparation.degres)
    for step in couverture.etapes:
        cell = tableau.cellules[step.iri, ""]
        if cell.degre < highest:
            yield SANS_ACCOMPAGNEMENT, (step.iri,), _chiffres(cell)
        if cell.acteurs and not cell.confirmes:
            yield A_CONFIRMER, (step.iri,), _chiffres(cell)
    yield from _chargees(couverture, tableau, mots)
    publics = [one.iri for one in couverture.axe("Public") if not tableau.cellules["", one.iri].acteurs]
    if publics:
        yield PUBLIC, tuple(publics), {"acteurs": 0, "publics": len(publics)}
    general = [one for one in couverture.axe("Secteur") if not one.larges and _general(tableau, one)]
    if general:
        figures = {"acteurs": 0, "generalistes": tableau.cellules["", general[0].iri].generalistes}
        yield SECTEUR, tuple(one.iri for one in general), figures
    unreachable = [one[0].iri for one in tableau.presences if not one[0].joignable]
    if unreachable:
        yield INJOIGNABLE, tuple(unreachable[:CITES]), {"acteurs": len(unreachable)}


def _chargees(couverture: Couverture, tableau: Tableau, mots: Mapping[str, Mot]) -> Iterator[Trouve]:
    """Crowded steps, and within each the roles that many play."""
    if CHARGEE not in mots:
        return
    roles = [one.iri for one in couverture.axe("Role")]
    for step in couverture.etapes:
        for cle in ((step.iri, ""), *((step.iri, role) for role in roles)):
            cell = tableau.cellules[cle]
            if cell.confirmes >= mots[CHARGEE].seuil:
                yield CHARGEE, tuple(filter(None, cle)), _chiffres(cell)


def _general(tableau: Tableau, secteur: Concept) -> bool:
    return tableau.cellules["", secteur.iri].etat == "par-generalistes"


def _chiffres(cell: Cellule) -> dict[str, int | str]:
    return {
        "etat": cell.etat,
        "acteurs": cell.acteurs,
        "confirmes": cell.confirmes,
        "degre": cell.degre,
    }


def differences(ici: Tableau, autre: Tableau) -> list[tuple[Cle, Cellule, Cellule]]:
    """The cells whose state differs between two territories, or two dates of one."""
    return [
        (cle, cell, autre.cellules[cle])
        for cle, cell in ici.cellules.items()
        if cle in autre.cellules and cell.etat != autre.cellules[cle].etat
    ]
