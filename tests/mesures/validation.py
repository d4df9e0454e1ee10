"""Measure validation: the shipped corpus, one edit, and a corpus of many actors.

Usage: python -m tests.mesures.validation [actors]. Without a number, the shipped corpus only.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.mesures.chrono import memoire

from maillage.corpus.corpus import Corpus, FichierTurtle, from_bytes, read_corpus
from maillage.validation import Suivi

RACINE = Path(__file__).parents[2]
MODELE = "donnees/acteurs/29/annuaire-2019.ttl"


def multiplied(corpus: Corpus, actors: int) -> Corpus:
    """The corpus with copies of the actors of one file, under other names, up to `actors` more."""
    return Corpus(corpus.racine, (*corpus.fichiers, *_copies(corpus, actors)))


def _copies(corpus: Corpus, actors: int) -> Iterator[FichierTurtle]:
    text = next(each.texte for each in corpus.fichiers if each.chemin == MODELE)
    each_file = text.count(" a mlg:Acteur")
    for rank in range(-(-actors // each_file)):
        copy = re.sub(r"\bacteur:([\w-]+)", rf"acteur:\1-copie-{rank}", text)
        copy = re.sub(r'(dcterms:identifier "[^"]+)"', rf'\1-copie-{rank}"', copy)
        yield from_bytes(f"donnees/acteurs/copies/{rank:05}.ttl", copy.encode())


def edited(corpus: Corpus, rank: int) -> Corpus:
    """The corpus with one line of one file changed."""

    def change(fichier: FichierTurtle) -> FichierTurtle:
        text = fichier.texte.replace("02 98 76 20 20", f"02 98 76 20 {rank:02}")
        return from_bytes(fichier.chemin, text.encode()) if fichier.chemin == MODELE else fichier

    return Corpus(corpus.racine, tuple(change(each) for each in corpus.fichiers))


def main() -> None:
    """Print seconds, processor seconds and memory of a full validation, then of ten edits."""
    corpus = read_corpus(RACINE)
    if len(sys.argv) > 1:
        corpus = multiplied(corpus, int(sys.argv[1]))
    start, processor = time.perf_counter(), time.process_time()
    suivi = Suivi(corpus)
    peak = memoire(os.getpid(), "VmHWM")
    print(
        f"validation complète de {corpus.triples} triplets, {suivi.rapport.cibles} ressources visées, "
        f"{len(suivi.rapport.constats)} constats : {time.perf_counter() - start:.1f} s "
        f"({time.process_time() - processor:.1f} s de processeur), pic {peak:.0f} Mo",
        flush=True,
    )
    seconds = []
    for rank in range(10):
        corpus = edited(corpus, 30 + rank)
        begin = time.perf_counter()
        suivi.revalider(corpus)
        seconds.append(time.perf_counter() - begin)
    print(
        f"après une édition : la première {seconds[0]:.2f} s, les suivantes {max(seconds[1:]):.2f} s au plus"
    )


if __name__ == "__main__":
    main()
