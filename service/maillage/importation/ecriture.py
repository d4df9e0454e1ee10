"""The one Turtle writer of the importers: sorted, stable bytes that a steward can read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pyoxigraph

from maillage.namespaces import PREFIXES

LARGEUR = 118
#: a local name that Turtle takes without any escape.
_NOM_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_LITTERAUX_ET_IRI = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>]*>')
_PREFIXE = re.compile(r"(?<![\w-])([a-z][a-z-]*):")
_DATES = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "xsd:date"),
    (re.compile(r"\d{4}-\d{2}"), "xsd:gYearMonth"),
    (re.compile(r"\d{4}"), "xsd:gYear"),
)


def ref(prefixe: str, code: str) -> str:
    """`prefixe:code`, or the full IRI between angle brackets where the code needs escaping.

    Raises KeyError where the prefix is unknown, ValueError where no valid IRI can be made.
    """
    espace = PREFIXES[prefixe]
    return f"{prefixe}:{code}" if _NOM_LOCAL.fullmatch(code) else str(pyoxigraph.NamedNode(espace + code))


def curie(valeur: str) -> str:
    """A `prefixe:code` written in a table, checked. Raises ValueError where it is not one."""
    prefixe, deux_points, code = valeur.partition(":")
    if not deux_points or prefixe not in PREFIXES or not _NOM_LOCAL.fullmatch(code):
        raise ValueError(f"« {valeur} » n'est pas un nom de la forme prefixe:code")
    return valeur


def texte(valeur: str, langue: str = "fr") -> str:
    """Literal with a language."""
    return str(pyoxigraph.Literal(valeur, language=langue))


def chaine(valeur: str) -> str:
    """Plain string literal."""
    return str(pyoxigraph.Literal(valeur))


def adresse_web(valeur: str) -> str:
    """Literal of type xsd:anyURI."""
    return chaine(valeur) + "^^xsd:anyURI"


def date(valeur: str) -> str:
    """Literal of type xsd:date, xsd:gYearMonth or xsd:gYear, after the form of the value.

    Raises ValueError where the value has none of the three forms.
    """
    for forme, type_xsd in _DATES:
        if forme.fullmatch(valeur):
            return f"{chaine(valeur)}^^{type_xsd}"
    raise ValueError(f"« {valeur} » n'est pas une date (AAAA, AAAA-MM ou AAAA-MM-JJ)")


def anonyme(*couples: tuple[str, str]) -> str:
    """Blank node with its properties, written inside its owner; empty values are left out."""
    return "[ " + " ; ".join(f"{predicat} {objet}" for predicat, objet in couples if objet) + " ]"


class Bloc:
    """One subject and its properties, in the order they were added."""

    def __init__(self, sujet: str, *classes: str) -> None:
        self.sujet = sujet
        #: predicate → objects already rendered, both in the order they are written.
        self.proprietes: dict[str, list[str]] = {}
        self.ajoute("a", classes)

    def ajoute(self, predicat: str, objets: str | Iterable[str] | None) -> Bloc:
        """Add a property with its objects (already rendered); nothing where there is none."""
        liste = [objets] if isinstance(objets, str) else list(objets or [])
        if presents := [o for o in liste if o]:
            connus = self.proprietes.setdefault(predicat, [])
            connus.extend(o for o in dict.fromkeys(presents) if o not in connus)
        return self

    @property
    def vide(self) -> bool:
        """Whether the subject has no property."""
        return not self.proprietes

    def rendu(self, compact: bool = False) -> str:
        """Turtle of the block: one property a line, or several as the width allows."""
        ecrites = [f"{predicat} {' , '.join(objets)}" for predicat, objets in self.proprietes.items()]
        return self._compact(ecrites) if compact else f"{self.sujet} " + " ;\n    ".join(ecrites) + " ."

    def _compact(self, ecrites: list[str]) -> str:
        lignes, courante = [], self.sujet
        for rang, ligne in enumerate(ecrites):
            morceau = f" {ligne} {'.' if rang == len(ecrites) - 1 else ';'}"
            if rang and len(courante) + len(morceau) > LARGEUR:
                lignes.append(courante)
                courante = "   "
            courante += morceau
        return "\n".join([*lignes, courante])


def entete(commande: str, titre: str) -> str:
    """The comment that opens a written file: what it holds, and that it is not edited by hand."""
    return (
        f"# {titre}\n"
        f"# Fichier écrit par « maillage importer {commande} » : ne pas modifier à la main.\n"
        "# Ajouter ou corriger dans un autre fichier du même dossier, ou dans la source."
    )


def document(commande: str, titre: str, blocs: Sequence[Bloc], compact: bool = False) -> str:
    """A whole Turtle file: header, the prefixes it uses, its blocks in the order given."""
    rendus = [bloc.rendu(compact) for bloc in blocs]
    utilises: set[str] = set()
    for rendu in rendus:
        utilises.update(_PREFIXE.findall(_LITTERAUX_ET_IRI.sub("", rendu)))
    prefixes = "\n".join(f"@prefix {p}: <{PREFIXES[p]}> ." for p in sorted(utilises))
    return "\n\n".join([entete(commande, titre), prefixes, *rendus]) + "\n"
