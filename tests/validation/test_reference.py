"""pySHACL is the reference: on our shapes the engine finds exactly what it finds."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from maillage.corpus.corpus import read_corpus
from maillage.namespaces import PREFIXES
from maillage.validation import load, shapes_store
from maillage.validation.chemins import objects
from maillage.validation.formes import SOUS_CLASSE, Resultat
from maillage.validation.moteur import Moteur
from maillage.validation.repli import reference_results

RACINE = Path(__file__).resolve().parents[2]
EXEMPLES = RACINE / "tests" / "formes"
DOSSIERS = sorted(path for path in EXEMPLES.iterdir() if path.is_dir())
GRAINE = 20131129

Constat = tuple[object, ...]


def shapes_of(folder: Path) -> ox.Store:
    name = folder.name
    file = RACINE / "ontologie" / (f"formes/{name}.ttl" if name != "regles" else "regles.ttl")
    return load(ox.parse(path=file, format=ox.RdfFormat.TURTLE))


@cache
def hierarchy() -> tuple[ox.Quad, ...]:
    """The class hierarchy, without which sh:class and sh:targetClass say little."""
    files = [RACINE / "ontologie" / "maillage.ttl", *(RACINE / "ontologie" / "alignements").glob("*.ttl")]
    store = load(quad for path in files for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    return tuple(store.quads_for_pattern(None, SOUS_CLASSE, None, None))


def comparable(result: Resultat) -> Constat:
    """What both engines must agree on."""
    path = result.chemin if not isinstance(result.chemin, ox.BlankNode) else "complex"
    return result.focus, path, result.valeur, result.composant, result.forme, result.gravite


def findings(shapes: ox.Store, data: ox.Store) -> set[Constat]:
    found = list(Moteur(shapes, data).run())
    assert all(isinstance(each, Resultat) for each in found), found
    return {comparable(each) for each in found if isinstance(each, Resultat)}


def reference(shapes: ox.Store, data: ox.Store) -> set[Constat]:
    return {comparable(each) for each in reference_results(shapes, data)}


@pytest.mark.parametrize("folder", DOSSIERS, ids=lambda path: path.name)
def test_memes_constats_sur_les_exemples(folder: Path) -> None:
    """Each failing example of a shapes file: whatever it breaks, both engines say the same."""
    shapes = shapes_of(folder)
    for path in sorted(folder.glob("*.invalide.ttl")):
        data = load([*hierarchy(), *ox.parse(path=path, format=ox.RdfFormat.TURTLE)])
        expected = reference(shapes, data)
        assert findings(shapes, data) == expected, path.name
        assert expected, path.name


def mutate(quads: list[ox.Quad], chance: random.Random) -> list[ox.Quad]:
    """Some triples lost, some values replaced by one of another kind."""
    others = [
        ox.Literal("texte"),
        ox.Literal("text", language="en"),
        ox.Literal("2026-02-30", datatype=ox.NamedNode(PREFIXES["xsd"] + "date")),
        ox.Literal("-3", datatype=ox.NamedNode(PREFIXES["xsd"] + "integer")),
        ox.NamedNode("https://w3id.org/maillage/theme/inexistant"),
        ox.BlankNode("perdu"),
    ]
    kept = [quad for quad in quads if chance.random() > 0.05]
    return [
        ox.Quad(quad.subject, quad.predicate, chance.choice(others), quad.graph_name)
        if chance.random() < 0.08
        else quad
        for quad in kept
    ]


@cache
def sample() -> tuple[ox.Store, tuple[ox.Quad, ...]]:
    """All the shapes, and a slice of the real data small enough for the reference engine."""
    corpus = read_corpus(RACINE)
    folders = ("donnees/acteurs/29/", "donnees/institutions/", "donnees/guide/")
    chosen = [fichier for fichier in corpus.fichiers if fichier.chemin.startswith(folders)]
    return shapes_store(corpus), tuple(quad for fichier in chosen for quad in fichier.quads())


@pytest.mark.parametrize("seed", range(2))
def test_memes_constats_sur_des_donnees_abimees(seed: int) -> None:
    shapes, quads = sample()
    chance = random.Random(GRAINE + seed)
    chosen = set(chance.sample(sorted({quad.subject for quad in quads}, key=str), 30))
    part = [quad for quad in quads if quad.subject in chosen]
    data = load([*hierarchy(), *mutate(part, chance)])
    expected = reference(shapes, data)
    assert findings(shapes, data) == expected
    assert len(expected) > 5


def test_sous_classes_comptees() -> None:
    assert objects(load(hierarchy()), ox.NamedNode(PREFIXES["mlg"] + "Acteur"), SOUS_CLASSE)
