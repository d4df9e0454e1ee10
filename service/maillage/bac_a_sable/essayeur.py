"""The process that tries files: `python -m maillage.bac_a_sable.essayeur`.

The version in service and the texts of its files are read once, in the parent of `confinement`; a child tries
one file, then ends: what it changed in memory goes with it.
"""

from __future__ import annotations

import json
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from maillage.bac_a_sable.confinement import supervise
from maillage.bac_a_sable.trames import Limites, encode
from maillage.corpus.corpus import read_corpus
from maillage.validation.codes import catalogue
from maillage.validation.essai import Contexte, served_corpus
from maillage.validation.rapport_ecrit import ECRITURES
from maillage.validation.suivi import load
from maillage.versions.instantane import GRAPHES, RAPPORT
from maillage.versions.manifeste import lire_manifeste


def contexte(version: Path, racine: Path) -> Contexte:
    """The context of a trial: a version in service; the folder of the corpus gives its texts.

    Raises maillage.versions.manifeste.InstantaneAltere, OSError.
    """
    store = load(ox.parse(path=version / GRAPHES, format=ox.RdfFormat.N_QUADS, lenient=True))
    corpus = served_corpus(read_corpus(racine), store, lire_manifeste(version).empreinte)
    report = json.loads((version / RAPPORT).read_text(encoding="utf-8"))
    return Contexte(corpus, store, report["constats"])


def _answer(contexte: Contexte, limites: Limites, demande: dict[str, Any], octets: bytes) -> bytes:
    """The frame that answers one demand: the report in its form and language."""
    try:
        essai = contexte.essayer(octets, demande["nom"])
        written = ECRITURES[demande["forme"]](essai.rapport, demande["langue"]).encode()
    except MemoryError:
        return encode({"erreur": "memoire"})
    except Exception as error:
        return encode({"erreur": "execution", "message": repr(error)})
    if len(written) > limites.octets:
        return encode({"erreur": "debordement"})
    return encode({"fichier": essai.fichier, "remplace": essai.remplace}, written)


def main(arguments: list[str]) -> None:
    """Arguments, as JSON: folder of the version, root of the corpus, limits, channel descriptors."""
    version, racine, limites, descripteurs = (json.loads(argument) for argument in arguments)
    catalogue()  # read now: a child opens no file
    ready, bornes = contexte(Path(version), Path(racine)), Limites(**limites)
    canaux = [socket.socket(fileno=descripteur) for descripteur in descripteurs]
    supervise(canaux, partial(_answer, ready, bornes), bornes, jetable=True)


if __name__ == "__main__":
    main(sys.argv[1:])
