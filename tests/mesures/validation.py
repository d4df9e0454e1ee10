"""Measure validation: the shipped corpus, one edit, and a corpus of many actors.

Usage: python -m tests.mesures.validation [actors]. Without a number, 100 000; 0 for the shipped corpus only.
Writes its table in tests/mesures/README.md.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.mesures.chrono import memoire
from tests.mesures.tableau import ecrire, nombre, verdict

from maillage.corpus.corpus import Corpus, FichierTurtle, from_bytes, read_corpus
from maillage.validation import Suivi

RACINE = Path(__file__).parents[2]
MODELE = "donnees/acteurs/29/annuaire-2019.ttl"
ENTETES = ("corpus", "mesure", "écoulé", "processeur", "cible", "tenue")
#: seconds of a full validation, of the shipped corpus and of the large one; of an edit; MB; edits.
COMPLETE, RETOUCHE, MEMOIRE, RETOUCHES = (30.0, 120.0), 1.0, 3000.0, 10
ACTEURS = 100_000


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


def une(acteurs: int) -> list[list[str]]:
    """Rows of one corpus: a full validation, its memory, ten edits. In a process of its own: its peak."""
    corpus = read_corpus(RACINE)
    if acteurs:
        corpus = multiplied(corpus, acteurs)
    start, processor = time.perf_counter(), time.process_time()
    suivi = Suivi(corpus)
    full, worked = time.perf_counter() - start, time.process_time() - processor
    peak = memoire(os.getpid(), "VmHWM")
    seconds = []
    for rank in range(RETOUCHES):
        corpus = edited(corpus, 30 + rank)
        begin = time.perf_counter()
        suivi.revalider(corpus)
        seconds.append(time.perf_counter() - begin)
    nom = f"{acteurs} acteurs de plus" if acteurs else "corpus livré"
    measured = (
        ("validation complète", full, worked, "s", COMPLETE[bool(acteurs)]),
        ("mémoire (pic)", peak, None, "Mo", MEMOIRE if acteurs else None),
        ("après une retouche, la plus lente", max(seconds), None, "s", RETOUCHE),
    )
    return [
        [f"{nom} ({corpus.triples} triplets)", mesure, nombre(valeur, unite), nombre(processeur, unite),
         nombre(cible, unite), verdict(valeur, cible)]
        for mesure, valeur, processeur, unite, cible in measured
    ]  # fmt: skip


def mesurer(acteurs: int) -> str:
    """The table: the shipped corpus, then with `acteurs` more actors where that is not 0. Raises OSError."""
    rows = []
    for nombre_d_acteurs in dict.fromkeys((0, acteurs)):
        with ProcessPoolExecutor(1, get_context("spawn")) as processus:
            rows += processus.submit(une, nombre_d_acteurs).result()
    return ecrire("validation", ENTETES, rows, f"{RETOUCHES} retouches d'un fichier.")


if __name__ == "__main__":
    print(mesurer(int(sys.argv[1]) if len(sys.argv) > 1 else ACTEURS))
