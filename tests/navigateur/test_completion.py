"""Completion of the search box: keyboard, mouse, screen reader, and the plain box without JavaScript."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait


def typed(browser: Chrome, adresse: str, texte: str) -> WebElement:
    """The box of the home page with this text, once suggestions are shown."""
    browser.get(adresse)
    box = browser.find_element(By.ID, "q")
    box.send_keys(texte)
    WebDriverWait(browser, 10).until(lambda _: options(browser))
    return box


def options(browser: Chrome) -> list[WebElement]:
    return browser.find_elements(By.CSS_SELECTOR, "#propositions [role=option]")


def test_arrows_choose_and_the_choice_replaces_only_the_words_it_completes(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    box = typed(browser, adresse, "Un comptable à quimp")
    assert box.get_attribute("aria-expanded") == "true"
    assert browser.find_element(By.CSS_SELECTOR, "[role=status]").get_attribute("textContent")
    box.send_keys(Keys.ARROW_DOWN)
    active = browser.find_element(By.ID, box.get_attribute("aria-activedescendant"))
    assert active.get_attribute("aria-selected") == "true" and active.text.startswith("Quimper")
    box.send_keys(Keys.ENTER)
    assert box.get_attribute("value") == "Un comptable à Quimper "
    assert box.get_attribute("aria-expanded") == "false" and options(browser) == []
    assert browser.current_url.rstrip("/") == adresse
    box.send_keys(Keys.ENTER)
    WebDriverWait(browser, 10).until(lambda _: "/recherche?q=" in browser.current_url)


def test_arrows_go_round_and_escape_closes(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    box = typed(browser, adresse, "form")
    nombre = len(options(browser))
    assert nombre > 1
    box.send_keys(Keys.ARROW_UP)
    assert box.get_attribute("aria-activedescendant") == f"proposition-{nombre - 1}"
    box.send_keys(Keys.ARROW_DOWN)
    assert box.get_attribute("aria-activedescendant") == "proposition-0"
    box.send_keys(Keys.ESCAPE)
    assert box.get_attribute("aria-expanded") == "false" and box.get_attribute("value") == "form"
    assert box.get_attribute("aria-activedescendant") is None


def test_enter_without_a_choice_asks_what_was_typed(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    typed(browser, adresse, "form").send_keys(Keys.ENTER)
    WebDriverWait(browser, 10).until(lambda _: browser.current_url.endswith("?q=form"))


def test_mouse_takes_a_suggestion_in_the_middle_of_a_text(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    box = typed(browser, adresse + "/recherche?q=" + quote("👩🏽‍🚒 embauche"), " à quimp")
    options(browser)[0].click()
    assert box.get_attribute("value") == "👩🏽‍🚒 embauche à Quimper "
    assert browser.execute_script("return document.activeElement.id") == "q"


@pytest.mark.parametrize("langue", ["fr", "en"])
@pytest.mark.parametrize("sombre", [False, True], ids=["clair", "sombre"])
def test_open_list_passes_the_audit_and_fits_a_narrow_screen(
    ouvrir: Any, adresse: str, auditer: Any, sombre: bool, langue: str
) -> None:
    browser = ouvrir(largeur=320, sombre=sombre)
    typed(browser, f"{adresse}/?langue={langue}", "form").send_keys(Keys.ARROW_DOWN)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 320
    assert auditer(browser) == []
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_without_javascript_the_box_is_a_plain_search_field(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir(javascript=False)
    browser.get(adresse)
    box = browser.find_element(By.ID, "q")
    assert (box.get_attribute("type"), box.get_attribute("role")) == ("search", None)
    box.send_keys("paie à Quimper", Keys.ENTER)
    WebDriverWait(browser, 20).until(lambda page: page.find_elements(By.CSS_SELECTOR, ".acteur h4"))
    assert browser.find_element(By.CSS_SELECTOR, ".acteur h4").text


def press(browser: Chrome, element: WebElement) -> None:
    """Use an element by keyboard: what may be seen but not reached fails."""
    reached = "arguments[0].focus(); return document.activeElement === arguments[0]"
    assert browser.execute_script(reached, element)
    ActionChains(browser).send_keys(Keys.ENTER).perform()


@pytest.mark.parametrize(("largeur", "ouverte"), [(320, False), (1200, True)])
def test_filters_fold_on_narrow_screens_and_stand_beside_the_actors_on_wide_ones(
    ouvrir: Any, adresse: str, largeur: int, ouverte: bool
) -> None:
    browser = ouvrir(largeur=largeur, javascript=False)
    browser.get(adresse + "/recherche?q=" + quote("paie à Quimper"))
    facette = browser.find_element(By.CSS_SELECTOR, ".affiner .facette")
    visible = "return arguments[0].checkVisibility({contentVisibilityAuto: true})"
    assert browser.execute_script(visible, facette) is ouverte
    if not ouverte:
        browser.find_element(By.CSS_SELECTOR, ".affiner > summary").click()
    press(browser, facette.find_element(By.TAG_NAME, "summary"))
    press(browser, facette.find_element(By.CSS_SELECTOR, ".valeurs a"))
    assert browser.find_element(By.CSS_SELECTOR, ".filtres a").is_displayed()
    assert browser.find_element(By.CSS_SELECTOR, "[aria-current=true]").is_displayed()
