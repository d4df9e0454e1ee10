"""From a result to its place: the file by its named graph, line and column by reading one statement again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from heapq import nsmallest

import pyoxigraph as ox

from maillage.corpus.corpus import Corpus, FichierTurtle
from maillage.namespaces import PREFIXES
from maillage.validation.chemins import Graphe, Noeud, Terme
from maillage.validation.constat import Lieu
from maillage.validation.enonces import Enonce, TexteTurtle
from maillage.validation.extrait import excerpt
from maillage.validation.formes import RDF_TYPE
from maillage.validation.positions import Etendue, TripletSitue, situate

_NOMBRES = tuple(
    ox.NamedNode(PREFIXES["xsd"] + name) for name in ("integer", "decimal", "double", "float", "int", "long")
)
_PROFONDEUR = 12
_CANDIDATS = 12


@dataclass(frozen=True, slots=True)
class _Candidat:
    """A triple that shows the place of a result, and which of its terms does."""

    quad: ox.Quad
    role: str


class Localisateur:
    """Places results in the files of a corpus. Files are cut, and statements read, on first need only."""

    def __init__(self, corpus: Corpus, data: ox.Store, avant: Localisateur | None = None) -> None:
        """`avant` placed results in an earlier corpus: what it read of the files that stay is kept."""
        self.data = data
        self._fichiers: dict[Graphe | None, FichierTurtle]
        self._fichiers = {fichier.graphe: fichier for fichier in corpus.fichiers}
        self._graphes = {fichier.chemin: fichier.graphe for fichier in corpus.fichiers}
        self._textes: dict[str, TexteTurtle] = {}
        self._lus: dict[tuple[str, int], list[TripletSitue]] = {}
        if avant is not None:
            same = {path for path in avant._textes if avant._file(path) is self._file(path)}
            self._textes = {path: texte for path, texte in avant._textes.items() if path in same}
            self._lus = {key: read for key, read in avant._lus.items() if key[0] in same}

    def _file(self, chemin: str) -> FichierTurtle | None:
        return self._fichiers.get(self._graphes.get(chemin))

    def chemin(self, graphe: Graphe) -> str:
        """The path of the file of a graph, "" for no file."""
        fichier = self._fichiers.get(graphe) if isinstance(graphe, ox.NamedNode) else None
        return fichier.chemin if fichier else ""

    def texte(self, chemin: str) -> TexteTurtle:
        """The text of a file of the corpus."""
        if chemin not in self._textes:
            self._textes[chemin] = TexteTurtle(self._fichiers[self._graphes[chemin]].texte)
        return self._textes[chemin]

    def place(self, focus: Terme, path: Terme | None, value: Terme | None) -> tuple[Lieu, str]:
        """Place and excerpt: on the value, else on the subject, else where the subject is mentioned."""
        for candidates in self._candidates(focus, path, value):
            places = [self._situated(self.chemin(each.quad.graph_name), each) for each in candidates]
            if places:
                # What is given too often is shown at its last mention, anything else at its first.
                choose = max if candidates[0].role == "predicat" and value is None else min
                return choose(places, key=_order)
        return Lieu(), ""

    def in_file(self, chemin: str, subject: Noeud) -> tuple[Lieu, str]:
        """Place and excerpt of the first mention of a subject in one file."""
        quads = self.data.quads_for_pattern(subject, None, None, self._graphes[chemin])
        return self._situated(chemin, _Candidat(min(quads, key=str), "sujet"))

    def _candidates(self, focus: Terme, path: Terme | None, value: Terme | None) -> Iterator[list[_Candidat]]:
        """The triples that show the place, best first."""
        elsewhere = value is not None and value != focus
        predicate = path if isinstance(path, ox.NamedNode) else None
        if isinstance(focus, ox.NamedNode | ox.BlankNode):
            if elsewhere:
                yield self._quads(focus, predicate, value, "objet")
            if predicate is not None and not elsewhere:
                yield self._quads(focus, predicate, None, "predicat")
        if elsewhere:
            yield self._quads(None, None, value, "objet")
        if isinstance(focus, ox.NamedNode | ox.BlankNode):
            yield self._quads(focus, RDF_TYPE, None, "sujet")
            yield self._quads(focus, None, None, "sujet")
        yield self._quads(None, None, focus, "objet")
        if isinstance(focus, ox.NamedNode):
            yield self._quads(None, focus, None, "predicat")

    def _quads(
        self, subject: Noeud | None, predicate: ox.NamedNode | None, value: Terme | None, role: str
    ) -> list[_Candidat]:
        """A few of the triples of files, always the same ones."""
        quads = self.data.quads_for_pattern(subject, predicate, value, None)
        found = nsmallest(_CANDIDATS, (quad for quad in quads if self.chemin(quad.graph_name)), key=_name)
        return [_Candidat(quad, role) for quad in found]

    def _situated(self, chemin: str, candidate: _Candidat) -> tuple[Lieu, str]:
        texte = self.texte(chemin)
        extent = self._extent(chemin, texte, candidate)
        if extent is None:
            return Lieu(chemin), ""
        (line, column), (end_line, end_column) = texte.place(extent[0]), texte.place(extent[1])
        place = Lieu(chemin, line, column, end_line, end_column)
        return place, excerpt(texte, place)

    def _extent(self, chemin: str, texte: TexteTurtle, candidate: _Candidat) -> Etendue | None:
        quad = candidate.quad
        top = self._top(quad.subject, quad.graph_name)
        about = texte.par_sujet.get(top.value if isinstance(top, ox.NamedNode) else "", [])
        graphe = quad.graph_name
        wanted = self._form(quad.subject, graphe), quad.predicate, self._form(quad.object, graphe)
        for each in about:
            triples = self._read(chemin, texte, each)
            known = _Formes(triples)
            for triple in triples:
                if wanted == (known.form(triple.sujet), triple.predicat, known.form(triple.objet)):
                    extent: Etendue = getattr(triple, f"etendue_{candidate.role}")
                    return _trim(texte, extent)
        return (about[0].debut, about[0].debut + len(about[0].sujet)) if about else None

    def _read(self, chemin: str, texte: TexteTurtle, each: Enonce) -> list[TripletSitue]:
        key = (chemin, each.debut)
        if key not in self._lus:
            self._lus[key] = situate(texte, each)
        return self._lus[key]

    def _top(self, node: Noeud, graphe: Graphe) -> Noeud:
        """The resource whose statement holds a blank node: its owner, climbed to."""
        for _ in range(_PROFONDEUR):
            if isinstance(node, ox.NamedNode):
                return node
            owner = next(iter(self.data.quads_for_pattern(None, None, node, graphe)), None)
            if owner is None:
                return node
            node = owner.subject
        return node

    def _form(self, term: Terme, graphe: Graphe, depth: int = _PROFONDEUR) -> object:
        """What a term is known by on both sides: a blank node by all that is said of it."""
        if not isinstance(term, ox.BlankNode) or not depth:
            return _plain(term)
        quads = self.data.quads_for_pattern(term, None, None, graphe)
        return frozenset((quad.predicate, self._form(quad.object, graphe, depth - 1)) for quad in quads)


def _name(quad: ox.Quad) -> tuple[str, str]:
    return str(quad.graph_name), str(quad)


def _order(placed: tuple[Lieu, str]) -> tuple[str, int, int]:
    lieu = placed[0]
    return lieu.fichier, lieu.ligne, lieu.colonne


class _Formes:
    """The same knowledge of blank nodes, from the triples of one statement."""

    def __init__(self, triples: list[TripletSitue]) -> None:
        self._said: dict[Noeud, list[tuple[ox.NamedNode, Terme]]] = {}
        for triple in triples:
            if isinstance(triple.sujet, ox.BlankNode):
                self._said.setdefault(triple.sujet, []).append((triple.predicat, triple.objet))

    def form(self, term: Terme, depth: int = _PROFONDEUR) -> object:
        if not isinstance(term, ox.BlankNode) or not depth:
            return _plain(term)
        said = self._said.get(term, [])
        return frozenset((predicate, self.form(value, depth - 1)) for predicate, value in said)


def _plain(term: Terme) -> object:
    """A term by itself; the store writes numbers and booleans its own way, so these compare by value."""
    if isinstance(term, ox.BlankNode):
        return frozenset()
    if isinstance(term, ox.Literal) and term.datatype in _NOMBRES:
        try:
            return Decimal(term.value), term.datatype
        except InvalidOperation:
            return term
    return term


def _trim(texte: TexteTurtle, extent: Etendue) -> Etendue:
    """The extent without the white space the parser skipped after it."""
    start, end = extent
    return start, start + max(1, len(texte.texte[start:end].rstrip()))
