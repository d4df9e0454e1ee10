"""The usual slips of syntax, recognised by the parser's words and the text around; the line put right."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise, takewhile

from rapidfuzz import fuzz, process

from maillage.namespaces import PREFIXES
from maillage.validation.accroc import OUVRANTS, Accroc, Lecture
from maillage.validation.lectures_signes import (
    apostrophe,
    bare_word,
    braces,
    comma_for_semicolon,
    declaration,
    dot_for_semicolon,
    french_date,
    inner_quotes,
    invisible,
    language_tag,
    missing_comma,
    slashes,
    too_closed,
    verb,
)
from maillage.validation.suggestions import plain_name

_GUILLEMETS = "“”„«»‹›‘’"
_DROITS = ('"', "'")
_LONGS = ('"""', "'''")
#: what follows a text: its language or datatype, the brackets it closes, the punctuation.
_SUITE = re.compile(r"(@[a-z]{2,3}|\^\^[\w:-]+)?\s*[.;,]?\s*$")
_SUITE_CROCHET = re.compile(r"(@[a-z]{2,3}|\^\^[\w:-]+)?\s*[])][])\s]*[.;,]?\s*$")
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")
_FINS = ("Unexpected end", "Triples should be followed by a dot")
_PREFIXE = re.compile(r"The prefix (.*): has not been declared")


def _quotes(accroc: Accroc) -> Lecture | None:
    if not accroc.jeton or accroc.jeton[0] not in _GUILLEMETS:
        return None
    line = accroc.texte.line(accroc.anomalie.ligne)
    right = re.sub(r"[“„«‹‘”]\s?([^“”„«»‹›‘’]*?)\s?[”“»›’]", r'"\1"', line)
    return Lecture("MLG-SYN-GUILLEMETS", ligne_corrigee=right, details=accroc.jeton)


def _prefix(accroc: Accroc) -> Lecture | None:
    found = _PREFIXE.match(accroc.anomalie.message)
    if not found:
        return None
    name = found[1]
    if name in ("http", "https"):
        address = re.match(r"\S+", accroc.texte.texte[accroc.debut :])
        text = address[0].rstrip(";,.") if address else name
        line = accroc.texte.line(accroc.anomalie.ligne).replace(text, f"<{text}>", 1)
        return Lecture("MLG-SYN-CHEVRONS", ligne_corrigee=line, details=text)
    if name in PREFIXES:
        line = f"@prefix {name}: <{PREFIXES[name]}> ."
        first = next((each.debut for each in accroc.texte.enonces), 0)
        where = accroc.texte.place(first)[0]
        return Lecture("MLG-SYN-PREFIXE", ligne_corrigee=line, details=name, ligne=where, ajout=True)
    near = process.extractOne(name, [*accroc.texte.prefixes, *PREFIXES], scorer=fuzz.ratio, score_cutoff=60)
    if near is None:
        return Lecture("MLG-SYN-PREFIXE", details=name)
    line = accroc.texte.line(accroc.anomalie.ligne).replace(f"{name}:", f"{near[0]}:", 1)
    return Lecture("MLG-SYN-PREFIXE", ligne_corrigee=line, details=name)


def _iri(accroc: Accroc) -> Lecture | None:
    message = accroc.anomalie.message
    if message.startswith("No scheme"):
        return Lecture("MLG-SYN-IRI-RELATIVE")
    if "IRI code point" not in message and "Invalid IRI" not in message:
        return None
    line = accroc.texte.line(accroc.anomalie.ligne)
    address = re.match(r"<[^<>\n]*>", line[accroc.anomalie.colonne - 1 :])
    if address is None:
        return Lecture("MLG-SYN-IRI")
    escaped = re.sub(r'[\s"{}|\\^`]', lambda sign: f"%{ord(sign[0]):02X}", address[0])
    return Lecture("MLG-SYN-IRI", ligne_corrigee=line.replace(address[0], escaped, 1), details=address[0])


def _is_predicate(accroc: Accroc) -> bool:
    """Whether the last token is a property: its value is what is missing."""
    since = list(takewhile(lambda found: found[0] not in (";", "["), reversed(accroc.avant)))
    return len(since) == (2 if len(since) == len(accroc.avant) else 1)


def _spaced_name(accroc: Accroc) -> Lecture | None:
    """Words after a prefixed name: a space went into it."""
    before = accroc.avant[-1] if accroc.avant else None
    if before is None or ":" not in before[0] or before[0][0] in "<\"'" or _is_predicate(accroc):
        return None
    words = re.match(r"[\w-]+(?: +[\w-]+)*(?![\w:-])(?! *:)", accroc.texte.texte[accroc.debut :])
    line, _ = accroc.texte.place(before.start())
    if words is None or line != accroc.anomalie.ligne or before.end() + 1 != accroc.debut:
        return None
    found = re.sub(r" +a$", "", words[0])
    text = accroc.texte.line(line)
    whole = f"{before[0]} {found}"
    prefix, _, local = whole.partition(":")
    right = text.replace(whole, f"{prefix}:{plain_name(local)}", 1)
    return Lecture("MLG-SYN-IRI", before.start(), right, whole)


def _unclosed(accroc: Accroc) -> Lecture | None:
    message, start = accroc.anomalie.message, accroc.debut
    if message.startswith("Line jumps"):
        quotes = [found for found in accroc.avant if found[0] in _DROITS]
        start = quotes[-1].start() if quotes else start
    elif message != "Unexpected end of file":
        return None
    sign = accroc.texte.texte[start : start + 1]
    if sign == "<":
        return Lecture("MLG-SYN-IRI-OUVERTE", start, _closed_line(accroc, start, ">"))
    if sign and sign in _DROITS:
        return Lecture("MLG-SYN-CHAINE", start, _closed_line(accroc, start, sign))
    return None


def _closed_line(accroc: Accroc, start: int, sign: str) -> str:
    """The line with the closing sign before its final punctuation; "" for a text on several lines."""
    if accroc.texte.texte[start : start + 3] in _LONGS:
        return ""
    number, column = accroc.texte.place(start)
    line = accroc.texte.line(number).rstrip()
    before, after = line[: column - 1], line[column - 1 :]
    open_bracket = any(before.count(sign) > before.count(end) for sign, end in OUVRANTS.items())
    tail = _SUITE_CROCHET if open_bracket else _SUITE
    found = tail.search(after)
    end = found.start() if found else len(after)
    return f"{before}{after[:end].rstrip()}{sign}{after[end:]}".rstrip()


def _bracket(accroc: Accroc) -> Lecture | None:
    opening = accroc.ouvert
    if opening is None or accroc.jeton.startswith(("]", ")")):
        return None
    line, right = _closed_bracket(accroc, opening)
    return Lecture("MLG-SYN-CROCHET", opening.start(), right, opening[0], line)


def _closed_bracket(accroc: Accroc, opening: re.Match[str]) -> tuple[int, str]:
    """The number of the line where the bracket should close, and that line: indentation tells."""
    start, _ = accroc.texte.place(opening.start())
    text = accroc.texte.line(start)
    margin = len(text) - len(text.lstrip())
    after = [found for found in accroc.avant if found.start() >= opening.start()]
    last = after[-1]
    for before, each in pairwise(after):
        line, column = accroc.texte.place(each.start())
        if line > start and column - 1 <= margin and not accroc.texte.line(line)[: column - 1].strip():
            last = before
            break
    line, column = accroc.texte.place(last.start())
    text, sign = accroc.texte.line(line), OUVRANTS[opening[0]]
    if last[0] in ";,.":
        return line, f"{text[: column - 1].rstrip()} {sign} {text[column - 1 :]}"
    end = column - 1 + len(last[0])
    return line, f"{text[:end]} {sign}{text[end:]}"


def _separator(accroc: Accroc) -> Lecture | None:
    """A missing full stop, semicolon or comma: the parser stops at what follows it."""
    message, before = accroc.anomalie.message, accroc.avant
    if message in _FINS and before:
        return _after(accroc, before[-1], "MLG-SYN-POINT", ".")
    semicolon = _statement_left_open(accroc)
    if semicolon is not None:
        return _after(accroc, semicolon, "MLG-SYN-POINT", ".")
    if not before or "dot is expected" not in message:
        return None
    alone = not accroc.texte.line(accroc.anomalie.ligne)[: accroc.anomalie.colonne - 1].strip()
    if alone and accroc.anomalie.colonne == 1:
        return _after(accroc, before[-1], "MLG-SYN-POINT", ".")
    return _after(accroc, before[-1], "MLG-SYN-POINT-VIRGULE", ";")


def _statement_left_open(accroc: Accroc) -> re.Match[str] | None:
    """The `;` that ends a statement where the next line begins a new one at its margin."""
    for last, each in zip(accroc.avant, accroc.avant[1:], strict=False):
        line, column = accroc.texte.place(each.start())
        if last[0] == ";" and column == 1 and accroc.anomalie.ligne - line <= 1:
            return last
    return None


def _after(accroc: Accroc, last: re.Match[str], code: str, sign: str) -> Lecture:
    line, _ = accroc.texte.place(last.end() - 1)
    text = accroc.texte.line(line)
    end = accroc.texte.place(last.end() - 1)[1]
    kept = text[: end - 1].rstrip() if last[0] == ";" else text[:end]
    place = last.start() if last[0] == ";" else last.end()
    return Lecture(code, place, f"{kept} {sign}{text[end:]}", sign)


def _words(pattern: str, code: str) -> Callable[[Accroc], Lecture | None]:
    wanted = re.compile(pattern)
    return lambda accroc: Lecture(code) if wanted.search(accroc.anomalie.message) else None


def _bare_date(accroc: Accroc) -> Lecture | None:
    last = accroc.avant[-1] if accroc.avant else None
    if last is None or not _DATE.fullmatch(last[0]):
        return None
    line, column = accroc.texte.place(last.start())
    text, end = accroc.texte.line(line), column - 1 + len(last[0])
    kind = "date" if last[0].count("-") == 2 else "gYearMonth"
    xsd = next((name for name, at in accroc.texte.prefixes.items() if at == PREFIXES["xsd"]), "")
    written = f"^^{xsd}:{kind}" if xsd else f"^^<{PREFIXES['xsd']}{kind}>"
    right = f'{text[: column - 1]}"{last[0]}"{written}{text[end:]}'
    return Lecture("MLG-SYN-DATE", last.start(), right, last[0])


def _other(accroc: Accroc) -> Lecture:
    return Lecture("MLG-SYN-INATTENDU")


LECTURES: tuple[Callable[[Accroc], Lecture | None], ...] = (
    invisible,
    apostrophe,
    _quotes,
    _prefix,
    _iri,
    language_tag,
    inner_quotes,
    _unclosed,
    _words("escape", "MLG-SYN-ECHAPPEMENT"),
    _words("language", "MLG-SYN-LANGUE"),
    _words("datatype", "MLG-SYN-TYPE"),
    declaration,
    _words("PREFIX|BASE", "MLG-SYN-DECLARATION"),
    _bare_date,
    french_date,
    slashes,
    dot_for_semicolon,
    verb,
    missing_comma,
    comma_for_semicolon,
    too_closed,
    braces,
    _spaced_name,
    _bracket,
    _separator,
    bare_word,
    _other,
)
