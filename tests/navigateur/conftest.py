"""A real server on a real port, and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from absence import absent
from maillage.app import creer_app
from maillage.config import Settings
from serveur_maillage import servir

INSTALLATION = "navigateur absent : apt-get install chromium chromium-driver"
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --lang=fr"
)

Ouvrir = Callable[..., Chrome]

AXE = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
SANS_AXE = "audit absent : make axe"
#: rules of WCAG 2.2, levels A and AA, and the practices that RGAA asks for besides (landmarks, headings).
REGLES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

#: what a page is faulted for: rule, first elements.
Fautes = list[tuple[str, list[str]]]


@pytest.fixture(scope="session")
def auditer() -> Callable[[Chrome], Fautes]:
    """Audit the page a browser shows, its details open."""
    if not AXE.exists():
        absent(SANS_AXE)
    script = AXE.read_text(encoding="utf-8")

    def audite(browser: Chrome) -> Fautes:
        browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        browser.execute_script(script)
        found = browser.execute_async_script(
            "const [tags, done] = arguments;"
            "axe.run(document, {runOnly: {type: 'tag', values: tags}},"
            " (error, found) => done(error ? String(error) : found.violations))",
            list(REGLES),
        )
        assert isinstance(found, list), found
        return [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found]

    return audite


@pytest.fixture(scope="session")
def adresse(racine_finistere: Path) -> Iterator[str]:
    """Address of the service, served by uvicorn on a free port."""
    with servir(lambda url: creer_app(Settings(racine=racine_finistere, url=url))) as url:
        yield url


@pytest.fixture
def ouvrir() -> Iterator[Ouvrir]:
    """Open a browser: width in pixels, dark or light, with or without JavaScript."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        absent(INSTALLATION)
    opened: list[Chrome] = []

    def ouvre(largeur: int = 1200, sombre: bool = False, javascript: bool = True) -> Chrome:
        options = ChromeOptions()
        options.binary_location = chromium
        for option in OPTIONS.split():
            options.add_argument(option)
        languages = {"intl.accept_languages": "fr"}
        blocked = {} if javascript else {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", languages | blocked)
        browser = Chrome(options=options, service=Service(driver))
        opened.append(browser)
        size = {"width": largeur, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if sombre else "light"}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        return browser

    yield ouvre
    for browser in opened:
        browser.quit()
