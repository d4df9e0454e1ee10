"""Search from elsewhere: only the box may be framed, in colours that can be read; what browsers look for."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest

from client_http import ADRESSE, Client
from maillage.couleurs import PAIRES, TEXTE, contraste, lire_couleur, lire_palette, lisible_sur
from maillage.textes import LANGUES

OS = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_only_the_box_may_be_framed(client: Client) -> None:
    policies = {
        chemin: client.get(chemin, "text/html").headers["content-security-policy"]
        for chemin in ("/", "/integrer", "/integrer/cadre", "/recherche?q=paie", "/nulle-part")
    }
    free = [chemin for chemin, policy in policies.items() if "frame-ancestors 'none'" not in policy]
    assert free == ["/integrer/cadre"] and "frame-ancestors *" in policies["/integrer/cadre"]
    assert "script-src 'none'" in policies["/integrer/cadre"]


@pytest.mark.parametrize("langue", LANGUES)
def test_code_to_paste_leads_to_a_box_that_searches_the_territory(client: Client, langue: str) -> None:
    page = client.get(f"/integrer?territoire=29&couleur=%23aa3300&theme=sombre&langue={langue}", "text/html")
    code = unescape(re.findall(r"<code>(&lt;iframe.*?)</code>", page.text)[0])
    source = unescape(re.findall(r'src="([^"]+)"', code)[0])
    assert source.startswith(f"{ADRESSE}/integrer/cadre?")
    parts = urlsplit(source)
    box = client.get(f"{parts.path}?{parts.query}", "text/html")
    assert box.status_code == 200 and f'<html lang="{langue}">' in box.text
    assert 'name="territoire" value="29"' in box.text and "Finistère" in box.text


@pytest.mark.parametrize(
    ("demande", "champ"),
    [("territoire=zz", "territoire"), ("couleur=rouge", "couleur"), ("theme=x", "theme")],
)
def test_refusal_stands_by_its_field(client: Client, demande: str, champ: str) -> None:
    answer = client.get(f"/integrer?{demande}", "text/html")
    assert answer.status_code == 400
    assert f'aria-describedby="erreur-{champ}"' in answer.text and f'id="erreur-{champ}"' in answer.text
    assert client.get(f"/integrer/cadre?{demande}", "text/html").status_code == 400


@pytest.mark.parametrize("couleur", ["ffee00", "#000000", "FFFFFF", "777777", "0b5d66"])
def test_any_colour_of_a_box_can_be_read(client: Client, couleur: str) -> None:
    css = client.get(f"/integrer/cadre.css?couleur={quote(couleur)}")
    jetons = dict(re.findall(r"--([\w-]+): (#\w{6});", css.text))
    assert jetons["accent"] == lire_couleur(couleur)
    assert contraste(jetons["accent"], jetons["sur-accent"]) >= TEXTE


def test_a_colour_is_never_a_way_to_write_css(client: Client) -> None:
    assert client.get("/integrer/cadre.css?couleur=" + quote("red;} body{display:none")).status_code == 400
    assert client.get("/integrer/cadre.css?theme=" + quote("x;}")).status_code == 400


def test_browsers_find_the_search_and_its_addresses_answer(client: Client) -> None:
    assert 'rel="search" type="application/opensearchdescription+xml"' in client.get("/", "text/html").text
    answer = client.get("/opensearch.xml")
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    description = ElementTree.fromstring(answer.text)
    name = description.findtext(f"{OS}ShortName") or ""
    assert 0 < len(name) <= 16
    for url in description.findall(f"{OS}Url"):
        address = url.attrib["template"].replace("{searchTerms}", quote("paie à Quimper"))
        assert address.startswith(ADRESSE)
        assert client.get(address.removeprefix(ADRESSE)).status_code == 200


@pytest.mark.parametrize("langue", LANGUES)
@pytest.mark.parametrize("chemin", ["/", "/recherche?q=" + quote('paie "à" Quimper'), "/acteur/cdos-29.html"])
def test_preview_of_a_link_has_title_words_address_and_image(
    client: Client, chemin: str, langue: str
) -> None:
    page = client.get(chemin, "text/html", langue).text
    og = {
        nom: unescape(texte) for nom, texte in re.findall(r'property="og:([\w:]+)" content="([^"]*)"', page)
    }
    assert og["title"] and og["description"] and og["url"] == ADRESSE + chemin
    image = client.get(og["image"].removeprefix(ADRESSE))
    assert image.headers["content-type"] == "image/png" and len(image.content) < 100_000


@pytest.mark.parametrize("theme", ["clair", "sombre"])
def test_every_pair_of_colours_is_readable(theme: str) -> None:
    jetons = getattr(lire_palette(), theme)
    faibles = {
        (encre, fond): contraste(jetons[encre], jetons[fond])
        for encre, fond, exige in PAIRES
        if contraste(jetons[encre], jetons[fond]) < exige
    }
    assert faibles == {}


def test_contrast_is_the_one_of_the_standard() -> None:
    assert contraste("#000000", "#ffffff") == pytest.approx(21)
    assert contraste("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert lisible_sur("#ffff00") == "#000000" and lisible_sur("#00008b") == "#ffffff"


def test_page_of_the_design_shows_every_token_of_the_sheet(client: Client) -> None:
    page = client.get("/style", "text/html").text
    palette = lire_palette()
    assert palette.clair.keys() == palette.sombre.keys()
    for jetons in (palette.clair, palette.sombre):
        assert all(f"<code>{couleur}</code>" in page for couleur in jetons.values())
