"""Unknown words: counted without personal data, bounded, kept through restarts."""

from __future__ import annotations

import sqlite3
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

import maillage.echecs
from maillage.echecs import Echecs, candidats, ngrammes
from maillage.lexique import Concept, Forme, Lexique

DLA = "https://w3id.org/maillage/type-acteur/dla"
VIDE = "https://w3id.org/maillage/marqueur/mot-vide"
LEXIQUE = Lexique(
    {
        DLA: Concept(DLA, "TypeActeur", "dla", {"fr": "dispositif local d'accompagnement"}),
        VIDE: Concept(VIDE, "Marqueur", "mot-vide", {}, fonctions=("https://w3id.org/maillage/fonction/mot-vide",)),
    },
    {}, {}, {},
    (
        Forme(DLA, "dispositif local d accompagnement", "fr", "pref"),
        Forme(DLA, "tresorerie", "fr", "alt"),
        *(Forme(VIDE, mot, "fr", "hidden") for mot in ("de", "un", "la", "et")),
    ),
    (),
    (),
)  # fmt: skip
JOUR = date(2026, 11, 22)


def ouvrir(dossier: Path, jour: date = JOUR) -> Echecs:
    return Echecs(dossier / "echecs.sqlite", LEXIQUE, lambda: jour)


def octets(dossier: Path) -> bytes:
    return b"".join(path.read_bytes() for path in dossier.iterdir())


def lus(question: str, *inconnus: str) -> list[str]:
    return ngrammes(question, inconnus, LEXIQUE)


def test_runs_hold_one_to_three_unknown_words_and_the_small_words_between() -> None:
    assert lus("un prévisionnel de trésorie", "prévisionnel", "trésorie") == [
        "previsionnel", "previsionnel de tresorie", "tresorie",
    ]  # fmt: skip
    assert len(lus("alpha bravo charlie delta", "alpha", "bravo", "charlie", "delta")) == 9


def test_runs_stop_at_known_words_commas_and_sentences() -> None:
    assert lus("alpha connu bravo", "alpha", "bravo") == ["alpha", "bravo"]
    assert lus("alpha, bravo. charlie", "alpha", "bravo", "charlie") == ["alpha", "bravo", "charlie"]


@pytest.mark.parametrize(
    ("question", "inconnus"),
    [
        ("écrire à jeanne.dupont@exemple.fr", ["jeanne", "dupont", "exemple", "fr"]),
        ("rappeler au 06 12 34 56 78", ["06", "12", "34", "56", "78"]),
        ("rappeler au +33612345678", ["33612345678"]),
        ("dossier 20260012 b612x", ["20260012", "b612x"]),
        ("je suis Jeanne Dupont", ["Jeanne", "Dupont"]),
        ("voir https://exemple.fr/jeanne ou www.dupont.fr", ["exemple", "jeanne", "dupont", "fr"]),
        ("clé " + "a" * 31, ["a" * 31]),
        ("xy", ["xy"]),
    ],
)
def test_what_may_be_personal_never_counts(question: str, inconnus: list[str]) -> None:
    assert lus(question, *inconnus) == []


def test_acronyms_and_first_words_count_though_they_have_capitals() -> None:
    assert lus("Prévisionnel FDVA", "Prévisionnel", "FDVA") == ["previsionnel", "previsionnel fdva", "fdva"]


def test_run_of_one_question_is_neither_shown_nor_written_in_clear(tmp_path: Path) -> None:
    echecs = ouvrir(tmp_path)
    for _ in range(5):
        echecs.noter("le plan zorglub", ["zorglub"], repondu=False)
        echecs.ecrire()
    assert echecs.candidats() == []
    assert b"zorglub" not in octets(tmp_path)
    echecs.noter("un autre zorglub", ["zorglub"], repondu=True)
    echecs.ecrire()
    (vu,) = echecs.candidats()
    assert (vu.ngramme, vu.nombre, vu.sans_reponse) == ("zorglub", 2, 1)
    assert b"zorglub" in octets(tmp_path) and b"plan" not in octets(tmp_path)


def test_counts_survive_a_restart_with_first_and_last_day_and_near_labels(tmp_path: Path) -> None:
    premier = ouvrir(tmp_path)
    premier.noter("a tresories", ["tresories"], repondu=True)
    premier.fermer()
    second = ouvrir(tmp_path, JOUR + timedelta(days=3))
    second.noter("b tresories", ["tresories"], repondu=True)
    second.noter("c tresories", ["tresories"], repondu=True)
    second.fermer()
    (vu,) = candidats(tmp_path / "echecs.sqlite", LEXIQUE)
    assert (vu.nombre, vu.premier, vu.dernier) == (3, JOUR, JOUR + timedelta(days=3))
    assert vu.proches[0] == "tresorerie"


def test_unanswered_questions_come_first_then_the_most_frequent(tmp_path: Path) -> None:
    echecs = ouvrir(tmp_path)
    for rang in range(5):
        echecs.noter(f"souvent {'x' * rang}", ["souvent"], repondu=True)
    for rang in range(2):
        echecs.noter(f"jamais {'x' * rang}", ["jamais"], repondu=False)
    echecs.ecrire()
    assert [vu.ngramme for vu in echecs.candidats()] == ["jamais", "souvent"]
    assert len(echecs.candidats(limite=1)) == 1


def test_memory_and_file_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maillage.echecs, "EN_ATTENTE", 50)
    monkeypatch.setattr(maillage.echecs, "LIGNES", 20)
    echecs = ouvrir(tmp_path)
    for rang in range(300):
        mot = "mot" + "".join(chr(97 + int(chiffre)) for chiffre in str(rang))
        for question in ("a", "b"):
            echecs.noter(f"{question} {mot}", [mot], repondu=True)
    assert len(echecs._attente) == 50
    echecs.ecrire()
    assert len(echecs.candidats(1000)) == 20


def test_old_single_runs_are_forgotten(tmp_path: Path) -> None:
    ouvrir_et_noter = ouvrir(tmp_path)
    ouvrir_et_noter.noter("un zorglub", ["zorglub"], repondu=True)
    ouvrir_et_noter.fermer()
    tard = ouvrir(tmp_path, JOUR + timedelta(days=maillage.echecs.JOURS + 1))
    tard.noter("autre chose", ["chose"], repondu=True)
    tard.fermer()
    tard = ouvrir(tmp_path, JOUR + timedelta(days=maillage.echecs.JOURS + 1))
    tard.noter("deux zorglub", ["zorglub"], repondu=True)
    tard.fermer()
    assert tard.candidats() == []


def test_two_processes_share_the_file(tmp_path: Path) -> None:
    un, deux = ouvrir(tmp_path), ouvrir(tmp_path)

    def compter(echecs: Echecs, nom: str) -> None:
        for rang in range(20):
            echecs.noter(f"{nom} {rang} zorglub", ["zorglub"], repondu=True)
            echecs.ecrire()

    fils = [threading.Thread(target=compter, args=paire) for paire in ((un, "a"), (deux, "b"))]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    (vu,) = un.candidats()
    assert vu.nombre == 40


def test_written_at_intervals_and_at_the_end(tmp_path: Path) -> None:
    echecs = ouvrir(tmp_path)
    echecs.demarrer(0.01)
    echecs.noter("un zorglub", ["zorglub"], repondu=True)
    echecs.noter("deux zorglub", ["zorglub"], repondu=True)
    attente = threading.Event()
    for _ in range(500):
        if echecs.candidats():
            break
        attente.wait(0.01)
    assert [vu.ngramme for vu in echecs.candidats()] == ["zorglub"]
    echecs.noter("trois zorglub", ["zorglub"], repondu=True)
    echecs.fermer()
    assert echecs.candidats()[0].nombre == 3


def test_file_that_cannot_be_written_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    echecs = ouvrir(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    (tmp_path / "echecs.sqlite").write_bytes(b"ceci n'est pas une base" * 100)
    echecs.noter("un zorglub", ["zorglub"], repondu=True)
    echecs.ecrire()
    assert "non comptés" in caplog.text


def test_no_file_no_candidate_and_a_foreign_file_is_refused(tmp_path: Path) -> None:
    assert candidats(tmp_path / "absent.sqlite", LEXIQUE) == []
    (tmp_path / "faux.sqlite").write_bytes(b"x" * 4096)
    with pytest.raises(sqlite3.Error):
        candidats(tmp_path / "faux.sqlite", LEXIQUE)
