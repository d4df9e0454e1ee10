"""Timing: durations, a store that counts its time, quantiles, prints of rows, memory of a process."""

from __future__ import annotations

import hashlib
import os
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pyoxigraph import Literal, Triple

from maillage.store.entrepot import Entrepot, Ligne, Terme

T = TypeVar("T")


@dataclass
class EntrepotChronometre:
    """Passes every query on, and keeps its text and its seconds."""

    entrepot: Entrepot
    requetes: list[tuple[str, float]] = field(default_factory=list)

    def lignes(self, sparql: str) -> list[Ligne]:
        return self._mesurer(self.entrepot.lignes, sparql)

    def graphe(self, sparql: str) -> list[Triple]:
        return self._mesurer(self.entrepot.graphe, sparql)

    def demande(self, sparql: str) -> bool:
        return self._mesurer(self.entrepot.demande, sparql)

    def _mesurer(self, run: Callable[[str], T], sparql: str) -> T:
        start = time.perf_counter()
        try:
            return run(sparql)
        finally:
            self.requetes.append((sparql, time.perf_counter() - start))


@dataclass(frozen=True, slots=True)
class Duree:
    """Seconds of a call: by the clock, and of the processor (a busy machine changes these less)."""

    ecoule: float
    processeur: float


def chronometrer(appel: Callable[[], object]) -> Duree:
    """Seconds of one call in this thread."""
    debut, travail = time.perf_counter(), time.thread_time()
    appel()
    return Duree(time.perf_counter() - debut, time.thread_time() - travail)


def empreinte(lignes: Iterable[Ligne]) -> bytes:
    """Print of the rows of a query, whatever their order: alike where two stores found the same.

    A row counts once: what two named graphs hold, Oxigraph's union of graphs finds twice.
    """
    return empreinte_textes({nom: _terme(terme) for nom, terme in ligne.items()} for ligne in lignes)


def empreinte_textes(lignes: Iterable[dict[str, tuple[str, str, str]]]) -> bytes:
    """The same of rows whose terms are (value, language, datatype)."""
    distinctes = {tuple(sorted(ligne.items())) for ligne in lignes}
    return hashlib.sha256(repr(sorted(distinctes)).encode()).digest()


def _terme(terme: Terme) -> tuple[str, str, str]:
    if isinstance(terme, Literal):
        return terme.value, terme.language or "", "" if terme.language else terme.datatype.value
    return terme.value, "", ""


def quantile(values: Sequence[float], part: int) -> float:
    """The `part`-th percentile, in the unit of the values."""
    return statistics.quantiles(values, n=100, method="inclusive")[part - 1]


def memoire(pid: int, champ: str = "VmRSS") -> float:
    """Resident memory of a process (VmHWM: its peak), in MB; 0 where it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(champ)), 0.0)


def enfants(pid: int) -> list[int]:
    """Processes started by a process."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def processeur(pid: int) -> float:
    """Seconds of processor a process has taken: what a busy machine does not change."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
