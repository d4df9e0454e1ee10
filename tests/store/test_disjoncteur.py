"""A remote store that goes away: said at once, and back without a restart."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from absence import absent
from client_http import ouvrir
from maillage.app import creer_app
from maillage.config import Settings
from maillage.store import acces as module
from maillage.store.acces import Acces, Disjoncteur
from maillage.store.entrepot import EntrepotIndisponible
from maillage.versions.depot_distant import deposer
from maillage.versions.instantane import courant
from serveur_sparql import INSTALLATION, executable, lancer


def echouer(disjoncteur: Disjoncteur) -> str:
    with pytest.raises(EntrepotIndisponible) as error, disjoncteur.passage("ici"):
        raise EntrepotIndisponible("panne")
    return str(error.value)


def test_after_some_failures_nothing_is_asked_then_one_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REPOS", 0.05)
    disjoncteur = Disjoncteur()
    assert [echouer(disjoncteur) for _ in range(3)] == ["panne"] * 3
    assert disjoncteur.ouvert
    assert "ne répond plus" in echouer(disjoncteur)
    time.sleep(0.06)
    with disjoncteur.passage("ici"):
        assert "ne répond plus" in echouer(disjoncteur), "one tries, the others wait"
    assert not disjoncteur.ouvert
    assert echouer(disjoncteur) == "panne"
    with disjoncteur.passage("ici"):
        pass
    assert [echouer(disjoncteur) for _ in range(3)] == ["panne"] * 3, "only failures in a row count"


def test_other_errors_are_not_failures_of_the_store() -> None:
    disjoncteur = Disjoncteur()
    for _ in range(9):
        with pytest.raises(ValueError, match="requête"), disjoncteur.passage("ici"):
            raise ValueError("requête")
    assert not disjoncteur.ouvert


@pytest.mark.longue
def test_a_store_that_goes_away_and_comes_back(
    racine_finistere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REPOS", 3)
    found = executable()
    if found is None:
        absent(INSTALLATION)
    with lancer(found, tmp_path) as serveur:
        settings = Settings(
            racine=racine_finistere,
            entrepot=serveur.requetes,
            entrepot_mises_a_jour=f"{serveur.adresse}/update",
            entrepot_graphes=f"{serveur.adresse}/store",
        )
        deposer(Acces.de(settings), courant(settings.dossier_instantanes))
        contexte = ouvrir(creer_app(settings))
        client = contexte.__enter__()
    try:
        for chemin in ("/acteur/cdos-29.ttl", "/sparql?query=ASK%7B%7D", "/api/requetes/statistiques"):
            answer = client.get(chemin)
            assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
        assert client.get("/sante/pret").status_code == 503
        assert client.get("/sante/vif").status_code == 200
        with lancer(found, tmp_path, serveur.port, vide=False):
            limit = time.monotonic() + 30
            asked = ("/sante/pret", "/acteur/cdos-29.ttl")
            while {client.get(path).status_code for path in asked} != {200}:
                assert time.monotonic() < limit
                time.sleep(0.1)
    finally:
        contexte.__exit__(None, None, None)
