"""One Turtle file edited by resource: the blocks that change are written anew, the rest stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from maillage.turtle.formatage import FormatageRefuse, est_importe, formater
from maillage.turtle.mise_en_page import MiseEnPage
from maillage.turtle.structure import Structure
from maillage.validation.enonces import TexteTurtle

_PREFIXE = re.compile(r"@prefix\s+([^\s:]*):\s*<([^>]*)>\s*\.")

Enonce = tuple[NamedNode | BlankNode, NamedNode, NamedNode | BlankNode | Literal]


class EditionRefusee(ValueError):  # noqa: N818 (the error is named in French)
    """A file that cannot be edited without a loss; the message says why and what to do."""


def editer(chemin: str, avant: bytes, enonces: list[Enonce], touches: Iterable[NamedNode]) -> bytes:
    """The file with the blocks of `touches` written anew from `enonces`, all that it must say.

    A resource that `enonces` no longer describes goes; a new one comes last. A file in the stable form stays
    in it. Raises EditionRefusee: a comment inside a block, a prefix that means something else.
    """
    text = avant.decode()
    body = text
    turtle = TexteTurtle(text)
    blocs, declarations = _blocs(enonces, set(touches), turtle.prefixes)
    cuts: list[tuple[int, int, str]] = []
    for sujet in touches:
        places = turtle.par_sujet.get(sujet.value, [])
        for rank, place in enumerate(places):
            if _commentaire(text[place.debut : place.fin]):
                line = turtle.place(place.debut)[0]
                raise EditionRefusee(
                    f"{chemin}:{line} : un commentaire est dans le bloc à modifier et serait perdu. "
                    "Mettez-le au-dessus du bloc, puis recommencez"
                )
            cuts.append((place.debut, place.fin, blocs.pop(sujet, "") if rank == 0 else ""))
    for start, end, bloc in sorted(cuts, reverse=True):
        body = body[:start] + bloc + body[end:] if bloc else _couper(body, start, end)
    if blocs:
        body = "\n\n".join([body.rstrip("\n"), *blocs.values()]) + "\n"
    after = _declarer(chemin, body, declarations, turtle.prefixes).lstrip("\n").encode()
    if not est_importe(text) and (not avant.strip() or _en_forme(avant)):
        after = _former(after)
    _controler(chemin, after, enonces)
    return after


def _blocs(
    enonces: list[Enonce], touches: set[NamedNode], prefixes: dict[str, str]
) -> tuple[dict[NamedNode, str], dict[str, str]]:
    """The new block of each resource that is still described, and the prefixes that they use."""
    structure = Structure(Triple(*one) for one in enonces)
    page = MiseEnPage(structure, prefixes)
    wanted = [sujet for sujet in structure.sujets if sujet in touches]
    blocs = {sujet: bloc for sujet, bloc in page.blocs(wanted).items() if isinstance(sujet, NamedNode)}
    return blocs, dict(_PREFIXE.findall(page.declarations()))


def _couper(texte: str, debut: int, fin: int) -> str:
    """The text without a statement, nor the blank line that followed it."""
    tail = texte[fin:]
    return texte[:debut] + re.sub(r"\A[ \t]*\r?\n(?:[ \t]*\r?\n)?", "", tail)


def _declarer(chemin: str, texte: str, voulus: dict[str, str], connus: dict[str, str]) -> str:
    """The text with the prefixes it lacks declared after the others, in alphabetical order."""
    for name, space in voulus.items():
        if connus.get(name, space) != space:
            raise EditionRefusee(
                f"{chemin} : le préfixe « {name} » y désigne <{connus[name]}> au lieu de <{space}>. "
                "Renommez-le, puis recommencez"
            )
    missing = {name: space for name, space in voulus.items() if name not in connus}
    if not missing:
        return texte
    there = list(_PREFIXE.finditer(texte))
    if not there:
        head = "\n".join(f"@prefix {name}: <{space}> ." for name, space in sorted(missing.items()))
        comments = re.match(r"(?:#[^\n]*\n)*\n*", texte)
        end = comments.end() if comments else 0
        return f"{texte[:end]}{head}\n\n{texte[end:]}"
    for name, space in sorted(missing.items(), reverse=True):
        later = [found for found in there if found[1] > name]
        at = later[0].start() if later else there[-1].end()
        line = f"@prefix {name}: <{space}> ."
        texte = texte[:at] + (f"{line}\n" if later else f"\n{line}") + texte[at:]
        there = list(_PREFIXE.finditer(texte))
    return texte


def _commentaire(bloc: str) -> bool:
    """Whether a statement holds a comment: a # that is neither in a text nor in an address."""
    bare = re.sub(
        r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|\\.', "", bloc, flags=re.DOTALL
    )
    return "#" in bare


def _en_forme(octets: bytes) -> bool:
    try:
        return formater(octets).encode() == octets
    except FormatageRefuse:
        return False


def _former(octets: bytes) -> bytes:
    try:
        return formater(octets).encode()
    except FormatageRefuse:
        return octets


def _controler(chemin: str, octets: bytes, enonces: list[Enonce]) -> None:
    """The file says what it must, no more and no less. Raises EditionRefusee otherwise."""
    try:
        written = Structure(parse(octets, RdfFormat.TURTLE)).enonces()
    except (SyntaxError, ValueError) as error:
        raise EditionRefusee(f"{chemin} : le fichier modifié ne serait plus lisible ({error})") from error
    if written != Structure(Triple(*one) for one in enonces).enonces():
        raise EditionRefusee(f"{chemin} : le fichier ne se laisse pas modifier sans perte")
