"""Literals compared and checked as the reference engine does it (rdflib's rules, remembered per literal)."""

from __future__ import annotations

import logging
import re
from functools import lru_cache

import pyoxigraph as ox
import rdflib

from maillage.namespaces import PREFIXES
from maillage.validation.chemins import Terme

XSD_STRING = ox.NamedNode(PREFIXES["xsd"] + "string")
LANG_STRING = ox.NamedNode(PREFIXES["rdf"] + "langString")
# A value that is not of its datatype is a finding here, not a traceback in the log.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)
_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_PERIODES = {
    ox.NamedNode(PREFIXES["xsd"] + "gYear"): re.compile(rf"-?\d{{4,}}{_ZONE}"),
    ox.NamedNode(PREFIXES["xsd"] + "gYearMonth"): re.compile(rf"-?\d{{4,}}-(0[1-9]|1[0-2]){_ZONE}"),
}
_TEXTES = (XSD_STRING, LANG_STRING)


@lru_cache(maxsize=65536)
def to_rdflib(literal: ox.Literal) -> rdflib.Literal:
    """The same literal for rdflib, its lexical form untouched."""
    if literal.language:
        return rdflib.Literal(literal.value, lang=literal.language)
    datatype = None if literal.datatype == XSD_STRING else rdflib.URIRef(literal.datatype.value)
    return rdflib.Literal(literal.value, datatype=datatype, normalize=False)


def well_formed(literal: ox.Literal) -> bool:
    """Whether the lexical form belongs to the datatype (a 30 February does not)."""
    if literal.datatype in _TEXTES:
        return True
    return not to_rdflib(literal).ill_typed


def possible(literal: ox.Literal) -> bool:
    """The same, and for a year or a month what the reference engine lets pass: a thirteenth month, a word."""
    form = _PERIODES.get(literal.datatype)
    return well_formed(literal) and (form is None or form.fullmatch(literal.value) is not None)


def compare(left: Terme, right: Terme) -> int | None:
    """-1, 0 or 1: the left value is below, equal to, above the right one; None where they do not compare."""
    if not isinstance(left, ox.Literal) or not isinstance(right, ox.Literal):
        return None
    return _compare(left, right)


@lru_cache(maxsize=65536)
def _compare(left: ox.Literal, right: ox.Literal) -> int | None:
    one, two = to_rdflib(left), to_rdflib(right)
    if isinstance(one.value, str) is not isinstance(two.value, str):
        return None
    try:
        if one.eq(two):
            return 0
        if isinstance(one.value, str) or one.value is None or two.value is None:
            return 1 if one > two else -1
        return 1 if one.value > two.value else -1
    except (TypeError, NotImplementedError):
        return None


def text_of(term: Terme) -> str | None:
    """SPARQL's STR of an IRI or literal; None for a blank node."""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else None
