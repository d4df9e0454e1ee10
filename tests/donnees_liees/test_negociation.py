"""Which variant a client gets, by its Accept and Accept-Language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.donnees_liees.negociation import (
    HTML,
    RESSOURCE,
    accepts_html,
    choose,
    choose_language,
    weighted,
)

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "suffixe"),
    [
        ("", "ttl"),
        ("*/*", "ttl"),
        (FIREFOX, "html"),
        ("text/turtle", "ttl"),
        ("TEXT/Turtle", "ttl"),
        ("application/x-turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/json", "jsonld"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.3", "rdf"),
        ("text/plain", "nt"),
        ("text/*", "ttl"),
        ("text/turtle;q=0, */*", "html"),
        ("text/html;q=0.2, application/n-triples;q=0.9", "nt"),
        ("application/pdf, */*;q=0.1", "ttl"),
        ("text/turtle;q=0.5, text/html;q=0.5", "ttl"),
        ("text/html; charset=utf-8; q=1.0, text/turtle;q=0.9", "html"),
    ],
)
def test_variant(accept: str, suffixe: str) -> None:
    found = choose(accept, RESSOURCE)
    assert found is not None and found.suffixe == suffixe


@pytest.mark.parametrize("accept", ["application/pdf", "image/*", "text/turtle;q=0", "text/html;q=beaucoup"])
def test_none_suits(accept: str) -> None:
    assert choose(accept, RESSOURCE) is None


@pytest.mark.parametrize(
    ("asked", "header", "langue"),
    [
        (None, "", "fr"),
        (None, "en-GB,en;q=0.9,fr;q=0.8", "en"),
        (None, "de,fr;q=0.3,en;q=0.2", "fr"),
        (None, "de", "fr"),
        ("en", "fr", "en"),
        ("en-US", "fr", "en"),
        ("klingon", "en", "en"),
    ],
)
def test_language(asked: str | None, header: str, langue: str) -> None:
    assert choose_language(asked, header) == langue


def test_a_browser_is_told_from_a_program() -> None:
    assert accepts_html(FIREFOX)
    assert not accepts_html("*/*")
    assert not accepts_html("application/json, text/html;q=0.5")
    assert not accepts_html("text/html;q=0")


@given(st.text())
def test_any_header_is_read(header: str) -> None:
    assert all(0 <= quality <= 1 for _, quality in weighted(header))
    assert choose(header, (HTML,)) in (None, HTML)
