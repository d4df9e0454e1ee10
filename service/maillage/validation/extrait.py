"""The line of a finding with a caret under what is wrong."""

from __future__ import annotations

from maillage.validation.constat import Lieu
from maillage.validation.enonces import TexteTurtle

_LARGEUR = 160


def excerpt(texte: TexteTurtle, lieu: Lieu) -> str:
    """Two lines: the source line (cut around the place when long) and carets; "" for a whole file."""
    if not lieu.ligne:
        return ""
    line = texte.line(lieu.ligne).replace("\t", " ")
    start = max(lieu.colonne - 1, 0)
    end = lieu.fin_colonne - 1 if lieu.fin_ligne == lieu.ligne else len(line)
    shift = max(0, start - _LARGEUR // 2) if len(line) > _LARGEUR else 0
    shown = line[shift : shift + _LARGEUR]
    carets = max(1, min(end, shift + len(shown)) - start)
    return f"{shown}\n{' ' * (start - shift)}{'^' * carets}"
