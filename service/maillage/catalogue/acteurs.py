"""The actors of a version with what is asserted of them, as tables and other formats need them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from maillage.catalogue.jeux import TYPE, p
from maillage.catalogue.parties import triplets
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Terme

Proprietes = Mapping[str, Sequence[Terme]]


@dataclass(frozen=True)
class Annuaire:
    """Reads what is asserted in a store, with the stored queries of the version."""

    entrepot: Entrepot
    requetes: Requetes

    @cached_property
    def acteurs(self) -> dict[str, Proprietes]:
        """IRI of each actor → its values by property, those of its address among them."""
        return self._fiches("export-acteurs", "acteur")

    @cached_property
    def interventions(self) -> dict[str, Proprietes]:
        """IRI of each intervention that an actor declared → its values by property."""
        return self._fiches("export-interventions", "intervention")

    @cached_property
    def libelles(self) -> dict[str, str]:
        """French label of every IRI that an actor or an intervention refers to, else the label there is."""
        named = {
            term.value
            for sheets in (self.acteurs, self.interventions)
            for said in sheets.values()
            for terms in said.values()
            for term in terms
            if isinstance(term, NamedNode)
        }
        rows = self.requetes.executer(
            self.entrepot, "libelles", {"ressources": [NamedNode(one) for one in sorted(named)]}
        )
        found: dict[str, str] = {}
        for row in rows:
            label = row["libelle"]
            if isinstance(label, Literal) and (
                label.language == "fr" or row["ressources"].value not in found
            ):
                found[row["ressources"].value] = label.value
        return found

    @cached_property
    def reperes(self) -> dict[str, tuple[float, float]]:
        """Territory → its point, as (longitude, latitude)."""
        rows = self.requetes.executer(self.entrepot, "export-reperes")
        return {
            row["territoire"].value: (float(row["longitude"].value), float(row["latitude"].value))
            for row in rows
        }

    @cached_property
    def departements(self) -> dict[str, str]:
        """Commune of an actor → its département."""
        rows = self.requetes.executer(self.entrepot, "export-communes")
        return {row["commune"].value: row["departement"].value for row in rows}

    def _fiches(self, requete: str, sujet: str) -> dict[str, Proprietes]:
        found: dict[str, dict[str, list[Terme]]] = defaultdict(lambda: defaultdict(list))
        for row in self.requetes.executer(self.entrepot, requete):
            values = found[row[sujet].value][row["propriete"].value]
            if row["valeur"] not in values:
                values.append(row["valeur"])
        return dict(sorted(found.items()))


def acteurs_de(partie: Path) -> list[str]:
    """IRIs of the actors declared in a part of a version, sorted."""
    kind = NamedNode(p("mlg:Acteur"))
    return sorted(
        {
            triple.subject.value
            for triple in triplets(partie)
            if triple.object == kind
            and triple.predicate.value == TYPE
            and isinstance(triple.subject, NamedNode)
        }
    )


def textes(said: Proprietes, propriete: str) -> list[str]:
    """Values of a property (`prefix:name`) as text; French only, where there are several languages."""
    terms = said.get(p(propriete), ())
    languages = {term.language for term in terms if isinstance(term, Literal)}
    return [
        term.value
        for term in terms
        if not (isinstance(term, Literal) and "fr" in languages and term.language not in ("fr", None))
    ]


def premier(said: Proprietes, propriete: str) -> str:
    """The first of these, or nothing."""
    return next(iter(textes(said, propriete)), "")


def codes(iris: Iterable[str]) -> list[str]:
    """Last part of each IRI."""
    return [one.rpartition("/")[2] for one in iris]
