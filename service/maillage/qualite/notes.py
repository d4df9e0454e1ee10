"""The quality report of a territory: the score of each record, what records lack most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import mean

from maillage import tableur
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot
from maillage.textes import Langue, Textes

COLONNES = ("nom", "note", "revue", "iri")


@dataclass(frozen=True)
class Note:
    """The score of a record, from 0 to 1, and the day it is due for review."""

    iri: str
    nom: str
    note: float
    revue: date


@dataclass(frozen=True)
class Critere:
    """A criterion of presence: its label, its weight, how many records meet it, of how many it concerns."""

    libelle: str
    poids: float
    satisfaits: int
    concernes: int


@dataclass(frozen=True)
class Bilan:
    """Scores, the lowest first, and criteria, the least met first."""

    notes: tuple[Note, ...]
    criteres: tuple[Critere, ...]

    @property
    def moyenne(self) -> float:
        """Mean of the scores; 0 where there is no record."""
        return mean(one.note for one in self.notes) if self.notes else 0.0


def bilan(
    entrepot: Entrepot, requetes: Requetes, territoire: str, jour: date, langue: Langue = "fr"
) -> Bilan:
    """The quality of the records of a territory on a day, from `qualite-acteurs` and `qualite-criteres`.

    Raises ParametreInvalide where `territoire` is no IRI, and what Entrepot.lignes raises.
    """
    scores = requetes.executer(
        entrepot, "qualite-acteurs", {"territoire": territoire, "jour": jour.isoformat()}
    )
    notes = tuple(
        Note(
            row["acteur"].value,
            row["nom"].value,
            float(row["note"].value),
            date.fromisoformat(row["revue"].value),
        )
        for row in scores
    )
    rows = requetes.executer(entrepot, "qualite-criteres", {"territoire": territoire, "langue": langue})
    criteres = tuple(
        Critere(
            row["libelle"].value,
            float(row["poids"].value),
            int(row["satisfaits"].value),
            int(row["concernes"].value) or len(notes),
        )
        for row in rows
    )
    return Bilan(notes, criteres)


def en_csv(notes: Iterable[Note], textes: Textes, langue: Langue = "fr") -> bytes:
    """A table of the scores, one record a row."""
    entetes = [textes.dire(f"colonne.{name}", langue) for name in COLONNES]
    rows = ([one.nom, f"{one.note:.2f}".replace(".", ","), one.revue.isoformat(), one.iri] for one in notes)
    return tableur.ecrire(entetes, rows)


def en_texte(found: Bilan, ou: str, limite: int) -> str:
    """Lines for a terminal, in French: the mean, the criteria, the `limite` weakest records."""
    if not found.notes:
        return f"{ou} : aucune fiche à noter.\n"
    lines = [f"{ou} : note moyenne {found.moyenne:.0%} pour {len(found.notes)} fiches.", ""]
    lines += [
        f"{one.satisfaits / one.concernes:5.0%}  {one.libelle} ({one.satisfaits} sur {one.concernes}, "
        f"poids {one.poids:g})"
        for one in found.criteres
    ]
    lines += ["", "Les plus basses :"]
    lines += [f"{one.note:5.0%}  {one.nom}" for one in found.notes[:limite]]
    return "\n".join(lines) + "\n"
