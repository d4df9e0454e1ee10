"""W3C Turtle suite (`w3c/`): negative tests are all refused, every triple of the others is placed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from maillage.corpus.corpus import from_bytes
from maillage.validation import load
from maillage.validation.chemins import REST
from maillage.validation.enonces import TexteTurtle
from maillage.validation.positions import TripletSitue, situate

SUITE = Path(__file__).parent / "w3c"
RDFT = "http://www.w3.org/ns/rdftest#"
BASE = "http://www.w3.org/2013/TurtleTests/"
POSITIFS = ("TestTurtleEval", "TestTurtlePositiveSyntax")
NEGATIFS = ("TestTurtleNegativeSyntax", "TestTurtleNegativeEval")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ACTION = ox.NamedNode("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#action")

#: texts of relative addresses that rdflib joins in a way of its own: only places are compared.
AUTRES_NOMS = {f"IRI-resolution-{number}" for number in ("01", "02", "07", "08")}


def cases(kinds: tuple[str, ...]) -> list[Path]:
    manifest = ox.Store()
    manifest.load(path=SUITE / "manifest.ttl", format=ox.RdfFormat.TURTLE, base_iri=BASE)
    return sorted(
        SUITE / action.object.value.rpartition("/")[2]
        for kind in kinds
        for test in manifest.quads_for_pattern(None, TYPE, ox.NamedNode(RDFT + kind), None)
        for action in manifest.quads_for_pattern(test.subject, ACTION, None, None)
    )


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", cases(NEGATIFS), ids=name)
def test_refuse_ce_qui_n_est_pas_du_turtle(path: Path) -> None:
    found = from_bytes(path.name, path.read_bytes())
    assert found.anomalie is not None
    assert found.anomalie.ligne >= 1


@pytest.mark.parametrize("path", cases(POSITIFS), ids=name)
def test_chaque_triplet_est_situe(path: Path) -> None:
    octets = path.read_bytes()
    expected = load(ox.parse(input=octets, format=ox.RdfFormat.TURTLE, base_iri=BASE + path.name))
    texte = TexteTurtle(octets.decode("utf-8"))
    situated = [(e.debut, each) for e in texte.enonces for each in situate(texte, e, BASE + path.name)]
    found = load(
        ox.Quad(*(blank(term, place) for term in (each.sujet, each.predicat, each.objet)))
        for place, each in situated
    )
    if path.stem not in AUTRES_NOMS:
        assert shape_of(found) == shape_of(expected)
    for _, each in situated:
        check_extents(texte, each)


def blank(term: ox.NamedNode | ox.BlankNode | ox.Literal, place: int) -> object:
    """A blank node named after its statement: names serve for one reading only."""
    return ox.BlankNode(f"s{place}{term.value}") if isinstance(term, ox.BlankNode) else term


def shape_of(store: ox.Store) -> Counter[tuple[str, str, str]]:
    """The triples, blank nodes all alike."""
    return Counter(
        tuple(
            "_" if isinstance(term, ox.BlankNode) else str(term)
            for term in (q.subject, q.predicate, q.object)
        )
        for q in store
    )


def check_extents(texte: TexteTurtle, each: TripletSitue) -> None:
    """The text at the extent of an object is that object."""
    for start, end in (each.etendue_sujet, each.etendue_predicat, each.etendue_objet):
        assert 0 <= start < end <= len(texte.texte)
        line, column = texte.place(start)
        assert texte.offset(line, column) == start
    text = texte.texte[slice(*each.etendue_objet)].strip()
    if isinstance(each.objet, ox.Literal) and text[0] in "\"'":
        assert each.objet.value[:1] in (text.strip("\"'")[:1], "\\", "") or "\\" in text
    if isinstance(each.objet, ox.NamedNode) and each.predicat != REST and not text.startswith("("):
        assert text.startswith(("<", "a")) or ":" in text
