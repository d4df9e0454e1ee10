"""Validation of the corpus: syntax, shapes, duplicates, in one report whose every line has its place."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pyoxigraph as ox

from maillage.corpus import Corpus, FichierTurtle
from maillage.validation.constat import Constat, Gravite, Lieu, Texte
from maillage.validation.controles import duplicates
from maillage.validation.enonces import TexteTurtle
from maillage.validation.explications import explain, repair, simple, written
from maillage.validation.formes import Resultat
from maillage.validation.localisation import Localisateur
from maillage.validation.moteur import Moteur
from maillage.validation.rapport import Rapport, exit_code
from maillage.validation.reprise import recover
from maillage.validation.suggestions import Voisins
from maillage.validation.syntaxe import syntax_findings

__all__ = ["Constat", "Gravite", "Lieu", "Rapport", "Texte", "exit_code", "load", "shapes_store", "valider"]

Progress = Callable[[int, int, str], None]
_FORMES = ("ontologie/formes/", "ontologie/regles.ttl")


def valider(corpus: Corpus, progress: Progress | None = None, store: ox.Store | None = None) -> Rapport:
    """Validate the whole corpus.

    `store` spares a second loading where the quads of the corpus, and only those, are at hand already.
    `progress(done, total, what)` follows the shapes. Bad data and bad shapes are findings, never raised.
    """
    with _without_collector():
        return _validate(corpus, progress, store)


def _validate(corpus: Corpus, progress: Progress | None, store: ox.Store | None) -> Rapport:
    start = time.perf_counter()
    data = load(_all_quads(corpus)) if store is None else store
    place = Localisateur(corpus, data)
    moteur = Moteur(shapes_store(corpus), data)
    constats = [*syntax_findings(corpus), *duplicates(data, place), *_shape_findings(moteur, place, progress)]
    if not moteur.cibles:
        constats.append(simple("MLG-SANS-CIBLE", Gravite.AVERTISSEMENT, (Lieu(), ""), {}))
    return Rapport(
        constats=tuple(sorted(constats, key=lambda constat: constat.ordre)),
        fichiers=len(corpus.fichiers),
        triples=corpus.triples,
        cibles=moteur.cibles,
        secondes=time.perf_counter() - start,
        illisibles=tuple(fichier.chemin for fichier in corpus.fichiers if not fichier.lisible),
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hundreds of thousands of terms without a cycle: the cyclic collector costs a third of the time here."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def load(quads: Iterable[ox.Quad]) -> ox.Store:
    """An in-memory store of those quads."""
    store = ox.Store()
    store.bulk_extend(quads)
    return store


def shapes_store(corpus: Corpus) -> ox.Store:
    """The shapes graph: `ontologie/formes/` and `ontologie/regles.ttl`."""
    return load(quad for fichier in corpus.fichiers if _is_shapes(fichier) for quad in fichier.quads())


def _is_shapes(fichier: FichierTurtle) -> bool:
    return fichier.chemin.startswith(_FORMES)


def _all_quads(corpus: Corpus) -> Iterator[ox.Quad]:
    """Every quad of the corpus, and the sound statements of the files that break."""
    for fichier in corpus.fichiers:
        yield from fichier.quads()
        if fichier.anomalie:
            yield from recover(fichier, TexteTurtle(fichier.texte)).quads


def _shape_findings(moteur: Moteur, place: Localisateur, progress: Progress | None) -> Iterator[Constat]:
    results: dict[Resultat, None] = {}
    for item in moteur.run(progress):
        if isinstance(item, Resultat):
            results[item] = None
            continue
        where = place.place(item.forme, None, None)
        details = {"forme": written(item.forme), "details": item.message}
        yield simple("MLG-REGLE-ILLISIBLE", Gravite.ERREUR, where, details)
    near = Voisins(moteur.data)
    for result in results:
        lieu, extrait = place.place(result.focus, result.chemin, result.valeur)
        rule, _ = place.place(result.forme, None, None)
        finding = explain(result, moteur.shapes, moteur.data)
        suggestion = repair(result, finding, near)
        yield replace(finding, lieu=lieu, extrait=extrait, lieu_forme=rule, suggestion=suggestion)
