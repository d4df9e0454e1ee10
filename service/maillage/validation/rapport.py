"""The report of a validation: its findings in order, its counts, its exit code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from maillage.validation.constat import Constat, Gravite


@dataclass(frozen=True)
class Rapport:
    """What a validation found. `cibles` counts the resources that shapes looked at."""

    constats: tuple[Constat, ...]
    fichiers: int = 0
    triples: int = 0
    cibles: int = 0
    secondes: float = 0.0
    illisibles: tuple[str, ...] = ()

    @property
    def conforme(self) -> bool:
        """Whether the data may be published: no error; warnings only advise."""
        return self.erreurs == 0

    @property
    def erreurs(self) -> int:
        """Number of errors."""
        return self._par_gravite[Gravite.ERREUR]

    @property
    def avertissements(self) -> int:
        """Number of warnings."""
        return self._par_gravite[Gravite.AVERTISSEMENT]

    @cached_property
    def _par_gravite(self) -> Counter[Gravite]:
        return Counter(constat.gravite for constat in self.constats)

    @cached_property
    def par_code(self) -> dict[str, int]:
        """Number of findings by code, the most frequent first."""
        return dict(Counter(constat.code for constat in self.constats).most_common())


def exit_code(rapport: Rapport, strict: bool = False) -> int:
    """0 conform, 1 warnings when `strict`, 2 errors, 3 where a file could not be read at all."""
    if rapport.illisibles:
        return 3
    if rapport.erreurs:
        return 2
    return 1 if strict and rapport.avertissements else 0
