"""A system of relations as data: JSON, a table for spreadsheets, GraphML; every form says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from maillage import tableur
from maillage.namespaces import local_name
from maillage.territoire.relations import Relation
from maillage.territoire.systeme import Systeme
from maillage.textes import Langue, Textes

if TYPE_CHECKING:
    from maillage.territoire.graphe import Graphe

COLONNES = (
    "origine", "de", "vers", "nature", "etat", "formalisee", "etapes", "territoires", "parole", "declarants",
    "constat", "statut", "sources", "iri",
)  # fmt: skip

Json = dict[str, Any]


def a_nommer(systeme: Systeme) -> set[str]:
    """IRIs whose labels `RenduRelations` needs: all that relations name, but listed actors."""
    found: set[str] = set()
    for one in (systeme.entier or systeme).toutes:
        found |= {*one.bouts, one.etat, one.statut, *one.natures, *one.etapes, *one.declarants, *one.sources}
    return found - systeme.acteurs.keys() - {""}


@dataclass(frozen=True)
class RenduRelations:
    """Writes one system in a language. `libelles` are those of `a_nommer`, `nommer` gives territories' names,
    `raisons` why a relation is here (IRI → code), where a step was asked for."""

    systeme: Systeme
    libelles: Mapping[str, str]
    nommer: Callable[[str], str]
    textes: Textes
    langue: Langue
    raisons: Mapping[str, str] = field(default_factory=dict)

    def en_json(self) -> Json:
        """The relations, then what the graphs of both sorts say."""
        systeme = self.systeme
        return {
            "population": self.population(),
            "relations": self.relations(),
            "desaccords": [[self.relation(each) for each in pair] for pair in systeme.desaccords],
            "souhaits": self.souhaits(),
            "sans_relation": self.sans_relation(),
            "graphes": {
                "declare": self.graphe(systeme.graphe_declare),
                "habituel": self.graphe(systeme.graphe_habituel),
            },
        }

    def population(self) -> dict[str, int]:
        """What every figure counts."""
        systeme = self.systeme
        return {
            "acteurs": len(systeme.acteurs),
            "declarees": len(systeme.declarees),
            "habituelles": len(systeme.habituelles),
            "tenues": sum(systeme.tenue(one) for one in systeme.habituelles),
            "souhaits": len(systeme.souhaits),
            "desaccords": len(systeme.desaccords),
            "sans_relation": len(systeme.sans_relation),
        }

    def relations(self) -> list[Json]:
        """Every relation, what actors state first."""
        return [self.relation(one) for one in self.systeme.toutes]

    def souhaits(self) -> list[Json]:
        """What is wished for and does not exist."""
        return [self.relation(one) for one in self.systeme.souhaits]

    def relation(self, one: Relation) -> Json:
        """One relation."""
        parole = self.systeme.paroles[one.iri]
        return {
            "iri": one.iri,
            "origine": "declaree" if one.declaree else "habituelle",
            "de": self._bout(one, one.de),
            "vers": self._bout(one, one.vers),
            "natures": self._nommes(one.natures),
            "etat": local_name(one.etat),
            "etat_libelle": self._nom(one.etat),
            "tenue": self.systeme.tenue(one),
            "formalisee": one.formalisee,
            "etapes": self._nommes(one.etapes),
            "raison": self.raisons.get(one.iri),
            "territoires": [{"iri": each, "libelle": self.nommer(each)} for each in one.territoires],
            "parole": parole,
            "parole_libelle": self.textes.dire(f"relations.parole.{parole}", self.langue),
            "declarants": self._nommes(one.declarants),
            "constat": one.constat,
            "statut": local_name(one.statut),
            "statut_libelle": self._nom(one.statut),
            "sources": self._nommes(one.sources),
            "page": one.page,
        }

    def graphe(self, graphe: Graphe) -> Json:
        """What a graph says: its bridges, and the place of each node."""
        return {
            "ponts": [[self._nomme(one) for one in pair] for pair in graphe.ponts],
            "places": [
                {
                    **self._nomme(one.noeud),
                    "voisins": one.voisins,
                    "intermediarite": one.intermediarite,
                    "charniere": one.charniere,
                    "recenses": self.systeme.recenses.get(one.noeud),
                }
                for one in graphe.places
            ],
        }

    def sans_relation(self) -> list[Json]:
        """Actors of which no relation is known."""
        return [{"iri": one.iri, "libelle": one.nom} for one in self.systeme.sans_relation]

    def en_csv(self) -> bytes:
        """One relation a row."""
        entetes = [self.textes.dire(f"relations.colonne.{name}", self.langue) for name in COLONNES]
        return tableur.ecrire(entetes, (self._ligne(one) for one in self.relations()))

    def _ligne(self, one: Json) -> list[str]:
        told = {
            **one,
            "origine": self.textes.dire(f"relations.origine.{one['origine']}", self.langue),
            "de": one["de"]["libelle"],
            "vers": one["vers"]["libelle"],
            "nature": _listes(one["natures"]),
            "etat": one["etat_libelle"],
            "formalisee": self._oui(one["formalisee"]),
            "parole": one["parole_libelle"],
            "statut": one["statut_libelle"],
            **{name: _listes(one[name]) for name in ("etapes", "territoires", "declarants", "sources")},
        }
        return [told[name] for name in COLONNES]

    def en_graphml(self) -> bytes:
        """Actors and kinds, what is stated, what is habitual, and which actor is of which kind."""
        from maillage.territoire.graphe import graphml

        bouts = {bout for one in self.systeme.toutes for bout in one.bouts}
        kinds = bouts - self.systeme.acteurs.keys()
        noeuds: dict[str, Json] = {
            one: {"libelle": self._nom(one), "genre": "type", "recenses": self.systeme.recenses.get(one, 0)}
            for one in sorted(kinds)
        }
        noeuds |= {one.iri: {"libelle": one.nom, "genre": "acteur"} for one in self.systeme.acteurs.values()}
        liens = [(one["de"]["iri"], one["vers"]["iri"], _lien(one)) for one in self.relations()]
        liens += [
            (one.iri, kind, {"lien": "classification"})
            for one in self.systeme.acteurs.values()
            for kind in one.types
            if kind in kinds
        ]
        return graphml(noeuds, liens)

    def _bout(self, one: Relation, bout: str) -> Json:
        """An end; `recenses` is how many actors of a kind are listed here, null for an actor."""
        acteur = bout in one.acteurs
        recenses = None if acteur else self.systeme.recenses.get(bout, 0)
        return {**self._nomme(bout), "genre": "acteur" if acteur else "type", "recenses": recenses}

    def _nomme(self, iri: str) -> Json:
        return {"iri": iri, "libelle": self._nom(iri)}

    def _nommes(self, iris: Iterable[str]) -> list[Json]:
        return [self._nomme(one) for one in iris]

    def _nom(self, iri: str) -> str:
        acteur = self.systeme.acteurs.get(iri)
        return acteur.nom if acteur else self.libelles.get(iri, local_name(iri))

    def _oui(self, valeur: bool | None) -> str:
        if valeur is None:
            return ""
        return self.textes.dire("relations.oui" if valeur else "relations.non", self.langue)


def _lien(one: Json) -> Json:
    return {
        "lien": one["origine"],
        "iri": one["iri"],
        "nature": _listes(one["natures"]),
        "etat": one["etat"],
        "etapes": _listes(one["etapes"]),
        "parole": one["parole"],
        "declarants": _listes(one["declarants"]),
        "constat": one["constat"],
        "statut": one["statut"],
    }


def _listes(nommes: Iterable[Mapping[str, str]]) -> str:
    return ", ".join(one["libelle"] for one in nommes)
