"""The drawing of a graph of relations: where its nodes and lines go, for a template to write as SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot

from maillage.namespaces import local_name
from maillage.territoire.graphe import Graphe

#: margins at the sides, where names stand out, and above and below; radius of a mark; units of the drawing.
COTES, HAUT, RAYON = 110, 50, 17
#: nodes beyond which names are left to the table; room of a node with its name, and without.
NOMMES, LARGE, ETROIT = 40, 230, 120
#: smallest side, and what a flat drawing keeps of its width in height.
COTE, APLATI = 900, 0.65
#: how much of the order of the nodes, rather than of their distances, a drawing keeps on each side.
REGULIER = 0.8
#: how far a line bends away from the straight one, and each other between the same two nodes.
COURBURE = 22

#: where a node is.
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A node: its number in the table, where it is, whether it is a kind of actor."""

    noeud: str
    rang: int
    x: float
    y: float
    type: bool


@dataclass(frozen=True, slots=True)
class Trait:
    """A line from one mark to another, bent: its ends, the point that bends it, the state it shows."""

    relations: tuple[str, ...]
    etat: str
    x1: float
    y1: float
    cx: float
    cy: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Dessin:
    """A drawing of `largeur` × `hauteur`; `nommer`: whether there is room for names."""

    largeur: int
    hauteur: int
    points: tuple[Point, ...]
    traits: tuple[Trait, ...]
    nommer: bool


def dessiner(graphe: Graphe) -> Dessin:
    """The drawing of a graph, the same for the same graph; nodes are numbered as `graphe.places` are."""
    nommer = len(graphe.noeuds) <= NOMMES
    cote = max(COTE, round((LARGE if nommer else ETROIT) * len(graphe.noeuds) ** 0.5))
    largeur, hauteur = cote, round(cote * APLATI)
    acteurs = {each for one in graphe.relations for each in one.acteurs}
    places = _tendre(graphe.disposition, largeur, hauteur)
    points = tuple(
        Point(one.noeud, rang, *places[one.noeud], one.noeud not in acteurs)
        for rang, one in enumerate(graphe.places, 1)
    )
    return Dessin(largeur, hauteur, points, _traits(graphe, places), nommer)


def _tendre(places: Mapping[str, Place], largeur: int, hauteur: int) -> dict[str, Place]:
    """Places stretched to the whole drawing, each side on its own."""
    xs = _etaler({name: x for name, (x, _) in places.items()}, COTES, largeur - COTES)
    ys = _etaler({name: y for name, (_, y) in places.items()}, HAUT, hauteur - HAUT)
    return {name: (xs[name], ys[name]) for name in places}


def _etaler(valeurs: Mapping[str, float], debut: int, fin: int) -> dict[str, float]:
    """Values spread over a side: partly as far apart as they are, partly evenly: a crowd stays legible."""
    if not valeurs:
        return {}
    bas, ecart = min(valeurs.values()), max(valeurs.values()) - min(valeurs.values()) or 1.0
    pas = 1 / max(1, len(valeurs) - 1)
    ordre = sorted(valeurs, key=lambda one: (valeurs[one], one))
    parts = {
        name: (1 - REGULIER) * (valeurs[name] - bas) / ecart + REGULIER * rang * pas
        for rang, name in enumerate(ordre)
    }
    return {name: round(debut + part * (fin - debut), 1) for name, part in parts.items()}


def _traits(graphe: Graphe, places: Mapping[str, Place]) -> tuple[Trait, ...]:
    """A line for each pair of ends and state; several between the same ends bend more and more."""
    groupes: dict[tuple[str, str, str], list[str]] = {}
    for one in graphe.relations:
        groupes.setdefault((one.de, one.vers, one.etat), []).append(one.iri)
    rangs: Counter[tuple[str, str]] = Counter()
    traits = []
    for (de, vers, etat), relations in groupes.items():
        if de != vers:
            rangs[(de, vers)] += 1
            bend = COURBURE * rangs[(de, vers)]
            traits.append(_trait(places[de], places[vers], bend, tuple(relations), local_name(etat)))
    return tuple(traits)


def _trait(de: Place, vers: Place, bend: int, relations: tuple[str, ...], etat: str) -> Trait:
    """From the edge of one mark to the edge of the other, an arrow's length before it."""
    (ax, ay), (bx, by) = de, vers
    length = hypot(bx - ax, by - ay) or 1.0
    ux, uy = (bx - ax) / length, (by - ay) / length
    cx, cy = (ax + bx) / 2 - uy * bend, (ay + by) / 2 + ux * bend
    start, end = _vers(ax, ay, cx, cy, RAYON), _vers(bx, by, cx, cy, RAYON + 4)
    return Trait(relations, etat, *start, round(cx, 1), round(cy, 1), *end)


def _vers(x: float, y: float, tx: float, ty: float, distance: float) -> Place:
    """The point at a distance from one point towards another."""
    length = hypot(tx - x, ty - y) or 1.0
    return round(x + (tx - x) * distance / length, 1), round(y + (ty - y) * distance / length, 1)
