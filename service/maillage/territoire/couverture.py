"""Who covers each cell of a territory: a step, a role, an audience, a sector, a family, or several crossed.

An actor that declared what it does is taken at its word; another is taken for its kinds' habit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from maillage.territoire.atlas import Atlas, Masque
from maillage.territoire.cellule import SURS, Cellule, Presence
from maillage.territoire.grille import SANS_SECTEUR, Cle, Grille, ParAxe, ParEtape
from maillage.territoire.preparation import AXES, Acteur, Concept, Intervention

HISTORIQUE = "historique"
#: territories whose coverage is kept at hand.
RETENUS = 128
PAR_ETAPE = ParEtape()

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
    jour: str = ""

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
        self._secteurs = {one.iri: one for one in self.axe("Secteur")}
        self._brut = lru_cache(RETENUS)(self._compter)
        self._portees = lru_cache(RETENUS)(self._porter)
        self._proches = lru_cache(RETENUS)(self._approcher)
        self._profils: dict[object, Profil] = {}
        self.de = lru_cache(RETENUS)(self._lire)

    def axe(self, classe: str) -> list[Concept]:
        """The concepts of an axis, in order."""
        found = (one for one in self._concepts.values() if one.axe == classe)
        return sorted(found, key=lambda one: (one.ordre, one.code))

    def concepts(self) -> dict[str, list[str]]:
        """Every concept by axis, in order."""
        return {axe: [one.iri for one in self.axe(axe)] for axe in AXES}

    def croiser(self, territoire: str, grille: Grille, jour: str = "") -> Tableau:
        """The coverage of a known territory on a grid.

        `jour`: as of a day (YYYY-MM-DD), or empty for today. Raises KeyError.
        """
        brut, whole = self._brut(territoire, jour, grille), self.atlas.masque(territoire)
        cells: dict[Cle, Cellule] = {}
        for cle in grille.retenues(self.concepts(), brut.cellules):
            cell = brut.cellules.get(cle) or Cellule()
            general = brut.cellules.get(grille.sans_secteur(cle, self._secteurs) or ())
            cell.generalistes = general.acteurs if general else 0
            cell.conclure(whole)
            if cell.etat == "inconnue":
                cell.ailleurs = self._ailleurs(territoire, cle, jour, grille)
                cell.etat = cell.etat_si_confirme = "exterieure" if cell.ailleurs else "inconnue"
            cells[cle] = cell
        return Tableau(territoire, brut.presences, cells, brut.declarants, jour)

    def couvrant(self, tableau: Tableau, cle: Cle, grille: Grille = PAR_ETAPE) -> list[Presence]:
        """Everybody who covers a cell, the surest first."""
        reached = self._portees(tableau.territoire, grille)
        return [one for one in tableau.presences if cle in reached(self._profil(one[0]))]

    def proche(self, tableau: Tableau, cle: Cle, grille: Grille = PAR_ETAPE) -> Presence | None:
        """Who covers a cell that only outsiders cover: the nearest, where it is known where they are."""
        around = tableau.cellules[cle].ailleurs
        if not around:
            return None
        return self._proches(tableau.territoire, around, tableau.jour, grille).get(cle)

    def par_commune(self, tableau: Tableau, cle: Cle, grille: Grille = PAR_ETAPE) -> dict[str, str]:
        """State of a cell in each commune of a territory, as the commune's own coverage says it."""
        reached, names = self._portees(tableau.territoire, grille), self.atlas.communes
        counts: dict[Masque, list[int]] = defaultdict(lambda: [0, 0])
        whole = self.atlas.masque(tableau.territoire)
        for acteur, _, entier in tableau.presences:
            covered = reached(self._profil(acteur)).get(cle)
            if covered is not None:
                mask = _communes(None if entier else self.atlas.servies(acteur) & whole, covered[1])
                counts[-1 if mask is None else mask][acteur.statut in SURS] += 1
        everywhere = counts.pop(-1, [0, 0])
        found = {name: list(everywhere) for name in names(whole)}
        for mask, added in counts.items():
            for name in names(mask & whole):
                found[name][0] += added[0]
                found[name][1] += added[1]
        cell = tableau.cellules[cle]
        other = "exterieure" if cell.acteurs or cell.ailleurs else "inconnue"
        return {name: _etat_local(*told) or other for name, told in found.items()}

    def _lire(self, territoire: str, jour: str = "") -> Tableau:
        """The coverage of a known territory, today or as of a day (YYYY-MM-DD). Raises KeyError."""
        return self.croiser(territoire, PAR_ETAPE, jour)

    def _ailleurs(self, territoire: str, cle: Cle, jour: str, grille: Grille) -> str:
        """The smallest territory around where somebody covers the cell; empty where there is none."""
        for around in self.atlas.englobants(territoire)[1:]:
            if cle in self._brut(around, jour, grille).cellules:
                return around
        return ""

    def _approcher(self, territoire: str, around: str, jour: str, grille: Grille) -> dict[Cle, Presence]:
        """For each cell covered around, the actor that serves the nearest territory; of a profile, one."""
        presences, reached = self._brut(around, jour, PAR_ETAPE).presences, self._portees(around, grille)
        far = {served: self.atlas.distance(territoire, served) for served in {one[1] for one in presences}}
        found: dict[Cle, Presence] = {}
        seen: set[int] = set()
        for one in sorted(presences, key=lambda one: (far[one[1]], one[0].nom)):
            profil = self._profil(one[0])
            if id(profil) not in seen:
                seen.add(id(profil))
                found |= {cle: one for cle in reached(profil) if cle not in found}
        return found

    def _compter(self, territoire: str, jour: str, grille: Grille) -> Tableau:
        """Who is there and what they cover, before any state is told."""
        presences = [one for one in self.atlas.servant(territoire) if _visible(one[0], jour)]
        presences.sort(key=lambda one: (one[0].statut not in SURS, not one[2], one[0].nom))
        reached = self._portees(territoire, grille)
        cells: defaultdict[Cle, Cellule] = defaultdict(Cellule)
        declarants, whole = 0, self.atlas.masque(territoire)
        for presence in presences:
            profil = self._profil(presence[0])
            declarants += profil[1]
            served = None if presence[2] else self.atlas.servies(presence[0]) & whole
            for cle, (degre, limites) in reached(profil).items():
                cells[cle].ajouter(presence, degre, profil[1], _communes(served, limites))
        return Tableau(territoire, tuple(presences), dict(cells), declarants)

    def _profil(self, acteur: Acteur) -> Profil:
        """What an actor does, whether it said so itself, in which sectors, at which place of a path.

        Actors that are alike have the same object: it is told apart by its identity, which costs nothing.
        """
        own = self._interventions.get(acteur.iri)
        key = (acteur.iri if own else acteur.types, acteur.secteurs, acteur.portees)
        if key not in self._profils:
            habits = dict.fromkeys(one for kind in acteur.types for one in self._interventions.get(kind, ()))
            made = (own or tuple(habits), bool(own), acteur.secteurs, acteur.portees)
            return self._profils.setdefault(key, made)  # one object, whatever the threads
        return self._profils[key]

    def _porter(self, territoire: str, grille: Grille) -> Portees:
        return Portees(self, territoire, grille)

    def ici(self, one: Intervention, territoire: str, around: frozenset[str]) -> tuple[bool, Masque | None]:
        """Whether an intervention takes place on a territory, and on which communes; None for all of it."""
        known = [each for each in one.territoires if self.atlas.connait(each)]
        if not one.territoires or any(each in around for each in known):
            return True, None
        inside = [each for each in known if territoire in self.atlas.englobants(each)]
        return bool(inside), _union(self.atlas.masque(each) for each in inside)

    def ranger(self, concepts: Iterable[str], secteurs: tuple[str, ...]) -> dict[str, list[str]]:
        """Concepts by axis; an actor's own sectors stand for those of its interventions."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for concept in concepts:
            found[self._concepts[concept].axe].append(concept)
        if secteurs or not found["Secteur"]:
            found["Secteur"] = list(secteurs) or [SANS_SECTEUR]
        return found


class Portees:
    """The cells that each profile covers on a territory, each with its degree and its communes."""

    def __init__(self, couverture: Couverture, territoire: str, grille: Grille) -> None:
        self._couverture, self._territoire, self._grille = couverture, territoire, grille
        self._autour = frozenset(couverture.atlas.englobants(territoire))
        self._connues: dict[int, dict[Cle, Portee]] = {}

    def __call__(self, profil: Profil) -> dict[Cle, Portee]:
        """The cells of a profile of the coverage, found once."""
        if id(profil) not in self._connues:
            self._connues[id(profil)] = self._trouver(profil)
        return self._connues[id(profil)]

    def _trouver(self, profil: Profil) -> dict[Cle, Portee]:
        interventions, _, secteurs, portees = profil
        found: dict[Cle, Portee] = {}
        for one in interventions:
            ici, limites = self._couverture.ici(one, self._territoire, self._autour)
            if not ici:
                continue
            concepts: ParAxe = {**self._couverture.ranger(one.concepts, secteurs), "Portee": portees}
            for cle in self._grille.cles(concepts):
                degre, communes = found.get(cle, (0, 0))
                whole = limites is None or communes is None
                found[cle] = (max(degre, one.degre), None if whole else (communes or 0) | (limites or 0))
        return found


def _communes(servies: Masque | None, limites: Masque | None) -> Masque | None:
    """Communes where an actor serves and intervenes; None for the whole territory."""
    if servies is None or limites is None:
        return limites if servies is None else servies
    return servies & limites


def _etat_local(a_confirmer: int, confirmes: int) -> str:
    """State of a cell in a commune, by how many serve it; empty where nobody does."""
    if confirmes:
        return "plusieurs" if confirmes > 1 else "couverte"
    return "a-confirmer" if a_confirmer else ""


def _union(masques: Iterable[Masque]) -> Masque:
    found = 0
    for one in masques:
        found |= one
    return found


def _visible(acteur: Acteur, jour: str) -> bool:
    """Whether an actor is there: today, unless past; as of a day, where seen by then and not yet over."""
    if not jour:
        return acteur.statut != HISTORIQUE
    return acteur.constat <= jour and (acteur.statut != HISTORIQUE or acteur.fin > jour)
