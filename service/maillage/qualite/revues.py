"""Records due for review, from the stored query `acteurs-a-relire`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from maillage import tableur
from maillage.changements.journal import Journal
from maillage.requetes.libelles import libelles
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Ligne
from maillage.textes import Langue, Textes

#: columns of the table, in order; each heading is the text `colonne.<name>`.
COLONNES = (
    "nom", "revue", "statut", "constat", "modifie", "verifie", "par", "moyen", "controle", "iri",
)  # fmt: skip


@dataclass(frozen=True)
class Revue:
    """A record to review: the actor, the day it is due, its other dates as they are written.

    `modifie` is the day of the version in which the record last changed. `verifie`, `par` and `moyen` tell
    the last verification that succeeded; `controle` is the day of the last check, which may have failed.
    What is unknown is empty.
    """

    iri: str
    nom: str
    revue: date
    statut: str
    constat: str
    modifie: str = ""
    verifie: str = ""
    par: str = ""
    moyen: str = ""
    controle: str = ""


def a_relire(
    entrepot: Entrepot,
    requetes: Requetes,
    territoire: str,
    echeance: date,
    langue: Langue = "fr",
    journal: Journal | None = None,
) -> list[Revue]:
    """The records of a territory due by a day, the most overdue first; `journal` tells when they changed.

    Raises ParametreInvalide where `territoire` is no IRI, and what Entrepot.lignes raises.
    """
    asked = {"territoire": territoire, "echeance": echeance.isoformat()}
    rows = requetes.executer(entrepot, "acteurs-a-relire", asked)
    named = {row[name].value for row in rows for name in ("statut", "par", "moyen") if name in row}
    labels = libelles(entrepot, requetes, named, langue) if named else {}
    by_actor: dict[str, list[Ligne]] = {}
    for row in rows:
        by_actor.setdefault(row["acteur"].value, []).append(row)
    changed = journal.derniers(by_actor) if journal else {}
    return [
        _revue(iri, found, labels, changed.get(iri, "").partition("T")[0]) for iri, found in by_actor.items()
    ]


def _revue(iri: str, rows: list[Ligne], labels: dict[str, str], modifie: str) -> Revue:
    first = rows[0]

    def said(name: str) -> str:
        values = dict.fromkeys(row[name].value for row in rows if name in row)
        return ", ".join(labels.get(value, value) for value in values)

    return Revue(
        iri,
        first["nom"].value,
        date.fromisoformat(first["revue"].value),
        said("statut"),
        said("constat"),
        modifie,
        *(said(name) for name in ("verifie", "par", "moyen", "controle")),
    )


def en_csv(revues: Iterable[Revue], textes: Textes, langue: Langue = "fr") -> bytes:
    """A table, one record a row."""
    entetes = [textes.dire(f"colonne.{name}", langue) for name in COLONNES]
    return tableur.ecrire(entetes, ([str(getattr(one, name)) for name in COLONNES] for one in revues))


def en_texte(revues: list[Revue], ou: str, echeance: date) -> str:
    """Lines for a terminal, in French."""
    if not revues:
        return f"{ou} : aucune fiche à revoir d'ici au {echeance}.\n"
    lines = [f"{ou} : {len(revues)} fiche(s) à revoir d'ici au {echeance}.", ""]
    for one in revues:
        lines.append(f"{one.revue}  {one.nom} ({one.statut}, {_vue(one)})")
    return "\n".join(lines) + "\n"


def _vue(revue: Revue) -> str:
    if not revue.verifie:
        essai = f", contrôle sans suite le {revue.controle}" if revue.controle else ""
        return f"jamais vérifiée, vue en {revue.constat}{essai}"
    return f"vérifiée le {revue.verifie} par {revue.par}, {revue.moyen}"
