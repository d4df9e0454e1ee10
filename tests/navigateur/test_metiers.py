"""The roads of those who keep the data, of those who reuse it and of those who gather a territory's actors,
without JavaScript: any browser does."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import httpx
from gestes import suivre
from icalendar import Calendar
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

FICHIER = "donnees/acteurs/29/missions-locales.ttl"


def deposer(browser: Chrome, path: Path) -> list[str]:
    """Have a file judged; where its problems are."""
    browser.find_element(By.ID, "fichier").send_keys(str(path))
    field = browser.find_element(By.ID, "chemin")
    field.clear()
    field.send_keys(FICHIER)
    suivre(browser, ".depot button[type=submit]")
    return [one.text for one in browser.find_elements(By.CSS_SELECTOR, ".constats .lieu")]


def test_a_steward_finds_the_slip_mends_it_and_sees_what_changed(
    ouvrir: Any, adresse: str, racine_finistere: Path, tmp_path: Path
) -> None:
    juste = (racine_finistere / FICHIER).read_text(encoding="utf-8")
    faux = tmp_path / "crib.ttl"
    faux.write_text(juste.replace(" ;\n", "\n", 1), encoding="utf-8")
    rang = juste[: juste.index(" ;\n")].count("\n") + 1
    browser = ouvrir(javascript=False)
    browser.get(adresse + "/intendance")
    suivre(browser, "main a[href*='/intendance/validation']")
    lieux = deposer(browser, faux)
    assert [re.match(r"(.+):(\d+):\d+$", lieu).groups() for lieu in lieux] == [(FICHIER, str(rang))]  # type: ignore[union-attr]
    assert juste.splitlines()[rang - 1] in browser.find_element(By.CSS_SELECTOR, ".extrait.corrige").text
    faux.write_text(juste, encoding="utf-8")
    assert deposer(browser, faux) == []
    assert browser.find_elements(By.CSS_SELECTOR, ".verdict.conforme")
    browser.get(adresse + "/intendance/versions")
    assert browser.find_element(By.CSS_SELECTOR, "tbody th .compte").is_displayed()


def test_a_facilitator_sees_a_territory_plans_sessions_and_fills_a_tool(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir(javascript=False)
    browser.get(adresse)
    suivre(browser, "header a[href*='/territoires']")
    browser.find_element(By.ID, "q").send_keys("Finistère")
    suivre(browser, ".chercher button")
    suivre(browser, "main a[href*='/territoires/departement/29']")
    assert "étape sans accompagnement" in browser.find_element(By.TAG_NAME, "main").text
    suivre(browser, "a[href*='evenement=premiere-embauche']")
    assert len(browser.find_elements(By.CSS_SELECTOR, ".maillon")) > 2
    suivre(browser, "header a[href*='/methode']")
    browser.find_element(By.ID, "territoire").send_keys("Finistère")
    browser.find_element(By.CSS_SELECTOR, "input[value=os2]").send_keys(Keys.SPACE)
    suivre(browser, "#demarche button[type=submit]")
    assert browser.find_element(By.ID, "debut").get_attribute("aria-invalid") == "true"
    browser.get(browser.current_url.replace("debut=", "debut=2027-01-12"))
    agenda = browser.find_element(By.CSS_SELECTOR, "main a[href*='.ics']").get_attribute("href") or ""
    sessions = Calendar.from_ical(httpx.get(agenda, timeout=60).content).walk("VEVENT")
    assert len(sessions) == len(browser.find_elements(By.CSS_SELECTOR, "#programme ~ div tbody tr"))
    suivre(browser, "header a[href*='/outils']")
    suivre(browser, "main a[href*='/outils/1']")
    browser.find_element(By.ID, "acteur").send_keys("espace-associatif-quimper")
    suivre(browser, ".formulaire button[type=submit]")
    montrer = "form[method=post] p > button.bouton:not(.second)"
    suivre(browser, montrer)
    assert "confirmez une réponse" in browser.find_element(By.CSS_SELECTOR, "main [role=alert]").text
    browser.find_element(By.CSS_SELECTOR, "input[name$='.garder']").send_keys(Keys.SPACE)
    suivre(browser, montrer)
    assert browser.find_elements(By.CSS_SELECTOR, ".verdict.conforme")
    assert "a mlg:Intervention" in browser.find_element(By.CSS_SELECTOR, "main pre").text


def test_a_developer_runs_a_stored_query_then_changes_it(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir(javascript=False)
    browser.get(adresse + "/documentation")
    suivre(browser, "main a[href*='/requetes/acteurs-d-un-territoire']")
    suivre(browser, ".parametres button[type=submit]")
    rows = len(browser.find_elements(By.CSS_SELECTOR, "table tbody tr"))
    found = httpx.get(browser.find_element(By.LINK_TEXT, "csv").get_attribute("href") or "", timeout=30)
    assert len(list(csv.reader(found.text.splitlines()))) == rows + 1 > 10
    suivre(browser, "main a[href*='/sparql?']")
    field = browser.find_element(By.ID, "query")
    assert "SELECT" in (field.get_property("value") or "")
    field.send_keys(Keys.CONTROL, Keys.END)
    field.send_keys("\nLIMIT 3")
    suivre(browser, ".editeur button[type=submit]")
    assert len(browser.find_elements(By.CSS_SELECTOR, "table tbody tr")) == 3


def test_the_actors_of_a_departement_are_found_as_a_spreadsheet(ouvrir: Any, adresse: str) -> None:
    browser = ouvrir(javascript=False)
    browser.get(adresse)
    suivre(browser, "footer a[href*='/exports']")
    link = browser.find_element(By.CSS_SELECTOR, "#acteurs-29 a[href$='tableur.csv']")
    found = httpx.get(link.get_attribute("href") or "", timeout=120)
    assert found.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(found.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert any("Quimper" in str(row) for row in rows)
