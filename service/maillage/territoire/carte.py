"""Maps: outlines of territories, projected and written as SVG paths."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from pathlib import Path

from maillage.namespaces import BASE
from maillage.territoire.atlas import Atlas

FICHIER = "contours.geojson"
#: width of a drawing, in units of its own.
LARGEUR = 640
#: fewest shapes that make a map.
MINIMUM = 2

Anneau = list[tuple[float, float]]
Contours = Mapping[str, list[Anneau]]


@dataclass(frozen=True)
class Dessin:
    """A drawing: its size, and the path of each territory by IRI."""

    largeur: int
    hauteur: int
    chemins: dict[str, str]


def lire_contours(path: Path) -> Contours:
    """Outer rings (longitude, latitude) by IRI; nothing where the version has no outlines.

    Raises OSError, ValueError where the file is not what the importer writes.
    """
    if not path.is_file():
        return {}
    return {
        f"{BASE}territoire/{one['id']}": [part[0] for part in one["geometry"]["coordinates"]]
        for one in json.loads(path.read_bytes())["features"]
    }


def fond(atlas: Atlas, contours: Contours, territoire: str) -> tuple[str, list[str]]:
    """The territory that a map shows, that asked for or one around, and what is drawn inside.

    Its communes where their outlines are known, else its départements.
    """
    for cadre in atlas.englobants(territoire):
        communes = atlas.communes(atlas.masque(cadre))
        for inside in (communes, atlas.departements(cadre)):
            known = [one for one in inside if one in contours]
            if MINIMUM <= len(known) > len(inside) / 2:
                return cadre, known
    return "", []


def dessiner(contours: Contours, territoires: Iterable[str]) -> Dessin:
    """Draw territories that have an outline, north up, at one scale."""
    rings = {one: contours[one] for one in territoires}
    points = [point for each in rings.values() for ring in each for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = cos(radians((south + north) / 2))
    scale = LARGEUR / ((east - west) * shrink)

    def poser(ring: Anneau) -> list[tuple[int, int]]:
        return [(round((x - west) * shrink * scale), round((north - y) * scale)) for x, y in ring]

    return Dessin(
        LARGEUR,
        round((north - south) * scale),
        {name: "".join(_chemin(poser(ring)) for ring in each) for name, each in rings.items()},
    )


def _chemin(points: list[tuple[int, int]]) -> str:
    steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(points) if (ax, ay) != (bx, by)]
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps[:-1]) + "z"
