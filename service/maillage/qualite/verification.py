"""Saying in Turtle that a record was verified: one block, beside the actor, in the style of the project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from maillage.corpus.corpus import Corpus, FichierTurtle, read_corpus
from maillage.namespaces import PREFIXES, compact, iri, local_name
from maillage.turtle.formatage import formater
from maillage.versions.disque import remplacer

FICHIER = "verifications.ttl"


class VerificationRefusee(ValueError):  # noqa: N818 (the error is named in French)
    """What is said of a verification does not hold; in French."""


@dataclass(frozen=True)
class Verification:
    """Who (an organisation or a capacity), how, when, with what result; IRIs, short or full."""

    acteur: str
    par: str
    moyen: str
    jour: date
    resultat: str


def enregistrer(racine: Path, dite: Verification, aujourdhui: date) -> tuple[Path, str]:
    """Write the verification in the folder of the actor's file; the file, and the short name of the block.

    Raises VerificationRefusee (unknown actor or code, day to come), FormatageRefuse (the file of
    verifications cannot be laid out), OSError.
    """
    if dite.jour > aujourdhui:
        raise VerificationRefusee(f"Le {dite.jour} n'est pas encore passé : une vérification est déjà faite.")
    corpus = read_corpus(racine)
    home = _fichier(corpus, dite.acteur, ("Acteur",), "acteur")
    _fichier(corpus, dite.par, ("Verificateur", "Acteur"), "vérificateur")
    _fichier(corpus, dite.moyen, ("MoyenVerification",), "moyen")
    _fichier(corpus, dite.resultat, ("ResultatVerification",), "résultat")
    path = racine / Path(home.chemin).with_name(FICHIER)
    nom = _nom_libre(corpus, f"{local_name(dite.acteur)}-{dite.jour}")
    before = path.read_bytes() if path.exists() else b""
    remplacer(path, formater(before + b"\n" + _bloc(nom, dite)).encode())
    return path, compact(nom)


def _fichier(corpus: Corpus, terme: str, classes: tuple[str, ...], quoi: str) -> FichierTurtle:
    """The file that describes a term as one of the classes. Raises VerificationRefusee."""
    types = {NamedNode(iri("mlg", classe)) for classe in classes}
    for fichier in corpus.fichiers:
        if local_name(terme).encode() in fichier.octets and any(
            quad.object in types for quad in _declarations(fichier, terme)
        ):
            return fichier
    raise VerificationRefusee(f"{quoi.capitalize()} « {compact(terme)} » : aucun fichier ne le décrit.")


def _declarations(fichier: FichierTurtle, terme: str) -> Iterator[Triple]:
    for quad in fichier.quads():
        if quad.predicate.value == PREFIXES["rdf"] + "type" and quad.subject == NamedNode(terme):
            yield quad.triple


def _nom_libre(corpus: Corpus, code: str) -> str:
    """IRI of the new block: two verifications of one record on one day are numbered."""
    written = b"\n".join(one.octets for one in corpus.fichiers if one.chemin.endswith(FICHIER))
    rang, nom = 1, code
    while f"verification:{nom} ".encode() in written:
        rang += 1
        nom = f"{code}-{rang}"
    return iri("verification", nom)


def _bloc(nom: str, dite: Verification) -> bytes:
    subject, mlg = NamedNode(nom), PREFIXES["mlg"]
    values: list[tuple[str, NamedNode | Literal]] = [
        (PREFIXES["rdf"] + "type", NamedNode(mlg + "Verification")),
        (mlg + "verifie", NamedNode(dite.acteur)),
        (mlg + "verifiePar", NamedNode(dite.par)),
        (mlg + "moyen", NamedNode(dite.moyen)),
        (mlg + "verifieLe", Literal(dite.jour.isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "date"))),
        (mlg + "resultat", NamedNode(dite.resultat)),
    ]
    triples = [Triple(subject, NamedNode(name), value) for name, value in values]
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""
