"""Validation of the corpus: syntax, shapes, duplicates, in one report whose every line has its place."""

from __future__ import annotations

import pyoxigraph as ox

from maillage.corpus.corpus import Corpus
from maillage.validation.constat import Constat, Correction, Gravite, Lieu, Texte
from maillage.validation.rapport import Rapport, exit_code
from maillage.validation.suivi import Progress, Suivi, load, shapes_store

__all__ = [
    "Constat",
    "Correction",
    "Gravite",
    "Lieu",
    "Rapport",
    "Suivi",
    "Texte",
    "exit_code",
    "load",
    "shapes_store",
    "valider",
]


def valider(corpus: Corpus, progress: Progress | None = None, store: ox.Store | None = None) -> Rapport:
    """Validate the whole corpus.

    `store` spares a second loading where the quads of the corpus, and only those, are at hand already.
    `progress(done, total, what)` follows the shapes. Bad data and bad shapes are findings, never raised.
    """
    return Suivi(corpus, progress, store).rapport
