"""After a syntax error: the other statements of the file, read one by one.

So one slip hides neither the other slips of its file nor its right triples, which other files refer to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from maillage.corpus.corpus import Anomalie, FichierTurtle, from_bytes
from maillage.validation.enonces import Enonce, TexteTurtle

_MAXIMUM = 50
_SANS_FIN = "Unexpected end of file"


@dataclass(frozen=True, slots=True)
class Reprise:
    """What a broken file still says (`quads`), what else is wrong in it, and the statements lost by it."""

    anomalies: tuple[Anomalie, ...]
    quads: tuple[ox.Quad, ...]
    perdus: tuple[Enonce, ...] = ()


def recover(fichier: FichierTurtle, texte: TexteTurtle) -> Reprise:
    """Read again, statement by statement, a file whose anomaly is of syntax.

    After an unclosed long string nothing can be told apart: reading stops there.
    """
    first = fichier.anomalie
    if first is None or first.nature != "syntaxe":
        return Reprise((), ())
    anomalies: list[Anomalie] = []
    quads: list[ox.Quad] = []
    lost: list[Enonce] = []
    for each, anomaly, found in _statements(fichier, texte, first):
        quads += found
        if not found:
            lost.append(each)
        if anomaly is not None and not _covers(texte, each, first) and len(anomalies) < _MAXIMUM:
            anomalies.append(anomaly)
    return Reprise(tuple(_once(first, anomalies)), tuple(quads), tuple(lost))


def _statements(
    fichier: FichierTurtle, texte: TexteTurtle, first: Anomalie
) -> Iterator[tuple[Enonce, Anomalie | None, list[ox.Quad]]]:
    limit = _unsafe_from(texte, first)
    header = " ".join(f"@prefix {name}: <{space}> ." for name, space in texte.prefixes.items())
    for each in texte.enonces:
        if each.directive:
            continue
        if each.fin > limit:
            yield each, None, []
            continue
        piece = f"{header}\n{texte.texte[each.debut : each.fin]}"
        part = from_bytes(f"{fichier.chemin}#{each.debut}", piece.encode("utf-8"))
        anomaly = part.anomalie and _moved(part.anomalie, texte, each)
        graphe = fichier.graphe
        found = [ox.Quad(quad.subject, quad.predicate, quad.object, graphe) for quad in part.quads()]
        yield each, anomaly, [] if anomaly else found


def _unsafe_from(texte: TexteTurtle, first: Anomalie) -> int:
    start = texte.offset(first.ligne, first.colonne)
    open_long = first.message == _SANS_FIN and texte.texte[start : start + 3] in ('"""', "'''")
    return start if open_long else len(texte.texte)


def _moved(anomaly: Anomalie, texte: TexteTurtle, each: Enonce) -> Anomalie | None:
    """The anomaly at its place in the file; None for one of the header, already told."""
    if anomaly.ligne < 2:
        return None
    line, column = texte.place(each.debut)

    def move(ligne: int, colonne: int) -> tuple[int, int]:
        return ligne - 2 + line, colonne + (column - 1 if ligne == 2 else 0)

    start = move(anomaly.ligne, anomaly.colonne)
    end = move(anomaly.fin_ligne, anomaly.fin_colonne)
    return Anomalie(anomaly.nature, anomaly.message, *start, *end)


def _covers(texte: TexteTurtle, each: Enonce, first: Anomalie) -> bool:
    """Whether the first anomaly of the file was found in this statement."""
    return each.debut <= texte.offset(first.ligne, first.colonne) <= each.fin


def _once(first: Anomalie, anomalies: list[Anomalie]) -> Iterator[Anomalie]:
    """One anomaly for each undeclared prefix, all the others."""
    said = {first.message}
    for anomaly in anomalies:
        if "has not been declared" in anomaly.message:
            if anomaly.message in said:
                continue
            said.add(anomaly.message)
        yield anomaly
