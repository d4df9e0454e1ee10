"""Personal data: what is refused, with its reason; what was removed never comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from maillage.commande.cli import main
from maillage.importation.lecture import ErreurImport
from maillage.sources.personnes import Gardien, empreinte, est_mobile
from maillage.sources.retrait import retire

NOMS = "Comité départemental olympique et sportif du Finistère CDOS 29 Quimper finistereolympique.com"


@pytest.fixture
def gardien(modele: Path) -> Gardien:
    return Gardien(modele, "annuaire")


@pytest.mark.parametrize(
    "adresse",
    [
        "contact@exemple.fr",
        "mairie.quimper@wanadoo.fr",
        "quimper@exemple.fr",
        "cdos29@exemple.fr",
        "finistere@franceolympique.com",
        "secretariat-general@exemple.fr",
        "sie.quimper@dgfip.finances.gouv.fr",
    ],
)
def test_an_address_of_a_function_passes(gardien: Gardien, adresse: str) -> None:
    assert gardien.courriel(adresse, NOMS) is None


@pytest.mark.parametrize(
    "adresse", ["jeanne.martin@exemple.fr", "jmartin@exemple.fr", "j.martin@cdos29.fr", "jeanne@quimper.fr"]
)
def test_an_address_that_may_be_a_persons_is_refused_and_masked(gardien: Gardien, adresse: str) -> None:
    refus = gardien.courriel(adresse, NOMS)
    assert refus is not None
    assert "personne" in refus.raison
    assert "martin" not in refus.valeur
    assert refus.valeur.endswith("@" + adresse.partition("@")[2])


@pytest.mark.parametrize(
    "numero", ["06 12 34 56 78", "+33 (0)7.12.34.56.78", "0690 12 34 56", "+262 692 12 34 56"]
)
def test_a_mobile_number_is_refused(gardien: Gardien, numero: str) -> None:
    assert est_mobile(numero)
    refus = gardien.telephone(numero)
    assert refus is not None
    assert "mobile" in refus.raison
    assert "34" not in refus.valeur


@pytest.mark.parametrize("numero", ["02 98 00 00 00", "39 39", "0805 00 00 00", "+262 262 00 00 00"])
def test_a_line_of_a_body_passes(gardien: Gardien, numero: str) -> None:
    assert gardien.telephone(numero) is None


def test_a_source_may_be_allowed_with_its_legal_basis(modele: Path, tmp_path: Path) -> None:
    for part in (modele / "donnees/institutions").iterdir():
        cible = tmp_path / "donnees/institutions" / part.name
        cible.parent.mkdir(parents=True, exist_ok=True)
        cible.write_bytes(part.read_bytes())
    table = tmp_path / "donnees/institutions/donnees-personnelles.csv"
    table.write_text(table.read_text() + "annuaire,mobile,intérêt légitime,2026-11-23,registre n° 4\n")
    assert Gardien(tmp_path, "annuaire").telephone("06 12 34 56 78") is None
    assert Gardien(tmp_path, "autre").telephone("06 12 34 56 78") is not None


def test_a_removed_value_leaves_the_files_and_never_comes_back(
    atelier: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (atelier.racine / "ontologie").mkdir()
    monkeypatch.setenv("MAILLAGE_RACINE", str(atelier.racine))
    numero = "02 98 27 75 30"
    assert (
        main_code(["retirer", "mairie-29001-01", "--valeur", numero, "--raison", "demande du 23 novembre"])
        == 0
    )
    assert "Retirée de donnees/acteurs/29/annuaire-2019.ttl." in capsys.readouterr().out
    assert numero not in atelier.lit("donnees/acteurs/29/annuaire-2019.ttl")
    gardes = atelier.lit("donnees/institutions/retraits.csv")
    assert numero not in gardes
    assert empreinte(numero) in gardes
    proposition = atelier.accepte("tout")
    assert numero not in atelier.lit("donnees/acteurs/29/annuaire-2026-08-03.ttl")
    assert any("retirée à la demande" in e.raison for e in proposition.bilan.ecartes)


def main_code(arguments: list[str]) -> int:
    """Exit code of the command."""
    with pytest.raises(SystemExit) as sortie:
        main(arguments)
    return int(sortie.value.code or 0)


def test_a_file_kept_by_hand_is_named(atelier: Any) -> None:
    chemin = atelier.racine / "donnees/acteurs/29/main.ttl"
    chemin.write_text(
        "@prefix acteur: <https://w3id.org/maillage/acteur/> .\n@prefix schema: <https://schema.org/> .\n\n"
        'acteur:mairie-29001-01 schema:telephone "02 98 27 75 30" .\n'
    )
    fait = retire(atelier.racine, "mairie-29001-01", "0298277530", "2026-11-23", "demande")
    assert fait.a_la_main == ["donnees/acteurs/29/main.ttl"]
    assert fait.recrits == ["donnees/acteurs/29/annuaire-2019.ttl"]


@pytest.mark.parametrize(("acteur", "valeur"), [("inconnu", "02"), ("mairie-29001-01", " - ")])
def test_a_removal_of_nothing_is_refused(atelier: Any, acteur: str, valeur: str) -> None:
    with pytest.raises(ErreurImport):
        retire(atelier.racine, acteur, valeur, "2026-11-23", "demande")
