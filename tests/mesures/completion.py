"""Measure completion by keystroke, against rapidfuzz scanning every name.

Usage: python -m tests.mesures.completion. Prints milliseconds and the ratio; the target is CIBLE (median).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from rapidfuzz.fuzz import WRatio
from rapidfuzz.process import extract
from tests.mesures.chrono import quantile

from maillage.config import Settings
from maillage.lexique import Lexique
from maillage.suggestions import Suggestions
from maillage.textes import lire_textes
from maillage.versions.instantane import LEXIQUE, courant

#: milliseconds.
CIBLE = 5.0
#: names typed, keys of each at most; one keystroke in ESPACE is also asked of the full scan.
NOMS, TOUCHES, ESPACE = 300, 16, 25


def frappes(lexique: Lexique) -> list[str]:
    """What stands in the box after each key, for names of all kinds, one in three with a letter left out."""
    hasard = random.Random(2013)
    noms = [forme.mots for forme in lexique.formes] + [nom for nom, _ in lexique.noms_de_lieux]
    suite = []
    for rang, nom in enumerate(hasard.sample(noms, NOMS)):
        tape = nom if rang % 3 or len(nom) < 6 else nom[:3] + nom[4:]
        suite += [tape[:fin] for fin in range(1, min(len(tape), TOUCHES) + 1)]
    return suite


def chronometrer(repondre: Callable[[str], object], textes: Sequence[str]) -> list[float]:
    """Milliseconds of each answer."""
    durees = []
    for texte in textes:
        debut = time.perf_counter()
        repondre(texte)
        durees.append((time.perf_counter() - debut) * 1e3)
    return durees


def main() -> None:
    """Print the table."""
    lexique = Lexique.lire(courant(Settings().dossier_instantanes) / LEXIQUE)
    debut = time.perf_counter()
    moteur = Suggestions(lexique, lire_textes())
    preparation = time.perf_counter() - debut
    textes = frappes(lexique)
    noms = sorted({forme.mots for forme in lexique.formes} | {nom for nom, _ in lexique.noms_de_lieux})
    nous = chronometrer(lambda texte: moteur.suggerer(texte, "fr"), textes)
    balayage = chronometrer(
        lambda texte: extract(texte, noms, scorer=WRatio, limit=10, processor=None), textes[::ESPACE]
    )
    print(f"{len(noms)} names, ready in {preparation:.2f} s, {len(textes)} keystrokes")
    for part in (50, 95):
        ours, scan = quantile(nous, part), quantile(balayage, part)
        print(f"p{part}: {ours:.2f} ms, full scan {scan:.1f} ms, × {scan / ours:.0f}")
    print(f"target {CIBLE:g} ms at the median: {'met' if quantile(nous, 50) < CIBLE else 'NOT MET'}")


if __name__ == "__main__":
    main()
