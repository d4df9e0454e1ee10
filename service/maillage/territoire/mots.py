"""The words of coverage in a language: states of a cell, kinds of gap, from the vocabularies."""

from __future__ import annotations

from dataclasses import dataclass

from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot
from maillage.textes import Langue


@dataclass(frozen=True)
class Mot:
    """A concept as it is said: label, definition; for a gap its weight, threshold and line of work."""

    iri: str
    libelle: str
    definition: str
    ordre: int = 0
    poids: float = 0.0
    seuil: int = 0
    piste: str = ""


def lire_mots(entrepot: Entrepot, requetes: Requetes, langue: Langue) -> dict[str, Mot]:
    """States and kinds of gap by code. Raises what Entrepot.lignes raises."""
    found = {}
    for row in requetes.executer(entrepot, "couverture-vocabulaire", {"langue": langue}):
        said = {name: term.value for name, term in row.items()}
        found[said["code"]] = Mot(
            said["concept"],
            said["libelle"],
            said["definition"],
            int(said.get("ordre", 0)),
            float(said.get("poids", 0)),
            int(said.get("seuil", 0)),
            said.get("piste", ""),
        )
    return found
