"""Neighbours: for a kind of actor that nobody in an answer stands for, who is the nearest one listed.

Near is told by the territories that enclose both: the same group of towns, then the same département, then
the same region. Beyond, nobody is near. Nearest does not mean that it serves the place: that is said too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
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


class _Presence(NamedTuple):
    """The actors (IRIs) of one kind by territory: that are in it, that serve it, that serve a place in it."""

    dedans: dict[str, set[str]]
    servi: dict[str, set[str]]
    en_partie: dict[str, set[str]]


class Voisins:
    """Actors by kind, ready to be measured against a place; safe to share between threads."""

    def __init__(self, annuaire: Annuaire, lexique: Lexique, geographie: Geographie) -> None:
        """Gather, once, the actors that stand for each kind."""
        self._annuaire, self._lexique, self._geographie = annuaire, lexique, geographie
        self._par_type: dict[str, list[Inscrit]] = defaultdict(list)
        self._presences: dict[str, _Presence] = {}
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

    def plus_proche(
        self, type_: str, territoires: Sequence[str], secteurs: frozenset[str] | None = None
    ) -> Voisin | None:
        """The nearest actor of this kind to the first of these places; None where none is near.

        One that serves the place is nearer than any other. With `secteurs`, an actor that has sectors must
        have one of them.
        """
        if not territoires or type_ not in self._par_type:
            return None
        lieu, presence = territoires[0], self._presence(type_)
        siens = {one.iri for one in self._par_type[type_] if _du_secteur(one, secteurs)}
        autour = sorted(self._enclos(lieu), key=self._rang)
        servants = set(presence.en_partie.get(lieu, ())).union(*(presence.servi.get(un, ()) for un in autour))
        proches = [un for un in autour if self._rang(un) < len(ENCLOS) - 1]
        premier = self._premier(presence, autour, servants & siens, dessert=True)
        return premier or self._premier(presence, proches, siens, dessert=False)

    def _premier(
        self, presence: _Presence, autour: Sequence[str], parmi: set[str], *, dessert: bool
    ) -> Voisin | None:
        """Of these actors, the one in the nearest of these territories, given nearest first; alike, the first
        by IRI."""
        for _, semblables in groupby(autour, self._rang):
            trouves: dict[str, str] = {}
            for enclos in sorted(semblables, reverse=True):
                trouves |= dict.fromkeys(presence.dedans.get(enclos, set()) & parmi, enclos)
            if trouves:
                acteur = min(trouves)
                return Voisin(self._annuaire.acteurs[acteur], trouves[acteur], dessert)
        return None

    def _presence(self, type_: str) -> _Presence:
        """Where the actors of a kind are, gathered at the first question about them."""
        if type_ not in self._presences:
            presence = _Presence(defaultdict(set), defaultdict(set), defaultdict(set))
            for inscrit in self._par_type[type_]:
                servis = self._enclos(*inscrit.servis)
                for territoires, index in (
                    (servis | self._enclos(inscrit.commune), presence.dedans),
                    (set(inscrit.servis), presence.servi),
                    (servis, presence.en_partie),
                ):
                    for territoire in territoires:
                        index[territoire].add(inscrit.iri)
            self._presences[type_] = presence
        return self._presences[type_]

    def _rang(self, territoire: str) -> int:
        return ENCLOS.index(self._lexique.lieux[territoire].classe)

    def _enclos(self, *lieux: str) -> set[str]:
        """These places and what encloses them."""
        autour = (iri for lieu in lieux if lieu for iri in (lieu, *self._geographie.ancetres(lieu)))
        connus = self._lexique.lieux
        return {iri for iri in autour if iri in connus and connus[iri].classe in ENCLOS}


def _du_secteur(inscrit: Inscrit, secteurs: frozenset[str] | None) -> bool:
    return secteurs is None or not inscrit.secteurs or not secteurs.isdisjoint(inscrit.secteurs)
