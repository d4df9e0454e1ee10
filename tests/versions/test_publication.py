"""Publishing: what each attempt leaves behind, and that no death in the middle loses anything."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import corpus_essai
from maillage.commande.cli import main
from maillage.config import Settings
from maillage.requetes.requete import EnteteInvalide
from maillage.versions.instantane import ConstructionEnCours, InstantaneRefuse, courant, versions
from maillage.versions.publication import TENTATIVE, TENTATIVE_RAPPORT, derniere, publier

ACTEURS = "donnees/acteurs/essai.ttl"
NAUFRAGE = Path(__file__).with_name("naufrage.py")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return corpus_essai.poser(tmp_path / "corpus")


def test_published_then_nothing_to_publish_then_refused_then_repaired(settings: Settings) -> None:
    dossier = settings.dossier_instantanes
    assert derniere(dossier) is None
    done = publier(settings)
    assert (done.resultat, done.conforme, done.version) == ("publiee", True, courant(dossier).name)
    assert derniere(dossier) == done and done.debut <= done.fin
    assert publier(settings).resultat == "a-jour" and len(versions(dossier)) == 1
    corpus_essai.ecrire(settings.racine, ACTEURS, corpus_essai.SANS_NOM)
    with pytest.raises(InstantaneRefuse):
        publier(settings)
    refused = derniere(dossier)
    assert refused is not None
    assert (refused.resultat, refused.conforme, refused.version) == ("refusee", False, done.version)
    assert refused.erreurs == 1 and refused.constats[0]["message"]
    report = json.loads((dossier / TENTATIVE_RAPPORT).read_text(encoding="utf-8"))
    assert (report["conforme"], report["erreurs"]) == (False, 1)
    corpus_essai.ecrire(settings.racine, ACTEURS, corpus_essai.BON)
    assert publier(settings).resultat == "a-jour"
    report = json.loads((dossier / TENTATIVE_RAPPORT).read_text(encoding="utf-8"))
    assert report["conforme"] is True
    assert publier(settings, forcer=True).resultat == "publiee"


def test_an_unreadable_query_is_an_attempt_that_failed(settings: Settings) -> None:
    before = publier(settings).version
    queries = settings.racine / "requetes"
    target = queries.resolve()
    queries.unlink()
    queries.mkdir()
    for path in target.iterdir():
        (queries / path.name).symlink_to(path)
    (queries / "libelles.rq").unlink()
    (queries / "libelles.rq").write_text("SELECT * { ?s ?p }", encoding="utf-8")
    with pytest.raises(EnteteInvalide):
        publier(settings)
    failed = derniere(settings.dossier_instantanes)
    assert failed is not None and failed.cause == "requete"
    assert (failed.resultat, failed.conforme, failed.version) == ("echouee", None, before)


@pytest.mark.parametrize("texte", ["", "[]", '{"autre": 1}'])
def test_an_account_that_cannot_be_read_is_none(settings: Settings, texte: str) -> None:
    settings.dossier_instantanes.mkdir(parents=True)
    (settings.dossier_instantanes / TENTATIVE).write_text(texte, encoding="utf-8")
    assert derniere(settings.dossier_instantanes) is None


def test_the_command_has_exit_codes_for_a_scheduled_job(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAILLAGE_RACINE", str(settings.racine))

    def code(*arguments: str) -> int:
        with pytest.raises(SystemExit) as end:
            main(["publier", *arguments])
        assert isinstance(end.value.code, int)
        return end.value.code

    assert code() == 0 and "Version 000001-" in capsys.readouterr().out
    assert code("--attendre") == 0 and "à jour" in capsys.readouterr().out
    corpus_essai.ecrire(settings.racine, ACTEURS, corpus_essai.SANS_POINT)
    assert code() == 2 and f"{ACTEURS}:" in capsys.readouterr().err
    corpus_essai.ecrire(settings.racine, ACTEURS, corpus_essai.BON + "# relu\n")
    with (settings.dossier_instantanes / ".verrou").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert code() == 3 and "en cours" in capsys.readouterr().err
        with pytest.raises(ConstructionEnCours):
            publier(settings)
    assert code() == 0 and "Version 000002-" in capsys.readouterr().out


@pytest.mark.longue
@pytest.mark.parametrize(("voie", "pas"), [("neuve", 3), ("suivie", 7)])
def test_killed_at_any_moment_the_last_good_version_is_served(
    settings: Settings, voie: str, pas: int
) -> None:
    """Before changes of the folders, one in a few, then at random moments; with MAILLAGE_NAUFRAGE=60, before
    each of them, then at sixty moments."""
    many = os.environ.get("MAILLAGE_NAUFRAGE")
    done = subprocess.run(
        [
            sys.executable,
            str(NAUFRAGE),
            str(settings.racine),
            voie,
            many or "4",
            "1" if many else str(pas),
            "20131",
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(NAUFRAGE.parents[1]), *sys.path])},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    seen = json.loads(done.stdout)
    assert (seen["fautes"], seen["dernier"], seen["restes"]) == ([], 0, [])
    assert seen["gestes"] >= 7 and seen["tues"] >= 5, seen
    assert (seen["suivies"] > 0) is (voie == "suivie"), seen
