"""Every question of the evaluation sets, on the shipped corpus: the page and the API answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_http import ADRESSE, Client, ouvrir
from maillage.app import creer_app
from maillage.config import Settings

DOSSIER = Path(__file__).parents[1] / "evaluation"
JEUX = sorted(DOSSIER.glob("*.jsonl"))


@pytest.fixture(scope="module")
def complet(livre: Settings) -> Iterator[Client]:
    """The service of the shipped corpus; it counts no unknown word."""
    with ouvrir(creer_app(Settings(racine=livre.racine, url=ADRESSE, echecs=""))) as client:
        yield client


def questions(jeu: Path) -> list[str]:
    return [json.loads(ligne)["text"] for ligne in jeu.read_text(encoding="utf-8").splitlines() if ligne]


@pytest.mark.parametrize("jeu", JEUX, ids=lambda jeu: jeu.stem)
def test_every_question_is_answered_by_the_page_and_by_the_api(complet: Client, jeu: Path) -> None:
    refused = {}
    for question in questions(jeu):
        statuts = [complet.interroger(question, page=page).status_code for page in (True, False)]
        if statuts != [200, 200]:
            refused[question] = statuts
    assert refused == {}


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_every_reason_of_an_explanation_has_words(complet: Client, langue: str) -> None:
    said: dict[str, str] = {}
    for question in questions(DOSSIER / "questions_propres.jsonl"):
        answer = complet.demander(
            "GET", "/api/orientation", params={"q": question, "expliquer": "oui", "langue": langue}
        )
        for reading in answer.json()["explications"]:
            said |= {motif["code"]: motif["libelle"] for motif in reading["motifs"]}
    assert {"retenu", "couvert", "nie", "locatif", "code-postal", "mot-courant"} <= said.keys()
    assert [code for code, words in said.items() if not words or words == code] == []
