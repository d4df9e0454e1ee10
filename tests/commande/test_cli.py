"""The `maillage` command, run as a person runs it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

import corpus_essai
from maillage.commande.cli import main
from maillage.config import Settings
from maillage.corpus.corpus import read_corpus
from maillage.echecs import Echecs
from maillage.importation import IMPORTATEURS
from maillage.lexique import Lexique
from maillage.versions.instantane import LEXIQUE, construire, courant, versions

ACTEURS = "donnees/acteurs/essai.ttl"


@pytest.fixture(scope="session")
def modele_cli(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = corpus_essai.poser(tmp_path_factory.mktemp("cli") / "corpus")
    construire(settings)
    return settings.racine


@pytest.fixture
def corpus(modele_cli: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    racine = Path(shutil.copytree(modele_cli, tmp_path / "corpus", symlinks=True))
    monkeypatch.setenv("MAILLAGE_RACINE", str(racine))
    return racine


class Appel:
    """Runs the command in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        out, err = self._capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err


@pytest.fixture
def maillage(capsys: pytest.CaptureFixture[str]) -> Appel:
    return Appel(capsys)


COMMANDES = [
    "servir",
    "construire",
    "publier",
    "comparer",
    "formater",
    "inconnus",
    "valider",
    "chercher",
    "importer",
    "exporter",
    "tableur",
]


@pytest.mark.parametrize("option", ["--aide", "--help", "-h"])
def test_help_is_french_and_lists_every_command(maillage: Appel, option: str) -> None:
    code, out, _ = maillage(option)
    assert code == 0
    assert all(f"  {commande} " in out for commande in COMMANDES)
    assert "Codes de sortie" in out


@pytest.mark.parametrize("commande", COMMANDES)
def test_each_command_has_its_help_without_an_english_word(maillage: Appel, commande: str) -> None:
    code, out, _ = maillage(commande, "--aide")
    assert (code, out.startswith(f"Emploi : maillage {commande}")) == (0, True)
    assert not {"Usage", "Show", "default", "required", "int", "str", "path"} & set(
        out.replace("<", " ").split()
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Il manque la commande"),
        (["zut"], "Commande inconnue : 'zut'"),
        (["chercher"], "Il manque : 'question'"),
        (["valider", "--zut"], "--zut"),
        (["valider", "trop"], "En trop : (trop)"),
        (["valider", "--format", "pdf"], "'--format' : <texte|json|sarif|junit|html|ttl|svg> attendu"),
        (["servir", "--port", "abc"], "'--port' : <nombre> attendu"),
        (["servir", "--port", "70000"], "'--port'"),
        (["chercher", "x", "--langue", "de"], "<fr|en> attendu"),
        (["importer", "zut"], "Source « zut » inconnue"),
        (["chercher", "   "], "Question"),
        (["chercher", "\x00\x07"], "Question"),
        (["chercher", "a" * 10_001], "10000"),
    ],
)
def test_a_wrong_call_is_one_sentence(corpus: Path, maillage: Appel, arguments: list[str], said: str) -> None:
    code, out, err = maillage(*arguments)
    assert (code, out) == (2, "")
    assert said in err.replace("\u202f", "").replace("\u00a0", "")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "commande", [["valider"], ["construire"], ["chercher", "x"], ["exporter"], ["servir"]]
)
def test_outside_a_corpus_the_cure_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maillage: Appel, commande: list[str]
) -> None:
    monkeypatch.setenv("MAILLAGE_RACINE", str(tmp_path))
    code, _, err = maillage(*commande)
    assert code == 3
    assert "MAILLAGE_RACINE" in err


def test_valider_says_yes(corpus: Path, maillage: Appel) -> None:
    code, out, _ = maillage("valider", "--strict")
    assert (code, "Conforme" in out) == (0, True)


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_valider_places_an_error(corpus: Path, maillage: Appel, langue: str) -> None:
    corpus_essai.ecrire(corpus, ACTEURS, corpus_essai.SANS_NOM)
    code, out, _ = maillage("valider", "--langue", langue)
    word, message = {"fr": ("erreur", "Un acteur a un nom."), "en": ("error", "An actor has a name.")}[langue]
    line = (
        (corpus / ACTEURS)
        .read_text(encoding="utf-8")
        .splitlines()
        .index(corpus_essai.SANS_NOM.splitlines()[-1])
    )
    assert code == 2
    colon = {"fr": " :", "en": ":"}[langue]
    assert f"{ACTEURS}:{line + 1}:1{colon} {word} " in out
    assert message in out


def test_valider_gives_json(corpus: Path, maillage: Appel) -> None:
    corpus_essai.ecrire(corpus, ACTEURS, corpus_essai.SANS_POINT)
    code, out, _ = maillage("valider", "--format", "json")
    report = json.loads(out)
    assert (code, report["conforme"], report["erreurs"] > 0) == (2, False, True)
    assert report["constats"][0]["lieu"]["fichier"] == ACTEURS


def test_valider_counts_an_unreadable_file_apart(corpus: Path, maillage: Appel) -> None:
    (corpus / "donnees" / "casse.ttl").write_bytes("« été »".encode("utf-16"))
    code, out, _ = maillage("valider")
    assert (code, "casse.ttl" in out) == (3, True)


def test_construire_tells_the_version_and_keeps_the_last_good_one(corpus: Path, maillage: Appel) -> None:
    settings = Settings()
    assert maillage("construire", "--si-besoin")[:2] == (0, "L'instantané en service est à jour.\n")
    code, out, _ = maillage("construire")
    last = courant(settings.dossier_instantanes)
    assert (code, last.name in out, last.name[:6]) == (0, True, "000002")
    corpus_essai.ecrire(corpus, ACTEURS, corpus_essai.SANS_POINT)
    code, out, err = maillage("construire")
    assert (code, out) == (2, "")
    assert f"{ACTEURS}:" in err
    assert "la version en service reste" in err
    assert courant(settings.dossier_instantanes) == last


def test_construire_on_a_full_or_forbidden_disk_is_said(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maillage: Appel
) -> None:
    (tmp_path / "fichier").write_text("")
    monkeypatch.setenv("MAILLAGE_INSTANTANES", str(tmp_path / "fichier" / "dedans"))
    code, _, err = maillage("construire")
    assert (code, "fichier" in err, "Traceback" in err) == (3, True, False)


def test_chercher_without_a_snapshot_says_what_to_do(corpus: Path, maillage: Appel) -> None:
    shutil.rmtree(Settings().dossier_instantanes)
    code, _, err = maillage("chercher", "paie")
    assert (code, "maillage construire" in err) == (3, True)


@pytest.mark.parametrize("suffixe", ["nq", "trig", "nt", "ttl", "rdf", "jsonld"])
def test_every_export_reads_back_as_the_corpus(
    corpus: Path, tmp_path: Path, maillage: Appel, suffixe: str
) -> None:
    target = tmp_path / f"export.{suffixe}"
    code, out, _ = maillage("exporter", "--format", suffixe, "--sortie", str(target))
    assert (code, out) == (0, "")
    forme = RdfFormat.from_extension(suffixe)
    assert forme is not None
    assert len({*parse(path=target, format=forme)}) == len({*read_corpus(corpus).quads()})


def test_an_export_may_hold_what_is_derived(corpus: Path, tmp_path: Path, maillage: Appel) -> None:
    target = tmp_path / "tout.nq"
    maillage("exporter", "--format", "nq", "--deduits", "--sortie", str(target))
    assert "graphe/derive> ." in target.read_text(encoding="utf-8")


def test_an_export_nobody_reads_to_its_end_is_quiet(corpus: Path) -> None:
    command = f"{sys.executable} -m maillage exporter --format nq | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr


def test_importer_lists_its_sources(maillage: Appel) -> None:
    code, out, _ = maillage("importer", "liste")
    assert code == 0
    assert all(f"maillage importer {nom}" in out for nom in IMPORTATEURS)


def test_importer_refuses_a_missing_file(corpus: Path, maillage: Appel) -> None:
    code, _, err = maillage("importer", "opco", "absent.json", "absent.csv")
    assert code in (2, 3)
    assert "Traceback" not in err


def test_servir_answers_and_survives_a_bad_edit(corpus: Path) -> None:
    before = versions(Settings().dossier_instantanes)
    corpus_essai.ecrire(corpus, ACTEURS, corpus_essai.SANS_POINT)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "maillage", "servir", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ.copy()) as process:
        try:
            health = _attendre(f"http://127.0.0.1:{port}/sante", process)
        finally:
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
    assert health["version"] == before[0].name
    assert f"{ACTEURS}:" in err
    assert "La version précédente est servie" in err
    assert "Traceback" not in err


def test_servir_on_a_taken_port_is_said(corpus: Path, maillage: Appel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = maillage("servir", "--port", str(taken.getsockname()[1]))
    assert (code, "--port" in err) == (3, True)


def _attendre(adresse: str, process: subprocess.Popen[str]) -> dict[str, object]:
    limit = time.monotonic() + 60
    while time.monotonic() < limit and process.poll() is None:
        try:
            answer: dict[str, object] = httpx.get(adresse).raise_for_status().json()
            return answer
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the server did not start")


def test_unknown_words_are_shown_after_two_questions(maillage: Appel, corpus: Path) -> None:
    assert maillage("inconnus")[:2] == (0, "Aucun mot inconnu dans au moins deux questions.\n")
    settings = Settings()
    assert settings.fichier_echecs is not None
    lexique = Lexique.lire(courant(settings.dossier_instantanes) / LEXIQUE)
    echecs = Echecs(settings.fichier_echecs, lexique)
    for question in ("un trampoline pour Quimper", "notre trampoline est usé"):
        echecs.noter(question, ["trampoline"], repondu=False)
    echecs.fermer()
    code, out, _ = maillage("inconnus")
    assert code == 0 and out.startswith("« trampoline » : 2 questions, dont 2 sans réponse")


def test_unknown_words_not_counted_are_said_so(
    maillage: Appel, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLAGE_ECHECS", "")
    code, _, err = maillage("inconnus")
    assert code == 3 and "MAILLAGE_ECHECS" in err
