"""One file tried in the context of a validated corpus: what is wrong in it, and what it breaks elsewhere.

Nothing is stored: the corpus and its store are changed in memory, by one trial only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox

from maillage.corpus.corpus import DOSSIERS, Corpus, FichierTurtle, from_bytes
from maillage.namespaces import GRAPHE
from maillage.validation.constat import Constat, Gravite, Lieu
from maillage.validation.explications import simple
from maillage.validation.rapport import Rapport
from maillage.validation.suivi import Suivi, file_quads

#: path of a text that came without a name.
SANS_NOM = "donnees/essai.ttl"
#: share of the resources, on both sides, from which a text without a name is taken for a file of the corpus.
_MEME = 0.5


@dataclass(frozen=True, slots=True)
class Essai:
    """The report of a trial: the path the file was given, and whether a file of the corpus bears it."""

    rapport: Rapport
    fichier: str
    remplace: bool


@dataclass(frozen=True)
class FichierServi(FichierTurtle):
    """A file of which the triples are at hand, its text not: findings name it without a line."""

    store: ox.Store = field(default_factory=ox.Store, repr=False)

    def quads(self) -> Iterable[ox.Quad]:  # type: ignore[override]
        """See FichierTurtle."""
        return iter(list(self.store.quads_for_pattern(None, None, None, self.graphe)))

    def ensemble(self) -> frozenset[ox.Quad]:
        """See FichierTurtle; the store may have changed since it was last asked."""
        return frozenset(self.quads())


def served_corpus(disque: Corpus, store: ox.Store, empreinte: str) -> Corpus:
    """The corpus whose quads are in a store, with the texts of `disque` where they say the same.

    `empreinte` is the fingerprint of the corpus that the store was filled from.
    """
    if disque.empreinte == empreinte:
        return disque
    known = {fichier.graphe: fichier for fichier in disque.fichiers if fichier.anomalie is None}
    files = []
    for graphe in store.named_graphs():
        path = unquote(graphe.value.removeprefix(GRAPHE)) + ".ttl"
        served = FichierServi(path, b"", store=store)
        found = known.get(graphe) if isinstance(graphe, ox.NamedNode) else None
        same = found is not None and set(found.quads()) == set(served.quads())
        files.append(found if found is not None and same else served)
    return Corpus(disque.racine, tuple(sorted(files, key=lambda each: each.chemin)))


class Contexte:
    """A validated corpus, ready for one trial."""

    def __init__(self, corpus: Corpus, store: ox.Store, connus: Iterable[Mapping[str, Any]]) -> None:
        """`store`: the quads of the corpus, and only those; `connus`: its own findings, as JSON."""
        self._suivi = Suivi(corpus, store=store, tel_quel=True)
        self._suivi.revalider(corpus)
        self._connus = {_cle(each) for each in connus}
        self._fichiers = {fichier.chemin: fichier for fichier in corpus.fichiers}
        self._types: dict[str, set[Any]] = {}

    def essayer(self, octets: bytes, nom: str = "") -> Essai:
        """The report of a file as if it were in the corpus, in the place of the file of that name if any.

        Findings of the file, and those that it causes in other files. To be called once: the corpus is
        changed in memory. Never raises for what is in the file.
        """
        corpus = self._suivi.corpus
        fichier = from_bytes(SANS_NOM, octets)
        chemin = self.chemin(nom, fichier)
        if chemin != SANS_NOM:
            fichier = from_bytes(chemin, octets)
        remplace = chemin in self._fichiers
        others = [each for each in corpus.fichiers if each.chemin != chemin]
        files = tuple(sorted([*others, fichier], key=lambda each: each.chemin))
        rapport = self._suivi.revalider(Corpus(corpus.racine, files), aussi=(fichier,))
        return Essai(self._du_fichier(rapport, fichier), chemin, remplace)

    def chemin(self, nom: str, fichier: FichierTurtle) -> str:
        """The path in the corpus of a file that came with a name: a path, the name of a file, or nothing.

        A bare name borne by several files, or none, is that of the file that describes the same resources.
        """
        parts = [part for part in PurePosixPath(nom.replace("\\", "/")).parts if part not in ("/", "..")]
        path, bare = "/".join(parts), parts[-1] if parts else ""
        if path in self._fichiers:
            return path
        alike = [each for each in self._fichiers if bare and each.endswith(f"/{bare}")]
        if len(alike) == 1:
            return alike[0]
        found = self._same_resources(fichier, alike) if alike or not bare else ""
        if found or not bare:
            return found or SANS_NOM
        end = "" if bare.endswith(".ttl") else ".ttl"
        return f"{path}{end}" if parts[0] in DOSSIERS and len(parts) > 1 else f"{DOSSIERS[1]}/{bare}{end}"

    def _same_resources(self, fichier: FichierTurtle, among: list[str]) -> str:
        """The file that describes most of the same resources; without `among`, over half on both sides."""
        mine = {quad.subject for quad in file_quads(fichier) if isinstance(quad.subject, ox.NamedNode)}
        shared: Counter[Any] = Counter()
        for subject in mine:
            shared.update(self._graphes(subject))
        for graphe, number in shared.most_common():
            chemin = unquote(graphe.value.removeprefix(GRAPHE)) + ".ttl"
            if chemin in among or not among:
                most = max(len(mine), len(self._subjects(graphe)))
                return chemin if among or number > _MEME * most else ""
        return ""

    def _subjects(self, graphe: ox.NamedNode) -> set[Any]:
        quads = self._suivi.data.quads_for_pattern(None, None, None, graphe)
        return {quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)}

    def _graphes(self, subject: ox.NamedNode) -> set[Any]:
        """The graphs that describe a resource."""
        return {quad.graph_name for quad in self._suivi.data.quads_for_pattern(subject, None, None, None)}

    def _du_fichier(self, rapport: Rapport, fichier: FichierTurtle) -> Rapport:
        """The part of a report that is due to a file."""
        targeted = len(self._suivi.vises & {quad.subject for quad in file_quads(fichier)})
        constats = [each for each in rapport.constats if self._nouveau(each, fichier.chemin)]
        if not targeted and fichier.anomalie is None:
            place = Lieu(fichier.chemin), ""
            constats.append(simple("MLG-SANS-CIBLE", Gravite.AVERTISSEMENT, place, {}))
        return replace(
            rapport,
            constats=tuple(constats),
            fichiers=1,
            triples=fichier.triples,
            cibles=targeted,
            illisibles=tuple(each for each in rapport.illisibles if each == fichier.chemin),
        )

    def _nouveau(self, constat: Constat, chemin: str) -> bool:
        if constat.lieu.fichier == chemin:
            return True
        return constat.code != "MLG-SANS-CIBLE" and _cle(constat.en_json()) not in self._connus


def _cle(constat: Mapping[str, Any]) -> tuple[str, ...]:
    """What a finding is known by, wherever it now stands in its file."""
    said = (constat.get(name, "") for name in ("code", "sujet", "chemin", "valeur", "forme"))
    return (constat["lieu"].get("fichier", ""), *said)
