"""Measure the pages: search on the server, weight of a first load, first paint and interactions in a browser.

Usage: python -m tests.mesures.pages. Needs chromium and chromedriver. Writes its table in the README.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import quote

import httpx
from selenium.webdriver import Chrome, ChromeOptions, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from tests.mesures.chrono import processeur, quantile
from tests.mesures.tableau import ecrire, nombre, verdict

from maillage.config import Settings

QUESTIONS = (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
TOURS, AFFICHAGES = 5, 7
#: how many times slower the processor of the browser is made.
RALENTI = 4
OPTIONS = "--headless --no-sandbox --disable-gpu --disable-extensions --disable-background-networking"
RESSOURCE = re.compile(r'(?:src|href)="([^"]*/statique/[^"]+)"')
#: durations of the interactions of a page, in milliseconds (Event Timing: 8 ms steps, 16 ms at least).
OBSERVER = """
window.durees = [];
new PerformanceObserver(liste => liste.getEntries()
  .forEach(e => e.interactionId && window.durees.push(e.duration)))
  .observe({type: 'event', durationThreshold: 16, buffered: true});
"""


@contextmanager
def serveur(settings: Settings) -> Iterator[tuple[str, int]]:
    """The service in a process of its own: its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    dossier = str(settings.dossier_instantanes.absolute())
    environment = {**os.environ, "MAILLAGE_RACINE": str(settings.racine), "MAILLAGE_INSTANTANES": dossier}
    environment["MAILLAGE_ECHECS"] = ""
    command = [sys.executable, "-m", "maillage", "servir", "--sans-construire", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        adresse = f"http://127.0.0.1:{port}"
        while process.poll() is None and not _repond(adresse):
            time.sleep(0.2)
        yield adresse, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _repond(adresse: str) -> bool:
    try:
        return httpx.get(f"{adresse}/sante", timeout=5).is_success
    except httpx.TransportError:
        return False


def cote_serveur(adresse: str, pid: int) -> list[tuple[str, float, str, float | None]]:
    """Latency and processor time of the search page, after one round that warms up."""
    with httpx.Client(base_url=adresse, timeout=60, headers={"Accept": "text/html"}) as client:
        for question in QUESTIONS:
            _chronometrer(client, question)
        travail = processeur(pid)
        chaudes = [_chronometrer(client, question) for _ in range(TOURS) for question in QUESTIONS]
        moyenne = (processeur(pid) - travail) / len(chaudes)
    return [
        ("/recherche, p50", quantile(chaudes, 50), "ms", 30),
        ("/recherche, p95", quantile(chaudes, 95), "ms", None),
        ("/recherche, processeur par page", 1000 * moyenne, "ms", 30),
    ]


def _chronometrer(client: httpx.Client, question: str) -> float:
    """Milliseconds of one answer."""
    debut = time.perf_counter()
    client.get("/recherche", params={"q": question}).raise_for_status()
    return 1000 * (time.perf_counter() - debut)


def poids(adresse: str) -> list[tuple[str, float, str, float | None]]:
    """Compressed bytes of a first load, what the page asks for included (kB)."""
    lignes: list[tuple[str, float, str, float | None]] = []
    with httpx.Client(base_url=adresse, timeout=60, headers={"Accept-Encoding": "gzip"}) as client:
        for nom, chemin in (("accueil", "/"), ("réponse", "/recherche?q=" + quote(QUESTIONS[0]))):
            page = client.get(chemin, headers={"Accept": "text/html"})
            adresses = dict.fromkeys(unescape(lien) for lien in RESSOURCE.findall(page.text))
            total = page.num_bytes_downloaded + sum(client.get(a).num_bytes_downloaded for a in adresses)
            lignes.append((f"premier chargement, {nom}", total / 1000, "ko", 100))
    return lignes


def dans_le_navigateur(adresse: str) -> list[tuple[str, float, str, float | None]]:
    """First contentful paint and the slowest interaction, on a processor made RALENTI times slower."""
    browser = _ouvrir()
    try:
        peintures = {
            nom: statistics.median(_peindre(browser, adresse + chemin) for _ in range(AFFICHAGES))
            for nom, chemin in (("accueil", "/"), ("réponse", "/recherche?q=" + quote(QUESTIONS[0])))
        }
        lente = statistics.median(_interagir(browser, adresse) for _ in range(3))
    finally:
        browser.quit()
    affichages = [(f"premier affichage, {nom}", duree, "ms", 300) for nom, duree in peintures.items()]
    return [*affichages, ("interaction la plus lente", lente, "ms", 100)]


def _ouvrir() -> Chrome:
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for option in OPTIONS.split():
        options.add_argument(option)
    browser = Chrome(options=options, service=Service(shutil.which("chromedriver") or "chromedriver"))
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    browser.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": RALENTI})
    return browser


def _peindre(browser: Chrome, adresse: str) -> float:
    """First contentful paint of a page, in milliseconds since the navigation started."""
    browser.get(adresse)
    script = "return performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)[0]"
    while (found := browser.execute_script(script)) is None:
        time.sleep(0.05)
    return float(found)


def _interagir(browser: Chrome, adresse: str) -> float:
    """The slowest of: typing a question with its suggestions, opening the reasons and the filters."""
    browser.get(f"{adresse}/recherche?q={quote(QUESTIONS[0])}")
    browser.execute_script(OBSERVER)
    champ = browser.find_element(By.ID, "q")
    champ.clear()
    for lettre in "paie à quimp":
        champ.send_keys(lettre)
        time.sleep(0.15)
    champ.send_keys(Keys.ARROW_DOWN, Keys.ESCAPE)
    for resume in browser.find_elements(By.CSS_SELECTOR, ".acteur summary, .explications summary")[:4]:
        resume.send_keys(Keys.ENTER)
        time.sleep(0.1)
    time.sleep(0.5)
    return float(browser.execute_script("return Math.max(16, ...window.durees)"))


def mesurer(settings: Settings) -> str:
    """Measure and write the table; the table."""
    with serveur(settings) as (adresse, pid):
        mesures = [*cote_serveur(adresse, pid), *poids(adresse), *dans_le_navigateur(adresse)]
    lignes = [
        [nom, nombre(valeur, unite), nombre(cible, unite), verdict(valeur, cible)]
        for nom, valeur, unite, cible in mesures
    ]
    note = f"{len(QUESTIONS)} questions × {TOURS} ; navigateur {RALENTI} fois plus lent, sans cache."
    return ecrire("pages", ("mesure", "valeur", "cible", "tenue"), lignes, note)


if __name__ == "__main__":
    print(mesurer(Settings()))
