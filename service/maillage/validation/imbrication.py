"""A rule that calls another: which constraint of the nested shape failed, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox

from maillage.validation.chemins import Terme, members
from maillage.validation.constat import Constat, Lieu, Texte
from maillage.validation.explications import explain
from maillage.validation.formes import Resultat
from maillage.validation.localisation import Localisateur
from maillage.validation.moteur import Moteur

_TOUTES = ("Node", "And")
_UNE = ("Or", "Xone")
_MAXIMUM = 5
_PROFONDEUR = 4


def nested(result: Resultat, moteur: Moteur, depth: int = _PROFONDEUR) -> Iterator[Resultat]:
    """The innermost results behind one of `sh:node`, `sh:and`, `sh:or` or `sh:xone`; none for any other."""
    if result.valeur is None or result.composant not in (*_TOUTES, *_UNE) or not depth:
        return
    shapes: list[Terme] = [] if result.parametre is None else [result.parametre]
    if result.composant != "Node":
        shapes = members(moteur.shapes, result.parametre)
    for shape in shapes:
        for each in moteur.evaluate(shape, (result.valeur,)):
            inner = list(nested(each, moteur, depth - 1))
            yield from inner or [each]


def detail(
    constat: Constat, result: Resultat, moteur: Moteur, place: Localisateur
) -> tuple[Constat, Resultat | None]:
    """The finding with what failed inside, and the nested result to show in its place when all must hold."""
    inner = sorted(set(nested(result, moteur)), key=str)[:_MAXIMUM]
    if not inner:
        return constat, None
    lieu, _ = place.place(result.focus, result.chemin, result.valeur)
    lines = dict.fromkeys(_line(each, moteur.shapes, moteur.data, place) for each in inner)
    said = tuple(line for line in lines if not _repeats(line, constat, lieu))
    return replace(constat, details=said), inner[0] if result.composant in _TOUTES else None


def _repeats(line: Texte, constat: Constat, lieu: Lieu) -> bool:
    """Whether a line tells what the finding, which is at this place, says by itself."""
    where, _, message = line.fr.partition(" : ")
    return where == str(lieu) and message in constat.cause.fr


def _line(result: Resultat, shapes: ox.Store, data: ox.Store, place: Localisateur) -> Texte:
    lieu, _ = place.place(result.focus, result.chemin, result.valeur)
    message = explain(result, shapes, data).message
    where = f"{lieu} : " if lieu.ligne else ""
    return Texte(where + message.fr, where + message.en)
