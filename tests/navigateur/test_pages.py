"""The worker's road in a real browser: keyboard, no JavaScript, dark, narrow, injected text, audit."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from gestes import suivre
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from site_pages import decouvrir

QUESTION = "Qui accompagne une première embauche dans le sport à Quimper ?"
RECHERCHE = "/recherche?q=" + quote(QUESTION)
DEUX_BESOINS = (
    "Un conflit avec un salarié de notre club de sport à Quimper, et qui peut faire les fiches de paie ?"
)
PAGES = {
    "accueil": "/",
    "besoins": "/recherche?q=" + quote(DEUX_BESOINS),
    "filtres": RECHERCHE + "&type=crib&secteur=sport",
    "filtre-refuse": RECHERCHE + "&type=crip",
    "corrige": "/recherche?q=" + quote("premiere embuache dans le sport à Quimper, zorglub"),
    "reponse": RECHERCHE,
    "anglais": RECHERCHE + "&langue=en",
    "vide": "/recherche?q=",
    "methode": "/recherche?q=" + quote("Combien de participants à une séance ?"),
    "acteur": "/acteur/cdos-29.html",
    "type": "/type-acteur/dla.html",
    "changements": "/changements",
    "departement": "/territoire/departement/29.html",
    "couverture": "/territoires/departement/29.html?autre=region:53",
    "parcours": "/territoires/departement/29.html?evenement=premiere-embauche&secteur=sport",
    "relations": "/territoires/departement/29/relations.html",
    "relais": "/territoires/departement/29/relations.html?etape=4&langue=en",
    "territoires": "/territoires?q=quimper&carte=1",
    "demarches": "/demarches",
    "demarche": "/demarches/bretagne-finistere.html",
    "croisement": "/territoires/departement/29/croisement?lignes=etape&colonnes=public&secteur=sport",
    "case": "/territoires/departement/29/croisement?etape=4&public=petites",
    "programme": "/methode?territoire=29&debut=2027-01-12&objectif=os2&participants=18&invite=cdos-29",
    "programme-refuse": "/methode?territoire=Atlantide&debut=2027-02-30&participants=200&langue=en",
    "outil-prerempli": "/outils/2?acteur=cdos-29",
    "outil-nouvel-acteur": "/outils/3?nouveau=oui&langue=en",
    "outil-refus": "/outils/1?acteur=olympique",
    "ontologie": "/ontologie.html",
    "sparql": "/sparql?query=" + quote("SELECT * WHERE { ?s ?p ?o } LIMIT 5"),
    "sparql-refus": "/sparql?query=SELECT",
    "requetes": "/requetes",
    "catalogue": "/catalogue",
    "requete": "/requetes/libelles?ressources=etape:4",
    "requete-refus": "/requetes/libelles?ressources=pas+une+iri",
    "exports": "/exports",
    "intendance": "/intendance",
    "intendance-rapport": "/intendance/rapport",
    "intendance-validation": "/intendance/validation",
    "intendance-versions": "/intendance/versions",
    "intendance-differences": "/intendance/versions/1/1",
    "intendance-a-relire": "/intendance/a-relire",
    "intendance-a-relire-29": "/intendance/a-relire?departement=29",
    "intendance-connaissance": "/intendance/connaissance",
    "intendance-connaissance-29": "/intendance/connaissance?departement=29",
    "intendance-mots": "/intendance/mots",
    "documentation": "/documentation",
    "introuvable": "/nulle-part",
    "ambigu": "/recherche?q=" + quote("un CRIB à Saint-Denis"),
    "sans": RECHERCHE + "&sans=secteur:sport&territoire=29",
    "hors-sujet": "/recherche?q=" + quote("recette de la tarte aux pommes"),
    "fiche": "/fiche?q=" + quote(QUESTION),
    "comparaison": "/comparer?acteur=cdos-29&acteur=cosmos&q=" + quote(QUESTION),
    "comparaison-refusee": "/comparer?acteur=cdos-29",
    "integrer": "/integrer?territoire=29&couleur=aa3300&theme=sombre",
    "integrer-refuse": "/integrer?territoire=atlantide",
    "cadre": "/integrer/cadre?territoire=29&couleur=ffee00&theme=clair",
}


def focused(browser: Chrome) -> dict[str, str]:
    """Identity of the element that has the focus, and the outline it shows."""
    found: dict[str, str] = browser.execute_script(
        "const e = document.activeElement, s = getComputedStyle(e);"
        "return {nom: e.id || e.className || e.tagName, contour: s.outlineStyle + s.outlineWidth}"
    )
    return found


def test_the_question_asked_with_the_keyboard_only(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    browser.get(adresse)
    seen = []
    for _ in range(12):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        seen.append(focused(browser))
        if seen[-1]["nom"] == "q":
            break
    assert seen[0]["nom"] == "evitement" and seen[-1]["nom"] == "q"
    assert all(one["contour"] != "none0px" for one in seen)
    ActionChains(browser).send_keys(QUESTION, Keys.ENTER).perform()
    WebDriverWait(browser, 20).until(lambda page: page.find_elements(By.CSS_SELECTOR, ".jetons"))
    assert "Quimper" in browser.find_element(By.CSS_SELECTOR, ".jetons").text
    names = [one.text for one in browser.find_elements(By.CSS_SELECTOR, ".acteur h4")]
    assert any("olympique" in name for name in names)
    summary = browser.find_element(By.CSS_SELECTOR, ".acteur summary")
    summary.send_keys(Keys.ENTER)
    assert browser.find_element(By.CSS_SELECTOR, ".acteur details").get_attribute("open")


def test_works_without_javascript(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir(javascript=False)
    browser.get(adresse)
    field = browser.find_element(By.ID, "q")
    field.send_keys(QUESTION)
    browser.find_element(By.CSS_SELECTOR, ".chercher button").click()
    WebDriverWait(browser, 20).until(lambda page: page.find_elements(By.CSS_SELECTOR, ".acteur h4"))
    assert browser.find_element(By.CSS_SELECTOR, ".acteur h4").text
    assert browser.find_element(By.CSS_SELECTOR, ".acteur .provenance").text.startswith("Source")


@pytest.fixture(scope="module")
def pages(adresse: str) -> dict[str, str]:
    """Every state above, and one page of each shape that routes and links lead to."""

    def lire(chemin: str) -> str | None:
        answer = httpx.get(adresse + chemin, headers={"Accept": "text/html"}, timeout=60)
        html = answer.headers.get("content-type", "").startswith("text/html")
        return answer.text if html and answer.status_code == 200 else None

    return PAGES | {page.nom: page.chemin for page in decouvrir(lire, adresse)}


@pytest.mark.longue
@pytest.mark.parametrize("sombre", [False, True], ids=["clair", "sombre"])
def test_audit_of_every_page(
    ouvrir: Any, adresse: str, auditer: Any, pages: dict[str, str], sombre: bool
) -> None:
    browser = ouvrir(sombre=sombre)
    faults = []
    for nom, chemin in pages.items():
        browser.get(adresse + chemin)
        faults += [f"{nom} {chemin}: {rule}: {' '.join(found)}" for rule, found in auditer(browser)]
    assert faults == [], "\n".join(faults)


@pytest.mark.longue
@pytest.mark.parametrize("largeur", [320, 640], ids=["320 pixels", "zoom 200 %"])
def test_nothing_overflows_on_narrow_screens(
    ouvrir: Any, adresse: str, pages: dict[str, str], largeur: int
) -> None:
    browser = ouvrir(largeur=largeur)
    larges = {}
    for nom, chemin in pages.items():
        browser.get(adresse + chemin)
        vue = browser.execute_script("return document.documentElement.scrollWidth")
        if vue > largeur:
            larges[nom, chemin] = vue
    assert larges == {}


@pytest.mark.longue
def test_no_request_leaves_and_the_policy_blocks_nothing(
    ouvrir: Any, adresse: str, pages: dict[str, str]
) -> None:
    browser = ouvrir()
    ailleurs, bloques = {}, {}
    for nom, chemin in pages.items():
        browser.get(adresse + chemin)
        names = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert names, nom
        if out := [name for name in names if not name.startswith(adresse)]:
            ailleurs[nom] = out
        if said := [e["message"] for e in browser.get_log("browser") if "Content Security" in e["message"]]:
            bloques[nom] = said
    assert (ailleurs, bloques) == ({}, {})


def test_dark_is_dark(ouvrir: Any, adresse: str) -> None:
    backgrounds = []
    for sombre in (False, True):
        browser = ouvrir(sombre=sombre)
        browser.get(adresse)
        backgrounds.append(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))
    assert backgrounds[0] != backgrounds[1]


def test_search_engines_find_structured_data_in_the_page(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    browser.get(adresse + PAGES["acteur"])
    found = browser.find_element(By.CSS_SELECTOR, "script[type='application/ld+json']")
    assert json.loads(found.get_attribute("textContent") or "")["@type"] == "Organization"


def test_injected_text_shows_as_text(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    script = "document.title='pris'"
    text = f'<img src=x onerror="{script}"> embauche à Quimper <script>{script}</script>'
    browser.get(adresse + "/recherche?q=" + quote(text))
    assert browser.find_element(By.ID, "q").get_attribute("value") == text
    assert "pris" not in browser.title.split("·")[-1]
    assert browser.find_elements(By.CSS_SELECTOR, "main img") == []


def test_language_switch_keeps_the_question(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    browser.get(adresse + RECHERCHE)
    browser.find_element(By.CSS_SELECTOR, ".langue").click()
    WebDriverWait(browser, 20).until(lambda page: page.find_elements(By.CSS_SELECTOR, "html[lang=en]"))
    assert browser.find_element(By.ID, "q").get_attribute("value") == QUESTION
    suivre(browser, ".chercher button")
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"


def test_paper_keeps_the_answer_and_drops_the_rest(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    browser.get(adresse + RECHERCHE)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not browser.find_element(By.CSS_SELECTOR, ".chercher").is_displayed()
    assert browser.find_element(By.CSS_SELECTOR, ".acteur h4").is_displayed()
