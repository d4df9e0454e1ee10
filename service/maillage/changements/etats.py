"""The state of resources in one version: what its files say of each, read from its sorted statements.

A state is written without its subject, `<property> <value>` a line, so that it may be told of the resource or
of the version of it. A blank node is numbered within the state that holds it: `_:0 <property> <value>`.
"""

from __future__ import annotations

import mmap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from pyoxigraph import Literal, RdfFormat, Triple, parse

from maillage.namespaces import PREFIXES

_NOMS = tuple(
    f"<{PREFIXES[prefix]}{name}> ".encode()
    for prefix, name in (("skos", "prefLabel"), ("dcterms", "title"), ("rdfs", "label"))
)


class Etats:
    """The states of one version, from its file of asserted statements (`EntrepotEmbarque.ecrire`)."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        size = path.stat().st_size
        self._carte = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        first = self._carte.find(b"_:")
        self._fin = len(self._carte) if first < 0 else self._carte.rfind(b"\n", 0, first) + 1
        self._anonymes: dict[bytes, list[bytes]] = defaultdict(list)
        for line in self._carte[self._fin :].splitlines():
            self._anonymes[line.partition(b" ")[0]].append(line)

    def __enter__(self) -> Etats:
        return self

    def __exit__(self, *error: object) -> None:
        if isinstance(self._carte, mmap.mmap):
            self._carte.close()
        self._file.close()

    def tous(self) -> Iterator[tuple[str, bytes]]:
        """(IRI, state) of every resource; those that only have statements with blank nodes come last."""
        seen = set()
        for sujet, lines in groupby(self._lignes(), key=_sujet):
            seen.add(sujet)
            yield sujet[1:-1].decode(), self._etat(sujet, lines)
        for sujet in sorted(self._anonymes.keys() - seen):
            if sujet.startswith(b"<"):
                yield sujet[1:-1].decode(), self._etat(sujet, ())

    def de(self, iri: str) -> bytes:
        """The state of one resource; empty where this version does not know it."""
        sujet = f"<{iri}>".encode()
        return self._etat(sujet, self._du_sujet(sujet))

    def _lignes(self) -> Iterator[bytes]:
        start = 0
        while start < self._fin:
            end = self._carte.find(b"\n", start)
            yield self._carte[start:end]
            start = end + 1

    def _du_sujet(self, sujet: bytes) -> Iterator[bytes]:
        """The statements of a subject without blank nodes, found by bisection."""
        wanted, low, high = sujet + b" ", 0, self._fin
        while low < high:
            start = self._carte.rfind(b"\n", 0, (low + high) // 2) + 1
            end = self._carte.find(b"\n", start) + 1
            low, high = (end, high) if self._carte[start:end] < wanted else (low, start)
        while low < self._fin and self._carte[low : low + len(wanted)] == wanted:
            end = self._carte.find(b"\n", low)
            yield self._carte[low:end]
            low = end + 1

    def _etat(self, sujet: bytes, lines: Iterable[bytes]) -> bytes:
        numeros: dict[bytes, int] = {}
        written = [_reste(line) for line in lines]
        written += [_reste(line, numeros) for line in self._anonymes.get(sujet, ())]
        for node in (todo := list(numeros)):
            for line in self._anonymes.get(node, ()):
                written.append(b"_:%d " % numeros[node] + _reste(line, numeros))
                todo.extend(one for one in numeros if one not in todo)
        return b"\n".join(dict.fromkeys(written))


def _sujet(line: bytes) -> bytes:
    return line.partition(b" ")[0]


def _reste(line: bytes, numeros: dict[bytes, int] | None = None) -> bytes:
    """Property and value of a statement; its graph is an IRI, hence the last thing that opens with « < »."""
    _, predicat, objet = line.split(b" ", 2)
    objet = objet[: objet.rindex(b" <")]
    if numeros is not None and objet.startswith(b"_:"):
        objet = b"_:%d" % numeros.setdefault(objet, len(numeros))
    return predicat + b" " + objet


def triples(etat: bytes, sujet: str, marque: str) -> list[Triple]:
    """A state told of `sujet`. `marque` keeps the blank nodes of two states apart in one graph."""
    prefixe = f"_:{marque}n".encode()

    def ligne(line: bytes) -> bytes:
        owner, rest = (f"<{sujet}>".encode(), line)
        if line.startswith(b"_:"):
            name, _, rest = line.partition(b" ")
            owner = prefixe + name[2:]
        predicat, _, objet = rest.partition(b" ")
        if objet.startswith(b"_:"):
            objet = prefixe + objet[2:]
        return b" ".join((owner, predicat, objet, b".\n"))

    written = b"".join(ligne(line) for line in etat.splitlines())
    return [quad.triple for quad in parse(written, RdfFormat.N_TRIPLES, lenient=True)]


def nom(etat: bytes) -> str:
    """The name that a state gives, in French where it has one; empty without a name."""
    named = [line for line in etat.splitlines() if line.startswith(_NOMS)]
    if not named:
        return ""
    best = min(named, key=lambda each: (not each.endswith(b"@fr"), each))
    term = triples(best, "urn:x", "")[0].object
    return term.value if isinstance(term, Literal) else ""
