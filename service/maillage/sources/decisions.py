"""Decisions of stewards on who is who, positive and negative, kept as Turtle for the next editions.

One file a source, `donnees/rapprochements/<source>.ttl`: each `mlg:Rapprochement` says whether a record
of the source is an actor of the corpus, since when, and why. Lines of donnees/institutions/equivalences.csv
count as decisions too: they say which actor a steward took over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from maillage.importation import tables
from maillage.importation.acteur import slug
from maillage.importation.ecriture import Bloc, chaine, date, ref, texte
from maillage.importation.lecture import ErreurImport
from maillage.importation.publication import Fichier, publie
from maillage.namespaces import PREFIXES

DOSSIER = "donnees/rapprochements"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a steward decided of one record and one actor."""

    enregistrement: str
    acteur: str
    meme: bool
    jour: str
    raison: str


class Decisions:
    """The decisions on one source."""

    def __init__(self, racine: Path, importateur: str) -> None:
        self._racine, self._importateur = racine, importateur
        self.liste = _lit(racine / DOSSIER / f"{importateur}.ttl")
        self._memes = tables.equivalences(racine, importateur)
        self._memes.update({d.enregistrement: d.acteur for d in self.liste if d.meme})
        self._differents = {(d.enregistrement, d.acteur) for d in self.liste if not d.meme}

    def acteur(self, identifiants: list[str]) -> str | None:
        """The actor that a body was decided to be, by any of its identifiers."""
        return next((self._memes[i] for i in identifiants if i in self._memes), None)

    def different(self, identifiants: list[str], acteur: str) -> bool:
        """Whether a body was decided not to be an actor."""
        return any((i, acteur) in self._differents for i in identifiants)

    def ajoute(self, nouvelles: Sequence[Decision]) -> None:
        """Write decisions, each of which replaces any other on the same record and actor."""
        paires = {(d.enregistrement, d.acteur) for d in nouvelles}
        gardees = [d for d in self.liste if (d.enregistrement, d.acteur) not in paires]
        self.liste = sorted([*gardees, *nouvelles], key=lambda d: (d.enregistrement, d.acteur))
        fichier = Fichier(
            f"{DOSSIER}/{self._importateur}.ttl",
            f"Rapprochements décidés par les intendants : source {self._importateur}.",
            [_bloc(self._importateur, d) for d in self.liste],
        )
        publie(f"rapprocher {self._importateur}", [fichier], (), self._racine, False)


def _bloc(importateur: str, decision: Decision) -> Bloc:
    nom = f"{importateur}-{slug(decision.enregistrement)}-{decision.acteur}"
    bloc = Bloc(ref("rapprochement", nom), "mlg:Rapprochement")
    bloc.ajoute("dcterms:identifier", chaine(decision.enregistrement))
    bloc.ajoute("dcterms:subject", ref("acteur", decision.acteur))
    bloc.ajoute("mlg:memeOrganisme", "true" if decision.meme else "false")
    bloc.ajoute("mlg:constat", date(decision.jour))
    return bloc.ajoute("mlg:remarque", texte(decision.raison) if decision.raison else None)


def _lit(chemin: Path) -> list[Decision]:
    if not chemin.is_file():
        return []
    dits: dict[str, dict[str, str]] = {}
    try:
        for quad in pyoxigraph.parse(path=str(chemin), format=pyoxigraph.RdfFormat.TURTLE):
            nom = re.split(r"[/#]", quad.predicate.value)[-1]
            valeur = str(getattr(quad.object, "value", ""))
            dits.setdefault(str(quad.subject), {})[nom] = valeur.removeprefix(PREFIXES["acteur"])
    except (SyntaxError, OSError) as erreur:
        raise ErreurImport(f"{chemin.name} : décisions illisibles ({erreur}).") from None
    return [_decision(chemin, d) for d in dits.values()]


def _decision(chemin: Path, dit: dict[str, str]) -> Decision:
    try:
        return Decision(
            dit["identifier"],
            dit["subject"],
            dit["memeOrganisme"] in ("true", "1"),
            dit["constat"],
            dit.get("remarque", ""),
        )
    except KeyError as manque:
        raise ErreurImport(f"{chemin.name} : une décision n'a pas sa propriété {manque}.") from None
