"""A syntax anomaly with the text around it, and what is recognised in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from maillage.corpus.corpus import Anomalie
from maillage.validation.enonces import TexteTurtle, tokens

#: each opening bracket with the one that closes it.
OUVRANTS = {"[": "]", "(": ")"}


@dataclass(frozen=True)
class Accroc:
    """A syntax anomaly and the text around it."""

    texte: TexteTurtle
    anomalie: Anomalie

    @cached_property
    def debut(self) -> int:
        """Offset of the anomaly."""
        return self.texte.offset(self.anomalie.ligne, self.anomalie.colonne)

    @cached_property
    def jeton(self) -> str:
        """What the parser stopped at."""
        end = self.texte.offset(self.anomalie.fin_ligne, self.anomalie.fin_colonne)
        return self.texte.texte[self.debut : end]

    @cached_property
    def avant(self) -> list[re.Match[str]]:
        """The tokens of the statement before the anomaly."""
        start = max((each.debut for each in self.texte.enonces if each.debut <= self.debut), default=0)
        return list(takewhile(lambda found: found.start() < self.debut, tokens(self.texte.texte, start)))

    @cached_property
    def ouvert(self) -> re.Match[str] | None:
        """The innermost bracket still open."""
        stack: list[re.Match[str]] = []
        for found in self.avant:
            if found[0] in OUVRANTS:
                stack.append(found)
            elif stack and found[0] == OUVRANTS[stack[-1][0]]:
                stack.pop()
        return stack[-1] if stack else None

    @property
    def ligne(self) -> str:
        """The line of the anomaly."""
        return self.texte.line(self.anomalie.ligne)

    @property
    def colonne(self) -> int:
        """Where the anomaly begins in its line, from 0."""
        return self.anomalie.colonne - 1

    def remplacee(self, ecrit: str, juste: str) -> str:
        """The line of the anomaly with `juste` instead of `ecrit`, from the anomaly on, once."""
        return self.ligne[: self.colonne] + self.ligne[self.colonne :].replace(ecrit, juste, 1)


@dataclass(frozen=True, slots=True)
class Lecture:
    """The slip recognised: its code, its place if not the anomaly's, the line as it should be."""

    code: str
    debut: int = -1
    ligne_corrigee: str = ""
    details: str = ""
    ligne: int = 0
    ajout: bool = False
