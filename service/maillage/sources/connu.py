"""What the corpus says of each actor, file by file: who says what, so that nothing is overwritten unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pyoxigraph

from maillage.importation.ecriture import anonyme, chaine, ref
from maillage.importation.lecture import ErreurImport
from maillage.namespaces import PREFIXES, compact
from maillage.sources.notice import Proprietes

ACTEURS = "donnees/acteurs"
_SIGNATURE = re.compile(r"# Fichier écrit par « maillage importer (\S+) »")
_ACTEUR = PREFIXES["acteur"]
_XSD_STRING = PREFIXES["xsd"] + "string"
_TYPE = PREFIXES["rdf"] + "type"
_LIEUX = ("streetAddress", "postalCode", "addressLocality")
_LITTERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(slots=True)
class Fichier:
    """One Turtle file of actors; `importateur` is empty where a steward keeps it."""

    chemin: str
    importateur: str
    titre: str
    blocs: dict[str, Proprietes] = field(default_factory=dict)


@dataclass(slots=True)
class Connu:
    """The files of actors, and for each actor the paths of those that speak of it."""

    fichiers: dict[str, Fichier] = field(default_factory=dict)
    acteurs: dict[str, list[str]] = field(default_factory=dict)

    def dires(self, acteur: str) -> Iterator[tuple[Fichier, Proprietes]]:
        """What each file says of an actor."""
        for chemin in self.acteurs.get(acteur, ()):
            fichier = self.fichiers[chemin]
            yield fichier, fichier.blocs[acteur]

    def valeurs(self, acteur: str, predicat: str) -> list[str]:
        """Objects of a property, whoever says it."""
        return list(dict.fromkeys(v for _, p in self.dires(acteur) for v in p.get(predicat, ())))

    def textes(self, acteur: str, predicat: str) -> list[str]:
        """Lexical forms of a property's literals."""
        return [lexical(v) for v in self.valeurs(acteur, predicat)]


def lit(racine: Path) -> Connu:
    """Read the actors of the corpus. Raises ErreurImport where a file is not Turtle."""
    connu = Connu()
    for chemin in sorted((racine / ACTEURS).rglob("*.ttl")):
        fichier = _fichier(racine, chemin)
        connu.fichiers[fichier.chemin] = fichier
        for acteur in fichier.blocs:
            connu.acteurs.setdefault(acteur, []).append(fichier.chemin)
    return connu


def _fichier(racine: Path, chemin: Path) -> Fichier:
    try:
        contenu = chemin.read_text(encoding="utf-8")
        signe = _SIGNATURE.search(contenu[:2000])
        titre = contenu.split("\n", 1)[0].removeprefix("# ") if signe else ""
        fichier = Fichier(chemin.relative_to(racine).as_posix(), signe.group(1) if signe else "", titre)
        _remplit(fichier, contenu)
    except (SyntaxError, UnicodeDecodeError, OSError) as erreur:
        raise ErreurImport(f"{chemin.name} : fichier d'acteurs illisible ({erreur}).") from None
    return fichier


def _remplit(fichier: Fichier, contenu: str) -> None:
    anonymes: dict[pyoxigraph.BlankNode, dict[str, str]] = {}
    places: list[tuple[list[str], int, pyoxigraph.BlankNode]] = []
    for quad in pyoxigraph.parse(contenu, format=pyoxigraph.RdfFormat.TURTLE):
        sujet, objet = quad.subject, quad.object
        if isinstance(sujet, pyoxigraph.BlankNode):
            if isinstance(objet, pyoxigraph.Literal):
                anonymes.setdefault(sujet, {})[quad.predicate.value.rsplit("/", 1)[-1]] = chaine(objet.value)
            continue
        if not isinstance(sujet, pyoxigraph.NamedNode) or not sujet.value.startswith(_ACTEUR):
            continue
        bloc = fichier.blocs.setdefault(sujet.value[len(_ACTEUR) :], {})
        valeurs = bloc.setdefault(_predicat(quad.predicate.value), [])
        if isinstance(objet, pyoxigraph.BlankNode):
            places.append((valeurs, len(valeurs), objet))
            valeurs.append("")
        else:
            valeurs.append(rendu(objet))
    for valeurs, rang, noeud in places:
        dits = anonymes.get(noeud, {})
        couples = [(f"schema:{champ}", dits.get(champ, "")) for champ in _LIEUX]
        valeurs[rang] = anonyme(("a", "schema:PostalAddress"), *couples)


@lru_cache(maxsize=100_000)
def _court(iri: str) -> str:
    prefixe, deux_points, code = compact(iri).partition(":")
    return ref(prefixe, code) if deux_points and prefixe in PREFIXES else f"<{iri}>"


@lru_cache(maxsize=1_000)
def _predicat(iri: str) -> str:
    return "a" if iri == _TYPE else _court(iri)


def rendu(terme: object) -> str:
    """A term as the importers write it in Turtle."""
    if isinstance(terme, pyoxigraph.NamedNode):
        return _court(terme.value)
    if isinstance(terme, pyoxigraph.Literal) and not terme.language and terme.datatype.value != _XSD_STRING:
        return f"{chaine(terme.value)}^^{_court(terme.datatype.value)}"
    return str(terme)


def lexical(rendu: str) -> str:
    """Text of a rendered literal; the object itself where it is none."""
    trouve = _LITTERAL.match(rendu)
    return trouve.group(1).replace('\\"', '"').replace("\\\\", "\\") if trouve else rendu
