"""Roads through the pages in a real browser: chips, sheet, comparison, slow network, injected text."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

QUESTION = "Qui accompagne une première embauche dans le sport à Quimper ?"
RECHERCHE = "/recherche?q=" + quote(QUESTION)
#: forms of every page: path, name of the field.
CHAMPS = [
    ("/", "q"),
    ("/recherche", "q"),
    ("/recherche?q=paie", "territoire"),
    ("/recherche?q=paie", "sans"),
    ("/recherche?q=paie", "type"),
    ("/fiche", "q"),
    ("/comparer", "acteur"),
    ("/integrer", "territoire"),
    ("/integrer", "couleur"),
    ("/sparql", "query"),
]
INJECTE = "\"'><img src=x onerror=\"document.title='pris'\"><script>document.title='pris'</script>"


def press(element: WebElement) -> None:
    """Use an element by keyboard."""
    element.send_keys(Keys.ENTER)


def jetons(browser: Chrome) -> list[str]:
    return [one.text for one in browser.find_elements(By.CSS_SELECTOR, ".jetons .jeton")]


@pytest.mark.parametrize("javascript", [True, False], ids=["avec JavaScript", "sans JavaScript"])
def test_chip_goes_and_comes_back_with_the_keyboard(ouvrir: Any, adresse: str, javascript: bool) -> None:
    browser = ouvrir(javascript=javascript)
    browser.get(adresse + RECHERCHE)
    assert any("sport" in one for one in jetons(browser))
    chip = next(one for one in browser.find_elements(By.CSS_SELECTOR, ".jeton") if "sport" in one.text)
    press(chip.find_element(By.CSS_SELECTOR, ".retirer"))
    WebDriverWait(browser, 20).until(lambda page: "sans=secteur%3Asport" in page.current_url)
    assert not any("sport" in one for one in jetons(browser))
    press(browser.find_element(By.PARTIAL_LINK_TEXT, "remettre"))
    WebDriverWait(browser, 20).until(lambda page: "sans=" not in page.current_url)
    assert any("sport" in one for one in jetons(browser))


def test_jargon_is_explained_without_javascript(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir(javascript=False)
    browser.get(adresse + RECHERCHE)
    button = browser.find_element(By.CSS_SELECTOR, ".groupe .info")
    bubble = browser.find_element(By.ID, button.get_attribute("popovertarget"))
    assert not bubble.is_displayed() and button.get_attribute("title")
    press(button)
    assert bubble.is_displayed() and button.get_attribute("title") in bubble.text


def test_chosen_actors_are_handed_over_then_compared_without_javascript(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir(javascript=False)
    browser.get(adresse + RECHERCHE)
    for case in browser.find_elements(By.CSS_SELECTOR, ".choisir input")[:2]:
        case.send_keys(Keys.SPACE)
    noms = [one.text for one in browser.find_elements(By.CSS_SELECTOR, ".acteur h4")[:2]]
    press(browser.find_element(By.CSS_SELECTOR, "[formaction*='/comparer']"))
    WebDriverWait(browser, 20).until(lambda page: "/comparer?" in page.current_url)
    assert [one.text for one in browser.find_elements(By.CSS_SELECTOR, "thead th")] == noms
    browser.back()
    press(browser.find_element(By.CSS_SELECTOR, "[formaction*='/fiche']"))
    WebDriverWait(browser, 20).until(lambda page: "/fiche?" in page.current_url)
    assert browser.find_elements(By.CSS_SELECTOR, ".remis")


def test_sheet_on_paper_keeps_only_what_is_handed_over(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    browser.get(adresse + RECHERCHE.replace("/recherche", "/fiche"))
    assert browser.find_element(By.ID, "imprimer").is_displayed()
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not browser.find_element(By.ID, "imprimer").is_displayed()
    assert not browser.find_element(By.CSS_SELECTOR, ".bandeau nav").is_displayed()
    assert browser.find_element(By.CSS_SELECTOR, ".remis h3").is_displayed()
    printed = browser.execute_cdp_cmd("Page.printToPDF", {})
    assert printed["data"].startswith("JVBER")  # %PDF


def test_slow_network_still_gives_the_answer(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    browser.execute_cdp_cmd("Network.enable", {})
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000}
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", slow)
    browser.get(adresse)
    box = browser.find_element(By.ID, "q")
    box.send_keys(QUESTION, Keys.ENTER)
    WebDriverWait(browser, 30).until(lambda page: page.find_elements(By.CSS_SELECTOR, ".acteur h4"))


def test_reduced_motion_is_kept(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    reduced = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", reduced)
    browser.get(adresse)
    moving = "return [...document.querySelectorAll('*')].filter(e => {"
    moving += "const s = getComputedStyle(e);"
    moving += "return parseFloat(s.transitionDuration) > 0 || s.animationName !== 'none'}).length"
    assert browser.execute_script(moving) == 0


def test_text_injected_in_any_field_shows_as_text(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    for chemin, champ in CHAMPS:
        joint = "&" if "?" in chemin else "?"
        browser.get(f"{adresse}{chemin}{joint}{champ}={quote(INJECTE)}")
        assert browser.find_elements(By.CSS_SELECTOR, "main img") == [], (chemin, champ)
        assert browser.title != "pris", (chemin, champ)
        assert [e for e in browser.get_log("browser") if "Content Security" in e["message"]] == []
