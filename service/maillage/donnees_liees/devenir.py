"""What became of an IRI that the graph does not describe: replaced, removed, or a version that was.

A resource that is only said to be replaced was renamed: one successor stands for it. One that left the graph
leaves a tombstone in the journal of changes. IRIs of versions are read in the journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from maillage.changements.etats import triples as lire_etat
from maillage.changements.flux import AS, decrire, instant
from maillage.changements.journal import Journal, Membre, Version
from maillage.namespaces import BASE, PREFIXES
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot

VERSION = BASE + "version/"
ONTOLOGIE = BASE + "ontologie"
REMPLACEE = NamedNode(PREFIXES["dcterms"] + "isReplacedBy")
_VERSION_IRI = f"<{PREFIXES['owl']}versionIRI> ".encode()


@dataclass(frozen=True)
class Retrait:
    """A resource that is no longer described: what replaces it, its end and its last state in the journal."""

    iri: str
    successeurs: tuple[str, ...]
    fin: Membre | None
    dernier: Membre | None

    def en_triples(self) -> list[Triple]:
        """The tombstone."""
        sujet, tombe = NamedNode(self.iri), NamedNode(AS + "Tombstone")
        found = [Triple(sujet, NamedNode(PREFIXES["rdf"] + "type"), tombe)]
        found += [Triple(sujet, REMPLACEE, NamedNode(one)) for one in self.successeurs]
        if self.fin is not None:
            found.append(Triple(sujet, NamedNode(AS + "deleted"), instant(self.fin.instant)))
        if self.dernier is not None:
            version = NamedNode(PREFIXES["dcterms"] + "hasVersion")
            found.append(Triple(sujet, version, NamedNode(self.dernier.iri)))
        return found


def remplacants(requetes: Requetes, entrepot: Entrepot, iri: str) -> tuple[str, ...]:
    """IRIs of what replaces a resource, sorted."""
    rows = requetes.executer(entrepot, "remplacants", {"ressource": NamedNode(iri)})
    return tuple(row["remplacant"].value for row in rows if isinstance(row["remplacant"], NamedNode))


def renommee(triples: Sequence[Triple]) -> bool:
    """Whether a description says nothing but what replaces the resource, if anything."""
    return all(triple.predicate == REMPLACEE for triple in triples)


def retrait(journal: Journal | None, iri: str, successeurs: tuple[str, ...]) -> Retrait | None:
    """What became of a resource that is not described; None where it was never known."""
    story = journal.de_ressource(iri) if journal else []
    if not successeurs and not story:
        return None
    states = [one for one in story if not _vide(one)]
    return Retrait(iri, successeurs, story[-1] if states else None, states[-1] if states else None)


def _vide(membre: Membre) -> bool:
    """Whether a state says nothing, or only what replaces the resource."""
    return all(line.startswith(str(REMPLACEE).encode()) for line in membre.contenu.splitlines())


def versionnee(journal: Journal, iri: str) -> tuple[str, list[Triple]] | None:
    """(IRI, description) of a version: of the data, of one resource in it, of the ontology; None if unknown.

    A resource that a version did not change is described by the version that last did: the IRI is then its.
    """
    if not iri.startswith(VERSION):
        found = _ontologie(journal, iri)
        return (iri, found) if found else None
    nom, barre, reste = iri.removeprefix(VERSION).partition("/")
    version = next((one for one in journal.versions if one.nom == nom), None)
    if version is None:
        return None
    if not barre:
        return iri, _version(journal, version)
    members = journal.du_document(BASE + reste, nom)
    if members:
        return iri, [triple for one in members for triple in decrire(one)]
    before = [one for one in journal.de_ressource(BASE + reste) if one.rang < version.fin]
    return (before[-1].iri, decrire(before[-1])) if before else None


def _version(journal: Journal, version: Version) -> list[Triple]:
    sujet, dcterms, prov = NamedNode(VERSION + version.nom), PREFIXES["dcterms"], PREFIXES["prov"]
    titres = {"fr": f"Données, version {version.nom}", "en": f"Data, version {version.nom}"}
    found = [
        Triple(sujet, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(prov + "Entity")),
        Triple(sujet, NamedNode(dcterms + "identifier"), Literal(version.nom)),
        Triple(sujet, NamedNode(dcterms + "issued"), instant(version.instant)),
    ]
    for langue, titre in titres.items():
        found.append(Triple(sujet, NamedNode(dcterms + "title"), Literal(titre, language=langue)))
    rank = journal.versions.index(version)
    if rank:
        before = NamedNode(VERSION + journal.versions[rank - 1].nom)
        found.append(Triple(sujet, NamedNode(prov + "wasRevisionOf"), before))
    return found


def _ontologie(journal: Journal, iri: str) -> list[Triple]:
    """The ontology as it was while it called itself by that version IRI, at the end of that time."""
    if not iri.startswith(ONTOLOGIE + "/"):
        return []
    states = journal.de_ressource(ONTOLOGIE)
    named = [rank for rank, one in enumerate(states) if _VERSION_IRI + f"<{iri}>".encode() in one.contenu]
    if not named:
        return []
    following = states[named[-1] + 1 : named[-1] + 2]
    limit = _debut(journal, following[0]) if following else journal.nombre
    return [
        triple
        for one in journal.au(limit, ONTOLOGIE)
        for triple in lire_etat(one.contenu, one.ressource, f"m{one.rang}")
    ]


def _debut(journal: Journal, membre: Membre) -> int:
    """Rank of the first member of the version that a member is of."""
    return next(one.debut for one in journal.versions if one.nom == membre.version)
