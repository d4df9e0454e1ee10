"""The journal of changes: kept from version to version, only added to, whole when versions are pruned."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, parse

import corpus_essai
from corpus_essai import BON
from maillage.changements.etats import Etats, nom, triples
from maillage.changements.journal import FICHIER, Journal, JournalAbsent, RepereInconnu
from maillage.changements.tenue import tenir
from maillage.config import Settings
from maillage.namespaces import BASE, PREFIXES
from maillage.versions.historique import toutes
from maillage.versions.instantane import DIFFERENCES, GARDEES, GRAPHES, construire, courant

ACTEURS = "donnees/acteurs/essai.ttl"
UN = PREFIXES["acteur"] + "un"
BREST = BON.replace('"Quimper"', '"Brest"')
DEUX = BON + '\nacteur:deux a mlg:Acteur ; skos:prefLabel "Deux"@fr .\n'


def publier(settings: Settings, acteurs: str) -> str:
    corpus_essai.ecrire(settings.racine, ACTEURS, acteurs)
    return construire(settings).name


@pytest.fixture(scope="module")
def histoire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Five versions, each noted when it came: an address changes, an actor comes, goes."""
    settings = corpus_essai.poser(tmp_path_factory.mktemp("journal") / "corpus")
    for acteurs in (BON, BREST, DEUX, BON, BON):
        publier(settings, acteurs)
        assert tenir(settings.dossier_instantanes)
    yield settings


def changes(journal: Journal, debut: int) -> list[tuple[str, str]]:
    members = journal.membres(debut, 10**6)
    return [(one.ressource.removeprefix(PREFIXES["acteur"]), one.etat) for one in members]


def test_it_begins_with_every_resource(histoire: Settings) -> None:
    journal = Journal(histoire.dossier_instantanes)
    first = journal.versions[0]
    members = journal.membres(first.debut, first.fin)
    assert {one.etat for one in members} == {"ajoutee"}
    named = {one.ressource for one in members}
    assert {UN, PREFIXES["commune"] + "29232", PREFIXES["mlg"] + "Acteur"} <= named
    assert all(one.iri == f"{BASE}version/{first.nom}/{one.ressource.removeprefix(BASE)}" for one in members)


def test_each_version_adds_what_it_changed(histoire: Settings) -> None:
    journal = Journal(histoire.dossier_instantanes)
    assert changes(journal, journal.versions[0].fin) == [
        ("un", "modifiee"),
        ("deux", "ajoutee"),
        ("un", "modifiee"),
        ("deux", "retiree"),
    ]
    assert [one.fin - one.debut for one in journal.versions[1:]] == [1, 2, 1, 0]
    assert [one.nom for one in journal.versions] == list(toutes(histoire.dossier_instantanes))
    dates = [one.instant for one in journal.versions]
    assert dates == sorted(dates) and all(one.endswith("+00:00") for one in dates)


def test_a_state_is_what_the_version_said(histoire: Settings) -> None:
    version = courant(histoire.dossier_instantanes)
    with Etats(version / GRAPHES) as etats:
        alone = etats.de(UN)
        together = dict(etats.tous())
    assert together[UN] == alone and nom(alone) == "Acteur d'essai"
    assert etats_lus(alone) == graphe_de(version / GRAPHES)
    with Etats(version / GRAPHES) as etats:
        assert etats.de(PREFIXES["acteur"] + "personne") == b""
    old = Journal(histoire.dossier_instantanes).de_ressource(UN)[1]
    assert b'"Brest"' in old.contenu and len(toutes(histoire.dossier_instantanes)) > GARDEES


def etats_lus(etat: bytes) -> Dataset:
    found = Dataset(Quad(one.subject, one.predicate, one.object) for one in triples(etat, UN, "x"))
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def graphe_de(path: Path) -> Dataset:
    """The statements about the actor and its address, read in another way."""
    quads = list(parse(path.read_bytes(), RdfFormat.N_QUADS))
    wanted = [quad for quad in quads if quad.subject == NamedNode(UN)]
    wanted += [quad for quad in quads if quad.subject in {one.object for one in wanted}]
    own = [one for one in wanted if not str(one.subject).startswith(f"<{PREFIXES['commune']}")]
    own = [one for one in own if one.subject == NamedNode(UN) or str(one.subject).startswith("_:")]
    found = Dataset(Quad(one.subject, one.predicate, one.object) for one in own)
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def test_nothing_is_added_twice(histoire: Settings) -> None:
    before = Journal(histoire.dossier_instantanes).nombre
    assert not tenir(histoire.dossier_instantanes)
    assert Journal(histoire.dossier_instantanes).nombre == before


def test_a_reader_goes_on_from_where_it_was(histoire: Settings) -> None:
    journal = Journal(histoire.dossier_instantanes)
    for version in journal.versions:
        assert journal.rang_apres(version.nom) == version.fin
        assert journal.rang_apres(version.instant) <= version.debut
    assert journal.rang_apres(journal.repere(3)) == 3
    assert journal.rang_apres("2000-01") == 0
    assert journal.rang_apres("2999-01-01") == journal.nombre
    for wrong in ("000099-abcdef01", "hier", f"{journal.nom},999999", "autre,1"):
        with pytest.raises(RepereInconnu):
            journal.rang_apres(wrong)


def test_versions_that_nobody_noted_are_caught_up(tmp_path: Path) -> None:
    settings = corpus_essai.poser(tmp_path / "corpus")
    publier(settings, BON)
    tenir(settings.dossier_instantanes)
    for acteurs in (BREST, DEUX):
        publier(settings, acteurs)
    tenir(settings.dossier_instantanes)
    journal = Journal(settings.dossier_instantanes)
    assert [one.fin - one.debut for one in journal.versions[1:]] == [1, 2]
    for acteurs in (BON, BREST, BON, BREST, DEUX):
        publier(settings, acteurs)
    tenir(settings.dossier_instantanes)
    caught = Journal(settings.dossier_instantanes)
    assert caught.nom == journal.nom and caught.versions[-1].nom == courant(settings.dossier_instantanes).name
    assert caught.de_ressource(PREFIXES["acteur"] + "deux")[-1].etat == "ajoutee"


def test_versions_of_another_format_do_not_stop_it(tmp_path: Path) -> None:
    settings = corpus_essai.poser(tmp_path / "corpus")
    publier(settings, BON)
    tenir(settings.dossier_instantanes)
    for acteurs in (BREST, DEUX):
        publier(settings, acteurs)
    for name, path in toutes(settings.dossier_instantanes).items():
        if path != courant(settings.dossier_instantanes):
            manifest = path / "manifeste.json"
            manifest.write_text(manifest.read_text().replace('"format": ', '"format": 9'))
            assert name < courant(settings.dossier_instantanes).name
    tenir(settings.dossier_instantanes)
    journal = Journal(settings.dossier_instantanes)
    assert [one.fin - one.debut for one in journal.versions[1:]] == [1]
    assert changes(journal, journal.versions[0].fin) == [("deux", "ajoutee")]


def test_a_journal_that_cannot_go_on_begins_anew(tmp_path: Path) -> None:
    settings = corpus_essai.poser(tmp_path / "corpus")
    publier(settings, BON)
    tenir(settings.dossier_instantanes)
    first = Journal(settings.dossier_instantanes).nom
    for acteurs in (BREST, DEUX, BON, BREST):
        publier(settings, acteurs)
    for path in toutes(settings.dossier_instantanes).values():
        (path / DIFFERENCES).unlink(missing_ok=True)
    shutil.rmtree(toutes(settings.dossier_instantanes)[first])
    tenir(settings.dossier_instantanes)
    again = Journal(settings.dossier_instantanes)
    assert again.nom == courant(settings.dossier_instantanes).name != first
    assert len(again.versions) == 1


def test_without_a_journal(tmp_path: Path) -> None:
    with pytest.raises(JournalAbsent):
        Journal(tmp_path)
    assert not (tmp_path / FICHIER).exists()
