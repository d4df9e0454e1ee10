"""Shapes: read from the shapes graph, compiled once against the data.

Source: SHACL §2. A `Forme` holds functions ready to run on a node; what those functions check is in
`contraintes` (values) and `ensembles` (sets of values).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from maillage.namespaces import PREFIXES
from maillage.validation.chemins import Noeud, Suivre, Terme, first, objects, sh

RDF_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
SOUS_CLASSE = ox.NamedNode(PREFIXES["rdfs"] + "subClassOf")
_RDFS_CLASS = ox.NamedNode(PREFIXES["rdfs"] + "Class")
_VRAI = "true"

#: what a shape may say beside constraints.
DESCRIPTIONS = frozenset(
    (
        "path",
        "name",
        "description",
        "order",
        "group",
        "defaultValue",
        "message",
        "severity",
        "deactivated",
        "targetNode",
        "targetClass",
        "targetSubjectsOf",
        "targetObjectsOf",
        "prefixes",
        "declare",
        "prefix",
        "namespace",
        "select",
        "inversePath",
        "alternativePath",
        "zeroOrMorePath",
        "oneOrMorePath",
        "zeroOrOnePath",
    )
)


@dataclass(frozen=True, slots=True)
class Resultat:
    """One SHACL validation result. `parametre` is the value of the parameter that was not met."""

    focus: Terme
    chemin: Terme | None
    valeur: Terme | None
    composant: str
    forme: Noeud
    gravite: ox.NamedNode
    messages: tuple[ox.Literal, ...] = ()
    parametre: Terme | None = None


@dataclass(frozen=True, slots=True)
class Ecart:
    """What a check of a set of values finds: the value at fault if any, its path if not the shape's."""

    valeur: Terme | None = None
    chemin: Terme | None = None


@dataclass(frozen=True, slots=True)
class ParValeur:
    """A check of each value by itself."""

    composant: str
    parametre: Terme
    accepte: Callable[[Terme], bool]


@dataclass(frozen=True, slots=True)
class ParEnsemble:
    """A check of all the values of a focus node together."""

    composant: str
    parametre: Terme
    trouve: Callable[[Terme, Sequence[Terme]], Iterable[Ecart]]


Verification = ParValeur | ParEnsemble


@dataclass(slots=True)
class Forme:
    """One shape, ready to run; `suivre` is None for a node shape."""

    noeud: Noeud
    chemin: Terme | None
    suivre: Suivre | None
    gravite: ox.NamedNode
    messages: tuple[ox.Literal, ...]
    active: bool
    par_valeur: list[ParValeur] = field(default_factory=list)
    par_ensemble: list[ParEnsemble] = field(default_factory=list)
    proprietes: list[Noeud] = field(default_factory=list)
    requetes: list[Noeud] = field(default_factory=list)

    @property
    def simple(self) -> bool:
        """Whether only checks of the node itself are in play."""
        return self.suivre is None and not (self.par_ensemble or self.proprietes or self.requetes)

    def resultat(self, focus: Terme, check: Verification, ecart: Ecart) -> Resultat:
        """The result of one failed check; a set check of a node shape is about the node itself."""
        value = ecart.valeur
        if value is None and self.suivre is None and check.composant != "HasValue":
            value = focus
        return Resultat(
            focus=focus,
            chemin=ecart.chemin or self.chemin,
            valeur=value,
            composant=check.composant,
            forme=self.noeud,
            gravite=self.gravite,
            messages=self.messages,
            parametre=check.parametre,
        )


def is_true(store: ox.Store, node: Noeud, predicate: ox.NamedNode) -> bool:
    """Whether a boolean property is true."""
    value = first(store, node, predicate)
    return isinstance(value, ox.Literal) and value.value in (_VRAI, "1")


def literals(store: ox.Store, node: Noeud, predicate: ox.NamedNode) -> tuple[ox.Literal, ...]:
    """The literal values of a property, sorted."""
    found = [value for value in objects(store, node, predicate) if isinstance(value, ox.Literal)]
    return tuple(sorted(found, key=str))


def targeted(shapes: ox.Store) -> list[Noeud]:
    """The shapes with a target of their own, sorted."""
    nodes: set[Noeud] = set()
    for name in ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "target"):
        nodes.update(quad.subject for quad in shapes.quads_for_pattern(None, sh(name), None, None))
    nodes.update(node for node in _typed(shapes) if is_class(shapes, node))
    return sorted(nodes, key=str)


def _typed(shapes: ox.Store) -> Iterator[Noeud]:
    for name in ("NodeShape", "PropertyShape"):
        for quad in shapes.quads_for_pattern(None, RDF_TYPE, sh(name), None):
            yield quad.subject


def is_class(shapes: ox.Store, node: Noeud) -> bool:
    """Whether the shape is itself a class, hence its own target (SHACL §2.1.3.3)."""
    classes = subclasses(shapes, _RDFS_CLASS)
    return any(kind in classes for kind in objects(shapes, node, RDF_TYPE))


def subclasses(store: ox.Store, top: Terme) -> set[Terme]:
    """A class and all that is declared below it."""
    found = {top}
    waiting = [top]
    while waiting:
        for quad in store.quads_for_pattern(None, SOUS_CLASSE, waiting.pop(), None):
            if quad.subject not in found:
                found.add(quad.subject)
                waiting.append(quad.subject)
    return found


def instances(store: ox.Store, top: Terme) -> set[Terme]:
    """The SHACL instances of a class: typed with it or with a class below it."""
    return {
        quad.subject
        for each in subclasses(store, top)
        for quad in store.quads_for_pattern(None, RDF_TYPE, each, None)
    }


class Instances:
    """The same, asked node by node of data that may change; the hierarchy is read once."""

    def __init__(self, store: ox.Store, top: Terme) -> None:
        self.store = store
        self._classes = subclasses(store, top)

    def __contains__(self, node: object) -> bool:
        if not isinstance(node, ox.NamedNode | ox.BlankNode):
            return False
        return any(kind in self._classes for kind in objects(self.store, node, RDF_TYPE))


def targets(shapes: ox.Store, data: ox.Store, node: Noeud) -> set[Terme]:
    """The focus nodes that a shape declares."""
    found: set[Terme] = set(objects(shapes, node, sh("targetNode")))
    classes = objects(shapes, node, sh("targetClass"))
    if is_class(shapes, node):
        classes.append(node)
    for each in classes:
        found |= instances(data, each)
    for each in objects(shapes, node, sh("targetSubjectsOf")):
        found.update(quad.subject for quad in _pattern(data, each))
    for each in objects(shapes, node, sh("targetObjectsOf")):
        found.update(quad.object for quad in _pattern(data, each))
    return found


def _pattern(data: ox.Store, predicate: Terme) -> Iterable[ox.Quad]:
    return data.quads_for_pattern(None, predicate, None, None) if isinstance(predicate, ox.NamedNode) else ()
