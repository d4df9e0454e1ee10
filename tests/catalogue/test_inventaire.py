"""A dataset changes on the day its statements do, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus_essai import BON, ecrire, poser
from maillage.catalogue.depot import Depot
from maillage.catalogue.fabrique import Fabrique
from maillage.catalogue.inventaire import Compte
from maillage.catalogue.jeux import lire_offre
from maillage.config import Settings
from maillage.requetes.recueil import Requetes
from maillage.versions.instantane import REQUETES, charger, construire, courant

CATALOGUE = """
<https://w3id.org/maillage/catalogue> a dcat:Catalog ; dcterms:title "Essai"@fr ;
    dcat:dataset jeu:acteurs , jeu:lieux .
jeu:acteurs a dcat:Dataset ; dcterms:identifier "acteurs" ; mlg:dossierCorpus "donnees/acteurs/" ;
    mlg:nomFichier "acteurs" ; mlg:formatPropose format:nt .
jeu:lieux a dcat:Dataset ; dcterms:identifier "lieux" ; mlg:dossierCorpus "donnees/territoires/" ;
    mlg:nomFichier "lieux" ; mlg:formatPropose format:nt .
format:nt a mlg:FormatFichier ; dcterms:identifier "nt" .
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = poser(tmp_path)
    ecrire(tmp_path, "donnees/catalogue.ttl", CATALOGUE)
    construire(settings)
    return settings


def comptes(settings: Settings) -> dict[str, Compte]:
    """The inventory of the version in service."""
    return Depot(courant(settings.dossier_instantanes)).inventaire()


def test_only_what_changes_is_modified(settings: Settings) -> None:
    before = comptes(settings)
    assert before["acteurs"].modifie and before["acteurs"].triples > 0
    ecrire(settings.racine, "donnees/acteurs/essai.ttl", BON.replace("Acteur d'essai", "Autre nom"))
    construire(settings)
    after = comptes(settings)
    assert after["lieux"].modifie == before["lieux"].modifie
    assert after["acteurs"].modifie >= before["acteurs"].modifie
    assert after["acteurs"].empreinte != before["acteurs"].empreinte


def test_publishing_the_same_data_changes_no_date(settings: Settings) -> None:
    before = comptes(settings)
    construire(settings)
    assert {code: one.modifie for code, one in comptes(settings).items()} == {
        code: one.modifie for code, one in before.items()
    }


def test_a_lost_or_broken_journal_is_written_again(settings: Settings) -> None:
    comptes(settings)
    (settings.dossier_instantanes / "jeux.json").write_text("{", encoding="utf-8")
    construire(settings)
    assert comptes(settings)["lieux"].modifie


def test_files_of_a_version_go_with_it(settings: Settings) -> None:
    first = courant(settings.dossier_instantanes)
    Fabrique(first).tout()
    assert (Fabrique(first).dossier / "acteurs.nt.zst").is_file()
    for _ in range(3):
        construire(settings)
    assert not first.exists()


def test_a_corpus_without_catalogue_offers_nothing(tmp_path: Path) -> None:
    settings = poser(tmp_path)
    version = construire(settings)
    entrepot, manifeste = charger(version)
    assert lire_offre(Requetes(version / REQUETES), entrepot, manifeste.graphes).fichiers == {}
