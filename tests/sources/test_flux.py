"""Reading: whatever the file, a sentence says where, and what can be read is."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from maillage.importation.lecture import ErreurImport
from maillage.sources import flux
from maillage.sources.flux import Lecture, enregistrements, ouvre

RECORDS = [{"id": str(n), "nom": f"Organisme {n}", "pivot": [{"id": "x"}]} for n in range(5)]
BON = json.dumps({"service": RECORDS}, ensure_ascii=False).encode()


def lus(octets: bytes) -> tuple[list[str], Lecture]:
    lecture = Lecture("essai.json")
    return [str(e.valeurs["id"]) for e in enregistrements(io.BytesIO(octets), lecture, "service")], lecture


@pytest.mark.parametrize("octets", [BON, json.dumps(RECORDS).encode(), b"\xef\xbb\xbf" + BON, b"\n " + BON])
def test_reads_the_file_and_the_export(octets: bytes) -> None:
    ids, lecture = lus(octets)
    assert ids == ["0", "1", "2", "3", "4"]
    assert lecture.complet
    assert lecture.defauts == []


def test_a_cut_file_gives_what_it_holds_and_says_so() -> None:
    ids, lecture = lus(BON[: BON.index(b'"3"')])
    assert ids == ["0", "1", "2"]
    assert not lecture.complet


def test_a_file_cut_between_records_is_not_complete() -> None:
    ids, lecture = lus(BON[: BON.index(b', {"id": "3"')])
    assert ids == ["0", "1", "2"]
    assert not lecture.complet
    assert lecture.defauts == []


def test_a_broken_record_does_not_spoil_the_next() -> None:
    ids, lecture = lus(BON.replace(b'"nom": "Organisme 1"', b'"nom" "Organisme 1"'))
    assert ids == ["0", "2", "3", "4"]
    assert [d.identifiant for d in lecture.defauts] == ["essai.json, enregistrement 2"]
    assert lecture.complet


def test_a_broken_first_record_is_stepped_over() -> None:
    assert lus(BON.replace(b'"nom": "Organisme 0"', b'"nom" "Organisme 0"'))[0] == ["1", "2", "3", "4"]


def test_a_record_that_never_ends_is_dropped_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flux, "RECORD_MAX", 10_000)
    monkeypatch.setattr(flux, "TRANCHE", 1_000)
    ids, lecture = lus(BON.replace(b"Organisme 2", b"x" * 200_000))
    assert ids == ["0", "1", "3", "4"]
    assert "trop long" in lecture.defauts[0].raison


def test_bytes_that_are_not_utf8_name_the_field() -> None:
    ids, lecture = lus(BON.replace(b"Organisme 3", "Maison associée".encode("latin-1")))
    assert ids == ["0", "1", "2", "4"]
    assert lecture.defauts[0].raison == "champ « nom » : ce texte n'est pas en UTF-8"


@pytest.mark.parametrize(
    "octets", [b"", b"<html>", b'{"results": 3}', BON.decode().encode("utf-16"), b"null"]
)
def test_another_format_is_refused(octets: bytes) -> None:
    with pytest.raises(ErreurImport, match=r"essai\.json"):
        lus(octets)


def test_a_file_of_broken_records_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flux, "_DEFAUTS_MAX", 3)
    with pytest.raises(ErreurImport, match="rien n'est importé"):
        lus(json.dumps([1, 2, 3, 4, 5]).encode())


def test_the_archive_of_the_publisher(tmp_path: Path) -> None:
    chemin = tmp_path / "all_latest.tar.bz2"
    with tarfile.open(chemin, "w:bz2") as archive:
        for nom, octets in (("lisez.txt", b"rien"), ("2026-08-03_053120-data.gouv_local.json", BON)):
            membre = tarfile.TarInfo(nom)
            membre.size = len(octets)
            archive.addfile(membre, io.BytesIO(octets))
    with ouvre(chemin) as (brut, nom):
        lecture = Lecture(nom)
        assert len(list(enregistrements(brut, lecture, "service"))) == 5
    assert nom == "2026-08-03_053120-data.gouv_local.json"


@pytest.mark.parametrize("nom", ["vide.tar.bz2", "absent.json"])
def test_what_cannot_be_opened_is_said(tmp_path: Path, nom: str) -> None:
    (tmp_path / "vide.tar.bz2").write_bytes(b"BZh9 rien")
    with pytest.raises(ErreurImport, match=nom), ouvre(tmp_path / nom) as (brut, _):
        brut.read()


def test_too_much_once_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flux, "OCTETS_MAX", 100)
    with pytest.raises(ErreurImport, match="une fois décompressé"):
        lus(BON)
