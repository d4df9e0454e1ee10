"""Content negotiation: media types and languages by q-value (RFC 9110 §12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from maillage.textes import LANGUES, Langue


@dataclass(frozen=True)
class Variante:
    """One representation a resource can be had in."""

    suffixe: str
    media: str
    autres: tuple[str, ...] = ()

    @property
    def entete(self) -> str:
        """Content-Type value. Without a charset some clients read Turtle as Latin-1."""
        return f"{self.media}; charset=utf-8"


TURTLE = Variante("ttl", "text/turtle", ("application/x-turtle", "application/turtle"))
HTML = Variante("html", "text/html", ("application/xhtml+xml",))
JSONLD = Variante("jsonld", "application/ld+json", ("application/json",))
RDFXML = Variante("rdf", "application/rdf+xml", ("application/xml", "text/xml"))
NTRIPLES = Variante("nt", "application/n-triples", ("text/plain",))

#: in order of preference where the client has none (`*/*`): data first, a browser asks for HTML by name.
RESSOURCE: tuple[Variante, ...] = (TURTLE, HTML, JSONLD, RDFXML, NTRIPLES)
RDF: tuple[Variante, ...] = (TURTLE, JSONLD, RDFXML, NTRIPLES)
PAR_SUFFIXE: dict[str, Variante] = {variante.suffixe: variante for variante in RESSOURCE}

_V = TypeVar("_V", bound=Variante)


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def weighted(header: str) -> Iterator[tuple[str, float]]:
    """(lower-case value, q between 0 and 1) of each item of an `Accept…` header, in the order written."""
    for item in header.split(","):
        value, *parameters = item.split(";")
        if value.strip():
            yield value.strip().lower(), _quality(parameters)


def _fit(media: str, ranges: Sequence[tuple[str, float]]) -> float:
    """q of the most specific range that covers `media`; 0 where none does."""
    kind = media.partition("/")[0] + "/*"
    for wanted in (media, kind, "*/*"):
        for value, quality in ranges:
            if value == wanted:
                return quality
    return 0.0


def choose(accept: str, offers: Sequence[_V]) -> _V | None:
    """The offer the client prefers; the first listed at equal q; None where it accepts none (406)."""
    ranges = list(weighted(accept)) or [("*/*", 1.0)]
    best: _V | None = None
    best_quality = 0.0
    for offer in offers:
        named = [quality for value, quality in ranges if value in offer.autres]
        quality = max([_fit(offer.media, ranges), *named])
        if quality > best_quality:
            best, best_quality = offer, quality
    return best


def choose_language(asked: str | None, accept_language: str) -> Langue:
    """`asked` where it is one of ours, else the best of Accept-Language, else French."""
    for langue in LANGUES:
        if asked and asked.lower().partition("-")[0] == langue:
            return langue
    scores = {langue: 0.0 for langue in LANGUES}
    for value, quality in weighted(accept_language):
        for langue in LANGUES:
            if value.partition("-")[0] == langue:
                scores[langue] = max(scores[langue], quality)
    return max(LANGUES, key=lambda langue: scores[langue])


def accepts_html(accept: str) -> bool:
    """True where HTML is named by the client at the best quality: a browser, not a program."""
    ranges = list(weighted(accept))
    best = max((quality for _, quality in ranges), default=0.0)
    return any(value in (HTML.media, *HTML.autres) and quality == best > 0 for value, quality in ranges)
