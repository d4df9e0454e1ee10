"""W3C SHACL tests (`w3c/`): the engine gives the expected reports."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from maillage.validation.chemins import Terme, first, objects, path_text, sh
from maillage.validation.formes import Resultat
from maillage.validation.moteur import FormeIllisible, Moteur

SUITE = Path(__file__).parent / "w3c"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"

#: what the engine does not claim, with the reason.
HORS_CHAMP = {
    "core/complex/shacl-shacl.ttl": "runs the shapes of SHACL itself: left to pySHACL",
    "core/property/uniqueLang-002.ttl": 'the store writes "1"^^xsd:boolean as true',
}

Ligne = tuple[str, str, str, str, str]


def load(path: Path) -> ox.Store:
    store = ox.Store()
    store.load(path=path, format=ox.RdfFormat.TURTLE, base_iri=path.resolve().as_uri())
    return store


def cases() -> list[Path]:
    return sorted(
        path
        for folder in ("core", "sparql/node", "sparql/property")
        for path in (SUITE / folder).rglob("*.ttl")
        if "Validate" in path.read_text(encoding="utf-8") and path.name != "manifest.ttl"
    )


def terme(term: Terme | None) -> str:
    """A term whose blank nodes, named differently on the two sides, are all alike."""
    return "_" if isinstance(term, ox.BlankNode) else "" if term is None else str(term)


def chemin(store: ox.Store, term: Terme | None) -> str:
    return "" if term is None else path_text(store, term)


def ligne(result: Resultat | FormeIllisible, shapes: ox.Store) -> Ligne:
    assert isinstance(result, Resultat), result
    return (
        terme(result.focus),
        chemin(shapes, result.chemin),
        terme(result.valeur),
        result.composant,
        terme(result.forme),
    )


def attendu(test: ox.Store, report: Terme) -> list[Ligne]:
    rows = []
    for node in objects(test, report, sh("result")):
        names = ("focusNode", "resultPath", "value", "sourceShape")
        found = {name: first(test, node, sh(name)) for name in names}
        component = str(first(test, node, sh("sourceConstraintComponent")))
        rows.append(
            (
                terme(found["focusNode"]),
                chemin(test, found["resultPath"]),
                terme(found["value"]),
                component.strip("<>")
                .removeprefix("http://www.w3.org/ns/shacl#")
                .removesuffix("ConstraintComponent"),
                terme(found["sourceShape"]),
            )
        )
    return sorted(rows)


@pytest.mark.parametrize("path", cases(), ids=lambda path: str(path.relative_to(SUITE)))
def test_rapport_attendu(path: Path) -> None:
    reason = HORS_CHAMP.get(str(path.relative_to(SUITE)))
    if reason:
        pytest.skip(reason)
    test = load(path)
    action = next(iter(test.quads_for_pattern(None, ox.NamedNode(MF + "action"), None, None))).object
    expected = next(iter(test.quads_for_pattern(None, ox.NamedNode(MF + "result"), None, None))).object
    graphs = {
        name: load(Path(first(test, action, ox.NamedNode(SHT + name)).value.removeprefix("file://")))
        for name in ("dataGraph", "shapesGraph")
    }
    shapes = graphs["shapesGraph"]
    same = first(test, action, ox.NamedNode(SHT + "dataGraph")) == first(
        test, action, ox.NamedNode(SHT + "shapesGraph")
    )
    engine = Moteur(shapes, shapes if same else graphs["dataGraph"])
    found = sorted(ligne(result, shapes) for result in engine.run())
    assert found == attendu(test, expected)
