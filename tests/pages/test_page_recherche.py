"""The search page: needs, path, filters, pages, spelling; each a plain link, in both languages."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from client_http import Client
from maillage.textes import LANGUES, Langue, lire_textes

TEXTES = lire_textes()
RECRUTER = "qui conseille une association qui recrute dans le Finistère ?"
DEUX_BESOINS = (
    "Nous avons un conflit avec un salarié de notre club de sport à Quimper, et il nous faut quelqu'un pour "
    "les fiches de paie."
)
ETATS = {
    "accueil": "/",
    "refus": "/recherche?q=",
    "besoins": "/recherche?q=" + quote(DEUX_BESOINS),
    "filtres": "/recherche?type=crib&statut=a-confirmer&q=" + quote(RECRUTER),
    "filtre-refuse": "/recherche?type=crip&q=paie",
    "corrige": "/recherche?q=" + quote("premiere embuache à Quimper"),
    "hors-sujet": "/recherche?q=" + quote("recette de la tarte aux pommes"),
}


def lire(client: Client, chemin: str, langue: str = "fr", statut: int = 200) -> str:
    """The page as text, its character references read."""
    answer = client.get(chemin, "text/html", langue)
    assert answer.status_code == statut
    return unescape(answer.text)


def dit(cle: str, langue: Langue = "fr", **valeurs: object) -> str:
    return TEXTES.dire(f"recherche.{cle}", langue, **valeurs)


def lien(page: str, texte: str) -> str:
    """Address of the link that says this."""
    found = re.search(rf'<a [^>]*?href="([^"]+)"[^>]*>[^<]*{re.escape(texte)}', page)
    assert found, texte
    return found[1]


def noms(page: str) -> list[str]:
    """Actors shown, in order."""
    return re.findall(
        r'<article class="carte acteur"[^>]*>\s*<div class="carte-tete"><h4><a [^>]+>([^<]+)', page
    )


@pytest.mark.parametrize("langue", LANGUES)
def test_each_need_comes_with_its_kinds(client: Client, langue: Langue) -> None:
    besoins = client.interroger(DEUX_BESOINS, langue=langue).json()["besoins"]
    page = lire(client, "/recherche?q=" + quote(DEUX_BESOINS), langue)
    assert len(besoins) == 2
    section = page[page.index('<section aria-labelledby="besoins">') :].split("</section>")[0]
    assert dit("besoins", langue, nombre=2) in section
    for besoin in besoins:
        assert besoin["libelle"] in section and all(un["libelle"] in section for un in besoin["types"])


def test_one_need_is_not_a_list(client: Client) -> None:
    assert 'id="besoins"' not in lire(client, "/recherche?q=" + quote(RECRUTER))


@pytest.mark.parametrize("langue", LANGUES)
def test_path_says_who_first_who_next_and_why(client: Client, langue: Langue) -> None:
    maillons = client.interroger(DEUX_BESOINS, langue=langue).json()["parcours"]
    page = lire(client, "/recherche?q=" + quote(DEUX_BESOINS), langue)
    links = page[page.index('<ol class="parcours">') :].split("</ol>")[0].split("</li>")[:-1]
    assert len(links) == len(maillons) > 1
    for rang, (maillon, link) in enumerate(zip(maillons, links, strict=True)):
        assert dit("parcours-ensuite" if rang else "parcours-d-abord", langue) in link
        assert maillon["libelle"] in link and maillon["raison"] in link and maillon["type"]["libelle"] in link
        if maillon["acteur"]:
            assert maillon["acteur"]["libelle"] in link


@pytest.mark.parametrize("langue", LANGUES)
def test_link_of_the_path_without_actor_claims_nothing_false(client: Client, langue: Langue) -> None:
    """None listed is said only where no actor of the kind is listed, on this page or further."""
    question = "conflit avec un salarié et formation des salariés"
    for limite in (1, 100):
        found = client.get(f"/api/orientation?q={quote(question)}&limite={limite}", langue=langue).json()
        page = lire(client, f"/recherche?q={quote(question)}&limite={limite}", langue)
        connus = {v["iri"]: v["nombre"] for v in found["facettes"]["type"]["valeurs"]}
        vides = [m["type"]["iri"] for m in found["parcours"] if not m["acteur"]]
        absents = [iri for iri in vides if not connus.get(iri)]
        assert page.count(dit("parcours-sans-acteur", langue)) == len(absents)
        for iri in set(vides) - set(absents):
            assert dit("parcours-siens", langue, nombre=connus[iri]) in page


def test_a_place_leads_to_what_is_missing_there(client: Client) -> None:
    page = lire(client, "/recherche?q=" + quote("que manque-t-il pour l'étape 6 en Finistère ?"))
    found = lien(page, dit("couverture", lieu="Finistère"))
    assert found == "/territoires/departement/29.html"
    assert client.get(found, "text/html").status_code == 200
    assert "/territoires/departement" not in lire(client, ETATS["hors-sujet"] + quote(" en Finistère"))


@pytest.mark.parametrize(("langue", "date"), [("fr", "1er avril 2021"), ("en", "1 April 2021")])
def test_what_replaced_what_comes_first(client: Client, langue: Langue, date: str) -> None:
    page = lire(client, "/recherche?q=" + quote("DIRECCTE"), langue)
    changes = page[page.index(dit("successions", langue)) : page.index(dit("types", langue))]
    assert date in changes and "DREETS" in changes
    assert dit("sans-lieu", langue) in page
    assert dit("sans-lieu") not in lire(client, "/recherche?q=" + quote("DIRECCTE dans le Finistère"))


def test_a_kind_of_old_is_headed_by_the_one_of_today(client: Client) -> None:
    page = lire(client, "/recherche?q=" + quote("que fait la DIRECCTE dans le Finistère ?"))
    heads = [re.sub("<[^>]+>", "", one) for one in re.findall(r"<h3>(.*?)</h3>", page, re.S)]
    assert any(one.startswith("DIRECCTE, aujourd'hui DDETS") for one in heads)
    autre = lire(client, "/recherche?q=" + quote("que fait un CRIB dans le Finistère ?"))
    assert dit("desormais") not in autre


@pytest.mark.parametrize("langue", LANGUES)
def test_filter_is_a_link_that_narrows_and_can_be_removed(client: Client, langue: Langue) -> None:
    found = client.interroger(RECRUTER, langue=langue).json()
    crib = next(v for v in found["facettes"]["type"]["valeurs"] if v["code"] == "crib")
    page = lire(client, "/recherche?q=" + quote(RECRUTER), langue)
    filtre = lire(client, lien(page, crib["libelle"] + "</a> <span"), langue)
    assert f'<span class="compte">{crib["nombre"]}<' in filtre
    assert 0 < len(noms(filtre)) == min(crib["nombre"], 20) < found["total"]
    assert 'aria-current="true"' in filtre
    assert noms(lire(client, lien(filtre, dit("sans-filtre", langue)), langue)) == noms(page)


def test_filters_that_leave_nobody_say_so_and_stay_removable(client: Client) -> None:
    page = lire(
        client, "/recherche?type=crib&niveau_territoire=commune&statut=historique&q=" + quote(RECRUTER)
    )
    assert noms(page) == [] and dit("aucun-acteur-filtre") in page
    assert noms(lire(client, lien(page, dit("sans-filtre"))))


def test_following_page_goes_on_and_leads_back(client: Client) -> None:
    first = lire(client, "/recherche?limite=5&q=" + quote(RECRUTER))
    second = lire(client, lien(first, dit("page-suivante")))
    assert len(noms(first)) == len(noms(second)) == 5 and not set(noms(first)) & set(noms(second))
    assert 'id="types"' in first and 'id="types"' not in second
    assert noms(lire(client, lien(second, dit("premiere-page")))) == noms(first)


def test_table_for_a_spreadsheet_is_one_link_away(client: Client) -> None:
    page = lire(client, "/recherche?type=crib&q=" + quote(RECRUTER))
    answer = client.get(lien(page, dit("csv")))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(answer.text.splitlines()) == 1 + len(noms(page))


@pytest.mark.parametrize("langue", LANGUES)
def test_correction_is_said_revoked_and_taken_again(client: Client, langue: Langue) -> None:
    page = lire(client, ETATS["corrige"], langue)
    brut = lire(client, lien(page, dit("sans-correction", langue, ecrit="embuache")), langue)
    assert "embuache" in brut[brut.index(dit("non-reconnus", langue)) :].split("</p>")[0]
    corrige = lire(client, lien(brut, dit("avec-correction", langue)), langue)
    assert dit("sans-correction", langue, ecrit="embuache") in corrige


@pytest.mark.parametrize("langue", LANGUES)
@pytest.mark.parametrize("parametre", ["type=crip", "curseur=abcd", "corriger=si", "territoire=atlantide"])
def test_refused_refinement_leaves_the_question_and_a_way_on(
    client: Client, langue: Langue, parametre: str
) -> None:
    page = lire(client, f"/recherche?{parametre}&q={quote(RECRUTER)}", langue, statut=400)
    assert 'role="alert"' in page and f'value="{RECRUTER}"' in page
    assert noms(lire(client, lien(page, dit("question-seule", langue)), langue))


def test_other_language_keeps_filters_and_forgets_the_cursor(client: Client) -> None:
    curseur = client.get(f"/api/orientation?limite=2&q={quote(RECRUTER)}").json()["suivant"]
    asked = [("q", RECRUTER), ("limite", "2"), ("curseur", curseur)]
    page = lire(client, "/recherche?" + urlencode(asked))
    assert "curseur" not in parse_qs(urlsplit(lien(page, "English")).query)
    filtered = lire(client, "/recherche?" + urlencode([("q", RECRUTER), ("type", "crib"), ("type", "pava")]))
    other = parse_qs(urlsplit(lien(filtered, "English")).query)
    assert other == {"q": [RECRUTER], "type": ["crib", "pava"], "langue": ["en"]}


@pytest.mark.parametrize("langue", LANGUES)
@pytest.mark.parametrize("nom", ETATS)
def test_no_state_needs_an_inline_script_or_style(client: Client, nom: str, langue: str) -> None:
    answer = client.get(ETATS[nom], "text/html", langue)
    assert answer.status_code in (200, 400)
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", answer.text) == []
    assert f'<html lang="{langue}">' in answer.text


def test_french_names_are_said_to_be_french_on_english_pages(client: Client) -> None:
    page = client.interroger("payroll in Quimper", page=True, langue="en").text
    name = re.search(r'<h4><a href="[^"]*/acteur/[^"]*"([^>]*)>', page)
    assert name is not None and name.group(1) == ' lang="fr"'
    assert 'lang="fr">Quimper</a>' in client.get("/territoires?q=quimper", "text/html", "en").text
    assert ' lang="fr">Quimper' not in client.get("/territoires?q=quimper", "text/html", "fr").text
