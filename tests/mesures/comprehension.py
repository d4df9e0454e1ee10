"""Measure understanding: one question, and texts as long as an e-mail, with and without words seen before.

Usage: python -m tests.mesures.comprehension. Writes its table in tests/mesures/README.md.
"""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Sequence
from pathlib import Path

from tests.mesures.chrono import Duree, chronometrer, quantile
from tests.mesures.tableau import ecrire, nombre, verdict

from maillage.comprehension import Interprete
from maillage.config import Settings
from maillage.lexique import Lexique
from maillage.texte import LANGUES, racine
from maillage.versions.instantane import LEXIQUE, courant

QUESTIONS = Path(__file__).parents[1] / "evaluation" / "questions_dev.jsonl"
#: characters of a long text, long texts of each language, times that each text is understood.
LONGUEUR, LONGS, TOURS = 2000, 20, 7
#: milliseconds, by percentile.
CIBLES_QUESTION: dict[int, float | None] = {50: 3.0, 95: 10.0}
CIBLES_LONGUES: dict[int, float | None] = {50: None, 95: 10.0}
ENTETES = ("compréhension", "écoulé", "processeur", "tour le plus calme", "cible", "tenue")
NOTE = (
    "Par texte, la médiane de {tours} tours ; « à froid » : aucun mot n'a été vu avant, un tour. "
    "La cible se juge au temps de processeur, que la charge de la machine change moins."
)

Texte = tuple[str, str]  # text, language


def lire_questions() -> list[Texte]:
    """The evaluation questions and their language. Raises OSError."""
    lignes = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [(str(ligne["text"]), str(ligne["lang"])) for ligne in lignes]


def allonger(questions: Sequence[Texte], langue: str) -> list[Texte]:
    """Texts of LONGUEUR characters, made of questions of one language."""
    hasard = random.Random(2013)
    siennes = [texte for texte, sienne in questions if sienne == langue]
    textes = []
    for _ in range(LONGS):
        suite = ""
        while len(suite) < LONGUEUR:
            suite += hasard.choice(siennes) + " "
        textes.append((suite[:LONGUEUR], langue))
    return textes


def a_froid(lexique: Lexique, textes: Sequence[Texte]) -> list[list[Duree]]:
    """One duration of each text, by an interpreter that has met no word."""
    durees = []
    for texte, langue in textes:
        interprete = Interprete(lexique)
        racine.cache_clear()
        durees.append([_comprendre(interprete, texte, langue)])
    return durees


def a_chaud(interprete: Interprete, textes: Sequence[Texte]) -> list[list[Duree]]:
    """The durations of each text, its words known."""
    for texte, langue in textes:
        interprete.comprendre(texte, langue)
    tours = [[_comprendre(interprete, *texte) for texte in textes] for _ in range(TOURS)]
    return [list(siennes) for siennes in zip(*tours, strict=True)]


def _comprendre(interprete: Interprete, texte: str, langue: str) -> Duree:
    return chronometrer(lambda: interprete.comprendre(texte, langue))


def _lignes(nom: str, durees: Sequence[Sequence[Duree]], cibles: dict[int, float | None]) -> list[list[str]]:
    ecoulees = [statistics.median(d.ecoule for d in siennes) * 1e3 for siennes in durees]
    processeur = [statistics.median(d.processeur for d in siennes) * 1e3 for siennes in durees]
    calmes = [min(d.processeur for d in siennes) * 1e3 for siennes in durees]
    lignes = []
    for part, cible in cibles.items():
        juge = quantile(processeur, part)
        valeurs = (quantile(ecoulees, part), juge, quantile(calmes, part), cible)
        lignes.append([f"{nom}, p{part}", *(nombre(v, "ms") for v in valeurs), verdict(juge, cible)])
    return lignes


def mesurer(dossier: Path) -> str:
    """Measure with the lexicon of a snapshot; the table. Raises OSError, ValueError."""
    lexique = Lexique.lire(dossier / LEXIQUE)
    questions = lire_questions()
    interprete = Interprete(lexique)
    premiere = [[_comprendre(interprete, *questions[0])]]
    lignes = [[*_lignes("première question du processus", premiere * 2, {50: None})[0]]]
    series = [(f"{len(questions)} questions", questions, CIBLES_QUESTION)]
    for langue in LANGUES:
        series.append((f"{LONGUEUR} caractères ({langue})", allonger(questions, langue), CIBLES_LONGUES))
    for nom, textes, cibles in series:
        lignes += _lignes(f"{nom}, à chaud", a_chaud(interprete, textes), cibles)
        lignes += _lignes(f"{nom}, à froid", a_froid(lexique, textes), dict.fromkeys(cibles))
    return ecrire("comprehension", ENTETES, lignes, NOTE.format(tours=TOURS))


if __name__ == "__main__":
    print(mesurer(courant(Settings().dossier_instantanes)))
