"""Which territory is in which, and who serves what: communes as bits, so that unions are exact and quick."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from math import cos, hypot, inf, radians

from maillage.territoire.preparation import FRANCE, Acteur, Preparation

Masque = int
#: radius of the Earth, in kilometres.
RAYON = 6371.0
#: territories of which those around are kept at hand.
ENGLOBES = 8192
DEPARTEMENT = "/departement/"


class Atlas:
    """The territories of a preparation, and the actors that serve each."""

    def __init__(self, preparation: Preparation) -> None:
        self.preparation = preparation
        self._geographie = preparation.geographie
        self._rangs = {name: rank for rank, name in enumerate(self._geographie.communes)}
        self._noms = list(self._rangs)
        self._populations: dict[Masque, int] = {}
        self.englobants = lru_cache(ENGLOBES)(self._englober)
        self._repere = lru_cache(ENGLOBES)(self._reperer)

    def nom(self, territoire: str) -> str:
        """Name of a territory; empty for a commune, whose name is in the lexicon."""
        return self._geographie.noms.get(territoire, "")

    def connait(self, territoire: str) -> bool:
        """Whether the territory is known."""
        return territoire in self._rangs or territoire in self._geographie.englobants

    def _englober(self, territoire: str) -> tuple[str, ...]:
        """The territory and those around it, the smallest first. Raises KeyError."""
        around = self._geographie.englobants.get(territoire)
        if around is None:
            _, parents = self._geographie.communes[territoire]
            around = (territoire, *{one: None for parent in parents for one in self.englobants(parent)})
        return tuple(sorted(dict.fromkeys(around), key=lambda one: (one != territoire, self.taille(one))))

    def taille(self, territoire: str) -> int:
        """How many communes it has; a territory whose communes are not known comes after a commune."""
        return 1 if territoire in self._rangs else self.masque(territoire).bit_count() or 2

    def masque(self, territoire: str) -> Masque:
        """Its communes, a bit each; 0 where they are not known."""
        if territoire in self._rangs:
            return 1 << self._rangs[territoire]
        return self._masques.get(territoire, 0)

    def distance(self, ici: str, la: str) -> float:
        """Kilometres between the points of two territories, or of what is around; infinite if unknown."""
        here, there = self._repere(ici), self._repere(la)
        if here is None or there is None:
            return inf
        (north, east), (to_north, to_east) = here, there
        flat = (to_east - east) * cos((north + to_north) / 2)
        return RAYON * hypot(flat, to_north - north)

    def _reperer(self, territoire: str) -> tuple[float, float] | None:
        """Latitude and longitude, in radians, of a territory or of what is around."""
        points = self._geographie.reperes
        found = next((points[one] for one in self.englobants(territoire) if one in points), None)
        return (radians(found[0]), radians(found[1])) if found else None

    def servies(self, acteur: Acteur) -> Masque:
        """The communes of all the territories that an actor serves, a bit each."""
        found = 0
        for one in acteur.servis:
            found |= self.masque(one)
        return found

    def communes(self, masque: Masque) -> list[str]:
        """The communes of a set."""
        found = []
        while masque:
            low = masque & -masque
            found.append(self._noms[low.bit_length() - 1])
            masque ^= low
        return found

    def departements(self, territoire: str) -> list[str]:
        """The départements inside a territory, itself where it is one."""
        around = self._geographie.englobants
        return [one for one, found in around.items() if DEPARTEMENT in one and territoire in found]

    def habitants(self, masque: Masque) -> int:
        """Inhabitants of a set of communes, whole départements added at once."""
        if masque not in self._populations:
            self._populations[masque] = sum(self._part(masque, one) for one in self._departements)
        return self._populations[masque]

    def servant(self, territoire: str) -> list[tuple[Acteur, str, bool]]:
        """(actor, territory served, whether it serves all of it), each actor once: wholly where it can."""
        found: dict[str, tuple[Acteur, str, bool]] = {}
        for served in self.englobants(territoire):
            for acteur in self._par_servi.get(served, ()):
                found.setdefault(acteur.iri, (acteur, served, True))
        for served in self._dedans.get(territoire, ()):
            for acteur in self._par_servi[served]:
                found.setdefault(acteur.iri, (acteur, served, False))
        return list(found.values())

    @cached_property
    def _par_servi(self) -> dict[str, list[Acteur]]:
        served: dict[str, list[Acteur]] = defaultdict(list)
        for acteur in self.preparation.acteurs:
            for one in acteur.servis:
                if self.connait(one):
                    served[one].append(acteur)
        return dict(served)

    @cached_property
    def _dedans(self) -> dict[str, list[str]]:
        """By territory, the territories served that are strictly inside."""
        inside: dict[str, list[str]] = defaultdict(list)
        for served in sorted(self._par_servi):
            for around in self.englobants(served):
                if around != served:
                    inside[around].append(served)
        return dict(inside)

    @cached_property
    def _masques(self) -> dict[str, Masque]:
        size = len(self._rangs) // 8 + 1
        bits: dict[str, bytearray] = defaultdict(lambda: bytearray(size))
        around = self._geographie.englobants
        for rank, (_, parents) in enumerate(self._geographie.communes.values()):
            byte, bit = rank >> 3, 1 << (rank & 7)
            for one in {each for parent in parents for each in around.get(parent, (parent,))}:
                bits[one][byte] |= bit
        return {name: int.from_bytes(found, "little") for name, found in bits.items()}

    @cached_property
    def _departements(self) -> list[tuple[Masque, int, tuple[int, ...]]]:
        """Communes, inhabitants and ranks of each département; communes of none stand together."""
        ranks: dict[str, list[int]] = defaultdict(list)
        for rank, (_, parents) in enumerate(self._geographie.communes.values()):
            ranks[next((one for one in parents if DEPARTEMENT in one), FRANCE)].append(rank)
        return [
            (sum(1 << rank for rank in found), sum(self._nombres[rank] for rank in found), tuple(found))
            for found in ranks.values()
        ]

    @cached_property
    def _nombres(self) -> list[int]:
        return [population for population, _ in self._geographie.communes.values()]

    def _part(self, masque: Masque, departement: tuple[Masque, int, tuple[int, ...]]) -> int:
        whole, population, ranks = departement
        common = masque & whole
        if not common:
            return 0
        if common == whole:
            return population
        return sum(self._nombres[rank] for rank in ranks if common >> rank & 1)
