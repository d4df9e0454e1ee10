"""Snapshots: what a version holds, what refuses it, what a crash leaves."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import corpus_essai
from maillage.config import Settings
from maillage.corpus.corpus import read_corpus
from maillage.lexique.contenu import FICHIERS
from maillage.namespaces import GRAPHE_DERIVE, GRAPHE_REQUETES
from maillage.versions import instantane
from maillage.versions.instantane import (
    SERVIS,
    ConstructionEnCours,
    InstantaneAbsent,
    InstantaneAltere,
    InstantaneRefuse,
    a_jour,
    charger,
    charger_courant,
    construire,
    courant,
    versions,
)
from maillage.versions.manifeste import FORMAT, lire_manifeste

ACTEURS = "donnees/acteurs/essai.ttl"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return corpus_essai.poser(tmp_path / "corpus")


@pytest.fixture(scope="session")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus already built once, to copy."""
    settings = corpus_essai.poser(tmp_path_factory.mktemp("modele") / "corpus")
    construire(settings)
    return settings.racine


@pytest.fixture
def construit(modele: Path, tmp_path: Path) -> Settings:
    return Settings(racine=Path(shutil.copytree(modele, tmp_path / "corpus", symlinks=True)))


def restes(settings: Settings) -> list[str]:
    return [path.name for path in settings.dossier_instantanes.glob(".construction-*")]


def test_a_version_holds_all_that_was_read_and_derived(settings: Settings) -> None:
    seen: list[tuple[int, int, str]] = []
    version = construire(settings, lambda *step: seen.append(step))
    entrepot, manifeste = charger(version)
    asserted = set(read_corpus(settings.racine).quads())
    loaded = {quad for name in entrepot.graphes() for quad in entrepot.quads(name)}
    assert asserted < loaded
    derived, declared = (list(entrepot.quads(name)) for name in (GRAPHE_DERIVE, GRAPHE_REQUETES))
    assert len(asserted) + len(derived) + len(declared) == len(loaded) and derived and declared
    assert manifeste.triples == {
        "saisis": len(asserted),
        "deduits": len(derived),
        "declares": len(declared),
    }
    assert entrepot.demande(
        "ASK { ?acteur <http://www.w3.org/ns/org#classification> ?t ; ?p ?a . ?a ?q 'Quimper' }"
    )
    assert {done for done, _, _ in seen} == set(range(seen[0][1] + 1))


def test_the_manifest_says_what_when_and_from_what(construit: Settings) -> None:
    version = courant(construit.dossier_instantanes)
    manifeste = lire_manifeste(version)
    assert manifeste.version == version.name == f"000001-{manifeste.empreinte[:8]}"
    assert manifeste.empreinte == read_corpus(construit.racine).empreinte
    age = datetime.now(UTC) - datetime.fromisoformat(manifeste.date)
    assert timedelta(0) <= age < timedelta(hours=1)
    queries = {f"requetes/{path.name}" for path in corpus_essai.REQUETES.glob("*.rq")}
    words = {f"lexique/{name}" for name in FICHIERS}
    others = {"couverture.json", "matrices.json", "rapport.json"}
    assert set(manifeste.fichiers) == {*SERVIS, *others} | words | queries
    assert sum(manifeste.graphes.values()) == manifeste.triples["saisis"]
    assert json.loads((version / "rapport.json").read_text(encoding="utf-8"))["conforme"] is True


def test_the_same_corpus_gives_the_same_files(construit: Settings) -> None:
    first = lire_manifeste(courant(construit.dossier_instantanes))
    second = lire_manifeste(construire(construit))
    assert (first.numero, second.numero) == (1, 2)
    assert (first.fichiers["graphes.nq"], first.fichiers["derive.nq"]) == (
        second.fichiers["graphes.nq"],
        second.fichiers["derive.nq"],
    )


def test_old_versions_go_and_the_current_one_stays(construit: Settings) -> None:
    for _ in range(instantane.GARDEES + 1):
        last = construire(construit)
    kept = versions(construit.dossier_instantanes)
    assert len(kept) == instantane.GARDEES
    assert kept[0] == last == courant(construit.dossier_instantanes)


@pytest.mark.parametrize("texte", [corpus_essai.SANS_POINT, corpus_essai.SANS_NOM])
def test_a_bad_edit_is_refused_and_the_version_in_service_stays(construit: Settings, texte: str) -> None:
    before = courant(construit.dossier_instantanes)
    corpus_essai.ecrire(construit.racine, ACTEURS, texte)
    with pytest.raises(InstantaneRefuse) as refused:
        construire(construit)
    errors = [one for one in refused.value.rapport.constats if one.gravite == "erreur"]
    assert {one.lieu.fichier for one in errors} == {ACTEURS}
    assert all(one.lieu.ligne > 0 and one.message.fr and one.message.en for one in errors)
    assert courant(construit.dossier_instantanes) == before
    assert (versions(construit.dossier_instantanes), restes(construit)) == ([before], [])
    charger(before)


def test_a_repaired_corpus_is_built_again(construit: Settings) -> None:
    corpus_essai.ecrire(construit.racine, ACTEURS, corpus_essai.SANS_POINT)
    with pytest.raises(InstantaneRefuse):
        construire(construit)
    corpus_essai.ecrire(
        construit.racine, ACTEURS, corpus_essai.BON + "\nacteur:un mlg:remarque 'Revu.'@fr .\n"
    )
    entrepot, _ = charger(construire(construit))
    assert entrepot.demande("ASK { ?s ?p 'Revu.'@fr }")


TUEUR = """
import os, signal, sys
from pathlib import Path
from maillage.config import Settings
from maillage.versions.instantane import construire
def tuer(done, total, stage):
    if done == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
construire(Settings(racine=Path(sys.argv[1])), tuer)
"""


@pytest.mark.longue
@pytest.mark.parametrize("etape", [0, 3, 7])
def test_a_killed_build_leaves_the_version_in_service(construit: Settings, etape: int) -> None:
    before = courant(construit.dossier_instantanes)
    command = [sys.executable, "-c", TUEUR, str(construit.racine), str(etape)]
    assert subprocess.run(command, check=False, timeout=120).returncode == -9
    assert restes(construit) != []
    assert charger_courant(construit.dossier_instantanes)[0] == before
    after = construire(construit)
    assert (courant(construit.dossier_instantanes), restes(construit)) == (after, [])


def test_a_failure_between_the_two_renames_leaves_the_version_in_service(
    construit: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, replace, calls = courant(construit.dossier_instantanes), os.replace, []

    def fail_at_second(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        replace(source, target)

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(os, "replace", fail_at_second)
        construire(construit)
    assert courant(construit.dossier_instantanes) == before
    assert (construire(construit).name[:6], restes(construit)) == ("000003", [])


def test_an_altered_version_is_not_loaded(construit: Settings) -> None:
    version = courant(construit.dossier_instantanes)
    with (version / "graphes.nq").open("a", encoding="utf-8") as file:
        file.write("<urn:a> <urn:b> <urn:c> .\n")
    with pytest.raises(InstantaneAltere, match=r"graphes\.nq"):
        charger(version)
    with pytest.raises(InstantaneAbsent, match="intact"):
        charger_courant(construit.dossier_instantanes)


def test_an_altered_version_gives_way_to_the_one_before(construit: Settings) -> None:
    first, second = courant(construit.dossier_instantanes), construire(construit)
    (second / "derive.nq").unlink()
    version, entrepot, manifeste = charger_courant(construit.dossier_instantanes)
    assert (version, manifeste.numero) == (first, 1)
    assert len(entrepot) > 0


@pytest.mark.parametrize("texte", ["", "{", "[]", '{"format": 1}', None])
def test_an_unreadable_manifest_is_said(construit: Settings, texte: str | None) -> None:
    path = courant(construit.dossier_instantanes) / "manifeste.json"
    if texte is None:
        path.unlink()
    else:
        path.write_text(texte, encoding="utf-8")
    with pytest.raises(InstantaneAltere, match=r"manifeste\.json"):
        lire_manifeste(path.parent)


def test_another_format_is_to_be_rebuilt(construit: Settings) -> None:
    path = courant(construit.dossier_instantanes) / "manifeste.json"
    text = path.read_text(encoding="utf-8").replace(f'"format": {FORMAT}', '"format": 0')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InstantaneAltere, match="reconstruire"):
        lire_manifeste(path.parent)
    assert a_jour(construit) is False


def test_without_a_snapshot_the_cure_is_said(tmp_path: Path) -> None:
    with pytest.raises(InstantaneAbsent, match="maillage construire"):
        charger_courant(tmp_path)


def test_one_build_at_a_time(construit: Settings) -> None:
    with (construit.dossier_instantanes / ".verrou").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(ConstructionEnCours):
            construire(construit)
    assert construire(construit).name.startswith("000002-")


def test_up_to_date_until_data_or_queries_change(construit: Settings) -> None:
    assert a_jour(construit) is True
    queries = construit.racine / "requetes"
    queries.unlink()
    shutil.copytree(corpus_essai.REQUETES, queries)
    assert a_jour(construit) is True
    (queries / "nouvelle.rq").write_text("#+ resume: x\n#+ summary: x\nASK {}", encoding="utf-8")
    assert a_jour(construit) is False
    construire(construit)
    assert a_jour(construit) is True
    corpus_essai.ecrire(construit.racine, ACTEURS, corpus_essai.BON + "\n# relu\n")
    assert a_jour(construit) is False


def test_outside_a_repository_there_is_no_revision(construit: Settings) -> None:
    assert lire_manifeste(courant(construit.dossier_instantanes)).revision == ""


def test_in_a_repository_the_commit_is_kept(construit: Settings) -> None:
    git = ["git", "-C", str(construit.racine), "-c", "user.name=essai", "-c", "user.email=essai@exemple.test"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "essai"], check=True)
    head = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    assert lire_manifeste(construire(construit)).revision == head
