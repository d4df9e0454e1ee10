"""Where communes and départements are: one point of each, the centre of its outline (WGS 84).

Source: France GeoJSON (IGN Admin Express COG, Licence Ouverte). A point that falls outside its outline, as a
bay makes it, is moved to the middle of the widest stretch of land at the same latitude.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from maillage.importation.ecriture import Bloc, ref
from maillage.importation.geographie import charge
from maillage.importation.lecture import ErreurImport, lit_json, verifie_nombre
from maillage.importation.publication import Bilan, Ecart, Fichier, publie
from maillage.importation.registre import Progres

COMMANDE = "reperes"
ARGUMENTS = ("departements.geojson", "communes.geojson")
CHEMIN = "donnees/territoires/reperes.ttl"
#: digits after the point: 1 m for a commune, 100 m for the simplified outline of a département.
_DECIMALES = {"departement": 3, "commune": 5}

Point = tuple[float, float]
Anneau = list[Point]


def importe(fichiers: Sequence[Path], racine: Path, essai: bool, progres: Progres) -> Bilan:
    """Write the points of the territories that the corpus knows. Raises ErreurImport."""
    verifie_nombre(fichiers, ARGUMENTS)
    progres("Lecture des contours")
    geo = charge(racine)
    connus = {"departement": set(geo.departements), "commune": set(geo.communes)}
    blocs: list[Bloc] = []
    ecarts: list[Ecart] = []
    for sorte, chemin in zip(("departement", "commune"), fichiers, strict=True):
        for code, anneaux in sorted(contours(chemin)):
            if code in connus[sorte]:
                blocs.append(_bloc(sorte, code, anneaux))
            else:
                ecarts.append(Ecart(code, f"{sorte} absent du corpus"))
    fichier = Fichier(
        CHEMIN, "Points de repère : centre des contours (latitude, longitude).", blocs, compact=True
    )
    return publie(COMMANDE, [fichier], (CHEMIN,), racine, essai, ecarts)


def _bloc(sorte: str, code: str, anneaux: list[Anneau]) -> Bloc:
    longitude, latitude = repere(anneaux)
    places = _DECIMALES[sorte]
    return (
        Bloc(ref(sorte, code))
        .ajoute("schema:latitude", f"{latitude:.{places}f}")
        .ajoute("schema:longitude", f"{longitude:.{places}f}")
        .ajoute("dcterms:source", ref("source", "france-geojson"))
    )


def contours(chemin: Path) -> Iterator[tuple[str, list[Anneau]]]:
    """(code, outer rings) of each feature. Raises ErreurImport."""
    try:
        for feature in lit_json(chemin)["features"]:
            yield feature["properties"]["code"], _anneaux(feature["geometry"])
    except (KeyError, TypeError, ValueError) as erreur:
        raise ErreurImport(f"{chemin.name} : contours GeoJSON attendus ({erreur}).") from None


def _anneaux(geometrie: dict[str, Any]) -> list[Anneau]:
    polygones = geometrie["coordinates"]
    if geometrie["type"] == "Polygon":
        polygones = [polygones]
    return [[(float(x), float(y)) for x, y in polygone[0]] for polygone in polygones]


def repere(anneaux: Sequence[Anneau]) -> Point:
    """A point of the largest ring, as (longitude, latitude): its centre of gravity, or near it on land."""
    anneau = max(anneaux, key=lambda one: abs(_aire(one)))
    x, y = _centre(anneau)
    bounds = sorted(_traversees(anneau, y))
    stretches = [(bounds[i], bounds[i + 1]) for i in range(0, len(bounds) - 1, 2)]
    if any(west <= x <= east for west, east in stretches) or not stretches:
        return x, y
    west, east = max(stretches, key=lambda one: one[1] - one[0])
    return (west + east) / 2, y


def _aire(anneau: Anneau) -> float:
    """Twice the signed area."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _cotes(anneau))


def _centre(anneau: Anneau) -> Point:
    aire = _aire(anneau)
    x = sum((x1 + x2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in _cotes(anneau))
    y = sum((y1 + y2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in _cotes(anneau))
    return x / (3 * aire), y / (3 * aire)


def _traversees(anneau: Anneau, latitude: float) -> Iterator[float]:
    """Longitudes where the ring crosses a latitude."""
    for (x1, y1), (x2, y2) in _cotes(anneau):
        if (y1 > latitude) != (y2 > latitude):
            yield x1 + (latitude - y1) * (x2 - x1) / (y2 - y1)


def _cotes(anneau: Anneau) -> Iterator[tuple[Point, Point]]:
    yield from zip(anneau, [*anneau[1:], anneau[0]], strict=True)
