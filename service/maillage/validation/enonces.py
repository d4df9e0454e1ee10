"""Turtle text cut into statements, without parsing them: where each begins and ends, and whom it is about.

Works on broken text too: a statement ends at a full stop outside strings, IRIs and comments.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

_NAME = r"(?:\\.|[^\s\"'<>\[\](){};,.#\\])"
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""' + "|'''(?:[^'\\\\]|\\\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"' + r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\s]*>|\#[^\n]*"
    rf"|{_NAME}+(?:\.+{_NAME}+)*|\.\d+|\S",
    re.DOTALL,
)
_DECLARATION = re.compile(r"@?(?:prefix\s+([^\s:]*):|base)\s*<([^>\s]*)>", re.IGNORECASE)
_ABSOLUE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SPARQL = re.compile(r"(?:prefix|base)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Enonce:
    """One statement: character offsets, end excluded, and its first token."""

    debut: int
    fin: int
    sujet: str

    @property
    def directive(self) -> bool:
        """Whether it declares a prefix or a base."""
        return self.sujet.startswith("@") or _SPARQL.match(self.sujet) is not None


class TexteTurtle:
    """The text of one file, its statements and its lines."""

    def __init__(self, texte: str) -> None:
        self.texte = texte

    @cached_property
    def enonces(self) -> tuple[Enonce, ...]:
        """Every statement, in order."""
        return tuple(split(self.texte))

    @cached_property
    def _declarations(self) -> list[tuple[int, str | None, str]]:
        """Offset, prefix (None for a base) and address of each directive."""
        found = (
            (each.fin, _DECLARATION.match(self.texte, each.debut)) for each in self.enonces if each.directive
        )
        return [(end, declared[1], declared[2]) for end, declared in found if declared]

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of the whole text; the last declaration wins."""
        return self.declared(len(self.texte))[0]

    def declared(self, offset: int, base: str = "") -> tuple[dict[str, str], str]:
        """The prefixes and the base in force at an offset; `base` is the address of the text itself."""
        prefixes: dict[str, str] = {}
        for end, prefix, address in self._declarations:
            if end > offset:
                break
            address = _resolve(base, address)
            if prefix is None:
                base = address
            else:
                prefixes[prefix] = address
        return prefixes, base

    @cached_property
    def par_sujet(self) -> dict[str, list[Enonce]]:
        """The statements about each IRI; those about a blank node under ""."""
        found: dict[str, list[Enonce]] = {}
        for each in self.enonces:
            if not each.directive:
                found.setdefault(self.expand(each.sujet), []).append(each)
        return found

    def expand(self, token: str) -> str:
        """The IRI of `<…>` or `prefix:local`, "" for anything else."""
        if token.startswith("<"):
            return token[1:-1]
        prefix, colon, local = token.partition(":")
        if not colon or prefix == "_" or prefix not in self.prefixes:
            return ""
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.texte))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a character offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The character offset of a line and column, kept inside the text."""
        start = self._starts[min(max(line, 1), len(self._starts)) - 1]
        return min(start + max(column, 1) - 1, len(self.texte))

    def line(self, number: int) -> str:
        """The text of a line, "" past the end."""
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self.texte)
        return self.texte[self._starts[number - 1] : end].rstrip("\r\n")


def tokens(texte: str, start: int = 0) -> Iterator[re.Match[str]]:
    """The tokens of a text from an offset, comments left out."""
    return (found for found in _TOKEN.finditer(texte, start) if not found[0].startswith("#"))


def split(texte: str) -> Iterator[Enonce]:
    """The statements of a text; the last one may lack its full stop."""
    begin, subject, end, sparql = -1, "", 0, False
    for found in tokens(texte):
        text = found[0]
        if begin < 0:
            begin, subject, sparql = found.start(), text, _SPARQL.match(text) is not None
        end = found.end()
        if text == "." or (sparql and text.startswith("<")):
            yield Enonce(begin, end, subject)
            begin = -1
    if begin >= 0:
        yield Enonce(begin, end, subject)


def _resolve(base: str, address: str) -> str:
    """An address seen from a base; the join of the standard library loses an empty fragment."""
    if not base or _ABSOLUE.match(address):
        return address
    joined = urljoin(base, address)
    return joined + "#" if address.endswith("#") and not joined.endswith("#") else joined
