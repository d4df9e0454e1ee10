"""What a public query may not do, decided on its text before any engine sees it.

The text is cut into SPARQL tokens, so that a word in a string, an IRI, a comment or a name is not taken for a
keyword. The second line of defence is in `confinement`: a worker cannot open a socket at all.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Literal

from maillage.problemes import Probleme

Sorte = Literal["lignes", "booleen", "graphe"]
_FORMES: dict[str, Sorte] = {
    "SELECT": "lignes",
    "ASK": "booleen",
    "CONSTRUCT": "graphe",
    "DESCRIBE": "graphe",
}
_MISES_A_JOUR = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)

# SPARQL 1.1 §19.8, reduced to what separates a keyword from everything that may contain one.
_JETON = re.compile(
    r"""
      (?P<commentaire> \#[^\r\n]* )
    | (?P<chaine> \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
    | (?P<iri> <[^<>"{}|^`\x00-\x20]*> )
    | (?P<variable> [?$]\w+ )
    | (?P<langue> @[A-Za-z][\w-]* )
    | (?P<nom> (?:[^\W\d_][\w.-]*)?:(?:[\w:.%-]|\\.)* )
    | (?P<mot> [A-Za-z_]\w* )
    | (?P<autre> . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Controle:
    """What the check learnt: the kind of answer, and whether the query names its own dataset."""

    sorte: Sorte
    jeu_de_donnees: bool


def place(texte: str, position: int) -> tuple[int, int]:
    """(line, column) of a character offset, both from 1."""
    return texte.count("\n", 0, position) + 1, position - texte.rfind("\n", 0, position)


def mot_fautif(texte: str, ligne: int, colonne: int) -> tuple[int, int]:
    """Where the token that holds this place begins: engines stop at the letter that disappointed them."""
    debut = sum(len(line) for line in texte.splitlines(keepends=True)[: ligne - 1]) + colonne - 1
    for match in jetons(texte):
        if match.lastgroup in ("mot", "nom", "variable") and match.start() < debut <= match.end():
            return place(texte, match.start())
    return ligne, colonne


def syntaxe(message: str, ligne: int, colonne: int) -> Probleme:
    """The problem of a query that cannot be parsed, with its place as members of the JSON."""
    valeurs: dict[str, object] = {"ligne": ligne, "colonne": colonne, "message": message}
    return Probleme("sparql-syntaxe", 400, valeurs=valeurs, membres={"ligne": ligne, "colonne": colonne})


def jetons(texte: str) -> Iterator[re.Match[str]]:
    """The tokens of a query, without comments and spaces; `lastgroup` is their kind."""
    for match in _JETON.finditer(texte):
        if match.lastgroup != "commentaire" and not match[0].isspace():
            yield match


def _verbe(jetons: list[re.Match[str]], texte: str) -> str:
    for match in jetons:
        mot = match[0].upper() if match.lastgroup == "mot" else ""
        if mot in _FORMES or mot in _MISES_A_JOUR:
            return mot
    raise syntaxe("SELECT, ASK, CONSTRUCT, DESCRIBE ?", *place(texte, len(texte)))


def _refuser_evasion(jetons: list[re.Match[str]], texte: str) -> None:
    """Refuse SERVICE, and code point escapes outside strings and IRIs: they could spell it."""
    for match in jetons:
        ligne, colonne = place(texte, match.start())
        if match.lastgroup == "mot" and match[0].upper() == "SERVICE":
            valeurs: dict[str, object] = {"ligne": ligne, "colonne": colonne}
            raise Probleme("sparql-federation", 400, valeurs=valeurs, membres=valeurs)
        if match[0] == "\\":
            raise syntaxe("\\", ligne, colonne)


def _graphes(jetons: list[re.Match[str]], texte: str, connus: Container[str] | None) -> bool:
    """True where the query has FROM clauses; a graph named in full must be `connus`: none is fetched."""
    trouve = False
    for match, suivant, apres in zip(jetons, jetons[1:], [*jetons[2:], jetons[-1]], strict=False):
        if match.lastgroup == "mot" and match[0].upper() == "FROM":
            trouve = True
            cible = apres if suivant[0].upper() == "NAMED" else suivant
            if connus is not None and cible.lastgroup == "iri" and cible[0][1:-1] not in connus:
                ligne, colonne = place(texte, cible.start())
                membres: dict[str, object] = {"ligne": ligne, "colonne": colonne}
                valeurs = {"graphe": cible[0][1:-1], **membres}
                raise Probleme("sparql-graphe", 400, valeurs=valeurs, membres=membres)
    return trouve


def controler(texte: str, connus: Container[str] | None) -> Controle:
    """Check a public query; `connus` are the graphs that FROM may name (none: FROM does not count).

    Raises Probleme 400: empty, update, federation, unknown graph, no query form.
    """
    if not texte.strip():
        raise Probleme("sparql-vide", 400)
    tokens = list(jetons(texte))
    verbe = _verbe(tokens, texte)
    if verbe in _MISES_A_JOUR:
        raise Probleme("sparql-lecture-seule", 400, valeurs={"mot": verbe})
    _refuser_evasion(tokens, texte)
    return Controle(_FORMES[verbe], _graphes(tokens, texte, connus))
