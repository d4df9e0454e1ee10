"""More slips of syntax: signs nobody sees, one sign for another, words written bare; the line put right."""

from __future__ import annotations

import re

from maillage.namespaces import PREFIXES
from maillage.validation.accroc import Accroc, Lecture

#: spaces that Turtle does not know (Unicode Zs), and signs without width (Cf).
_ESPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SANS_LARGEUR = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_OPAQUES = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]*>|#.*')
_JOUR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ETIQUETTE = re.compile(r"@([A-Za-z]{2})[^\s;,.\])]*")
_FIN_DE_TEXTE = re.compile(r'"(?=(?:@[A-Za-z-]+|\^\^\S+)?\s*(?:[;,.\])]|$))')
_NOM_APOSTROPHE = re.compile(r"([\w-]*:[\w-]+)['’‘][\w-]+")
_MOT = re.compile(r"[^\W\d][\w.-]*")
#: by custom a class begins with a capital, a property does not.
_CLASSE = re.compile(r"[\w-]*:[A-Z][\w-]*")
_NOM = re.compile(r"<[^<>\s]*>|[\w-]*:[\w-]*")


def invisible(accroc: Accroc) -> Lecture | None:
    """A no-break space, or a sign without width, between two terms: put as a plain space, or taken away."""
    sign = accroc.texte.texte[accroc.debut : accroc.debut + 1]
    if not (_ESPACES.match(sign) or _SANS_LARGEUR.match(sign)):
        return None
    right, last = "", 0
    for found in [*_OPAQUES.finditer(accroc.ligne), None]:
        start = found.start() if found else len(accroc.ligne)
        right += _SANS_LARGEUR.sub("", _ESPACES.sub(" ", accroc.ligne[last:start])) + (
            found[0] if found else ""
        )
        last = found.end() if found else start
    return Lecture("MLG-SYN-INVISIBLE", accroc.debut, right, f"U+{ord(sign):04X}")


def apostrophe(accroc: Accroc) -> Lecture | None:
    """An apostrophe inside a prefixed name; a straight one opens a text that ends anywhere."""
    line = accroc.ligne
    for found in _NOM_APOSTROPHE.finditer(line):
        if line[: found.start()].count('"') % 2 or found.end(1) > accroc.colonne:
            continue
        right = f"{line[: found.end(1)]}-{line[found.end(1) + 1 :]}"
        start = accroc.debut - accroc.colonne + found.start()
        return Lecture("MLG-SYN-IRI", start, right, found[0])
    return None


def language_tag(accroc: Accroc) -> Lecture | None:
    """A language that is no language tag: what follows its two letters goes."""
    before = re.search(r"@[A-Za-z]+$", accroc.ligne[: accroc.colonne])
    if before is None or accroc.ligne[accroc.colonne : accroc.colonne + 1].isspace():
        return None
    found = _ETIQUETTE.match(accroc.ligne, before.start())
    if found is None:
        return None
    right = accroc.ligne[: found.start()] + f"@{found[1].lower()}" + accroc.ligne[found.end() :]
    start = accroc.debut - len(before[0])
    return Lecture("MLG-SYN-LANGUE", start, right, found[0])


def inner_quotes(accroc: Accroc) -> Lecture | None:
    """Straight quotation marks inside a text: escaped."""
    start = accroc.ligne.rfind('"', 0, max(accroc.colonne - 1, 0))
    if (
        start < 0
        or accroc.colonne < 1
        or accroc.ligne[accroc.colonne - 1] != '"'
        or not _MOT.match(accroc.jeton)
    ):
        return None
    end = _FIN_DE_TEXTE.search(accroc.ligne, accroc.colonne)
    if end is None:
        return None
    inside = accroc.ligne[start + 1 : end.start()].replace('"', r"\"")
    right = f"{accroc.ligne[: start + 1]}{inside}{accroc.ligne[end.start() :]}"
    return Lecture("MLG-SYN-GUILLEMET-INTERNE", accroc.debut - 1, right)


def declaration(accroc: Accroc) -> Lecture | None:
    """A prefix without its colon, or its « @ » where it ends with a full stop."""
    bare = re.match(r"\s*@?prefix\s+([\w-]+)\s*<", accroc.ligne, re.IGNORECASE)
    if bare:
        end = bare.end(1)
        return Lecture("MLG-SYN-DECLARATION", ligne_corrigee=f"{accroc.ligne[:end]}:{accroc.ligne[end:]}")
    if accroc.jeton == "." and re.match(r"\s*(prefix|base)\b", accroc.ligne, re.IGNORECASE):
        right = re.sub(r"^(\s*)(\w+)", lambda found: f"{found[1]}@{found[2].lower()}", accroc.ligne, count=1)
        return Lecture("MLG-SYN-DECLARATION", ligne_corrigee=right)
    return None


def french_date(accroc: Accroc) -> Lecture | None:
    """A day written 31/12/2024 without quotation marks."""
    for found in _JOUR.finditer(accroc.ligne):
        if found.start() <= accroc.colonne <= found.end():
            xsd = next((name for name, at in accroc.texte.prefixes.items() if at == PREFIXES["xsd"]), "")
            kind = f"{xsd}:date" if xsd else f"<{PREFIXES['xsd']}date>"
            day = f'"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"^^{kind}'
            right = accroc.ligne[: found.start()] + day + accroc.ligne[found.end() :]
            start = accroc.debut - (accroc.colonne - found.start())
            return Lecture("MLG-SYN-DATE", start, right, f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}")
    return None


def slashes(accroc: Accroc) -> Lecture | None:
    """A comment opened as in other languages."""
    if not accroc.ligne.startswith("//", accroc.colonne):
        return None
    return Lecture("MLG-SYN-COMMENTAIRE", ligne_corrigee=accroc.remplacee("//", "#"))


def verb(accroc: Accroc) -> Lecture | None:
    """« a » forgotten, or another word in its place, between a resource and its class."""
    if len(accroc.avant) == 2 and accroc.jeton in (";", "."):
        resource, kind = accroc.avant
        line, column = accroc.texte.place(kind.start())
        text = accroc.texte.line(line)
        if _NOM.fullmatch(resource[0]) and _CLASSE.fullmatch(kind[0]):
            right = f"{text[: column - 1]}a {text[column - 1 :]}"
            return Lecture("MLG-SYN-VERBE", kind.start(), right, kind[0], line)
    if "not a valid predicate" not in accroc.anomalie.message or not _MOT.fullmatch(accroc.jeton):
        return None
    following = re.match(r"\s+[\w-]*:", accroc.ligne[accroc.colonne + len(accroc.jeton) :])
    if len(accroc.avant) != 1 or following is None:
        return None
    return Lecture("MLG-SYN-VERBE", ligne_corrigee=accroc.remplacee(accroc.jeton, "a"), details=accroc.jeton)


def missing_comma(accroc: Accroc) -> Lecture | None:
    """Two texts side by side on one line."""
    before = accroc.avant[-1] if accroc.avant else None
    if before is None or accroc.jeton[:1] not in ('"', "'") or not accroc.ligne[: accroc.colonne].strip():
        return None
    if not re.search(r'["\w]$', before[0]) or before[0] in ("a",):
        return None
    kept = accroc.ligne[: accroc.colonne].rstrip()
    place = accroc.debut - (accroc.colonne - len(kept))
    return Lecture("MLG-SYN-VIRGULE", place, f"{kept} , {accroc.ligne[accroc.colonne :]}")


def comma_for_semicolon(accroc: Accroc) -> Lecture | None:
    """« , » at the end of a line, and the next line gives another property."""
    if "dot is expected" not in accroc.anomalie.message or len(accroc.avant) < 2:
        return None
    comma, name = accroc.avant[-2:]
    line, column = accroc.texte.place(comma.start())
    begins = not accroc.texte.line(accroc.anomalie.ligne)[: accroc.texte.place(name.start())[1] - 1].strip()
    if comma[0] != "," or not begins or line >= accroc.anomalie.ligne or not _NOM.fullmatch(name[0]):
        return None
    text = accroc.texte.line(line)
    right = f"{text[: column - 1]};{text[column:]}"
    return Lecture("MLG-SYN-POINT-VIRGULE", comma.start(), right, ";", line)


def dot_for_semicolon(accroc: Accroc) -> Lecture | None:
    """« . » at the end of a line, and the next line, set in, gives another property."""
    if not accroc.avant or len(accroc.avant) > 2:
        return None
    start = accroc.avant[0].start()
    line, column = accroc.texte.place(start)
    before = accroc.texte.texte[:start].rstrip()
    if column == 1 or not before.endswith("."):
        return None
    number, end = accroc.texte.place(len(before) - 1)
    text = accroc.texte.line(number)
    if number >= line or text.lstrip().startswith(("@", "#")):
        return None
    right = f"{text[: end - 1].rstrip()} ;{text[end:]}"
    return Lecture("MLG-SYN-POINT-EN-TROP", len(before) - 1, right, ".", number)


def too_closed(accroc: Accroc) -> Lecture | None:
    """A bracket that closes nothing."""
    if accroc.jeton not in ("]", ")") or accroc.ouvert is not None:
        return None
    kept = accroc.ligne[: accroc.colonne].rstrip() + accroc.ligne[accroc.colonne + 1 :]
    return Lecture("MLG-SYN-FERMANT", ligne_corrigee=kept, details=accroc.jeton)


def braces(accroc: Accroc) -> Lecture | None:
    """Braces where square brackets are due."""
    if accroc.jeton not in ("{", "}"):
        return None
    rest = accroc.ligne[accroc.colonne :].replace("{", "[").replace("}", "]")
    return Lecture("MLG-SYN-INATTENDU", ligne_corrigee=accroc.ligne[: accroc.colonne] + rest)


def bare_word(accroc: Accroc) -> Lecture | None:
    """A word without prefix nor quotation marks; its colon put back where it begins as a known prefix."""
    word = accroc.jeton
    if "not a valid RDF object" not in accroc.anomalie.message or not _MOT.fullmatch(word):
        return None
    known = [name for name in accroc.texte.prefixes if name and word.startswith(name) and word != name]
    prefix = max(known, key=len, default="")
    right = accroc.remplacee(word, f"{prefix}:{word[len(prefix) :]}") if prefix else ""
    return Lecture("MLG-SYN-MOT", ligne_corrigee=right, details=word)
