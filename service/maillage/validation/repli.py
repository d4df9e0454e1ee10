"""The reference engine, pySHACL: what is not compiled is left to it, and tests compare all else with it.

Slow on the whole corpus (§6 of the design): only shapes with terms that `moteur` does not know come here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib.namespace import RDF, RDFS, SH

from maillage.validation.chemins import Noeud, Terme
from maillage.validation.formes import Resultat
from maillage.validation.litteraux import to_rdflib


def reference_results(shapes: ox.Store, data: ox.Store, forme: Noeud | None = None) -> Iterator[Resultat]:
    """The results of pySHACL for all shapes, or for one shape and those it leads to.

    Raises pySHACL's own errors for shapes it cannot read.
    """
    shapes_graph = rdf_graph(shapes)
    if forme is not None:
        _untarget(shapes_graph, rdf_term(forme))
    _, report, _ = pyshacl.validate(
        rdf_graph(data), shacl_graph=shapes_graph, advanced=True, do_owl_imports=False
    )
    for node in report.objects(None, SH.result):
        yield _read(report, node)


def _untarget(shapes: rdflib.Graph, forme: rdflib.term.Node) -> None:
    """Take away every target but those of one shape."""
    for name in _CIBLES:
        for subject, value in list(shapes.subject_objects(SH[name])):
            if subject != forme:
                shapes.remove((subject, SH[name], value))
    for subject in list(shapes.subjects(RDF.type, RDFS.Class)):
        if subject != forme:
            shapes.remove((subject, RDF.type, RDFS.Class))


def rdf_graph(store: ox.Store) -> rdflib.Graph:
    """The union of the graphs of a store as an rdflib graph; blank nodes keep their names."""
    graph = rdflib.Graph()
    for quad in store:
        graph.add((rdf_term(quad.subject), rdf_term(quad.predicate), rdf_term(quad.object)))
    return graph


def rdf_term(term: Terme) -> rdflib.term.Node:
    """The same term for rdflib."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.Literal):
        return to_rdflib(term)
    return rdflib.BNode(getattr(term, "value", ""))


def ox_term(term: rdflib.term.Node | None) -> Terme | None:
    """The same term for pyoxigraph."""
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if not isinstance(term, rdflib.Literal):
        return None
    if term.language:
        return ox.Literal(str(term), language=term.language)
    datatype = ox.NamedNode(str(term.datatype)) if term.datatype else None
    return ox.Literal(str(term), datatype=datatype)


def _read(report: rdflib.Graph, node: rdflib.term.Node) -> Resultat:
    found = {name: ox_term(report.value(node, SH[name])) for name in _CHAMPS}
    component = str(report.value(node, SH.sourceConstraintComponent)).removeprefix(str(SH))
    messages = [ox_term(message) for message in report.objects(node, SH.resultMessage)]
    focus, forme, severity = found["focusNode"], found["sourceShape"], found["resultSeverity"]
    if focus is None or not isinstance(forme, ox.NamedNode | ox.BlankNode):
        raise ValueError("result without focus node or shape")
    return Resultat(
        focus=focus,
        chemin=found["resultPath"],
        valeur=found["value"],
        composant=component.removesuffix("ConstraintComponent"),
        forme=forme,
        gravite=severity if isinstance(severity, ox.NamedNode) else ox.NamedNode(str(SH.Violation)),
        messages=tuple(message for message in messages if isinstance(message, ox.Literal)),
    )


_CHAMPS = ("focusNode", "resultPath", "value", "sourceShape", "resultSeverity")
_CIBLES = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "target")
