"""Grids: into which cells an intervention falls. A cell is a tuple of concepts, one a dimension."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Protocol

#: a cell: the IRI of a concept by dimension, empty for all.
Cle = tuple[str, ...]
#: concepts by axis (class of the concepts).
ParAxe = Mapping[str, Sequence[str]]
#: stands for the sector of those who receive all sectors.
SANS_SECTEUR = "generaliste"
#: axes crossed up to which every cell is told, that of nobody too.
ENTIERS = 2


class Grille(Hashable, Protocol):
    """Dimensions of a coverage. Coverages are kept by grid."""

    def cles(self, concepts: ParAxe) -> Iterator[Cle]:
        """The cells of what bears on these concepts."""
        ...

    def retenues(self, concepts: ParAxe, trouvees: Iterable[Cle]) -> Iterator[Cle]:
        """The cells to tell, given all the concepts and the cells where somebody was found."""
        ...

    def sans_secteur(self, cle: Cle, secteurs: Mapping[str, object]) -> Cle | None:
        """The cell of the generalists beside a cell of one of the sectors; None where it has no sector."""
        ...


@dataclass(frozen=True)
class ParEtape:
    """Each step, each concept of the other axes, and each step with each of these."""

    autres: tuple[str, ...] = ("Role", "Public", "Secteur", "Famille", "Portee")

    def cles(self, concepts: ParAxe) -> Iterator[Cle]:
        """As Grille."""
        steps = concepts.get("Etape", ())
        others = [one for axe in self.autres for one in concepts.get(axe, ())]
        yield from ((step, "") for step in steps)
        yield from (("", one) for one in others)
        yield from product(steps, others)

    def retenues(self, concepts: ParAxe, trouvees: Iterable[Cle]) -> Iterator[Cle]:
        """As Grille: all of them."""
        return self.cles(concepts)

    def sans_secteur(self, cle: Cle, secteurs: Mapping[str, object]) -> Cle | None:
        """As Grille."""
        return (cle[0], SANS_SECTEUR) if cle[1] in secteurs else None


@dataclass(frozen=True)
class Croisee:
    """Any axes crossed, some of them held at one concept."""

    axes: tuple[str, ...]
    fixes: tuple[tuple[str, str], ...] = field(default=())

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The axes of a cell, in order: those crossed, then those held."""
        return (*self.axes, *(axe for axe, _ in self.fixes))

    def cles(self, concepts: ParAxe) -> Iterator[Cle]:
        """As Grille."""
        held = (
            [one for one in concepts.get(axe, ()) if one in (value, SANS_SECTEUR)]
            for axe, value in self.fixes
        )
        return product(*(concepts.get(axe, ()) for axe in self.axes), *held)

    def retenues(self, concepts: ParAxe, trouvees: Iterable[Cle]) -> Iterator[Cle]:
        """As Grille: all of them up to two axes; beyond, those where somebody was found, in order."""
        known = {**concepts, "Secteur": (*concepts.get("Secteur", ()), SANS_SECTEUR)}
        if len(self.axes) <= ENTIERS:
            return (cle for cle in self.cles(known) if self._tient(cle))
        ranks = {one: rank for rank, one in enumerate(one for axe in known.values() for one in axe)}
        held = (cle for cle in trouvees if self._tient(cle))
        return iter(sorted(held, key=lambda cle: [ranks[one] for one in cle]))

    def sans_secteur(self, cle: Cle, secteurs: Mapping[str, object]) -> Cle | None:
        """As Grille."""
        if not any(one in secteurs for one in cle):
            return None
        return tuple(SANS_SECTEUR if one in secteurs else one for one in cle)

    def _tient(self, cle: Cle) -> bool:
        """Whether a cell holds what is held: that of the generalists, counted beside a sector, does not."""
        return cle[len(self.axes) :] == tuple(value for _, value in self.fixes)
