"""The corrected line: what to write, where it can be told, in the file's own prefixes."""

from __future__ import annotations

import pyoxigraph as ox

from maillage.validation.chemins import Terme
from maillage.validation.constat import Correction, Lieu
from maillage.validation.enonces import TexteTurtle
from maillage.validation.explications import LOCAL, written


def apply(texte: str, correction: Correction) -> str:
    """The text with a correction applied to the letter."""
    lines = texte.split("\n")
    start = correction.ligne - 1
    lines[start : start if correction.ajout else start + 1] = [correction.texte]
    return "\n".join(lines)


def corrected(texte: TexteTurtle, lieu: Lieu, term: Terme, instead: Terme | None = None) -> Correction | None:
    """The line of a place with `term` written there; None for a place on several lines.

    None too where what stands there is not `instead`: the place may be that of the resource at fault.
    """
    if not lieu.ligne or lieu.fin_ligne != lieu.ligne:
        return None
    line = texte.line(lieu.ligne)
    found = line[lieu.colonne - 1 : lieu.fin_colonne - 1]
    end = lieu.fin_colonne - 1
    if isinstance(instead, ox.NamedNode | ox.Literal) and _names(texte, found, instead) is False:
        return None
    return Correction(lieu.ligne, line[: lieu.colonne - 1] + _in_file(texte, term, found) + line[end:])


def _names(texte: TexteTurtle, found: str, term: ox.NamedNode | ox.Literal) -> bool:
    """Whether what is written somewhere may be that term: a name for a name, anything else for a literal."""
    iri = texte.expand(found)
    return found == "a" or iri == term.value if isinstance(term, ox.NamedNode) else not iri


def _in_file(texte: TexteTurtle, term: Terme, found: str) -> str:
    if isinstance(term, ox.NamedNode):
        return in_prefixes(texte.prefixes, term)
    if isinstance(term, ox.Literal) and term.language and found[-1:] in ('"', "'"):
        return f"{found}@{term.language}"
    if isinstance(term, ox.Literal) and not term.language and "^^" in written(term):
        return f"{ox.Literal(term.value)}^^{in_prefixes(texte.prefixes, term.datatype)}"
    return str(term)


def in_prefixes(prefixes: dict[str, str], term: ox.NamedNode) -> str:
    """An IRI with the prefixes of a file, whole where none fits."""
    for prefix, space in sorted(prefixes.items(), key=lambda each: -len(each[1])):
        local = term.value.removeprefix(space)
        if local != term.value and LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return f"<{term.value}>"
