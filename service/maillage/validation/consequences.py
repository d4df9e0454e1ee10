"""What follows from a statement that cannot be read is not said: its cause is, and the cure is the same.

A statement lost by a slip of syntax leaves its resource without a name, and unknown to the files that mention
it. Once it is read again, what is truly missing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import pyoxigraph as ox

from maillage.corpus.corpus import Corpus, FichierTurtle
from maillage.validation.constat import Constat
from maillage.validation.enonces import Enonce, TexteTurtle
from maillage.validation.explications import written
from maillage.validation.reprise import recover

_EN_MARGE = re.compile(r"^(<[^<>\s]*>|[^\s\"'<>()\[\]{};,#@]+:[^\s\"'<>()\[\]{};,#]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Perte:
    """What one file lost: the lines of the statements, and the resources they are about."""

    lignes: tuple[range, ...]
    sujets: frozenset[str]


def without_consequences(corpus: Corpus, constats: Iterable[Constat]) -> list[Constat]:
    """The findings, less those that only follow from a statement or a file that cannot be read."""
    losses = {fichier.chemin: _loss(fichier) for fichier in corpus.anomalies}
    if not losses:
        return list(constats)
    names = frozenset[str]().union(*(each.sujets for each in losses.values()))
    return [each for each in constats if not _follows(each, losses, names)]


def _follows(constat: Constat, losses: dict[str, _Perte], names: frozenset[str]) -> bool:
    if constat.code.startswith("MLG-SYN-"):
        return False
    if constat.code == "MLG-SANS-CIBLE" or names & {constat.sujet, constat.valeur, constat.forme}:
        return True
    loss, line = losses.get(constat.lieu.fichier), constat.lieu.ligne
    return loss is not None and (not line or any(line in lines for lines in loss.lignes))


def _loss(fichier: FichierTurtle) -> _Perte:
    anomaly = fichier.anomalie
    utf16 = anomaly is not None and anomaly.nature == "utf16"
    texte = TexteTurtle(fichier.octets.decode("utf-16", errors="replace") if utf16 else fichier.texte)
    lost = recover(fichier, texte).perdus if fichier.lisible else texte.enonces
    lost += tuple(_cut(texte, lost))
    lines = (range(texte.place(each.debut)[0], texte.place(each.fin)[0] + 1) for each in lost)
    return _Perte(tuple(lines), frozenset(name for each in lost for name in _subjects(texte, each)))


def _cut(texte: TexteTurtle, lost: Iterable[Enonce]) -> Iterable[Enonce]:
    """The statements that a full stop ended too soon: what follows is set in, and cannot be read."""
    starts = {each.debut for each in lost if texte.place(each.debut)[1] > 1}
    return (before for before, each in pairwise(texte.enonces) if each.debut in starts)


def _subjects(texte: TexteTurtle, each: Enonce) -> Iterable[str]:
    """The subject of a statement, and of those it may have swallowed: what begins a line at the margin."""
    swallowed = (found[1].rstrip(".") for found in _EN_MARGE.finditer(texte.texte, each.debut, each.fin))
    for token in (each.sujet, *swallowed):
        with suppress(ValueError):  # what stands there may be no IRI
            yield written(ox.NamedNode(texte.expand(token)))
