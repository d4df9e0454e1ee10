"""A version put in a remote store, beside those that answer: named graphs under a prefix of its own.

1. Each graph is put by the Graph Store Protocol, whole; those already there with their number of triples are
   left, so that a deposit cut short goes on where it stopped.
2. Their union is made by the store itself, where blank nodes stay what they are.
3. All is counted again, and only then is the version marked as whole: a server takes no other.
4. Versions older than the one before it are taken away.
"""

from __future__ import annotations

from pathlib import Path

import httpx
from pyoxigraph import Literal, RdfFormat

from maillage.namespaces import GRAPHE_DERIVE, GRAPHE_REQUETES, PREFIXES
from maillage.store.acces import Acces, Jeu, prefixe_des_versions
from maillage.store.distant import EntrepotDistant
from maillage.store.entrepot import EntrepotEmbarque, EntrepotIndisponible
from maillage.versions.instantane import Progress, charger
from maillage.versions.manifeste import Manifeste, lire_manifeste

#: seconds for the store to take one graph, or to make the union of some.
DELAI = 600.0
#: graphs added to the union by one update.
LOT = 25
#: versions kept in the store: the one in service, and the one that servers may still be reading.
GARDEES = 2

_COMPTES = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_MARQUE = f"<{PREFIXES['dcterms']}issued>"


class VersionAbsente(EntrepotIndisponible):
    """The store answers, but does not hold the whole of a version."""


def jeu_de(version: Path, manifeste: Manifeste) -> Jeu:
    """Where a version, by its folder, stands in any store."""
    return Jeu(version.name, tuple(sorted({*manifeste.graphes, GRAPHE_DERIVE, GRAPHE_REQUETES})))


def ouvrir(acces: Acces, version: Path) -> tuple[EntrepotDistant, Manifeste]:
    """A version as the store holds it. Raises VersionAbsente, EntrepotIndisponible, InstantaneAltere."""
    manifeste = lire_manifeste(version)
    if not entiere(acces, version.name):
        raise VersionAbsente(f"{version.name} n'est pas dans {acces.requetes} : lancer « maillage publier »")
    return EntrepotDistant(acces, jeu_de(version, manifeste)), manifeste


def entiere(acces: Acces, version: str) -> bool:
    """Whether the store holds the whole of a version. Raises EntrepotIndisponible."""
    marked = f"<{_nom(version)}> {_MARQUE} ?date"
    return EntrepotDistant(acces).demande(f"ASK {{ GRAPH <{_registre()}> {{ {marked} }} }}")


def deposer(acces: Acces, version: Path, progress: Progress | None = None) -> bool:
    """Put a version in the store, unless it is there; whether it was not.

    Raises EntrepotIndisponible (it refuses, or miscounts), InstantaneAltere, OSError.
    """
    if entiere(acces, version.name):
        return False
    entrepot, manifeste = charger(version)
    jeu = jeu_de(version, manifeste)
    with httpx.Client(timeout=DELAI, auth=acces.identite(), headers=acces.entetes()) as client:
        depot = _Depot(acces, client, jeu)
        depot.graphes(entrepot, progress or (lambda done, total, stage: None))
        depot.marquer(manifeste.date)
        depot.elaguer()
    return True


class _Depot:
    """The work on one version."""

    def __init__(self, acces: Acces, client: httpx.Client, jeu: Jeu) -> None:
        self._acces, self._client, self._jeu = acces, client, jeu

    def graphes(self, entrepot: EntrepotEmbarque, progress: Progress) -> None:
        """Steps 1 to 3."""
        found, total = self._comptes(), len(self._jeu.graphes)
        expected: dict[str, int] = {}
        for rank, graphe in enumerate(self._jeu.graphes):
            progress(rank, total, "entrepôt")
            written, name = entrepot.exporter(RdfFormat.N_TRIPLES, graphe), self._jeu.nom(graphe)
            expected[name] = written.count(b"\n")
            if found.get(name, 0) != expected[name]:
                self._poser(name, written)
        names = list(expected)
        for start in range(0, total, LOT):
            progress(start, total, "union")
            self._mettre_a_jour([_ajouter(name, self._jeu.union) for name in names[start : start + LOT]])
        progress(total, total, "union")
        again = self._comptes()
        wrong = [name for name, count in expected.items() if again.get(name, 0) != count]
        if wrong or not again.get(self._jeu.union):
            raise EntrepotIndisponible(f"{self._acces.graphes} : {len(wrong)} graphes mal reçus, {wrong[:3]}")

    def marquer(self, date: str) -> None:
        """Say that the version is whole."""
        marked = f"<{_nom(self._jeu.version)}> {_MARQUE} {Literal(date)}"
        self._mettre_a_jour([f"INSERT DATA {{ GRAPH <{_registre()}> {{ {marked} }} }}"])

    def elaguer(self) -> None:
        """Take away the older versions: first what says that they are whole, then their graphs."""
        names = {name for graph in self._comptes() if (name := _version(graph))}
        for old in sorted(names, reverse=True)[GARDEES:]:
            self._mettre_a_jour([f"DELETE WHERE {{ GRAPH <{_registre()}> {{ <{_nom(old)}> ?p ?o }} }}"])
            graphs = [graph for graph in self._comptes() if _version(graph) == old]
            for start in range(0, len(graphs), LOT):
                self._mettre_a_jour([f"DROP SILENT GRAPH <{one}>" for one in graphs[start : start + LOT]])

    def _comptes(self) -> dict[str, int]:
        """Triples of each of our graphs in the store."""
        rows = EntrepotDistant(self._acces).lignes(_COMPTES)
        counts = {row["g"].value: int(row["n"].value) for row in rows if "g" in row}
        return {name: count for name, count in counts.items() if name.startswith(prefixe_des_versions())}

    def _poser(self, nom: str, triples: bytes) -> None:
        headers = {"Content-Type": "application/n-triples"}
        self._envoyer("PUT", self._acces.graphes, params={"graph": nom}, content=triples, headers=headers)

    def _mettre_a_jour(self, operations: list[str]) -> None:
        self._envoyer("POST", self._acces.mises_a_jour, data={"update": " ;\n".join(operations)})

    def _envoyer(self, methode: str, adresse: str, **envoi: object) -> None:
        try:
            answer = self._client.request(methode, adresse, **envoi)  # type: ignore[arg-type]
        except httpx.HTTPError as error:
            raise EntrepotIndisponible(f"{adresse} : {error or type(error).__name__}") from error
        if not answer.is_success:
            raise EntrepotIndisponible(f"{adresse} : {answer.status_code} {answer.text[:300]}")


def _ajouter(source: str, cible: str) -> str:
    return f"INSERT {{ GRAPH <{cible}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{source}> {{ ?s ?p ?o }} }}"


def _registre() -> str:
    """The graph that says which versions are whole."""
    return f"{prefixe_des_versions()}registre"


def _nom(version: str) -> str:
    return prefixe_des_versions() + version


def _version(graphe: str) -> str:
    """The version that a graph belongs to; empty for the register."""
    name, slash, _ = graphe.removeprefix(prefixe_des_versions()).partition("/")
    return name if slash else ""
