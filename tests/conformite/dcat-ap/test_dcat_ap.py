"""Each page of the catalogue keeps the official DCAT-AP 3.0.1 shapes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import SH, Graph, URIRef

from client_http import Client

ICI = Path(__file__).parent
FORMES = (
    "3.0.1-shacl/dcat-ap-SHACL.ttl",
    "3.0.1-shacl/ranges.ttl",
    "3.0.1-html-shacl/shapes.ttl",
    "3.0.1-html-shacl/range.ttl",
    "3.0.1-html-shacl/deprecateduris.ttl",
)
DCT = "http://purl.org/dc/terms/"
#: recommended, and left out on purpose: we do not know them, or they would say nothing.
NON_DITS = {
    "http://data.europa.eu/r5r/availability",
    DCT + "type",
    DCT + "temporal",
    "http://www.w3.org/ns/dcat#bbox",
    "http://www.w3.org/ns/dcat#centroid",
    "http://www.w3.org/ns/dcat#endDate",
}


@pytest.fixture(scope="module")
def catalogue(client: Client) -> Graph:
    return Graph().parse(data=client.get("/catalogue.ttl").text, format="turtle")


def formes(nom: str) -> Graph:
    """The shapes of a file, without its references to property shapes that it does not define."""
    shapes = Graph().parse(ICI / nom)
    for shape, missing in list(shapes.subject_objects(SH.property)):
        if (missing, SH.path, None) not in shapes:
            shapes.remove((shape, SH.property, missing))
    return shapes


def constats(data: Graph, shapes: Graph) -> list[tuple[str, str, str]]:
    """(node, path, message) of each result."""
    _, report, _ = validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph)
    return sorted(
        (
            str(report.value(one, SH.focusNode)),
            str(report.value(one, SH.resultPath)),
            str(report.value(one, SH.resultMessage)),
        )
        for one in report.objects(None, SH.result)
    )


@pytest.mark.parametrize("nom", FORMES)
def test_shapes(catalogue: Graph, nom: str) -> None:
    assert constats(catalogue, formes(nom)) == []


def test_shapes_see_a_fault(catalogue: Graph) -> None:
    broken = Graph() + catalogue
    broken.remove((URIRef("https://w3id.org/maillage/jeu/guide"), URIRef(DCT + "title"), None))
    assert constats(broken, formes("3.0.1-html-shacl/shapes.ttl"))


def test_recommended(catalogue: Graph) -> None:
    found = constats(catalogue, formes("3.0.1-html-shacl/shapes_recommended.ttl"))
    assert {path for _, path, _ in found} <= NON_DITS


def test_european_tables(catalogue: Graph) -> None:
    tables = Graph()
    for path in sorted((ICI / "tables").iterdir()):
        tables.parse(path, format="xml" if path.suffix == ".rdf" else "turtle")
    found = constats(catalogue + tables, formes("3.0.1-html-shacl/mdr-vocabularies.shape.ttl"))
    nodes = {str(one) for one in catalogue.subjects() if isinstance(one, URIRef)}
    ours = [one for one in found if one[0] in nodes and one[1] != DCT + "publisher"]
    assert ours == []
