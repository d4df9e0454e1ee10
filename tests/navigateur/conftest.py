"""A real server on a real port, and a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from maillage.app import creer_app
from maillage.config import Settings
from serveur_maillage import servir

INSTALLATION = "navigateur absent : apt-get install chromium chromium-driver"
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --lang=fr"
)

Ouvrir = Callable[..., Chrome]


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
        if os.environ.get("CI") == "true":
            pytest.fail(INSTALLATION)
        pytest.skip(INSTALLATION)
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
