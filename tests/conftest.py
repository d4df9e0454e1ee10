"""What several folders of tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import petit_corpus
from absence import absent
from client_http import ADRESSE, Client, ouvrir
from maillage.app import creer_app
from maillage.changements.tenue import tenir
from maillage.config import Settings
from maillage.lexique import Lexique
from maillage.orientation import Orienteur
from maillage.requetes.recueil import Requetes
from maillage.versions.instantane import LEXIQUE, REQUETES, a_jour, charger_courant, construire
from serveur_sparql import INSTALLATION, ServeurSparql, executable, lancer


@pytest.fixture(scope="session")
def serveur_sparql() -> Iterator[ServeurSparql]:
    """A SPARQL server; without one, a test is skipped, or fails in continuous integration."""
    found = executable()
    if found is None:
        absent(INSTALLATION)
    with lancer(found) as serveur:
        yield serveur


@pytest.fixture(scope="session")
def racine_finistere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped corpus reduced to one département, and its snapshot, built as a user builds it."""
    racine = petit_corpus.ecrire(tmp_path_factory.mktemp("finistere"))
    settings = Settings(racine=racine)
    construire(settings)
    tenir(settings.dossier_instantanes)
    return racine


@pytest.fixture(scope="session")
def client(racine_finistere: Path) -> Iterator[Client]:
    """A client on the service of the small corpus."""
    with ouvrir(creer_app(Settings(racine=racine_finistere, url=ADRESSE))) as opened:
        yield opened


@pytest.fixture(scope="session")
def livre() -> Settings:
    """The shipped corpus, with its snapshot built; built again only when something changed."""
    settings = Settings(racine=Path(__file__).parents[1])
    if not a_jour(settings):
        construire(settings)
    return settings


@pytest.fixture(scope="session")
def orienteur(livre: Settings) -> Orienteur:
    """The front desk on the shipped corpus; sources are as old as they were in 2026."""
    dossier, entrepot, _ = charger_courant(livre.dossier_instantanes)
    requetes = Requetes(dossier / REQUETES)
    return Orienteur(entrepot, requetes, Lexique.lire(dossier / LEXIQUE), annee=2026)
