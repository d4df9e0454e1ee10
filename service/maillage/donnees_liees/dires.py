"""Who says what of an actor: each value with its source, its date, its file, and whether it is taken up."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from maillage.donnees_liees.noms import Noms
from maillage.namespaces import GRAPHE, PREFIXES
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Terme


@dataclass(frozen=True)
class Dire:
    """One value, said by one source; not taken up where another one prevails."""

    propriete: str
    valeur: str
    source: str
    titre: str
    constat: str
    fichier: str
    retenue: bool


def lire_dires(requetes: Requetes, entrepot: Entrepot, iri: str, noms: Noms) -> list[Dire]:
    """What is said of an actor, property by property; nothing for any other resource."""
    if not iri.startswith(PREFIXES["acteur"]):
        return []
    rows = requetes.executer(entrepot, "provenance-d-un-acteur", {"acteur": NamedNode(iri)})
    noms.apprendre({t.value for row in rows for t in row.values() if isinstance(t, NamedNode)})

    def said(term: Terme | None) -> str:
        return noms.dire(term.value) if isinstance(term, NamedNode) else str(getattr(term, "value", ""))

    return [
        Dire(
            said(row["propriete"]),
            said(row["valeur"]).strip(", "),
            row["source"].value,
            said(row["source"]),
            said(row.get("constat")),
            row["graphe"].value.removeprefix(GRAPHE) + ".ttl",
            isinstance(row["retenue"], Literal) and row["retenue"].value == "true",
        )
        for row in rows
    ]
