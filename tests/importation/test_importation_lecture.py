"""Reading: bounds, encodings, and errors that say where."""

from __future__ import annotations

from pathlib import Path

import pytest

from maillage.importation import lecture
from maillage.importation.acteur import slug, telephone_lisible, url_lisible
from maillage.importation.lecture import (
    Enregistrement,
    ErreurImport,
    contient,
    lit_csv,
    lit_liste_json,
    lit_objet_json,
)


def _ecrit(dossier: Path, nom: str, contenu: bytes) -> Path:
    (dossier / nom).write_bytes(contenu)
    return dossier / nom


def test_csv_with_a_byte_order_mark_and_quoted_commas(tmp_path: Path) -> None:
    fichier = _ecrit(tmp_path, "a.csv", b'\xef\xbb\xbfnom,code\r\n"Quimper, ville",29232\r\n\r\n')
    (e,) = lit_csv(fichier, ("nom", "code"))
    assert (e.texte("nom"), e.entier("code"), e.facultatif("autre")) == ("Quimper, ville", 29232, "")


@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        (b"", "colonne absente : nom"),
        (b"nom,code\na,b,c\n", "ligne 2 : 3 champs au lieu de 2"),
        (b'nom,code\n"a,b\n', "CSV illisible"),
        ("nom,code\né,1\n".encode("latin-1"), "n'est pas en UTF-8"),
    ],
)
def test_a_bad_csv_is_refused(tmp_path: Path, contenu: bytes, attendu: str) -> None:
    with pytest.raises(ErreurImport, match=attendu):
        lit_csv(_ecrit(tmp_path, "a.csv", contenu), ("nom", "code"))


@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        (b'[{"a": 1},\n {"a": ]', "ligne 2, colonne"),
        (b'{"a": 1}', "une liste d'objets est attendue"),
        (b"[1]", "enregistrement 1 : un objet est attendu"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_a_bad_json_is_refused(tmp_path: Path, contenu: bytes, attendu: str) -> None:
    with pytest.raises(ErreurImport, match=attendu):
        lit_liste_json(_ecrit(tmp_path, "a.json", contenu))


def test_an_object_of_objects_gives_its_keys(tmp_path: Path) -> None:
    (e,) = lit_objet_json(_ecrit(tmp_path, "a.json", b'{"29": {"name": "FINISTERE"}}'), "code")
    assert (e.texte("code"), e.texte("name")) == ("29", "FINISTERE")


def test_a_missing_file_and_a_file_too_large_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ErreurImport, match="introuvable"):
        lit_csv(tmp_path / "absent.csv", ("nom",))
    monkeypatch.setattr(lecture, "TAILLE_MAX", 10)
    with pytest.raises(ErreurImport, match="dépasse"):
        lit_csv(_ecrit(tmp_path, "a.csv", b"nom\n" + b"a\n" * 10), ("nom",))


def test_too_many_records_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lecture, "ENREGISTREMENTS_MAX", 2)
    with pytest.raises(ErreurImport, match="plus de 2 enregistrements"):
        lit_csv(_ecrit(tmp_path, "a.csv", b"nom\na\nb\nc\n"), ("nom",))


@pytest.mark.parametrize("valeur", [["a"], 1.5, True])
def test_a_value_of_another_kind_says_record_and_field(valeur: object) -> None:
    with pytest.raises(ErreurImport, match=r"a\.json, enregistrement 3, champ « nom »"):
        Enregistrement("a.json", 3, {"nom": valeur}).texte("nom")


def test_words_are_found_side_by_side_only() -> None:
    assert contient("Crib - Ligue de l’Enseignement du Var", "ligue de l'enseignement")
    assert not contient("Progesport de Limoges", "prosport")


@pytest.mark.parametrize(
    ("adresse", "lisible"),
    [
        ("http://www.finistereolympique.com", True),
        ("https://www.ac-orleans-tours.fr/dsden28", True),
        ("https://exemple.fr?page=1", True),
        ("http://grand-est.direccte.gouv.frMarne", False),
        ("http://www.ac-amiens.frdsden02", False),
        ("https://www.artigues-pres-bordeaux.f", False),
        ("http://www.villelarochesuryon/jeunes", False),
        ("www.exemple.fr", False),
    ],
)
def test_web_addresses(adresse: str, lisible: bool) -> None:
    assert url_lisible(adresse) is lisible


@pytest.mark.parametrize(
    ("numero", "lisible"),
    [
        ("02 98 98 75 52", True),
        ("+262 2 62 49 41 00", True),
        ("0811 36 36 00", True),
        ("06 08 34 30 67 02 40", False),
    ],
)
def test_telephones(numero: str, lisible: bool) -> None:
    assert telephone_lisible(numero) is lisible


def test_an_identifier_becomes_a_readable_name() -> None:
    assert slug("mission_locale-2A004-01") == "mission-locale-2a004-01"
