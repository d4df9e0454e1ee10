"""The triple store: what every question to the graph goes through.

Only this module and `store_distant` know an engine. The rest of the service sees `Entrepot`, whose terms
are pyoxigraph's whatever the engine. The default graph of a query is the union of all named graphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
)

from maillage.memoire import rendre_memoire
from maillage.namespaces import PREFIXES

_TERMES = (NamedNode, BlankNode, Literal)
Terme = NamedNode | BlankNode | Literal
Ligne = dict[str, Terme]

#: bytes read at once; small, so that loading costs no more memory than the loaded graph.
BLOC = 4 << 20


class RequeteRefusee(ValueError):  # noqa: N818 (the error is named in French)
    """The store does not accept the query: bad syntax, or another form than the one asked for."""


class EntrepotIndisponible(OSError):  # noqa: N818
    """The store cannot be reached or failed to answer."""


class Entrepot(Protocol):
    """What the service asks of a triple store, embedded or remote (SPARQL 1.1 Query).

    Every method raises RequeteRefusee on a bad query, EntrepotIndisponible on a failing store.
    """

    def lignes(self, sparql: str) -> list[Ligne]:
        """Rows of a SELECT: variable name → term; an unbound variable has no key."""

    def graphe(self, sparql: str) -> list[Triple]:
        """Triples of a CONSTRUCT."""

    def demande(self, sparql: str) -> bool:
        """Answer of an ASK."""


class EntrepotEmbarque:
    """An in-memory Oxigraph store, filled, then read by any number of threads."""

    def __init__(self, moteur: Store | None = None) -> None:
        """Empty, or around a store at hand."""
        self._store = Store() if moteur is None else moteur

    @property
    def moteur(self) -> Store:
        """The engine itself, for what follows changes in it."""
        return self._store

    def __len__(self) -> int:
        """Number of quads (a full count: not for hot paths)."""
        return len(self._store)

    def lignes(self, sparql: str, liaisons: Mapping[str, Terme] | None = None) -> list[Ligne]:
        """See Entrepot; `liaisons` are the values of some of the variables selected."""
        return lignes_de(self._solutions(sparql, liaisons))

    def graphe(self, sparql: str, liaisons: Mapping[str, Terme] | None = None) -> list[Triple]:
        """See Entrepot; `liaisons` are the values of some variables."""
        return list(self._triples(sparql, liaisons))

    def demande(self, sparql: str) -> bool:
        """See Entrepot."""
        answer = self._query(sparql)
        if not isinstance(answer, QueryBoolean):
            raise RequeteRefusee("requête ASK attendue (ASK query expected)")
        return bool(answer)

    def deduire(self, sparql: str, graphe: str) -> int:
        """Put the triples of a CONSTRUCT in a named graph; how many. They go as bytes, faster than as terms.

        Raises as `graphe`; blank nodes may not be derived, for their identifier would change.
        """
        written = self._triples(sparql).serialize(format=RdfFormat.N_TRIPLES) or b""
        lines = set(written.splitlines(keepends=True))
        if any(line.startswith(b"_:") or b"> _:" in line for line in lines):
            raise RequeteRefusee("un nœud anonyme ne se déduit pas (no blank node may be derived)")
        self._store.load(b"".join(lines), RdfFormat.N_TRIPLES, to_graph=NamedNode(graphe), lenient=True)
        return len(lines)

    def serialise(self, sparql: str, forme: QueryResultsFormat) -> bytes:
        """Result of a SELECT, written by the engine itself in JSON, XML, CSV or TSV."""
        written = self._solutions(sparql).serialize(format=forme)
        return written if written is not None else b""

    def ajouter(self, quads: Iterable[Quad]) -> None:
        """Add quads; blank nodes keep their identifier."""
        self._store.extend(quads)

    def modifier(self, ajouts: Iterable[Quad], retraits: Iterable[Quad]) -> None:
        """Add quads, and take others away; blank nodes are known by their identifier."""
        self._store.extend(ajouts)
        for quad in retraits:
            self._store.remove(quad)

    def charger(self, path: Path) -> None:
        """Load an N-Quads file written by `ecrire` (it is trusted: its IRIs are not checked again).

        Blocks holding blank nodes go through `extend`, for `load` gives them other identifiers in each
        block. Raises OSError when the file cannot be read, SyntaxError when it is cut or altered.
        """
        for block in _blocs(path):
            if b"_:" in block:
                self._store.extend(parse(block, RdfFormat.N_QUADS, lenient=True))
            else:
                self._store.load(block, RdfFormat.N_QUADS, lenient=True)
        rendre_memoire()

    def ecrire(self, path: Path, graphe: str | None = None) -> int:
        """Write the store, or one named graph, as N-Quads that `charger` reads; the number of lines.

        Sorted, so that two versions compare line by line; lines with blank nodes last, so that `charger`
        takes its fast way for the others. Raises OSError when the disk refuses.
        """
        if graphe is None:
            lines = self.exporter(RdfFormat.N_QUADS).splitlines(keepends=True)
        else:
            end = f"{NamedNode(graphe)} .\n".encode()
            triples = self.exporter(RdfFormat.N_TRIPLES, graphe).splitlines()
            lines = [line.removesuffix(b".") + end for line in triples]
        lines.sort(key=lambda line: (b"_:" in line, line))
        with path.open("wb") as file:
            file.writelines(lines)
        return len(lines)

    def graphes(self) -> list[str]:
        """IRIs of the named graphs, sorted."""
        return sorted(name.value for name in self._store.named_graphs() if isinstance(name, NamedNode))

    def quads(self, graphe: str) -> Iterator[Quad]:
        """Quads of one named graph."""
        return self._store.quads_for_pattern(None, None, None, NamedNode(graphe))

    def exporter(self, forme: RdfFormat, graphe: str | None = None) -> bytes:
        """The whole store, or one named graph, in an RDF format.

        A format without named graphs merges the store into one graph when `graphe` is not given.
        """
        if graphe is None and not forme.supports_datasets:
            return self._fusion().dump(format=forme, from_graph=DefaultGraph(), prefixes=PREFIXES) or b""
        source = NamedNode(graphe) if graphe else None
        return self._store.dump(format=forme, from_graph=source, prefixes=PREFIXES) or b""

    def _fusion(self) -> Store:
        merged = Store()
        merged.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in self._store)
        return merged

    def _query(
        self, sparql: str, liaisons: Mapping[str, Terme] | None = None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        given: dict[Variable, Terme | Triple] = {
            Variable(name): term for name, term in (liaisons or {}).items()
        }
        try:
            return self._store.query(sparql, use_default_graph_as_union=True, substitutions=given)
        except SyntaxError as error:
            raise RequeteRefusee(str(error)) from error
        except OSError as error:
            raise EntrepotIndisponible(str(error)) from error

    def _triples(self, sparql: str, liaisons: Mapping[str, Terme] | None = None) -> QueryTriples:
        answer = self._query(sparql, liaisons)
        if not isinstance(answer, QueryTriples):
            raise RequeteRefusee("requête CONSTRUCT attendue (CONSTRUCT query expected)")
        return answer

    def _solutions(self, sparql: str, liaisons: Mapping[str, Terme] | None = None) -> QuerySolutions:
        answer = self._query(sparql, liaisons)
        if not isinstance(answer, QuerySolutions):
            raise RequeteRefusee("requête SELECT attendue (SELECT query expected)")
        return answer


def lignes_de(solutions: QuerySolutions) -> list[Ligne]:
    """Rows of a solution sequence, without keys for unbound variables."""
    names = [variable.value for variable in solutions.variables]
    return [
        {name: term for name, term in zip(names, solution, strict=True) if isinstance(term, _TERMES)}
        for solution in solutions
    ]


def _blocs(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOC):
            yield block + file.readline()
