"""The versions as data: what each was made from, when, and which it revises (PROV-O)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from maillage.namespaces import BASE, PREFIXES
from maillage.versions.manifeste import Manifeste

_SPDX = "http://spdx.org/rdf/terms#"
_UTILES = {name: PREFIXES[name] for name in ("dcterms", "prov", "rdf", "rdfs", "xsd")}


def iri_de_version(nom: str) -> NamedNode:
    """The IRI of a version, below which are those of resources as they were in it."""
    return NamedNode(f"{BASE}version/{nom}")


def en_turtle(manifestes: Iterable[Manifeste]) -> bytes:
    """The versions that are remembered, as Turtle."""
    triples = [triple for one in manifestes for triple in _enonces(one)]
    prefixes = {**_UTILES, "spdx": _SPDX, "version": f"{BASE}version/"}
    return serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b""


def _enonces(manifeste: Manifeste) -> Iterator[Triple]:
    version, somme = iri_de_version(manifeste.version), BlankNode(f"somme{manifeste.numero}")
    date = Literal(manifeste.date, datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))
    yield Triple(version, _terme("rdf:type"), _terme("prov:Entity"))
    yield Triple(version, _terme("dcterms:identifier"), Literal(manifeste.version))
    yield Triple(version, _terme("prov:generatedAtTime"), date)
    yield Triple(version, NamedNode(_SPDX + "checksum"), somme)
    yield Triple(somme, _terme("rdf:type"), NamedNode(_SPDX + "Checksum"))
    yield Triple(somme, NamedNode(_SPDX + "algorithm"), NamedNode(_SPDX + "checksumAlgorithm_sha256"))
    yield Triple(somme, NamedNode(_SPDX + "checksumValue"), Literal(manifeste.empreinte))
    if manifeste.precedente:
        yield Triple(version, _terme("prov:wasRevisionOf"), iri_de_version(manifeste.precedente))
    if manifeste.revision:
        commit = BlankNode(f"commit{manifeste.numero}")
        yield Triple(version, _terme("prov:wasDerivedFrom"), commit)
        yield Triple(commit, _terme("rdf:type"), _terme("prov:Entity"))
        yield Triple(commit, _terme("dcterms:identifier"), Literal(manifeste.revision))
        yield Triple(commit, _terme("rdfs:label"), Literal(f"commit git {manifeste.revision}", language="fr"))


def _terme(compact: str) -> NamedNode:
    prefix, _, name = compact.partition(":")
    return NamedNode(PREFIXES[prefix] + name)
