"""Blank nodes by what they say, not by their identifier: which stand inside their owner, which keep a name.

A node referred to once is written inside the one that refers to it; a node referred to by nobody opens a
statement of its own; the others (shared, in a circle) keep a name, drawn from the shape of the graph around
them by colour refinement, then, where a few remain alike, by RDF Dataset Canonicalization 1.0, so that it is
the same wherever that shape is. Both are bounded: a graph made to be slow is told by `exacte`.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from maillage.namespaces import PREFIXES

Sujet = NamedNode | BlankNode
Objet = NamedNode | BlankNode | Literal
Enonce = tuple[Sujet, NamedNode, Objet]

#: nesting past which a node is named after its content, so that nobody has to recurse further.
PROFONDEUR = 40
#: rounds of colour refinement, and nodes still alike that the costly way may tell apart.
TOURS, SEMBLABLES = 100, 8

PREMIER, SUITE = NamedNode(PREFIXES["rdf"] + "first"), NamedNode(PREFIXES["rdf"] + "rest")
VIDE = NamedNode(PREFIXES["rdf"] + "nil")


class Structure:
    """The statements of a graph by subject, and how its blank nodes are to be written.

    `noms` gives the name of each blank node that keeps one, the same for two isomorphic graphs. `exacte` is
    false where that could not be had within bounds: nodes nested too deep, too many nodes alike.
    """

    def __init__(self, triples: Iterable[Triple | Quad]) -> None:
        self.exacte = True
        enonces = list(dict.fromkeys(_enonces(triples)))
        self._placer(enonces)
        if self._nommes:
            enonces, self.exacte = _canoniser(enonces, self._nommes)
            self._placer(enonces)
        self.noms = {node: node.value for node in self._nommes}
        for node in reversed(self._coupes):
            self.exacte = False
            self.noms[node] = "p" + hashlib.sha256(self._contenu(node).encode()).hexdigest()[:16]

    def _placer(self, enonces: list[Enonce]) -> None:
        self.proprietes: dict[Sujet, dict[NamedNode, list[Objet]]] = defaultdict(lambda: defaultdict(list))
        references: Counter[BlankNode] = Counter()
        for sujet, predicat, objet in enonces:
            self.proprietes[sujet][predicat].append(objet)
            if isinstance(objet, BlankNode):
                references[objet] += 1
        self._nommes = {node for node, count in references.items() if count > 1}
        self._imbriques: set[BlankNode] = set()
        self._coupes: list[BlankNode] = []
        roots = [one for one in self.proprietes if isinstance(one, NamedNode) or references[one] != 1]
        self._imbriquer([*roots, *(node for node in self._nommes if node not in self.proprietes)])
        # Nobody outside leads to those: they refer to each other in a circle.
        self._nommes |= {
            one for one in self.proprietes if isinstance(one, BlankNode) and references[one] == 1
        } - self._imbriques.union(self._coupes)

    def _imbriquer(self, racines: list[Sujet]) -> None:
        pile = [(racine, 0) for racine in racines]
        while pile:
            sujet, profondeur = pile.pop()
            for predicat, objets in self.proprietes.get(sujet, {}).items():
                for objet in objets:
                    if not isinstance(objet, BlankNode) or objet in self._nommes:
                        continue
                    deeper = profondeur if predicat == SUITE else profondeur + 1
                    if deeper > PROFONDEUR:
                        self._coupes.append(objet)
                        deeper = 0
                    else:
                        self._imbriques.add(objet)
                    pile.append((objet, deeper))

    @property
    def sujets(self) -> list[Sujet]:
        """The subjects that open a statement: all but the nodes written inside another."""
        return [one for one in self.proprietes if not (isinstance(one, BlankNode) and one in self._imbriques)]

    def enonces(self) -> list[tuple[str, str, str]]:
        """All that the graph says, sorted; where `exacte`, the same for isomorphic graphs and no others."""
        return sorted(
            (self.texte(sujet), str(predicat), self.texte(objet))
            for sujet in self.sujets
            for predicat, objets in self.proprietes[sujet].items()
            for objet in objets
        )

    def liste(self, node: Sujet) -> list[Objet] | None:
        """The members of the RDF list that a nested node heads; None where it is not a plain list."""
        members: list[Objet] = []
        current: Objet = node
        while current != VIDE:
            if not isinstance(current, BlankNode) or current not in self._imbriques:
                return None
            proprietes = self.proprietes.get(current, {})
            if set(proprietes) != {PREMIER, SUITE} or any(len(each) > 1 for each in proprietes.values()):
                return None
            members.append(proprietes[PREMIER][0])
            current = proprietes[SUITE][0]
        return members

    def texte(self, terme: Objet) -> str:
        """A term with all that hangs below it, in Turtle without prefixes; isomorphic nodes, same text."""
        if not isinstance(terme, BlankNode):
            return str(terme)
        if terme in self.noms:
            return f"_:{self.noms[terme]}"
        return self._contenu(terme)

    def _contenu(self, terme: BlankNode) -> str:
        members = self.liste(terme)
        if members is not None:
            return f"( {' '.join(self.texte(member) for member in members)} )"
        pairs = sorted(
            f"{predicat} {self.texte(objet)}"
            for predicat, objets in self.proprietes.get(terme, {}).items()
            for objet in objets
        )
        return f"[ {' ; '.join(pairs)} ]" if pairs else "[]"


def _enonces(triples: Iterable[Triple | Quad]) -> Iterator[Enonce]:
    """The statements; RDF 1.2 triple terms, which our files do not use, are refused with ValueError."""
    for triple in triples:
        sujet, objet = triple.subject, triple.object
        if not isinstance(sujet, NamedNode | BlankNode) or isinstance(objet, Triple):
            raise ValueError("un triplet cité comme terme (RDF 1.2) n'est pas pris en charge")
        yield sujet, triple.predicate, objet


def _canoniser(enonces: list[Enonce], nommes: set[BlankNode]) -> tuple[list[Enonce], bool]:
    """The statements, the nodes around those of `nommes` renamed after their shape; whether that is exact."""
    group = _groupes(enonces)
    wanted = {group[node] for node in nommes}
    parts: dict[BlankNode, list[Enonce]] = defaultdict(list)
    done: list[Enonce] = []
    for enonce in enonces:
        node = enonce[0] if isinstance(enonce[0], BlankNode) else enonce[2]
        if isinstance(node, BlankNode) and group[node] in wanted:
            parts[group[node]].append(enonce)
        else:
            done.append(enonce)
    exact = True
    copies: Counter[str] = Counter()
    for part in parts.values():
        colours = _colorer(part)
        alike = sum(count for count in Counter(colours.values()).values() if count > 1)
        exact = exact and alike <= SEMBLABLES
        if 0 < alike <= SEMBLABLES:
            part, colours = _departager(part)
        mark = hashlib.sha256("".join(sorted(colours.values())).encode()).hexdigest()[:12]
        copies[mark] += 1
        ranked = sorted(colours, key=lambda node: colours[node])
        start = f"b{mark}x{copies[mark]}n"
        names = {node: BlankNode(f"{start}{rank}") for rank, node in enumerate(ranked)}
        done += [_renommer(enonce, names) for enonce in part]
    return done, exact


def _colorer(enonces: list[Enonce]) -> dict[BlankNode, str]:
    """A mark for each blank node, drawn from what surrounds it, further at each round."""
    colours = {node: "" for each in enonces for node in each if isinstance(node, BlankNode)}
    classes = 0
    for _ in range(TOURS):
        around: dict[BlankNode, list[str]] = {node: [] for node in colours}
        for sujet, predicat, objet in enonces:
            seen = [f"_{colours[one]}" if isinstance(one, BlankNode) else str(one) for one in (sujet, objet)]
            if isinstance(sujet, BlankNode):
                around[sujet].append(f"> {predicat} {'=' if objet == sujet else seen[1]}")
            if isinstance(objet, BlankNode):
                around[objet].append(f"< {predicat} {seen[0]}")
        colours = {
            node: hashlib.sha256("\n".join([colours[node], *sorted(lines)]).encode()).hexdigest()
            for node, lines in around.items()
        }
        if (now := len(set(colours.values()))) == classes:
            break
        classes = now
    return colours


def _departager(enonces: list[Enonce]) -> tuple[list[Enonce], dict[BlankNode, str]]:
    """The statements with canonical nodes, and a mark for each: the whole shape, then its own place in it."""
    graphe = Dataset(Quad(*enonce) for enonce in enonces)
    graphe.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted((serialize(graphe, format=RdfFormat.N_QUADS) or b"").splitlines())
    mark = hashlib.sha256(b"\n".join(lines)).hexdigest()
    part = list(_enonces(graphe))
    nodes = {node for each in part for node in each if isinstance(node, BlankNode)}
    return part, {node: f"{mark} {node.value}" for node in nodes}


def _renommer(enonce: Enonce, noms: dict[BlankNode, BlankNode]) -> Enonce:
    sujet, predicat, objet = enonce
    if isinstance(sujet, BlankNode):
        sujet = noms[sujet]
    if isinstance(objet, BlankNode):
        objet = noms[objet]
    return sujet, predicat, objet


def _groupes(enonces: list[Enonce]) -> dict[BlankNode, BlankNode]:
    """One node to stand for each set of blank nodes that statements link together."""
    parent: dict[BlankNode, BlankNode] = {}

    def find(node: BlankNode) -> BlankNode:
        while parent.setdefault(node, node) != node:
            parent[node] = node = parent[parent[node]]
        return node

    for sujet, _, objet in enonces:
        for node in (sujet, objet):
            if isinstance(node, BlankNode):
                find(node)
        if isinstance(sujet, BlankNode) and isinstance(objet, BlankNode):
            parent[find(sujet)] = find(objet)
    return {node: find(node) for node in parent}
