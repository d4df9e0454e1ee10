"""Validation kept up to date: after an edit, only what the edit can touch is validated again.

The report is the same as that of a full validation (proved by a property test). Anything that cannot be
followed closely, such as a change of the shapes or of the hierarchy of classes, is a full validation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pyoxigraph as ox

from maillage.corpus.corpus import Corpus, FichierTurtle
from maillage.memoire import sans_ramasse_miettes
from maillage.validation.chemins import Terme
from maillage.validation.cibles import Cibles
from maillage.validation.consequences import without_consequences
from maillage.validation.constat import Constat, Gravite, Lieu
from maillage.validation.controles import Controles
from maillage.validation.correction import corrected
from maillage.validation.dependances import Dependances, ToutDependError, read_dependencies
from maillage.validation.enonces import TexteTurtle
from maillage.validation.explications import code_of, explain, simple, written
from maillage.validation.formes import SOUS_CLASSE, Resultat, targeted
from maillage.validation.imbrication import detail
from maillage.validation.localisation import Localisateur
from maillage.validation.moteur import FormeIllisible, Moteur
from maillage.validation.rapport import Rapport
from maillage.validation.reparations import repair
from maillage.validation.reprise import recover
from maillage.validation.suggestions import Voisins
from maillage.validation.syntaxe import syntax_findings

Progress = Callable[[int, int, str], None]
_FORMES = ("ontologie/formes/", "ontologie/regles.ttl")
#: from so many changed triples on, a full validation is about as quick.
_BEAUCOUP = 20_000


class Suivi:
    """The validation of a corpus, and of the corpora that edits make of it."""

    def __init__(
        self,
        corpus: Corpus,
        progress: Progress | None = None,
        store: ox.Store | None = None,
        *,
        tel_quel: bool = False,
    ) -> None:
        """Validate the whole corpus. `store`: its quads, and only those, where they are at hand already.

        `tel_quel`: the corpus was validated before, its shapes are not run again; reports then tell only what
        later corpora bring.
        """
        with sans_ramasse_miettes():
            self._restart(corpus, progress, store, tel_quel)

    def revalider(
        self, corpus: Corpus, progress: Progress | None = None, aussi: Iterable[FichierTurtle] = ()
    ) -> Rapport:
        """The report of the corpus as it is now; what did not change is not looked at again.

        `aussi`: files of the corpus that are looked at again all the same.
        """
        with sans_ramasse_miettes():
            start = time.perf_counter()
            before = {fichier.chemin: fichier for fichier in self.corpus.fichiers}
            after = {fichier.chemin: fichier for fichier in corpus.fichiers}
            changed = [path for path in before | after if before.get(path) is not after.get(path)]
            changed = [path for path in changed if _content(before.get(path)) != _content(after.get(path))]
            old = {quad for path in changed if path in before for quad in _ensemble(before[path])}
            new = {quad for path in changed if path in after for quad in _ensemble(after[path])}
            if self._follows(changed, old ^ new):
                again = {quad.subject for fichier in aussi for quad in file_quads(fichier)}
                self._update(corpus, old - new, new - old, again)
                self.rapport = self._report(start)
            else:
                self._restart(corpus, progress, None)
        return self.rapport

    def _restart(
        self, corpus: Corpus, progress: Progress | None, store: ox.Store | None, tel_quel: bool = False
    ) -> None:
        start = time.perf_counter()
        self.complete = True
        self.corpus = corpus
        self.data = load(_all_quads(corpus)) if store is None else store
        self.shapes = shapes_store(corpus)
        self.resultats: dict[Terme, dict[Resultat, None]] = {}
        self.illisibles: list[FormeIllisible] = []
        moteur = Moteur(self.shapes, self.data)
        self._keep(() if tel_quel else moteur.run_rooted(progress))
        self.vises = moteur.cibles
        self._controles = Controles(self.data)
        self._moteur: Moteur | None = None
        self._dependances: Dependances | None = None
        self._place = Localisateur(corpus, self.data)
        self.rapport = self._report(start)

    def _keep(self, results: Iterable[tuple[Terme, Resultat | FormeIllisible]]) -> None:
        for root, result in results:
            if isinstance(result, Resultat):
                self.resultats.setdefault(root, {})[result] = None
            else:
                self.illisibles.append(result)

    def _follows(self, changed: list[str], quads: set[ox.Quad]) -> bool:
        """Whether the results of this change can be told from those before it."""
        if self.illisibles or len(quads) > _BEAUCOUP or any(path.startswith(_FORMES) for path in changed):
            return False
        if any(quad.predicate == SOUS_CLASSE for quad in quads):
            return False
        if self._moteur is None:
            self._moteur = Moteur(self.shapes, self.data, vivant=True)
            self._cibles = Cibles(self.shapes, self.data)
            try:
                self._dependances = read_dependencies(self.shapes, self.data)
            except ToutDependError:
                return False
            if any(self._moteur.inconnus(node) for node in targeted(self.shapes)):
                self._dependances = None
        return self._dependances is not None

    def _update(
        self, corpus: Corpus, removed: set[ox.Quad], added: set[ox.Quad], again: Iterable[Terme]
    ) -> None:
        assert self._moteur is not None and self._dependances is not None
        self.complete = False
        self.corpus = corpus
        self.data.extend(added)
        touched = self._dependances.touched(self.data, {quad.triple for quad in removed | added})
        touched |= set(again)
        for quad in removed:
            self.data.remove(quad)
        self._controles.update(removed, added)
        for node in touched:
            self.resultats.pop(node, None)
        self.vises -= touched
        self._keep(self._moteur.run_rooted(cibles=self._cibles.of(touched)))
        self.vises |= self._moteur.cibles
        self._place = Localisateur(corpus, self.data, self._place)

    def _report(self, start: float) -> Rapport:
        constats = [*syntax_findings(self.corpus), *self._controles.findings(self._place), *self._findings()]
        if not self.vises:
            constats.append(simple("MLG-SANS-CIBLE", Gravite.AVERTISSEMENT, (Lieu(), ""), {}))
        return Rapport(
            constats=tuple(sorted(without_consequences(self.corpus, constats), key=lambda each: each.ordre)),
            fichiers=len(self.corpus.fichiers),
            triples=self.corpus.triples,
            cibles=len(self.vises),
            secondes=time.perf_counter() - start,
            illisibles=tuple(fichier.chemin for fichier in self.corpus.fichiers if not fichier.lisible),
        )

    def _findings(self) -> Iterator[Constat]:
        place, near = self._place, Voisins(self.data)
        for broken in self.illisibles:
            details = {"forme": written(broken.forme), "details": broken.message}
            yield simple(
                "MLG-REGLE-ILLISIBLE", Gravite.ERREUR, place.place(broken.forme, None, None), details
            )
        moteur = Moteur(self.shapes, self.data, vivant=True)
        for result in dict.fromkeys(each for found in self.resultats.values() for each in found):
            yield _finding(result, moteur, place, near)


def _finding(result: Resultat, moteur: Moteur, place: Localisateur, near: Voisins) -> Constat:
    """A result explained, placed, and repaired where it can be told how."""
    finding, inner = detail(explain(result, moteur.shapes, moteur.data), result, moteur, place)
    shown = inner or result
    lieu, extrait = place.place(shown.focus, shown.chemin, shown.valeur)
    rule, _ = place.place(result.forme, None, None)
    code = finding.code if inner is None else code_of(inner, moteur.data)
    term = repair(shown, code, moteur.shapes, near)
    about = shown.chemin if shown.valeur == shown.focus else shown.valeur
    texte = place.texte(lieu.fichier) if term and lieu.fichier else None
    correction = corrected(texte, lieu, term, about) if term and texte else None
    return replace(
        finding,
        lieu=lieu,
        extrait=extrait,
        lieu_forme=rule,
        suggestion="" if term is None else written(term),
        correction=correction,
    )


def load(quads: Iterable[ox.Quad]) -> ox.Store:
    """An in-memory store of those quads."""
    store = ox.Store()
    store.bulk_extend(quads)
    return store


def shapes_store(corpus: Corpus) -> ox.Store:
    """The shapes graph: `ontologie/formes/` and `ontologie/regles.ttl`."""
    files = (fichier for fichier in corpus.fichiers if fichier.chemin.startswith(_FORMES))
    return load(quad for fichier in files for quad in fichier.quads())


def file_quads(fichier: FichierTurtle) -> Iterator[ox.Quad]:
    """Every quad of a file, the sound statements of a file that breaks included."""
    yield from fichier.quads()
    if fichier.anomalie:
        yield from recover(fichier, TexteTurtle(fichier.texte)).quads


def _ensemble(fichier: FichierTurtle) -> Iterable[ox.Quad]:
    return file_quads(fichier) if fichier.anomalie else fichier.ensemble()


def _all_quads(corpus: Corpus) -> Iterator[ox.Quad]:
    for fichier in corpus.fichiers:
        yield from file_quads(fichier)


def _content(fichier: FichierTurtle | None) -> bytes | None:
    return None if fichier is None else fichier.bruts
