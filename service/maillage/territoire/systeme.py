"""The system of relations of a territory: what its actors state, what their kinds do by habit.

The two are kept apart: a habit of kinds is no relation between two actors. A relation that nobody stated is
unknown, not absent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from maillage.territoire.couverture import RETENUS, Couverture
from maillage.territoire.preparation import Acteur
from maillage.territoire.relations import Relation, desaccords, paroles, souhaits

if TYPE_CHECKING:
    from maillage.territoire.graphe import Graphe


@dataclass(frozen=True)
class Systeme:
    """Relations of a territory. `acteurs`: those listed there, by IRI; `recenses`: how many of each kind;
    `lies`: the actors that are an end of a stated relation, here or elsewhere.

    `entier`: the whole system, where this one has some relations only: what is wished for or contested,
    and who has no relation, is told of the whole.
    """

    territoire: str
    acteurs: Mapping[str, Acteur]
    recenses: Mapping[str, int]
    lies: frozenset[str]
    declarees: tuple[Relation, ...]
    habituelles: tuple[Relation, ...]
    entier: Systeme | None = None

    @property
    def toutes(self) -> tuple[Relation, ...]:
        """What actors state first, then the habits of kinds."""
        return self.declarees + self.habituelles

    @property
    def _dites(self) -> tuple[Relation, ...]:
        return (self.entier or self).toutes

    def tenue(self, relation: Relation) -> bool:
        """Whether somebody is listed at both ends: an actor, or the actors of a kind."""
        return all(bout in relation.acteurs or self.recenses.get(bout) for bout in relation.bouts)

    @cached_property
    def graphe_declare(self) -> Graphe:
        """The relations that actors state."""
        return _graphe(self.declarees)

    @cached_property
    def graphe_habituel(self) -> Graphe:
        """The habits of kinds of which somebody is listed at both ends."""
        return _graphe(one for one in self.habituelles if self.tenue(one))

    def limite(self, relations: Iterable[str]) -> Systeme:
        """The same with these relations (IRIs) only."""
        kept = set(relations)
        return replace(
            self,
            declarees=tuple(one for one in self.declarees if one.iri in kept),
            habituelles=tuple(one for one in self.habituelles if one.iri in kept),
            entier=self.entier or self,
        )

    @cached_property
    def paroles(self) -> dict[str, str]:
        """Who states each relation, by IRI."""
        return paroles(self._dites)

    @cached_property
    def desaccords(self) -> list[tuple[Relation, Relation]]:
        """Statements that do not agree."""
        return desaccords(self._dites)

    @cached_property
    def souhaits(self) -> list[Relation]:
        """What is wished for, with somebody at both ends, and does not exist."""
        return souhaits(one for one in self._dites if self.tenue(one))

    @cached_property
    def sans_relation(self) -> list[Acteur]:
        """Actors of which no relation is stated, here or elsewhere, and of whose kinds no habit is known."""
        lies = self.lies.union(*(one.bouts for one in self._dites))
        return [one for one in self.acteurs.values() if lies.isdisjoint((one.iri, *one.types))]

    def entre(self, uns: Iterable[str], autres: Iterable[str]) -> list[Relation]:
        """Relations from one of these (actors, kinds) to one of those; either way where reciprocal."""
        de, vers = set(uns), set(autres)
        return [
            one
            for one in self.toutes
            if (one.de in de and one.vers in vers) or (one.reciproques and one.de in vers and one.vers in de)
        ]


class Systemes:
    """The system of relations of any territory of a coverage."""

    def __init__(self, couverture: Couverture, relations: Iterable[Relation]) -> None:
        self._couverture, self._relations = couverture, tuple(relations)
        self.de = lru_cache(RETENUS)(self._lire)

    def _lire(self, territoire: str, jour: str = "") -> Systeme:
        """That of a known territory, today or as of a day (YYYY-MM-DD). Raises KeyError."""
        presences = self._couverture.de(territoire, jour).presences
        acteurs = {presence[0].iri: presence[0] for presence in presences}
        recenses = Counter(kind for one in acteurs.values() for kind in one.types)
        vues = [one for one in self._relations if not jour or one.constat <= jour]
        return Systeme(
            territoire,
            acteurs,
            recenses,
            frozenset(acteur for one in vues for acteur in one.acteurs),
            tuple(one for one in vues if one.declaree and all(each in acteurs for each in one.acteurs)),
            tuple(one for one in vues if not one.declaree and self._vaut(one, territoire, recenses)),
        )

    def _vaut(self, relation: Relation, territoire: str, recenses: Mapping[str, int]) -> bool:
        """Whether a habit holds here: said of no other territory, with somebody at one end at least."""
        if not any(recenses.get(bout) for bout in relation.bouts):
            return False
        atlas = self._couverture.atlas
        known = [one for one in relation.territoires if atlas.connait(one)]
        return not relation.territoires or any(
            one in atlas.englobants(territoire) or territoire in atlas.englobants(one) for one in known
        )


def _graphe(relations: Iterable[Relation]) -> Graphe:
    """Imported here: the library of graphs takes longer to load than the rest, and few answers need it."""
    from maillage.territoire.graphe import Graphe

    return Graphe(tuple(relations))
