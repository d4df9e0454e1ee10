"""Readable names of IRIs, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from maillage.namespaces import compact
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Ligne
from maillage.textes import LANGUES, Langue, Textes


class Noms:
    """Names of IRIs in one language, from the graph, else from the interface texts, else shortened."""

    def __init__(self, requetes: Requetes, entrepot: Entrepot, textes: Textes, langue: Langue) -> None:
        self._requetes, self._entrepot, self._textes, self._langue = requetes, entrepot, textes, langue
        self._connus: dict[str, tuple[int, str]] = {}

    def apprendre(self, iris: Iterable[str]) -> None:
        """Fetch the names of these IRIs; a resource without a name is called by what it says."""
        wanted = sorted(set(iris) - self._connus.keys())
        for row in self._demander("libelles", wanted):
            self._retenir(row["ressources"], row["libelle"])
        unnamed = [iri for iri in wanted if iri not in self._connus and not self._dans_les_textes(iri)]
        rows = self._demander("intitules", unnamed)
        ends = [row[name].value for row in rows for name in ("de", "vers", "nature") if name in row]
        if ends:
            self.apprendre(ends)
        for row in rows:
            self._composer(row)

    def dire(self, iri: str) -> str:
        """The name of an IRI."""
        if iri in self._connus:
            return self._connus[iri][1]
        short = compact(iri)
        return self._textes.dire(f"terme.{short}", self._langue) if self._dans_les_textes(iri) else short

    def _demander(self, requete: str, iris: Iterable[str]) -> list[Ligne]:
        wanted = [NamedNode(iri) for iri in iris]
        return self._requetes.executer(self._entrepot, requete, {"ressources": wanted}) if wanted else []

    def _dans_les_textes(self, iri: str) -> bool:
        return self._textes.connait(f"terme.{compact(iri)}")

    def _retenir(self, iri: object, label: object) -> None:
        if isinstance(iri, NamedNode) and isinstance(label, Literal):
            rank = 0 if label.language == self._langue else 1 if label.language in LANGUES else 2
            if rank < self._connus.get(iri.value, (3, ""))[0]:
                self._connus[iri.value] = (rank, label.value)

    def _composer(self, row: Ligne) -> None:
        if "resume" in row:
            self._retenir(row["ressources"], row["resume"])
            return
        name = f"{self.dire(row['de'].value)} → {self.dire(row['vers'].value)}"
        if "nature" in row:
            name += f" ({self.dire(row['nature'].value)})"
        self._connus.setdefault(row["ressources"].value, (0, name))
