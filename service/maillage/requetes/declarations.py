"""Prefixes and stored queries as data, so that SPARQL editors configure themselves.

Prefixes are `sh:declare` of the ontology, queries are `sh:SPARQLExecutable` (SHACL §5.2.1, "SPARQL
executables"): what editors read at an endpoint to offer prefixes and examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from maillage.namespaces import BASE, GRAPHE_REQUETES, PREFIXES
from maillage.requetes.requete import Requete
from maillage.store.entrepot import EntrepotEmbarque

_GRAPHE = NamedNode(GRAPHE_REQUETES)
_SH, _RDFS, _XSD = PREFIXES["sh"], PREFIXES["rdfs"], PREFIXES["xsd"]
_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_ONTOLOGIE = NamedNode(BASE + "ontologie")
#: form of a query → its class and the property of its text, after sh:.
_FORMES = {
    "SELECT": ("SPARQLSelectExecutable", "select"),
    "ASK": ("SPARQLAskExecutable", "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", "construct"),
}


def declarer(requetes: Iterable[Requete], fichier: Path) -> int:
    """Write as N-Quads the prefixes, and the queries that people have a use for; how many lines.

    Raises OSError.
    """
    entrepot = EntrepotEmbarque()
    entrepot.ajouter(_declarations(requetes))
    return entrepot.ecrire(fichier)


def _declarations(requetes: Iterable[Requete]) -> Iterator[Quad]:
    yield from _prefixes()
    for requete in requetes:
        if not requete.interne:
            yield from _requete(requete)


def _prefixes() -> Iterator[Quad]:
    for prefix, space in PREFIXES.items():
        node = NamedNode(f"{BASE}prefixe/{prefix}")
        yield _quad(_ONTOLOGIE, _SH + "declare", node)
        yield Quad(node, _TYPE, NamedNode(_SH + "PrefixDeclaration"), _GRAPHE)
        yield _quad(node, _SH + "prefix", Literal(prefix))
        yield _quad(node, _SH + "namespace", Literal(space, datatype=NamedNode(_XSD + "anyURI")))


def _requete(requete: Requete) -> Iterator[Quad]:
    node = NamedNode(f"{BASE}requete/{requete.nom}")
    classe, propriete = _FORMES[requete.forme]
    for one in ("SPARQLExecutable", classe):
        yield Quad(node, _TYPE, NamedNode(_SH + one), _GRAPHE)
    yield _quad(node, _RDFS + "label", Literal(requete.nom))
    yield _quad(node, _RDFS + "comment", Literal(requete.resume, language="fr"))
    yield _quad(node, _RDFS + "comment", Literal(requete.summary, language="en"))
    yield _quad(node, _SH + "prefixes", _ONTOLOGIE)
    yield _quad(node, _SH + propriete, Literal(requete.texte))


def _quad(sujet: NamedNode, propriete: str, valeur: NamedNode | Literal) -> Quad:
    return Quad(sujet, NamedNode(propriete), valeur, _GRAPHE)
