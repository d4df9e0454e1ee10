"""French and English are complete: every text in both, none written in a template, none in the wrong page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from urllib.parse import quote

import pytest

import site_pages
from client_http import ADRESSE, Client
from maillage.textes import LANGUES, PAGES, lire_textes

TEXTES = lire_textes()
GABARITS = sorted((PAGES / "templates").glob("*.html"))
#: what is no sentence: shown as written in every language.
NEUTRES = {"code", "pre", "textarea", "svg", "style", "script"}
#: attributes that people read.
LUS = {"alt", "aria-label", "placeholder", "title"}
_JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
#: an acronym is no sentence.
_MOT = re.compile(r"[a-zà-ÿ]{2,}")
#: shorter texts may be the same by chance as a name of the data.
LONGUEUR = 12


class Lecteur(HTMLParser):
    """Gathers what people read of a page: texts, and attributes that are read out."""

    VIDES = frozenset({"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.textes: list[str] = []
        self._ouverts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        noms = {valeur for nom, valeur in attrs if nom in ("name", "property")}
        lus = LUS | {"content"} if noms & {"description", "og:description", "og:title"} else LUS
        self.textes += [valeur for nom, valeur in attrs if nom in lus and valeur]
        if tag not in self.VIDES:
            self._ouverts.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._ouverts:
            while self._ouverts.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not NEUTRES.intersection(self._ouverts):
            self.textes.append(data)


def textes_lus(page: str) -> Iterator[str]:
    lecteur = Lecteur()
    lecteur.feed(page)
    yield from (" ".join(texte.split()) for texte in lecteur.textes)


def places(phrase: str) -> set[str]:
    return {nom for _, nom, _, _ in Formatter().parse(phrase) if nom}


@pytest.mark.parametrize("cle", sorted(TEXTES.entrees))
def test_every_text_is_said_in_both_languages_with_the_same_places(cle: str) -> None:
    entree = TEXTES.entrees[cle]
    assert set(entree) == set(LANGUES) and all(phrase.strip() for phrase in entree.values())
    assert places(entree["fr"]) == places(entree["en"])


@pytest.mark.parametrize("gabarit", GABARITS, ids=lambda path: path.stem)
def test_no_template_holds_a_text(gabarit: Path) -> None:
    source = _JINJA.sub("", gabarit.read_text(encoding="utf-8"))
    assert [texte for texte in textes_lus(source) if _MOT.search(texte)] == []


@pytest.mark.parametrize("gabarit", GABARITS, ids=lambda path: path.stem)
def test_every_text_that_a_template_names_exists(gabarit: Path) -> None:
    named = re.findall(r"""\bt\('([\w.-]+)'\s*[,)]""", gabarit.read_text(encoding="utf-8"))
    assert [cle for cle in named if not TEXTES.connait(cle)] == []


def test_no_page_says_a_sentence_of_the_other_language(client: Client) -> None:
    seuls = {
        langue: {
            phrases[langue]
            for phrases in TEXTES.entrees.values()
            if phrases["fr"] != phrases["en"] and len(phrases[langue]) >= LONGUEUR
        }
        for langue in LANGUES
    }
    communs = seuls["fr"] & seuls["en"]
    wrong = {}
    for page in pages(client):
        for langue, autre in (("fr", "en"), ("en", "fr")):
            dits = set(textes_lus(client.get(page, "text/html", langue).text))
            if found := dits & (seuls[autre] - communs):
                wrong[page, langue] = sorted(found)
    assert wrong == {}


def pages(client: Client) -> list[str]:
    """Addresses of every shape of page, and of answers."""

    def lire(chemin: str) -> str | None:
        answer = client.get(chemin, "text/html")
        html = answer.headers.get("content-type", "").startswith("text/html")
        return answer.text if html and answer.status_code == 200 else None

    found = [page.chemin for page in site_pages.decouvrir(lire, ADRESSE)]
    assert {"/", "/style", "/accessibilite", "/integrer", "/documentation", "/requetes"} <= set(found)
    questions = (
        "première embauche dans le sport à Quimper",
        "CRIB à Saint-Denis",
        "tarte aux pommes",
        "paie",
    )
    return found + ["/recherche?q=" + quote(q) for q in questions] + ["/recherche?q=", "/nulle-part"]
