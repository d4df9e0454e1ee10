"""Outlines of départements and communes, simplified enough to be drawn in a page.

Source: France GeoJSON (IGN Admin Express COG, Licence Ouverte). What neighbours share is simplified once for
both, so that no gap opens between them (Visvalingam: the point that makes the smallest triangle goes first).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import cos, radians
from pathlib import Path

from maillage.importation.geographie import charge
from maillage.importation.lecture import lit_texte, verifie_nombre
from maillage.importation.publication import Bilan, Difference, Ecart, ecrit
from maillage.importation.registre import Progres
from maillage.importation.reperes import Anneau, Point, contours

COMMANDE = "contours"
ARGUMENTS = ("departements.geojson", "communes.geojson")
CHEMIN = "donnees/territoires/contours.geojson"
#: step of the grid that points are put on, in degrees, and area (square degrees) below which one goes.
_PAS = {"departement": 0.01, "commune": 0.001}
_AIRE = {"departement": 2e-3, "commune": 1.2e-5}
#: a length of longitude in a length of latitude, in the middle of France.
_RAPPORT = cos(radians(46.6))
#: points of the smallest ring, the first one told again at the end.
_MINIMUM = 4


def importe(fichiers: Sequence[Path], racine: Path, essai: bool, progres: Progres) -> Bilan:
    """Write the outlines of the territories that the corpus knows. Raises ErreurImport."""
    verifie_nombre(fichiers, ARGUMENTS)
    progres("Lecture et simplification des contours")
    geo = charge(racine)
    connus = {"departement": set(geo.departements), "commune": set(geo.communes)}
    lignes, ecarts = [], []
    for sorte, chemin in zip(("departement", "commune"), fichiers, strict=True):
        lus = dict(sorted(contours(chemin)))
        ecarts += [Ecart(code, f"{sorte} absent du corpus") for code in lus if code not in connus[sorte]]
        for code, anneaux in simplifie(lus, _PAS[sorte], _AIRE[sorte]).items():
            if code in connus[sorte]:
                lignes.append(_objet(f"{sorte}/{code}", anneaux))
    contenu = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lignes) + "\n]}\n"
    return _publie(contenu, len(lignes), racine, essai, ecarts)


def simplifie(contours_lus: dict[str, list[Anneau]], pas: float, aire: float) -> dict[str, list[Anneau]]:
    """The outlines on a grid, with as few points as the area allows; of each, the largest ring at least."""
    poses = {code: [_pose(ring, pas) for ring in rings] for code, rings in contours_lus.items()}
    gardes = _gardes((ring for rings in poses.values() for ring in rings), aire)
    return {code: _allege(rings, gardes, aire) for code, rings in poses.items()}


def _pose(anneau: Anneau, pas: float) -> Anneau:
    on_grid = [(round(round(x / pas) * pas, 4), round(round(y / pas) * pas, 4)) for x, y in anneau]
    return [one for rank, one in enumerate(on_grid) if not rank or one != on_grid[rank - 1]]


def _allege(rings: list[Anneau], gardes: set[Point], aire: float) -> list[Anneau]:
    kept = [[one for one in ring if one in gardes] for ring in rings]
    drawn = [_ferme(ring) for ring in kept if len(set(ring)) >= _MINIMUM - 1]
    largest = max(map(_surface, drawn), default=0.0)
    return [ring for ring in drawn if _surface(ring) >= min(largest, aire)]


def _ferme(anneau: Anneau) -> Anneau:
    return anneau if anneau[0] == anneau[-1] else [*anneau, anneau[0]]


def _gardes(anneaux: Iterable[Anneau], aire: float) -> set[Point]:
    """The points that stay: those where outlines meet, and those whose triangle is large enough."""
    voisins: dict[Point, set[Point]] = defaultdict(set)
    for ring in anneaux:
        for one, other in pairwise(ring):
            voisins[one].add(other)
            voisins[other].add(one)
    queue = [(_triangle(point, voisins), point) for point, near in voisins.items() if len(near) == 2]
    heapify(queue)
    while queue and queue[0][0] < aire:
        area, point = heappop(queue)
        if point not in voisins or area != _triangle(point, voisins):
            continue
        one, other = voisins[point]
        if other in voisins[one]:
            continue  # a triangle is the least that a ring can be
        del voisins[point]
        for near, far in ((one, other), (other, one)):
            voisins[near].remove(point)
            voisins[near].add(far)
            heappush(queue, (_triangle(near, voisins), near))
    return set(voisins)


def _triangle(point: Point, voisins: dict[Point, set[Point]]) -> float:
    """Area of a point with its two neighbours; infinite where outlines meet."""
    near = voisins[point]
    if len(near) != 2:
        return float("inf")
    return _surface([point, *near, point])


def _surface(anneau: Anneau) -> float:
    pairs = pairwise(anneau)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2 * _RAPPORT


def _objet(identifiant: str, anneaux: list[Anneau]) -> str:
    geometry = {"type": "MultiPolygon", "coordinates": [[ring] for ring in anneaux]}
    said = {"type": "Feature", "id": identifiant, "properties": {}, "geometry": geometry}
    return json.dumps(said, separators=(",", ":"))


def _publie(contenu: str, nombre: int, racine: Path, essai: bool, ecarts: list[Ecart]) -> Bilan:
    cible = racine / CHEMIN
    ancien = set(_objets(lit_texte(cible))) if cible.exists() else set()
    nouveau = set(_objets(contenu))
    etat = "inchangé" if ancien == nouveau else "modifié" if ancien else "nouveau"
    bilan = Bilan(COMMANDE, essai, ecartes=ecarts)
    same = len(ancien & nouveau)
    bilan.fichiers.append(Difference(CHEMIN, etat, nombre - same, 0, same, len(ancien) - same))
    if not essai and etat != "inchangé":
        ecrit(cible, contenu)
    return bilan


def _objets(contenu: str) -> Iterator[str]:
    return (line.rstrip(",") for line in contenu.splitlines()[1:-1])
