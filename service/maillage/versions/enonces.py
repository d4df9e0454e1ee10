"""The statements of a version: a file of sorted N-Quads lines (`EntrepotEmbarque.ecrire`), those with blank
nodes at the end. Being sorted, it is searched by bisection, and rewritten by splicing."""

from __future__ import annotations

import mmap
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Quad, RdfFormat, parse, serialize

from maillage.turtle.structure import Structure


class Enonces:
    """One file of statements, to be read inside a `with` block."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises OSError."""
        self._file = path.open("rb")
        size = path.stat().st_size
        self._carte = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        self.fin = self._debut_anonymes()
        self.structures: dict[str, set[tuple[str, str]]] | None = None
        self._sujets: set[bytes] | None = None

    def __enter__(self) -> Enonces:
        return self

    def __exit__(self, *error: object) -> None:
        if isinstance(self._carte, mmap.mmap):
            self._carte.close()
        self._file.close()

    @property
    def anonymes(self) -> bytes:
        """The lines with blank nodes."""
        return self._carte[self.fin :]

    def lignes(self) -> Iterator[bytes]:
        """The statements without blank nodes."""
        self._file.seek(0)
        left = self.fin
        for line in self._file:
            if left <= 0:
                return
            left -= len(line)
            yield line

    def du_sujet(self, sujet: bytes, *, anonymes: bool = False) -> list[bytes]:
        """The statements of a subject, without blank nodes or with them."""
        wanted = sujet + b" "
        low, stop = self._place(wanted, anonymes), len(self._carte) if anonymes else self.fin
        lines = []
        while low < stop and self._carte[low : low + len(wanted)] == wanted:
            end = self._carte.find(b"\n", low) + 1
            lines.append(self._carte[low:end])
            low = end
        return lines

    def connait(self, sujet: str) -> bool:
        """Whether a subject has statements with blank nodes."""
        if self.structures is not None:
            return sujet in self.structures
        if self._sujets is None:
            self._sujets = {sujet_de(line) for line in self.anonymes.splitlines()}
        return sujet.encode() in self._sujets

    def lire_structures(self, sujets: Collection[str] | None = None) -> dict[str, set[tuple[str, str]]]:
        """The statements with blank nodes: by subject, property and the structure of the value.

        Those of some subjects only where `sujets` is given.
        """
        if self.structures is None:
            self.structures = defaultdict(set)
            lines = self.anonymes if sujets is None else self._autour(sujets)
            structure = Structure(parse(lines, RdfFormat.N_QUADS, lenient=True))
            for sujet in structure.sujets:
                written = structure.texte(sujet)
                for predicat, objets in structure.proprietes[sujet].items():
                    self.structures[written] |= {(str(predicat), structure.texte(one)) for one in objets}
        return self.structures

    def suffit(self, sujets: Collection[str]) -> bool:
        """Whether some subjects may be looked at alone: no blank node of theirs needs a name."""
        if self.structures is None:
            structure = Structure(parse(self._autour(sujets), RdfFormat.N_QUADS, lenient=True))
            return not structure.noms
        return True

    def recoudre(self, path: Path, ajouts: Iterable[Quad], retraits: Iterable[Quad]) -> None:
        """Write the file that has these quads more and those less: the same bytes as one written anew.

        Raises OSError, and ValueError where a quad to take away is not there.
        """
        edits = [(*_rang(line), True) for line in lignes_de(retraits)]
        edits += [(*_rang(line), False) for line in lignes_de(ajouts)]
        written = 0
        with path.open("wb") as file, memoryview(self._carte) as carte:
            for anonyme, line, gone in sorted(edits):
                place = self._place(line, anonyme)
                file.write(carte[written:place])
                written = place
                if not gone:
                    file.write(line)
                elif carte[place : place + len(line)] == line:
                    written += len(line)
                else:
                    raise ValueError(f"{self._file.name} : {line!r}")
            file.write(carte[written:])

    def _autour(self, sujets: Collection[str]) -> bytes:
        """The lines with blank nodes of some subjects, and those of the blank nodes that they lead to."""
        left, seen, found = [sujet.encode() for sujet in sujets], set[bytes](), list[bytes]()
        while left:
            sujet = left.pop()
            if sujet in seen:
                continue
            seen.add(sujet)
            lines = self.du_sujet(sujet, anonymes=True)
            found += lines
            for quad in parse(b"".join(lines), RdfFormat.N_QUADS, lenient=True):
                if isinstance(quad.object, BlankNode):
                    left.append(str(quad.object).encode())
        return b"".join(found)

    def _place(self, line: bytes, anonyme: bool) -> int:
        """Offset of the first line not before this one, among those with blank nodes or the others."""
        low, high = (self.fin, len(self._carte)) if anonyme else (0, self.fin)
        return self._premiere(low, high, lambda other: other >= line)

    def _debut_anonymes(self) -> int:
        """Offset of the first line that holds « _: », hence of all those that do."""
        return self._premiere(0, len(self._carte), lambda line: b"_:" in line)

    def _premiere(self, low: int, high: int, found: Callable[[bytes], bool]) -> int:
        """Offset of the first line between two offsets for which `found` holds, as for all those after it."""
        while low < high:
            start = max(low, self._carte.rfind(b"\n", 0, (low + high) // 2) + 1)
            end = self._carte.find(b"\n", start) + 1
            if found(self._carte[start:end]):
                high = start
            else:
                low = end
        return low


def sujet_de(line: bytes) -> bytes:
    """The subject of a line."""
    return line.partition(b" ")[0]


def lignes_de(quads: Iterable[Quad]) -> list[bytes]:
    """Quads as the lines of a file of statements."""
    return (serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)


def _rang(line: bytes) -> tuple[bool, bytes]:
    return b"_:" in line, line
