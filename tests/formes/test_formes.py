"""Every shape has an IRI, messages, a severity, one valid example and one that fails for it alone.

Examples live in tests/formes/<shapes file>/<shape>.valide.ttl and <shape>.invalide.ttl. Each is validated
by pySHACL (the reference engine) against the shapes of its own file, without inference: the only knowledge
mixed in is the class hierarchy (rdfs:subClassOf of the ontology and of its alignments), which is what SHACL
needs for sh:class and sh:targetClass. A failing example must exercise every constraint component of its
shape, so that no half of a shape stays unproved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import SH
from rdflib.term import Node

RACINE = Path(__file__).resolve().parents[2]
EXEMPLES = Path(__file__).resolve().parent
FORME = "https://w3id.org/maillage/forme/"
MLG = "https://w3id.org/maillage/ontologie#"
FICHIERS = [*sorted((RACINE / "ontologie" / "formes").glob("*.ttl")), RACINE / "ontologie" / "regles.ttl"]

#: parameters that only accompany another one, or that lead to other shapes (proved by themselves).
SANS_COMPOSANT = {
    SH.path, SH.name, SH.description, SH.message, SH.severity, SH.order, SH.group, SH.property, SH.node,
    SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.deactivated, SH.flags,
    SH.ignoredProperties, SH.select, SH.prefixes, SH.qualifiedValueShape,
}  # fmt: skip
LISTES = (SH["or"], SH["and"], SH.xone)


@dataclass(frozen=True)
class Resultat:
    """What pySHACL says of one violation."""

    forme: Node | None
    composant: Node | None
    sujet: Node | None


@cache
def read(path: Path) -> Graph:
    """Graph of one Turtle file."""
    return Graph().parse(path, format="turtle")


@cache
def hierarchy() -> Graph:
    """Class hierarchy of the ontology and its alignments."""
    files = [RACINE / "ontologie" / "maillage.ttl", *(RACINE / "ontologie" / "alignements").glob("*.ttl")]
    graph = Graph()
    for file in files:
        for triple in read(file).triples((None, RDFS.subClassOf, None)):
            graph.add(triple)
    return graph


def parts(graph: Graph) -> set[Node]:
    """Shapes used only inside a logical constraint of another shape, which reports in their place."""
    heads = [o for p in LISTES for o in graph.objects(None, p)]
    members = {m for head in heads for m in Collection(graph, head)}
    members |= {*graph.objects(None, SH["not"]), *graph.objects(None, SH.qualifiedValueShape)}
    return members | {nested for m in members for nested in graph.objects(m, SH["not"])}


def components(graph: Graph, shape: Node) -> set[Node]:
    """Constraint components that a shape states itself."""
    found: set[Node] = set()
    for parameter in set(graph.predicates(shape)):
        if not str(parameter).startswith(str(SH)) or parameter in SANS_COMPOSANT:
            continue
        name = "SPARQL" if parameter == SH.sparql else str(parameter).removeprefix(str(SH))
        found.add(SH[name[0].upper() + name[1:] + "ConstraintComponent"])
    return found


def shapes(file: Path) -> Iterator[Node]:
    """Shapes of a file that can report a result by themselves."""
    graph = read(file)
    typed = {*graph.subjects(RDF.type, SH.NodeShape), *graph.subjects(RDF.type, SH.PropertyShape)}
    yield from sorted(s for s in typed - parts(graph) if components(graph, s))


def local(shape: Node) -> str:
    """Name of a shape, as its examples bear it."""
    return str(shape).removeprefix(FORME)


def example(file: Path, shape: Node, kind: str) -> Path:
    """Path of the valid or failing example of a shape."""
    return EXEMPLES / file.stem / f"{local(shape)}.{kind}.ttl"


def validate(file: Path, data: Path) -> list[Resultat]:
    """Results of pySHACL on one example, against the shapes of one file."""
    graph = Graph()
    for triple in read(data):
        graph.add(triple)
    _, report, _ = pyshacl.validate(
        graph, shacl_graph=read(file), ont_graph=hierarchy(), inference="none", allow_warnings=True
    )
    assert isinstance(report, Graph)
    return [
        Resultat(
            report.value(result, SH.sourceShape),
            report.value(result, SH.sourceConstraintComponent),
            report.value(result, SH.focusNode),
        )
        for result in report.objects(None, SH.result)
    ]


CAS = [pytest.param(file, shape, id=local(shape)) for file in FICHIERS for shape in shapes(file)]


@pytest.mark.parametrize(("file", "shape"), CAS)
def test_valid_example_conforms(file: Path, shape: Node) -> None:
    assert validate(file, example(file, shape, "valide")) == []


@pytest.mark.parametrize(("file", "shape"), CAS)
def test_failing_example_fails_for_that_shape_only(file: Path, shape: Node) -> None:
    results = validate(file, example(file, shape, "invalide"))
    assert {r.forme for r in results} == {shape}
    assert {r.composant for r in results} == components(read(file), shape)


@pytest.mark.parametrize(("file", "shape"), CAS)
def test_examples_say_in_words_what_they_show(file: Path, shape: Node) -> None:
    for kind in ("valide", "invalide"):
        text = example(file, shape, kind).read_text(encoding="utf-8")
        assert text.startswith("# "), f"{local(shape)}.{kind}.ttl: la première ligne dit ce qui est montré"


@pytest.mark.parametrize(("file", "shape"), CAS)
def test_valid_example_reaches_the_shape(file: Path, shape: Node) -> None:
    """The valid example speaks of what the shape constrains: it holds a focus node of it."""
    graph, data = read(file), read(example(file, shape, "valide")) + hierarchy()
    holders = {shape, *graph.subjects(SH.property, shape)}
    focus = {n for h in holders for n in focus_nodes(graph, data, h)}
    assert focus


def focus_nodes(graph: Graph, data: Graph, shape: Node) -> Iterator[Node]:
    """Nodes that the targets of a shape select in the data."""
    for classe in graph.objects(shape, SH.targetClass):
        for sub in data.transitive_subjects(RDFS.subClassOf, classe):
            yield from data.subjects(RDF.type, sub)
    for predicate in graph.objects(shape, SH.targetSubjectsOf):
        yield from data.subjects(predicate, None)
    for node in graph.objects(shape, SH.targetNode):
        yield from {s for s in data.subjects() if s == node}


@pytest.mark.parametrize("file", FICHIERS, ids=lambda f: f.stem)
def test_every_shape_is_named_and_explained(file: Path) -> None:
    graph = read(file)
    faults = [f for shape in set(shapes(file)) | declared(graph) for f in lacks(graph, shape)]
    assert faults == []


def declared(graph: Graph) -> set[Node]:
    """Everything that is a node shape or a property shape, anonymous or not."""
    predicates = (SH.path, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.property)
    found = {s for p in predicates for s in graph.subjects(p, None)}
    found |= {o for p in (SH.property, SH.node) for o in graph.objects(None, p)}
    return found | {*graph.subjects(RDF.type, SH.NodeShape), *graph.subjects(RDF.type, SH.PropertyShape)}


def lacks(graph: Graph, shape: Node) -> Iterator[str]:
    """What one shape lacks to be published: IRI, name, severity, messages, examples' home."""
    if isinstance(shape, BNode):
        yield f"forme sans IRI : {dict(graph.predicate_objects(shape))}"
        return
    if not str(shape).startswith(FORME):
        yield f"{shape} : IRI hors de {FORME}"
    if {n.language for n in graph.objects(shape, SH.name)} != {"fr", "en"}:
        yield f"{local(shape)} : sh:name fr et en"
    if shape in parts(graph) or not components(graph, shape):
        return
    if graph.value(shape, SH.severity) not in {SH.Violation, SH.Warning}:
        yield f"{local(shape)} : sh:severity"
    bearers = (shape, *graph.objects(shape, SH.sparql))
    messages = sorted(str(m.language) for bearer in bearers for m in graph.objects(bearer, SH.message))
    if messages != ["en", "fr"]:
        yield f"{local(shape)} : sh:message fr et en"


def test_no_example_is_orphaned() -> None:
    expected = {example(f, s, kind) for f in FICHIERS for s in shapes(f) for kind in ("valide", "invalide")}
    assert set(EXEMPLES.rglob("*.ttl")) == expected


def test_shape_names_are_unique_across_files() -> None:
    names = [s for file in FICHIERS for s in declared(read(file))]
    assert sorted(n for n in set(names) if names.count(n) > 1) == []


def test_formes_use_shacl_core_only() -> None:
    """Any SHACL engine runs ontologie/formes: SPARQL constraints belong in regles.ttl."""
    used = {p for file in FICHIERS[:-1] for p in read(file).predicates()}
    assert used & {SH.sparql, SH.target, SH.js, SH.rule, SH.select, SH.expression} == set()


def test_core_messages_have_no_placeholder() -> None:
    messages = [str(m) for file in FICHIERS[:-1] for m in read(file).objects(None, SH.message)]
    assert [m for m in messages if "{" in m] == []


def test_shapes_speak_of_existing_terms() -> None:
    ontology = read(RACINE / "ontologie" / "maillage.ttl")
    named = {
        o for file in FICHIERS for o in read(file).objects() if isinstance(o, URIRef) and o.startswith(MLG)
    }
    assert sorted(named - set(ontology.subjects())) == []
