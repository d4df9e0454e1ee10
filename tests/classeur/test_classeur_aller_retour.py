"""Export then import: nothing changes, and nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode

from maillage.classeur.comparaison import comparer
from maillage.classeur.etat import TYPE, Etat
from maillage.classeur.exportation import exporter
from maillage.classeur.importation import importer, ouvrir
from maillage.classeur.lecture import lire
from maillage.corpus.corpus import read_corpus
from maillage.namespaces import iri

FINISTERE = iri("departement", "29")


@pytest.mark.parametrize("nom", ["finistere.xlsx", "finistere.zip", "finistere"])
def test_what_is_exported_is_read_back_without_a_difference(etat: Etat, tmp_path: Path, nom: str) -> None:
    contenu = exporter(etat, tmp_path / nom, FINISTERE)
    lecture = lire(ouvrir(tmp_path / nom, etat.modele), etat)
    assert lecture.defauts == []
    assert len(lecture.lignes) == sum(map(len, contenu.values())) > 300
    assert {getattr(comparer(ligne, etat), "sorte", ligne) for ligne in lecture.lignes} == {"inchangee"}


@pytest.fixture(scope="module")
def finistere(etat: Etat, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("finistere") / "finistere.zip"
    exporter(etat, path, FINISTERE)
    return path


def test_rows_hold_the_values_of_the_graph(etat: Etat, finistere: Path) -> None:
    for ligne in lire(ouvrir(finistere, etat.modele), etat).lignes:
        assert ligne.valeurs == etat.valeurs(ligne.feuille, ligne.iri)


def test_every_value_of_finistere_is_covered(etat: Etat) -> None:
    actors = etat.acteurs(FINISTERE)
    lost = []
    for feuille in etat.modele.feuilles:
        for sujet in etat.sujets(feuille, actors):
            shown = {terme for termes in etat.valeurs(feuille, sujet).values() for terme in termes}
            lost += [one for one in _dits(etat, NamedNode(sujet)) if one not in shown]
    assert lost == []


def _dits(etat: Etat, sujet: NamedNode | BlankNode) -> Iterator[object]:
    for one in etat.dits(sujet):
        if isinstance(one.objet, BlankNode):
            yield from _dits(etat, one.objet)
        elif one.predicat != TYPE:
            yield one.objet


@pytest.mark.longue
def test_an_emptied_corpus_gets_the_same_graph_back(corpus: Path, finistere: Path, etat: Etat) -> None:
    covered = {
        sujet for feuille in etat.modele.feuilles for sujet in etat.sujets(feuille, etat.acteurs(FINISTERE))
    }
    shutil.rmtree(corpus / "donnees" / "acteurs")
    bilan = importer(finistere, Etat.lire(corpus), essai=False)
    assert bilan.defauts == []
    assert bilan.ecrit
    assert _graphe(corpus, covered) == _graphe(Path(etat.corpus.racine), covered)
    assert importer(finistere, Etat.lire(corpus), essai=True).fichiers == []


def _graphe(racine: Path, sujets: set[str]) -> set[tuple[str, str, str]]:
    """The statements about these resources, those of their address under their own name."""
    quads = [quad for fichier in read_corpus(racine).fichiers for quad in fichier.quads()]
    owners = {quad.object: quad.subject for quad in quads if isinstance(quad.object, BlankNode)}
    return {
        (str(owners.get(quad.subject, quad.subject)), str(quad.predicate), str(quad.object))
        for quad in quads
        if getattr(owners.get(quad.subject, quad.subject), "value", "") in sujets
        and not isinstance(quad.object, BlankNode)
    }


def test_what_the_workbook_does_not_hold_survives(corpus: Path, retoucher: Callable[..., Path]) -> None:
    path = corpus / "donnees/acteurs/29/dossier-quimper.ttl"
    text = path.read_text(encoding="utf-8")
    extra = 'skos:altLabel "Finistère sports committee"@en ;\n    org:classification type:crib'
    path.write_text(text.replace("org:classification type:crib", extra, 1), encoding="utf-8")
    classeur = retoucher("Acteurs", "cdos-29", {"Nom": "CDOS du Finistère, renommé"})
    bilan = importer(classeur, Etat.lire(corpus), essai=False)
    assert bilan.defauts == []
    written = (corpus / "donnees/acteurs/29/classeur.ttl").read_text(encoding="utf-8")
    assert '"Finistère sports committee"@en' in written
    assert '"CDOS du Finistère, renommé"@fr' in written


def test_resources_of_one_class_are_on_one_sheet(etat: Etat) -> None:
    """A property that an earlier sheet of the class lacks sends the resource to a later one."""
    first, second = (f for f in etat.modele.feuilles if f.classe.endswith("Intervention"))
    missing = {c.chemin[-1] for c in second.colonnes} - {c.chemin[-1] for c in first.colonnes}
    assert missing == set(first.sans)
