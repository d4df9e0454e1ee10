"""What cannot be read, explained: from the parser's words and the text around to the steward's slip."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from rapidfuzz import fuzz, process

from maillage.corpus import Anomalie, Corpus, FichierTurtle
from maillage.namespaces import PREFIXES
from maillage.validation.codes import explication
from maillage.validation.constat import Constat, Gravite, Lieu
from maillage.validation.enonces import TexteTurtle, tokens
from maillage.validation.extrait import excerpt
from maillage.validation.reprise import recover

_GUILLEMETS = "“”„«»‹›‘’"
_DROITS = ('"', "'")
_LONGS = ('"""', "'''")
_OUVRANTS = {"[": "]", "(": ")"}
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")
_FINS = ("Unexpected end", "Triples should be followed by a dot")
_PREFIXE = re.compile(r"The prefix (.*): has not been declared")
_CODES_NATURE = {
    "encodage": "MLG-SYN-ENCODAGE",
    "utf16": "MLG-SYN-UTF16",
    "taille": "MLG-SYN-TAILLE",
    "illisible": "MLG-SYN-ILLISIBLE",
}


@dataclass(frozen=True)
class Accroc:
    """A syntax anomaly and the text around it."""

    texte: TexteTurtle
    anomalie: Anomalie

    @cached_property
    def debut(self) -> int:
        """Offset of the anomaly."""
        return self.texte.offset(self.anomalie.ligne, self.anomalie.colonne)

    @cached_property
    def jeton(self) -> str:
        """What the parser stopped at."""
        end = self.texte.offset(self.anomalie.fin_ligne, self.anomalie.fin_colonne)
        return self.texte.texte[self.debut : end]

    @cached_property
    def avant(self) -> list[re.Match[str]]:
        """The tokens of the statement before the anomaly."""
        start = max((each.debut for each in self.texte.enonces if each.debut <= self.debut), default=0)
        return list(takewhile(lambda found: found.start() < self.debut, tokens(self.texte.texte, start)))

    @cached_property
    def ouvert(self) -> str:
        """The innermost bracket still open, "" without."""
        stack: list[str] = []
        for found in self.avant:
            if found[0] in _OUVRANTS:
                stack.append(found[0])
            elif stack and found[0] == _OUVRANTS[stack[-1]]:
                stack.pop()
        return stack[-1] if stack else ""


@dataclass(frozen=True, slots=True)
class Lecture:
    """The slip recognised: its code, its place if not the anomaly's, the line as it should be."""

    code: str
    debut: int = -1
    ligne_corrigee: str = ""
    details: str = ""


def syntax_findings(corpus: Corpus) -> Iterator[Constat]:
    """The findings of every file that is not Turtle to its end, or bears a byte-order mark."""
    for fichier in corpus.fichiers:
        if fichier.anomalie is not None:
            yield from _file_findings(fichier, fichier.anomalie)
        elif fichier.marque_bom:
            yield _finding("MLG-SYN-BOM", Lieu(fichier.chemin, 1, 1), Gravite.AVERTISSEMENT)


def _file_findings(fichier: FichierTurtle, anomaly: Anomalie) -> Iterator[Constat]:
    texte = TexteTurtle(fichier.texte)
    if anomaly.nature != "syntaxe":
        place = Lieu(fichier.chemin, *(_span(anomaly) if anomaly.nature == "encodage" else ()))
        yield _finding(_CODES_NATURE[anomaly.nature], place, details=anomaly.message, texte=texte)
        return
    for each in (anomaly, *recover(fichier, texte).anomalies):
        yield explain_anomaly(fichier.chemin, texte, each)


def explain_anomaly(chemin: str, texte: TexteTurtle, anomaly: Anomalie) -> Constat:
    """The finding of one syntax anomaly: the first reading of `_LECTURES` that recognises it."""
    accroc = Accroc(texte, anomaly)
    found = next(found for reading in _LECTURES if (found := reading(accroc)))
    place = Lieu(chemin, *_span(anomaly))
    if found.debut >= 0:
        line, column = texte.place(found.debut)
        place = Lieu(chemin, line, column, line, column + 1)
    details = found.details or accroc.jeton or anomaly.message
    return _finding(found.code, place, details=details, correct=found.ligne_corrigee, texte=texte)


def _span(anomaly: Anomalie) -> tuple[int, int, int, int]:
    return anomaly.ligne, anomaly.colonne, anomaly.fin_ligne, anomaly.fin_colonne


def _finding(
    code: str,
    place: Lieu,
    gravite: Gravite = Gravite.ERREUR,
    details: str = "",
    correct: str = "",
    texte: TexteTurtle | None = None,
) -> Constat:
    entry = explication(code)
    shown = " ".join(details.split())[:80]
    return Constat(
        code=code,
        gravite=gravite,
        lieu=place,
        message=entry.message.format(details=shown),
        cause=entry.cause.format(details=shown),
        remede=entry.remede.format(details=shown),
        suggestion=correct,
        extrait=excerpt(texte, place) if texte else "",
    )


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
        return Lecture("MLG-SYN-PREFIXE", ligne_corrigee=line, details=name)
    near = process.extractOne(name, [*accroc.texte.prefixes, *PREFIXES], scorer=fuzz.ratio, score_cutoff=60)
    if near is None:
        return Lecture("MLG-SYN-PREFIXE", details=name)
    line = accroc.texte.line(accroc.anomalie.ligne).replace(f"{name}:", f"{near[0]}:", 1)
    return Lecture("MLG-SYN-PREFIXE", ligne_corrigee=line, details=name)


def _iri(accroc: Accroc) -> Lecture | None:
    message = accroc.anomalie.message
    if message.startswith("No scheme"):
        return Lecture("MLG-SYN-IRI-RELATIVE")
    return Lecture("MLG-SYN-IRI") if "IRI code point" in message or "Invalid IRI" in message else None


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
    line = accroc.texte.line(accroc.texte.place(start)[0]).rstrip()
    body = line.rstrip(".;,").rstrip()
    end = line[len(body) :].strip()
    return f"{body}{sign} {end}".rstrip()


def _bracket(accroc: Accroc) -> Lecture | None:
    if not accroc.ouvert or accroc.jeton.startswith(("]", ")")):
        return None
    opening = next(found for found in reversed(accroc.avant) if found[0] == accroc.ouvert)
    return Lecture("MLG-SYN-CROCHET", opening.start(), details=accroc.ouvert)


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
    return Lecture("MLG-SYN-DATE", last.start(), details=last[0])


def _other(accroc: Accroc) -> Lecture:
    return Lecture("MLG-SYN-INATTENDU")


_LECTURES: tuple[Callable[[Accroc], Lecture | None], ...] = (
    _quotes,
    _prefix,
    _iri,
    _unclosed,
    _words("escape", "MLG-SYN-ECHAPPEMENT"),
    _words("language", "MLG-SYN-LANGUE"),
    _words("datatype", "MLG-SYN-TYPE"),
    _words("PREFIX|BASE", "MLG-SYN-DECLARATION"),
    _bare_date,
    _bracket,
    _separator,
    _other,
)
