"""Turtle files put in one stable form, so that a version differs from the next by what was meant to change.

The graph never changes, which is checked before anything is written. Comments stay: before the prefixes, at
the head of a section (subjects are sorted inside their section), or above a subject, with which they move.
A file with a comment anywhere else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from maillage.corpus.corpus import from_bytes, read_corpus
from maillage.turtle.mise_en_page import MiseEnPage
from maillage.turtle.structure import Structure
from maillage.validation.enonces import Enonce, TexteTurtle
from maillage.versions.disque import remplacer

#: how the files that importers write say so.
IMPORTE = "« maillage importer "

_JETON = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""' + "|'''(?:[^'\\\\]|\\\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"' + r"|'(?:[^'\\\n\r]|\\.)*'" + r"|<[^<>\s]*>|\\.|(?P<commentaire>#[^\n]*)",
    re.DOTALL,
)


class FormatageRefuse(ValueError):  # noqa: N818 (the error is named in French)
    """A file that cannot be put in form without a loss, and why; it is left as it is."""


@dataclass
class _Section:
    """Comments that stand alone, then the subjects that follow them, up to the next such comments."""

    titres: list[str] = field(default_factory=list)
    sujets: list[NamedNode] = field(default_factory=list)


@dataclass
class _Plan:
    """Where the comments of a file go."""

    entete: list[str] = field(default_factory=list)
    sections: list[_Section] = field(default_factory=lambda: [_Section()])
    attaches: dict[NamedNode, list[str]] = field(default_factory=dict)


def fichiers_du_corpus(racine: Path) -> Iterator[Path]:
    """The Turtle files that stewards edit: all those of the corpus but the importers'."""
    for fichier in read_corpus(racine).fichiers:
        if not est_importe(fichier.texte):
            yield racine / fichier.chemin


def formater_fichier(path: Path, *, ecrire: bool = True) -> bool:
    """Put a file in form; whether it changes. Raises FormatageRefuse, OSError."""
    before = path.read_bytes()
    after = formater(before).encode()
    if after == before:
        return False
    if ecrire:
        remplacer(path.resolve(), after)
    return True


def formater(octets: bytes) -> str:
    """The text in form. Raises FormatageRefuse: not Turtle, an importer's file, a comment out of place."""
    fichier = from_bytes("", octets)
    if fichier.anomalie:
        place = f"ligne {fichier.anomalie.ligne}, colonne {fichier.anomalie.colonne}"
        raise FormatageRefuse(
            f"{place} : ce n'est pas du Turtle correct ({fichier.anomalie.message}). "
            "Corrigez d'abord ; « maillage valider » explique l'erreur."
        )
    texte = TexteTurtle(fichier.texte)
    if est_importe(texte.texte):
        raise FormatageRefuse("écrit par « maillage importer », qui a sa propre mise en forme")
    try:
        structure = Structure(parse(fichier.octets, RdfFormat.TURTLE))
    except ValueError as error:
        raise FormatageRefuse(str(error)) from error
    if not structure.exacte:
        raise FormatageRefuse(
            "trop de nœuds anonymes imbriqués ou semblables pour un ordre stable : donnez-leur un nom"
        )
    written = _ecrire(structure, texte)
    if structure.enonces() != Structure(parse(written, RdfFormat.TURTLE)).enonces():
        raise FormatageRefuse("la mise en forme changerait le graphe : le fichier est laissé tel quel")
    return written


def est_importe(texte: str) -> bool:
    """Whether an importer wrote the file, as its first comment says."""
    head = re.match(r"(?:\s*#[^\n]*\n)*", texte)
    return head is not None and IMPORTE in head[0]


def _ecrire(structure: Structure, texte: TexteTurtle) -> str:
    page = MiseEnPage(structure, texte.prefixes)
    plan = _planifier(texte, structure)
    placed = [sujet for section in plan.sections for sujet in section.sujets]
    rest = [sujet for sujet in structure.sujets if sujet not in set(placed)]
    body: list[str] = []
    for rank, section in enumerate(plan.sections):
        last = rank == len(plan.sections) - 1
        blocs = page.blocs([*section.sujets, *(rest if last else ())])
        body += section.titres
        for sujet, bloc in blocs.items():
            comments = plan.attaches.get(sujet, []) if isinstance(sujet, NamedNode) else []
            body.append("\n".join([*comments, bloc]))
    parts = [part for part in (*plan.entete, page.declarations(), *body) if part]
    return "\n\n".join(parts) + "\n" if parts else ""


def _planifier(texte: TexteTurtle, structure: Structure) -> _Plan:
    """Give each comment its place. Raises FormatageRefuse."""
    comments = [found for found in _JETON.finditer(texte.texte) if found["commentaire"] is not None]
    plan = _Plan()
    if not comments:
        return plan
    seen: set[NamedNode] = set()
    position = 0
    for rank, enonce in enumerate((*texte.enonces, None)):
        end = len(texte.texte) if enonce is None else enonce.debut
        gap = texte.texte[position:end]
        suite, alone, above = _paragraphes(gap, premier=rank == 0)
        sujet = _sujet(texte, enonce, structure)
        previous = texte.enonces[rank - 1] if rank else None
        _attacher(plan, _sujet(texte, previous, structure), suite, texte, position)
        if enonce is None or enonce.directive:
            alone, above = [*alone, *above], []
        if alone and rank == 0 and enonce is not None and enonce.directive:
            plan.entete += alone
        elif alone:
            plan.sections.append(_Section(alone))
        if enonce is None:
            break
        _attacher(plan, sujet, above, texte, enonce.debut)
        if sujet is not None and sujet not in seen:
            seen.add(sujet)
            plan.sections[-1].sujets.append(sujet)
        _refuser_dedans(comments, enonce, texte)
        position = enonce.fin
    return plan


def _paragraphes(gap: str, premier: bool) -> tuple[list[str], list[str], list[str]]:
    """The comments between two statements: beside the first, standing alone, just above the second."""
    first, _, others = ("", "", gap) if premier else gap.partition("\n")
    suite = [first.strip()] if first.strip() else []
    blocks = [
        "\n".join(line.strip() for line in block.strip().splitlines())
        for block in re.split(r"\n[ \t\r]*\n", others)
    ]
    above = [blocks.pop()] if blocks[-1] and not re.search(r"\n[ \t\r]*\n\s*\Z", others) else []
    return suite, [block for block in blocks if block], above


def _attacher(
    plan: _Plan, sujet: NamedNode | None, comments: Iterable[str], texte: TexteTurtle, offset: int
) -> None:
    for comment in comments:
        if sujet is None:
            raise FormatageRefuse(
                f"ligne {texte.place(offset)[0]} : un commentaire n'a pas de sujet auquel tenir. Mettez-le "
                "seul, entre deux lignes vides."
            )
        plan.attaches.setdefault(sujet, []).append(comment)


def _refuser_dedans(comments: list[re.Match[str]], enonce: Enonce, texte: TexteTurtle) -> None:
    for found in comments:
        if enonce.debut < found.start() < enonce.fin:
            raise FormatageRefuse(
                f"ligne {texte.place(found.start())[0]} : un commentaire est à l'intérieur d'un énoncé et "
                "serait perdu. Mettez-le au-dessus du sujet, ou dans une propriété (mlg:remarque)."
            )


def _sujet(texte: TexteTurtle, enonce: Enonce | None, structure: Structure) -> NamedNode | None:
    """The subject of a statement, where it is an IRI."""
    if enonce is None or enonce.directive:
        return None
    iri = texte.expand(enonce.sujet)
    try:
        found = NamedNode(iri) if iri else None
    except ValueError:
        return None
    return found if found in structure.proprietes else None
