"""The journal as a Linked Data Event Stream: a root that lists pages by date, and pages that hold members.

Terms: LDES and TREE (w3id.org/ldes, w3id.org/tree). A page is known by its web address, as a client that
follows links compares the two; the stream, its members and what they are versions of, by IRIs.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from maillage.changements.etats import triples
from maillage.changements.journal import Journal, Membre, Page
from maillage.namespaces import BASE, PREFIXES

FLUX = BASE + "changements#flux"
LDES, TREE, AS = "https://w3id.org/ldes#", "https://w3id.org/tree#", "https://www.w3.org/ns/activitystreams#"
PREFIXES_FLUX = {"ldes": LDES, "tree": TREE, "as": AS}

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_TITRE = NamedNode(PREFIXES["dcterms"] + "title")
_DE = NamedNode(PREFIXES["dcterms"] + "isVersionOf")
_QUAND = NamedNode(PREFIXES["prov"] + "generatedAtTime")
_DATE = NamedNode(PREFIXES["xsd"] + "dateTime")
_RETRAIT = NamedNode(AS + "Delete")


def _t(nom: str) -> NamedNode:
    return NamedNode(TREE + nom)


def _l(nom: str) -> NamedNode:
    return NamedNode(LDES + nom)


def instant(valeur: str) -> Literal:
    """A date with its zone."""
    return Literal(valeur, datatype=_DATE)


def racine(journal: Journal, adresse: str) -> list[Triple]:
    """What the stream is, and its pages. `adresse`: web address of the root."""
    flux, vue = NamedNode(FLUX), NamedNode(adresse)
    found = [
        Triple(flux, _TYPE, _l("EventStream")),
        Triple(flux, _TITRE, Literal("Changements de Maillage", language="fr")),
        Triple(flux, _TITRE, Literal("Changes of Maillage", language="en")),
        Triple(flux, _l("timestampPath"), _QUAND),
        Triple(flux, _l("versionOfPath"), _DE),
        Triple(flux, _l("versionDeletePath"), _TYPE),
        Triple(flux, _l("versionDeleteObject"), _RETRAIT),
        Triple(flux, _t("view"), vue),
        Triple(vue, _TYPE, _t("Node")),
    ]
    for page in journal.pages():
        cible = NamedNode(adresse_de_page(adresse, journal, page.numero))
        found += _relation(vue, cible, "GreaterThanOrEqualToRelation", page.premier)
        if page.pleine:
            found += _relation(vue, cible, "LessThanOrEqualToRelation", page.dernier)
    return found


def adresse_de_page(adresse: str, journal: Journal, numero: int) -> str:
    """Web address of a page, without a suffix."""
    return f"{adresse}/{journal.nom}/{numero}"


def page(journal: Journal, une: Page, adresse: str) -> list[Triple]:
    """The members of a page, in order. `adresse`: web address of the root."""
    flux, noeud = NamedNode(FLUX), NamedNode(adresse_de_page(adresse, journal, une.numero))
    found = [Triple(flux, _t("view"), NamedNode(adresse)), Triple(noeud, _TYPE, _t("Node"))]
    for membre in journal.membres(une.debut, une.fin):
        found.append(Triple(flux, _t("member"), NamedNode(membre.iri)))
        found += decrire(membre)
    return found


def decrire(membre: Membre) -> list[Triple]:
    """A resource as it was in a version; one that was removed says only that."""
    sujet = NamedNode(membre.iri)
    found = [
        Triple(sujet, _DE, NamedNode(membre.ressource)),
        Triple(sujet, _QUAND, instant(membre.instant)),
    ]
    if membre.etat == "retiree":
        return [*found, Triple(sujet, _TYPE, _RETRAIT)]
    return [*found, *triples(membre.contenu, membre.iri, f"m{membre.rang}")]


def _relation(vue: NamedNode, cible: NamedNode, sorte: str, valeur: str) -> Iterator[Triple]:
    noeud = BlankNode()
    yield Triple(vue, _t("relation"), noeud)
    yield Triple(noeud, _TYPE, _t(sorte))
    yield Triple(noeud, _t("path"), _QUAND)
    yield Triple(noeud, _t("value"), instant(valeur))
    yield Triple(noeud, _t("node"), cible)
