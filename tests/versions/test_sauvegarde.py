"""The state of a service in one file, and back."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from client_http import ouvrir
from maillage.app import creer_app
from maillage.commande.cli import main
from maillage.config import Settings


@pytest.mark.longue
def test_a_service_restored_elsewhere_answers_the_same(
    racine_finistere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLAGE_RACINE", str(racine_finistere))
    fichier = tmp_path / "maillage.tar.gz"
    with ouvrir(creer_app(Settings())) as client:
        said = [client.get(path).json() for path in ("/changements.json", "/sante")]
        assert _code(["sauvegarder", str(fichier)]) == 0
    monkeypatch.setenv("MAILLAGE_INSTANTANES", str(tmp_path / "ailleurs" / "instantanes"))
    assert _code(["restaurer", str(fichier)]) == 0
    with ouvrir(creer_app(Settings())) as client:
        again = [client.get(path).json() for path in ("/changements.json", "/sante")]
    for document in (said[1], again[1]):
        document.pop("en_service_depuis")
        document.pop("derniere_tentative")
    assert again == said
    assert _code(["restaurer", str(fichier)]) == 2, "what is there stays"


def test_what_is_no_whole_backup_is_refused(
    racine_finistere: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MAILLAGE_RACINE", str(racine_finistere))
    fichier = tmp_path / "maillage.tar.gz"
    assert _code(["sauvegarder", str(fichier)]) == 0
    fichier.write_bytes(fichier.read_bytes()[:-2_000])
    autre = tmp_path / "autre.tar.gz"
    with tarfile.open(autre, "w:gz") as archive:
        archive.add(__file__, "instantanes/000001-abcdef/x.py")
    monkeypatch.setenv("MAILLAGE_INSTANTANES", str(tmp_path / "ailleurs" / "instantanes"))
    for path in (fichier, autre, Path(__file__)):
        capsys.readouterr()
        assert _code(["restaurer", str(path)]) == 2
        assert str(path) in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "ailleurs").iterdir()] == []


def _code(arguments: list[str]) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code
