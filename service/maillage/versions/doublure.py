"""A second store that does not answer: brought to the next version by what changes, then put in place of the
one that answers, which becomes the second in its turn once nobody reads it. No request sees two versions.

It doubles the memory of the graph, so that an edit is taken in a moment: a server that publishes edits has
one, the others load each version whole.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from maillage.store.entrepot import EntrepotEmbarque
from maillage.versions.etapes import changements, etapes
from maillage.versions.instantane import charger
from maillage.versions.manifeste import InstantaneAltere, Manifeste

_journal = logging.getLogger(__name__)

#: quads changed in a store after which it is loaded anew: the engine keeps a trace of what was taken away.
USURE = 200_000


class Doublure:
    """The spare store; safe to share between threads, one at work at a time."""

    def __init__(self) -> None:
        self._verrou = threading.Lock()
        self._entrepot: EntrepotEmbarque | None = None
        self._version = ""
        #: quads changed since it was loaded, in the spare and in the store that answers.
        self._usure, self._usure_en_place = 0, 0

    def preparer(self, version: Path) -> None:
        """Load a spare of a version. Raises InstantaneAltere, OSError."""
        with self._verrou:
            self._entrepot, self._version, self._usure = charger(version)[0], version.name, 0

    def rendre(self, version: str, entrepot: EntrepotEmbarque) -> None:
        """Take back the store of a version that nobody reads any more."""
        with self._verrou:
            self._entrepot, self._version = entrepot, version

    def pour(self, version: Path) -> tuple[EntrepotEmbarque, Manifeste]:
        """A store of a version that no one else changes: the spare, changed, or one loaded from its files.

        Raises InstantaneAltere, OSError.
        """
        with self._verrou:
            entrepot, self._entrepot = self._entrepot, None
            wear, self._usure, self._usure_en_place = self._usure, self._usure_en_place, 0
            steps = etapes(self._version, version)
            if entrepot is None or not steps or wear > USURE:
                return charger(version)
            try:
                for step in steps:
                    come, gone = changements(*step)
                    entrepot.modifier(come, gone)
                    wear += len(come) + len(gone)
            except (InstantaneAltere, SyntaxError):
                _journal.exception("version %s : changements illisibles, chargée entière", version.name)
                return charger(version)
            self._usure_en_place = wear
            return entrepot, steps[-1][1]
