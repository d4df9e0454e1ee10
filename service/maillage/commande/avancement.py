"""Progress of long work, on the error output, and only when a person looks at it."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_LARGEUR = 24
_EFFACER = "\r\x1b[K"


class Avancement:
    """One line rewritten in place on a terminal; silence elsewhere."""

    def __init__(self, sortie: TextIO | None = None) -> None:
        self._sortie = sortie if sortie is not None else sys.stderr
        self._visible = self._sortie.isatty()
        self._debut = time.monotonic()

    def __call__(self, fait: int, total: int, etape: str) -> None:
        """Show `fait` of `total` and what is under way."""
        if not self._visible:
            return
        plein = _LARGEUR * fait // max(total, 1)
        barre = "█" * plein + "░" * (_LARGEUR - plein)
        self._sortie.write(f"{_EFFACER}{barre} {fait}/{total} {etape} ({self.secondes:.0f} s)")
        self._sortie.flush()

    def dire(self, etape: str) -> None:
        """Show what is under way, where how much remains is not known."""
        if self._visible:
            self._sortie.write(f"{_EFFACER}{etape} ({self.secondes:.0f} s)")
            self._sortie.flush()

    def fin(self) -> None:
        """Erase the line."""
        if self._visible:
            self._sortie.write(_EFFACER)
            self._sortie.flush()

    @property
    def secondes(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._debut
