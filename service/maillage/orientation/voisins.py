"""Neighbours: for a kind of actor that nobody in an answer stands for, who is the nearest one listed.

Near is told by the territories that enclose both: the same group of towns, then the same département, then
the same region. Beyond, nobody is near. Nearest does not mean that it serves the place: that is said too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from maillage.comprehension.lieux import Geographie
from maillage.lexique import Lexique
from maillage.orientation.annuaire import Annuaire, Inscrit

#: what may enclose an actor and a place, the nearest first; by the last alone nobody is near.
ENCLOS = (
    "commune", "arrondissement-municipal", "epci", "bassin", "departement", "region", "ancienne-region",
    "pays",
)  # fmt: skip


class Voisin(NamedTuple):
    """The nearest actor listed for a kind, the smallest territory (IRI) that holds it and the place, and
    whether it serves the place or a part of it."""

    inscrit: Inscrit
    enclos: str
    dessert: bool


class Voisins:
    """Actors by kind, ready to be measured against a place; safe to share between threads."""

    def __init__(self, annuaire: Annuaire, lexique: Lexique, geographie: Geographie) -> None:
        """Gather, once, the actors that stand for each kind."""
        self._annuaire, self._lexique, self._geographie = annuaire, lexique, geographie
        self._par_type: dict[str, list[Inscrit]] = defaultdict(list)
        kinds: dict[tuple[str, ...], list[str]] = {}
        for inscrit in annuaire.acteurs.values():
            if inscrit.types not in kinds:
                kinds[inscrit.types] = annuaire.est_un(inscrit.types)
            for type_ in kinds[inscrit.types]:
                self._par_type[type_].append(inscrit)

    def absents(self, types: Iterable[str], presents: Iterable[str]) -> list[str]:
        """Of these kinds, those that none of these actors (IRIs) stands for."""
        tenus = {
            type_
            for acteur in presents
            if acteur in self._annuaire.acteurs
            for type_ in self._annuaire.est_un(self._annuaire.acteurs[acteur].types)
        }
        return [type_ for type_ in types if type_ not in tenus]

    def plus_proche(self, type_: str, territoires: Sequence[str]) -> Voisin | None:
        """The nearest actor of this kind to the first of these places; None where none is near.

        One that serves the place is nearer than any other.
        """
        if not territoires:
            return None
        lieu = territoires[0]
        voisins = (self._voisin(inscrit, lieu) for inscrit in self._par_type.get(type_, ()))
        proches = [v for v in voisins if v and (v.dessert or self._rang(v.enclos) < len(ENCLOS) - 1)]
        return min(proches, key=self._distance, default=None)

    def _distance(self, voisin: Voisin) -> tuple[bool, int, str]:
        return not voisin.dessert, self._rang(voisin.enclos), voisin.inscrit.iri

    def _rang(self, territoire: str) -> int:
        return ENCLOS.index(self._lexique.lieux[territoire].classe)

    def _voisin(self, inscrit: Inscrit, lieu: str) -> Voisin | None:
        autour, sien = self._enclos(lieu), self._enclos(inscrit.commune, *inscrit.servis)
        communs = autour & sien
        if not communs:
            return None
        dessert = not autour.isdisjoint(inscrit.servis) or lieu in self._enclos(*inscrit.servis)
        return Voisin(inscrit, min(communs, key=lambda iri: (self._rang(iri), iri)), dessert)

    def _enclos(self, *lieux: str) -> set[str]:
        """These places and what encloses them."""
        autour = (iri for lieu in lieux if lieu for iri in (lieu, *self._geographie.ancetres(lieu)))
        connus = self._lexique.lieux
        return {iri for iri in autour if iri in connus and connus[iri].classe in ENCLOS}
