"""A question as received: cleaned of what no keyboard types, refused where it is empty or endless."""

from __future__ import annotations

import unicodedata

from maillage.problemes import Champ, Probleme

LONGUEUR = 10_000
#: no word of any language is longer; stemming one costs the square of its length.
LONGUEUR_MOT = 100


def nettoyer(brute: str) -> str:
    """The question without control characters, its spaces folded.

    Raises Probleme 400 where nothing is left, where it is longer than LONGUEUR characters, or a word than
    LONGUEUR_MOT.
    """
    if len(brute) > LONGUEUR:
        valeurs = {"longueur": len(brute), "maximum": LONGUEUR}
        raise Probleme("parametre-refuse", 400, champs=(Champ("q", "trop-long", valeurs),))
    kept = (" " if char.isspace() else char for char in brute if char.isspace() or _typed(char))
    question = " ".join("".join(kept).split())
    if not question:
        raison = "controle" if brute.strip() else "vide"
        raise Probleme("parametre-refuse", 400, champs=(Champ("q", raison),))
    longest = max(map(len, question.split()))
    if longest > LONGUEUR_MOT:
        valeurs = {"longueur": longest, "maximum": LONGUEUR_MOT}
        raise Probleme("parametre-refuse", 400, champs=(Champ("q", "mot-trop-long", valeurs),))
    return question


def _typed(char: str) -> bool:
    """False for control characters and lone surrogates; joiners and direction marks are text."""
    return unicodedata.category(char) not in ("Cc", "Cs")
