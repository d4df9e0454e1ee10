"""Parts of a version: the lines of `graphes.nq` that belong to each dataset, read once.

The lines of a version are sorted, so a part of it is sorted too, and what is made of it has the same bytes
wherever and whenever it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse

from maillage.catalogue.jeux import Jeu


def graphe_de(ligne: bytes) -> str:
    """Name of the graph of a line of N-Quads."""
    return ligne[ligne.rindex(b" <") + 2 : -4].decode()


class Partage:
    """Which datasets a graph belongs to."""

    def __init__(self, jeux: Iterable[Jeu]) -> None:
        self._jeux = [(jeu.code, jeu.graphes) for jeu in jeux]
        self._connus: dict[bytes, tuple[str, ...]] = {}

    def codes(self, ligne: bytes) -> tuple[str, ...]:
        """Codes of the datasets that hold this line."""
        end = ligne[ligne.rindex(b" <") :]
        if end not in self._connus:
            name = graphe_de(ligne)
            self._connus[end] = tuple(code for code, starts in self._jeux if name.startswith(starts))
        return self._connus[end]


def separer(graphes: Path, jeux: Sequence[Jeu], dossier: Path) -> dict[str, Path]:
    """Write the part of each dataset in `dossier`, as N-Quads; code → file. Raises OSError."""
    partage = Partage(jeux)
    paths = {jeu.code: dossier / f"{jeu.code}.nq" for jeu in jeux}
    with ExitStack() as stack, graphes.open("rb") as file:
        outputs = {code: stack.enter_context(path.open("wb")) for code, path in paths.items()}
        for line in file:
            for code in partage.codes(line):
                outputs[code].write(line)
    return paths


def triplets(partie: Path) -> Iterator[Triple]:
    """The triples of a part, each once: the same one in two files follows itself."""
    last = None
    for quad in parse(path=partie, format=RdfFormat.N_QUADS, lenient=True):
        triple = quad.triple
        if triple != last:
            yield triple
        last = triple
