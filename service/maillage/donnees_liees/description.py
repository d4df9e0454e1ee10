"""Linked data: what the graph says of one IRI, and its writing in each format."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize
from rdflib import Graph

from maillage.donnees_liees.negociation import PAR_SUFFIXE, Variante
from maillage.namespaces import BASE
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot
from maillage.turtle.prefixes import prefixes_used


def iri_of_path(chemin: str) -> str:
    """IRI whose page is at `/chemin`."""
    return BASE + chemin


def path_of_iri(iri: str) -> str | None:
    """Path of the page of an IRI, `/` first; None where the IRI is not one of ours.

    A term `…/ontologie#Acteur` keeps its fragment: its page is the ontology's.
    """
    return "/" + iri[len(BASE) :] if iri.startswith(BASE) else None


def split_suffix(chemin: str) -> tuple[str, Variante | None]:
    """(resource path, variant) of `acteur/cdos-29.ttl`; no variant where the suffix is none of ours."""
    tronc, point, suffixe = chemin.rpartition(".")
    if point and tronc and suffixe in PAR_SUFFIXE:
        return tronc, PAR_SUFFIXE[suffixe]
    return chemin, None


def describe(requetes: Requetes, entrepot: Entrepot, iri: str) -> list[Triple]:
    """Triples that describe `iri`, sorted; empty where the graph does not know it."""
    parametres = {"ressource": NamedNode(iri)}
    triples = set(requetes.graphe(entrepot, "description", parametres))
    subjects = {triple.subject for triple in triples}
    if any(isinstance(one.object, BlankNode) and one.object not in subjects for one in triples):
        triples = set(requetes.graphe(entrepot, "description-profonde", parametres))
    return sorted(triples, key=str)


def write(triples: Sequence[Triple], suffixe: str) -> bytes:
    """The triples in the format of a file suffix: ttl, nt, jsonld, rdf.

    Raises KeyError on another suffix.
    """
    ntriples = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    prefixes = prefixes_used(ntriples)
    if suffixe == "nt":
        return ntriples
    if suffixe == "ttl":
        return serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b""
    graph = Graph(bind_namespaces="none")
    for prefix, space in prefixes.items():
        graph.bind(prefix, space)
    graph.parse(data=ntriples, format="nt")
    if suffixe == "jsonld":
        text = graph.serialize(format="json-ld", context=prefixes, auto_compact=True)
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2).encode()
    return graph.serialize(format={"rdf": "xml"}[suffixe], encoding="utf-8")
