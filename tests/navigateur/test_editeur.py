"""The SPARQL editor in a real browser: completion by keyboard, the mistake underlined, no script at all."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from selenium.webdriver import Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

FAUTE = "/sparql?query=" + quote("SELECT * WHERE {\n  ?s ?p ?o .\n  OPTIONEL { }\n}")


def test_completion_writes_the_term_and_declares_its_prefix(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    browser.get(adresse + "/sparql")
    field = browser.find_element(By.ID, "query")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("SELECT * WHERE { ?s org:clas")
    proposals = WebDriverWait(browser, 20).until(
        lambda page: page.find_elements(By.CSS_SELECTOR, "#propositions-sparql li")
    )
    assert any("org:classification" in one.text for one in proposals)
    field.send_keys(Keys.ARROW_DOWN, Keys.ENTER, " ?t }")
    written = field.get_property("value")
    assert written.startswith("PREFIX org: <http://www.w3.org/ns/org#>\nSELECT")
    assert written.endswith("?s org:classification ?t }")
    field.send_keys(Keys.CONTROL, Keys.ENTER)
    WebDriverWait(browser, 20).until(lambda page: page.find_elements(By.CSS_SELECTOR, "table tbody tr"))
    assert len(browser.find_elements(By.CSS_SELECTOR, "a[download]")) == 4


def test_the_mistake_is_underlined_at_its_place(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir()
    browser.get(adresse + FAUTE)
    trait = browser.find_element(By.CSS_SELECTOR, ".souligne")
    field = browser.find_element(By.ID, "query")
    down, right = trait.rect["y"] - field.rect["y"], trait.rect["x"] - field.rect["x"]
    line = float(field.value_of_css_property("line-height").removesuffix("px"))
    assert 2 * line <= down <= 3.8 * line
    assert 20 < right < 60
    assert "OPTIONEL" in browser.find_element(By.CSS_SELECTOR, "#erreur pre").text
    field.send_keys(" ")
    assert browser.find_elements(By.CSS_SELECTOR, ".souligne") == []


def test_the_form_runs_without_javascript(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir(javascript=False)
    browser.get(adresse + "/sparql?exemple=prefixes")
    browser.find_element(By.CSS_SELECTOR, ".editeur button[type=submit]").click()
    rows = browser.find_elements(By.CSS_SELECTOR, "table tbody tr")
    assert len(rows) > 20
