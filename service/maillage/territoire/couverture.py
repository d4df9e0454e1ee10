"""Who covers each cell of a territory: a step, a role, an audience, a sector, a family, or a step and one.

The state of a cell is a concept of the vocabulary `etats-couverture`. What nobody is listed for is unknown,
never absent. An actor that declared what it does is taken at its word; another is taken for its kinds' habit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from maillage.territoire.atlas import Atlas, Masque
from maillage.territoire.preparation import Acteur, Concept, Intervention

#: statuses that need no confirmation.
SURS = frozenset({"atteste", "declare"})
HISTORIQUE = "historique"
#: a cell: step (empty for all), concept (empty for all).
Cle = tuple[str, str]
#: stands for all sectors in the cell of those who have none.
SANS_SECTEUR = "generaliste"
#: territories whose coverage is kept at hand.
RETENUS = 128
CITES = 5


@dataclass(slots=True)
class Cellule:
    """What is known of a cell: who, how sure, how far. Lists go from the surest to the least sure."""

    acteurs: int = 0
    confirmes: int = 0
    declares: int = 0
    entiers: int = 0
    entiers_confirmes: int = 0
    degre: int = 0
    communes: Masque = 0
    communes_confirmees: Masque = 0
    cites: list[tuple[Acteur, str, bool]] = field(default_factory=list)
    etat: str = "inconnue"
    etat_si_confirme: str = "inconnue"
    generalistes: int = 0
    ailleurs: str = ""

    def ajouter(self, presence: Presence, degre: int, declare: bool, communes: Masque | None) -> None:
        """Count an actor that covers the cell, on these communes only; None for the whole territory."""
        sur, entier = presence[0].statut in SURS, communes is None
        self.acteurs += 1
        self.confirmes += sur
        self.declares += declare
        self.entiers += entier
        self.entiers_confirmes += entier and sur
        self.degre = max(self.degre, degre)
        if communes is not None:
            self.communes |= communes
            self.communes_confirmees |= communes if sur else 0
        if len(self.cites) < CITES:
            self.cites.append(presence)


Presence = tuple[Acteur, str, bool]
#: degree, and communes; None for the whole territory.
Portee = tuple[int, Masque | None]
#: interventions, whether declared, sectors, reaches.
Profil = tuple[tuple[Intervention, ...], bool, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Tableau:
    """The coverage of a territory: its listed actors (the population behind every figure) and its cells."""

    territoire: str
    presences: tuple[Presence, ...]
    cellules: dict[Cle, Cellule]
    declarants: int

    @property
    def confirmes(self) -> int:
        """How many listed actors need no confirmation."""
        return sum(one[0].statut in SURS for one in self.presences)


class Couverture:
    """Coverage of any territory of an atlas."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self._interventions = atlas.preparation.interventions
        self._concepts = atlas.preparation.concepts
        self.etapes = self.axe("Etape")
        self._brut = lru_cache(RETENUS)(self._compter)
        self.de = lru_cache(RETENUS)(self._lire)

    def axe(self, classe: str) -> list[Concept]:
        """The concepts of an axis, in order."""
        found = (one for one in self._concepts.values() if one.axe == classe)
        return sorted(found, key=lambda one: (one.ordre, one.code))

    def cles(self) -> Iterator[Cle]:
        """Every cell: each concept alone, then each step with each other concept."""
        others = [
            one.iri for name in ("Role", "Public", "Secteur", "Famille", "Portee") for one in self.axe(name)
        ]
        yield from ((step.iri, "") for step in self.etapes)
        yield from (("", one) for one in others)
        yield from ((step.iri, one) for step in self.etapes for one in others)

    def _lire(self, territoire: str, jour: str = "") -> Tableau:
        """The coverage of a known territory, today or as of a day (YYYY-MM-DD). Raises KeyError."""
        brut, whole = self._brut(territoire, jour), self.atlas.masque(territoire)
        cells: dict[Cle, Cellule] = {}
        for cle in self.cles():
            cell = brut.cellules.get(cle) or Cellule()
            if self._concepts[cle[1]].axe == "Secteur" if cle[1] else False:
                general = brut.cellules.get((cle[0], SANS_SECTEUR))
                cell.generalistes = general.acteurs if general else 0
            cell.etat = _etat(cell, cell.confirmes, cell.entiers_confirmes, cell.communes_confirmees, whole)
            cell.etat_si_confirme = _etat(cell, cell.acteurs, cell.entiers, cell.communes, whole)
            if cell.etat == "inconnue":
                cell.ailleurs = self._ailleurs(territoire, cle, jour)
                cell.etat = cell.etat_si_confirme = "exterieure" if cell.ailleurs else "inconnue"
            cells[cle] = cell
        return Tableau(territoire, brut.presences, cells, brut.declarants)

    def _ailleurs(self, territoire: str, cle: Cle, jour: str) -> str:
        """The smallest territory around where somebody covers the cell; empty where there is none."""
        for around in self.atlas.englobants(territoire)[1:]:
            if cle in self._brut(around, jour).cellules:
                return around
        return ""

    def _compter(self, territoire: str, jour: str) -> Tableau:
        """Who is there and what they cover, before any state is told."""
        presences = [one for one in self.atlas.servant(territoire) if _visible(one[0], jour)]
        presences.sort(key=lambda one: (one[0].statut not in SURS, not one[2], one[0].nom))
        around = frozenset(self.atlas.englobants(territoire))
        known: dict[Profil, dict[Cle, Portee]] = {}
        cells: defaultdict[Cle, Cellule] = defaultdict(Cellule)
        declarants = 0
        for presence in presences:
            profil = self._profil(presence[0])
            declarants += profil[1]
            if profil not in known:
                known[profil] = self._cellules(profil, territoire, around)
            served = None if presence[2] else self.atlas.masque(presence[1])
            for cle, (degre, limites) in known[profil].items():
                cells[cle].ajouter(presence, degre, profil[1], _communes(served, limites))
        return Tableau(territoire, tuple(presences), dict(cells), declarants)

    def _profil(self, acteur: Acteur) -> Profil:
        """What an actor does, whether it said so itself, in which sectors, at which place of a path."""
        own = self._interventions.get(acteur.iri)
        if own:
            return own, True, acteur.secteurs, acteur.portees
        habits = dict.fromkeys(one for kind in acteur.types for one in self._interventions.get(kind, ()))
        return tuple(habits), False, acteur.secteurs, acteur.portees

    def _cellules(self, profil: Profil, territoire: str, around: frozenset[str]) -> dict[Cle, Portee]:
        """The cells that a profile covers on a territory, each with its degree and its communes."""
        interventions, _, secteurs, portees = profil
        found: dict[Cle, Portee] = {}
        for one in interventions:
            ici, limites = self._ici(one, territoire, around)
            if not ici:
                continue
            steps, others = self._ranger(one.concepts, secteurs)
            for cle in _croiser(steps, [*others, *portees]):
                degre, communes = found.get(cle, (0, 0))
                whole = limites is None or communes is None
                found[cle] = (max(degre, one.degre), None if whole else (communes or 0) | (limites or 0))
        return found

    def _ici(self, one: Intervention, territoire: str, around: frozenset[str]) -> tuple[bool, Masque | None]:
        """Whether an intervention takes place on a territory, and on which communes; None for all of it."""
        known = [each for each in one.territoires if self.atlas.connait(each)]
        if not one.territoires or any(each in around for each in known):
            return True, None
        inside = [each for each in known if territoire in self.atlas.englobants(each)]
        return bool(inside), _union(self.atlas.masque(each) for each in inside)

    def _ranger(self, concepts: Iterable[str], secteurs: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """The steps, and the other concepts with the actor's own sectors."""
        axes = {concept: self._concepts[concept].axe for concept in concepts}
        steps = [concept for concept, axe in axes.items() if axe == "Etape"]
        others = dict.fromkeys(concept for concept, axe in axes.items() if axe != "Etape")
        if secteurs:
            others = dict.fromkeys(one for one in others if axes[one] != "Secteur") | dict.fromkeys(secteurs)
        elif "Secteur" not in axes.values():
            others[SANS_SECTEUR] = None
        return steps, list(others)


def _communes(servies: Masque | None, limites: Masque | None) -> Masque | None:
    """Communes where an actor serves and intervenes; None for the whole territory."""
    if servies is None or limites is None:
        return limites if servies is None else servies
    return servies & limites


def _union(masques: Iterable[Masque]) -> Masque:
    found = 0
    for one in masques:
        found |= one
    return found


def _croiser(steps: list[str], others: list[str]) -> Iterator[Cle]:
    yield from ((step, "") for step in steps)
    yield from (("", one) for one in others)
    yield from ((step, one) for step in steps for one in others)


def _etat(cell: Cellule, acteurs: int, entiers: int, communes: Masque, whole: Masque) -> str:
    """State of a cell, counting these actors only: wholly served, else in part, else what is left to say."""
    if entiers:
        return "plusieurs" if entiers > 1 else "couverte"
    if whole and communes & whole == whole:
        return "couverte"
    if acteurs:
        return "partielle"
    if cell.acteurs:
        return "a-confirmer"
    return "par-generalistes" if cell.generalistes else "inconnue"


def _visible(acteur: Acteur, jour: str) -> bool:
    """Whether an actor is there: today, unless past; as of a day, where seen by then and not yet over."""
    if not jour:
        return acteur.statut != HISTORIQUE
    return acteur.constat <= jour and (acteur.statut != HISTORIQUE or acteur.fin > jour)
