"""Writing: deterministic, idempotent, dry when asked, respectful of what a steward owns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from maillage.importation import Bilan, ErreurImport
from maillage.importation.ecriture import Bloc, chaine
from maillage.importation.publication import Fichier, publie

if TYPE_CHECKING:
    from conftest import Atelier

_CHEMIN = "donnees/acteurs/29/essai.ttl"


def _fichier(*codes: str, nom: str = "Essai") -> Fichier:
    blocs = [Bloc(f"acteur:{code}", "mlg:Acteur").ajoute("dcterms:identifier", chaine(nom)) for code in codes]
    return Fichier(_CHEMIN, "Essai.", blocs)


def test_the_same_sources_give_the_same_bytes(
    avec_territoires: Atelier, tous: Callable[[], list[Bilan]]
) -> None:
    tous()
    premiers = avec_territoires.contenus()
    bilans = [avec_territoires.importe("territoires"), *tous()]
    assert avec_territoires.contenus() == premiers
    assert all(b.fichiers_touches == [] and b.ajoutes == b.modifies == b.retires == 0 for b in bilans)
    assert all(b.inchanges > 0 for b in bilans)


def test_a_dry_run_counts_the_same_and_writes_nothing(atelier: Atelier) -> None:
    essai = atelier.importe("territoires", essai=True)
    assert atelier.contenus() == {}
    assert essai.phrases()[-1] == "Essai : rien n'a été écrit."
    vrai = atelier.importe("territoires")
    assert (essai.ajoutes, essai.fichiers_touches) == (vrai.ajoutes, vrai.fichiers_touches)


def test_a_change_in_the_source_is_counted(avec_territoires: Atelier) -> None:
    avec_territoires.remplace("communes.json", '"population": 64385', '"population": 64999')
    bilan = avec_territoires.importe("territoires", essai=True)
    assert (bilan.ajoutes, bilan.modifies, bilan.retires) == (0, 1, 0)
    assert bilan.fichiers_touches == ["donnees/territoires/communes/29.ttl"]


def test_a_file_of_a_steward_is_never_replaced(tmp_path: Path) -> None:
    cible = tmp_path / _CHEMIN
    cible.parent.mkdir(parents=True)
    cible.write_text("# Mon fichier.\n", encoding="utf-8")
    with pytest.raises(ErreurImport, match="appartient à un intendant"):
        publie("essai", [_fichier("a")], [_CHEMIN], tmp_path, False)
    assert cible.read_text(encoding="utf-8") == "# Mon fichier.\n"


def test_a_file_no_longer_made_is_removed_but_not_that_of_a_steward(tmp_path: Path) -> None:
    publie("essai", [_fichier("a", "b")], ["donnees/acteurs/*/*.ttl"], tmp_path, False)
    intendant = tmp_path / "donnees/acteurs/29/ajouts.ttl"
    intendant.write_text("# Mon fichier.\n", encoding="utf-8")
    bilan = publie("essai", [], ["donnees/acteurs/*/*.ttl"], tmp_path, False)
    assert (bilan.retires, bilan.fichiers_touches) == (2, [_CHEMIN])
    assert intendant.exists() and not (tmp_path / _CHEMIN).exists()


def test_changes_are_counted_by_subject(tmp_path: Path) -> None:
    publie("essai", [_fichier("a", "b")], [_CHEMIN], tmp_path, False)
    bilan = publie("essai", [_fichier("b", "c", nom="Autre")], [_CHEMIN], tmp_path, False)
    assert (bilan.ajoutes, bilan.modifies, bilan.inchanges, bilan.retires) == (1, 1, 0, 1)


def test_invalid_turtle_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    mauvais = Fichier("donnees/mauvais.ttl", "Essai.", [Bloc("acteur:a").ajoute("dcterms:identifier", '"a')])
    with pytest.raises(ErreurImport, match="invalide"):
        publie("essai", [_fichier("a"), mauvais], [], tmp_path, False)
    assert not (tmp_path / "donnees").exists()
