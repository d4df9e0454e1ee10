"""Whoever runs the service says how to reach them: foot of pages, accessibility statement."""

from __future__ import annotations

from pathlib import Path

import pytest

from client_http import ADRESSE, Client, ouvrir
from maillage.app import creer_app
from maillage.config import Settings

LIEN = '<a href="mailto:maillage@exemple.org">'


def test_contact_is_shown_where_it_is_set(client: Client, racine_finistere: Path) -> None:
    settings = Settings(racine=racine_finistere, url=ADRESSE, contact="maillage@exemple.org")
    with ouvrir(creer_app(settings)) as autre:
        assert autre.get("/accessibilite", "text/html").text.count(LIEN) == 2
    assert "mailto:" not in client.get("/accessibilite", "text/html").text


@pytest.mark.parametrize("contact", ["javascript:alert(1)", "maillage", '"><b>', "a@b"])
def test_contact_that_leads_nowhere_is_refused(contact: str) -> None:
    with pytest.raises(ValueError, match="https:// address expected"):
        Settings(contact=contact)
