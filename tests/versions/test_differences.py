"""Differences between versions: by resource, blank nodes by structure, kept and followed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

import corpus_essai
from maillage.commande.cli import main
from maillage.config import Settings
from maillage.namespaces import PREFIXES
from maillage.store.entrepot import EntrepotEmbarque
from maillage.versions import historique, instantane
from maillage.versions.differences import Differences, comparer
from maillage.versions.differences_ecrites import differences_en_texte
from maillage.versions.instantane import DIFFERENCES, construire
from maillage.versions.manifeste import lire_manifeste

ACTEURS = "donnees/acteurs/essai.ttl"
ACTEUR = f"<{PREFIXES['acteur']}un>"
BON = corpus_essai.BON
ADRESSE_2 = BON.replace('"Quimper"', '"Brest"')


def ecrire(path: Path, quads: list[Quad]) -> Path:
    entrepot = EntrepotEmbarque()
    entrepot.ajouter(quads)
    entrepot.ecrire(path)
    return path


def sur(acteurs: str, nom: str = "a") -> list[Quad]:
    from maillage.corpus.corpus import from_bytes

    return list(from_bytes(f"donnees/{nom}.ttl", (corpus_essai.ENTETE + acteurs).encode()).quads())


def ecart(tmp_path: Path, avant: list[Quad], apres: list[Quad]) -> Differences:
    return comparer(ecrire(tmp_path / "avant.nq", avant), ecrire(tmp_path / "apres.nq", apres))


def test_added_changed_removed_with_old_and_new_values(tmp_path: Path) -> None:
    avant = BON + 'acteur:deux skos:prefLabel "Deux"@fr .'
    apres = BON.replace("Acteur d'essai", "Renommé") + 'acteur:trois skos:prefLabel "Trois"@fr , "3"@en .'
    found = ecart(tmp_path, sur(avant), sur(apres))
    assert [(one["etat"], one["nom"]) for one in found.en_json()["ressources"]] == [
        ("retiree", "Deux"),
        ("ajoutee", "Trois"),
        ("modifiee", "Renommé"),
    ]
    assert found.ressources[ACTEUR].en_json(ACTEUR)["changements"] == [
        {
            "propriete": f"<{PREFIXES['skos']}prefLabel>",
            "avant": ['"Acteur d\'essai"@fr'],
            "apres": ['"Renommé"@fr'],
        }
    ]
    text = differences_en_texte(found)
    assert (
        '~ acteur:un (Renommé) : modifiée\n    skos:prefLabel : "Acteur d\'essai"@fr → "Renommé"@fr' in text
    )
    assert text.endswith("Ressources ajoutées : 1, modifiées : 1, retirées : 1.\n")


def test_blank_nodes_compare_by_structure(tmp_path: Path) -> None:
    renamed = [
        Quad(
            BlankNode("x") if isinstance(each.subject, BlankNode) else each.subject,
            each.predicate,
            BlankNode("x") if isinstance(each.object, BlankNode) else each.object,
        )
        for each in sur(BON)
    ]
    graphe = sur(BON)[0].graph_name
    same = [Quad(each.subject, each.predicate, each.object, graphe) for each in renamed]
    assert ecart(tmp_path, sur(BON), same).ressources == {}
    found = ecart(tmp_path, sur(BON), sur(ADRESSE_2)).ressources
    assert {sujet: (one.etat, one.nom) for sujet, one in found.items()} == {
        ACTEUR: ("modifiee", "Acteur d'essai")
    }
    (values,) = found[ACTEUR].ajoutes.values()
    assert 'addressLocality> "Brest"' in next(iter(values)) and "_:" not in next(iter(values))


@pytest.mark.parametrize(
    "cercle", ["_:a mlg:p _:b . _:b mlg:p _:a .", "acteur:un mlg:p _:a , [ mlg:p _:a ] ."]
)
def test_shared_and_circular_blank_nodes_too(tmp_path: Path, cercle: str) -> None:
    other = cercle.replace("_:a", "_:zz").replace("_:b", "_:yy")
    assert ecart(tmp_path, sur(BON + cercle), sur(BON + other)).ressources == {}
    assert ecart(tmp_path, sur(BON + cercle), sur(BON + cercle + "_:a mlg:q 1 .")).ressources != {}


def test_a_statement_that_moves_to_another_file_is_no_change(tmp_path: Path) -> None:
    assert ecart(tmp_path, sur(BON, "a"), sur(BON, "b")).ressources == {}
    assert ecart(tmp_path, sur(BON, "a") + sur(BON, "b"), sur(BON, "b")).ressources == {}


_QUADS = st.frozensets(
    st.builds(
        Quad,
        st.sampled_from([NamedNode(f"urn:{code}") for code in ("a", "ab", "b")]),
        st.sampled_from([NamedNode("urn:p"), NamedNode("urn:q")]),
        st.sampled_from([Literal("_:x"), Literal('" <'), Literal("fin"), NamedNode("urn:a")]),
        st.sampled_from([NamedNode("urn:g1"), NamedNode("urn:g2")]),
    ),
    max_size=12,
)


@settings(max_examples=120, deadline=None)
@given(_QUADS, _QUADS, _QUADS)
def test_the_merge_says_what_sets_say_and_steps_add_up(
    tmp_path_factory: pytest.TempPathFactory,
    un: frozenset[Quad],
    deux: frozenset[Quad],
    trois: frozenset[Quad],
) -> None:
    folder = tmp_path_factory.mktemp("pas")
    paths = [ecrire(folder / f"{rank}.nq", list(quads)) for rank, quads in enumerate((un, deux, trois))]
    first, second, whole = (comparer(paths[a], paths[b]) for a, b in ((0, 1), (1, 2), (0, 2)))
    before, after = ({each.triple for each in quads} for quads in (un, trois))
    gone = {(s, p, v) for s, one in whole.ressources.items() for p, vs in one.retires.items() for v in vs}
    come = {(s, p, v) for s, one in whole.ressources.items() for p, vs in one.ajoutes.items() for v in vs}
    assert gone == {tuple(map(str, each)) for each in before - after}
    assert come == {tuple(map(str, each)) for each in after - before}
    assert _essence(first.puis(second)) == _essence(whole)
    assert _essence(whole.inverses()) == _essence(comparer(paths[2], paths[0]))
    whole.ecrire(folder / "d.json")
    assert Differences.lire(folder / "d.json").en_json() == whole.en_json()


def _essence(found: Differences) -> list[tuple[str, str, object]]:
    return [
        (sujet, one.etat, one.en_json(sujet)["changements"])
        for sujet, one in sorted(found.ressources.items())
    ]


@pytest.fixture(scope="module")
def publie(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Five versions, more than are kept whole; the third undoes the second."""
    settings = corpus_essai.poser(tmp_path_factory.mktemp("histoire") / "corpus")
    for texte in (BON, ADRESSE_2, BON, BON + 'acteur:un mlg:remarque "4"@fr .', ADRESSE_2):
        corpus_essai.ecrire(settings.racine, ACTEURS, texte)
        construire(settings)
    return settings


def test_each_version_keeps_what_it_changes(publie: Settings) -> None:
    known = historique.toutes(publie.dossier_instantanes)
    assert len(known) == 5 > instantane.GARDEES
    assert [(path / DIFFERENCES).is_file() for path in known.values()] == [False, True, True, True, True]
    read = [lire_manifeste(path) for path in known.values()]
    assert [one.precedente for one in read] == ["", *(one.version for one in read[:-1])]
    written = json.loads((list(known.values())[1] / DIFFERENCES).read_text(encoding="utf-8"))
    assert (written["modifiees"], written["ajoutees"], written["retirees"]) == (1, 0, 0)


def test_versions_whose_graphs_are_gone_still_compare(publie: Settings) -> None:
    dossier = publie.dossier_instantanes
    assert historique.comparer(dossier, "1", "3").ressources == {}
    long = historique.comparer(dossier, "2", "4")
    assert set(long.ressources) == {ACTEUR} and len(long.ressources[ACTEUR].proprietes) == 2
    assert _essence(historique.comparer(dossier, "4", "2")) == _essence(long.inverses())
    with pytest.raises(historique.VersionInconnue, match="Versions : 1, 2, 3, 4, 5"):
        historique.comparer(dossier, "9", "1")


def test_a_broken_chain_is_said(publie: Settings, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(publie.dossier_instantanes, tmp_path / "instantanes", symlinks=True))
    (list(historique.toutes(copy).values())[1] / DIFFERENCES).unlink()
    with pytest.raises(historique.ComparaisonImpossible, match="000002-"):
        historique.comparer(copy, "1", "4")


def test_the_command_compares(
    publie: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAILLAGE_RACINE", str(publie.racine))

    def lance(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["comparer", *arguments])
        return (end.value.code, *capsys.readouterr())  # type: ignore[return-value]

    code, out, _ = lance("3", "4")
    assert code == 0 and 'mlg:remarque + "4"@fr' in out
    code, out, _ = lance("3", "courant", "--format", "json")
    assert code == 0 and json.loads(out)["modifiees"] == 1
    code, _, err = lance("12", "1")
    assert code == 2 and "Version « 12 » inconnue" in err
    code, out, _ = lance("liste")
    assert code == 0 and out.count("triplets") == 5
