"""The reference LDES client reads the whole stream, then comes back and fetches only what changed."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import corpus_essai
from absence import absent
from corpus_essai import BON
from maillage.app import creer_app
from maillage.changements.journal import PAGE, Journal
from maillage.changements.tenue import tenir
from maillage.config import Settings
from maillage.namespaces import PREFIXES
from maillage.versions.instantane import construire
from serveur_maillage import servir

CLIENT = Path(__file__).parent / "ldes"
INSTALLATION = "no LDES client: make ldes (needs node and npm)"
ACTEURS = "donnees/acteurs/essai.ttl"
NOMBRE = 1_100
AUTRES = "".join(f'acteur:a{rank} a mlg:Acteur ; skos:prefLabel "A {rank}"@fr .\n' for rank in range(NOMBRE))


@pytest.fixture(scope="module")
def noeud() -> str:
    """The `node` command, with the client installed; else skipped, or failed in continuous integration."""
    found = shutil.which("node")
    if found is None or not (CLIENT / "node_modules" / "ldes-client").is_dir():
        absent(INSTALLATION)
    return found


def lire(noeud: str, adresse: str, etat: Path) -> dict[str, Any]:
    command = [noeud, str(CLIENT / "lire.mjs"), adresse, str(etat)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def publier(settings: Settings, acteurs: str) -> Journal:
    corpus_essai.ecrire(settings.racine, ACTEURS, acteurs)
    construire(settings)
    tenir(settings.dossier_instantanes)
    return Journal(settings.dossier_instantanes)


def test_read_whole_then_resumed(noeud: str, tmp_path: Path) -> None:
    settings = corpus_essai.poser(tmp_path / "corpus")
    journal = publier(settings, BON + AUTRES)
    with servir(lambda _: creer_app(settings)) as site:
        adresse, etat = f"{site}/changements", tmp_path / "etat"
        first = lire(noeud, adresse, etat)
        assert first["erreurs"] == [] and {one["statut"] for one in first["adresses"]} == {200}
        members = journal.membres(0, journal.nombre)
        assert len(first["membres"]) == journal.nombre > 2 * PAGE
        assert {one["id"] for one in first["membres"]} == {one.iri for one in members}
        assert {one["de"] for one in first["membres"]} == {one.ressource for one in members}
        one = next(each for each in first["membres"] if each["de"] == PREFIXES["acteur"] + "un")
        assert [PREFIXES["schema"] + "addressLocality", "Quimper"] in one["quads"]

        again = lire(noeud, adresse, etat)
        assert again["membres"] == [] and again["erreurs"] == []
        seen = journal.nombre

        journal = publier(settings, BON.replace('"Quimper"', '"Brest"') + AUTRES.split("\n", 1)[1])
        resumed = lire(noeud, adresse, etat)
        assert resumed["erreurs"] == []
        found = {(one["de"], one["id"]) for one in resumed["membres"]}
        assert found == {(one.ressource, one.iri) for one in journal.membres(seen, journal.nombre)}
        gone = next(one for one in resumed["membres"] if one["de"] == PREFIXES["acteur"] + "a0")
        assert [PREFIXES["rdf"] + "type", "https://www.w3.org/ns/activitystreams#Delete"] in gone["quads"]
        fetched = {one["adresse"].removeprefix(site) for one in resumed["adresses"]}
        last = f"/changements/{journal.nom}/{len(journal.pages())}"
        assert fetched == {"/changements", last}
