"""Disagreements between a source and the record that prevails, kept as data so that they stay visible.

One file a source, `donnees/rapprochements/desaccords-<source>.ttl`: each `mlg:Desaccord` is the statement
that was not taken (rdf:subject, rdf:predicate, rdf:object), with the edition that makes it and its date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from maillage.importation.acteur import slug
from maillage.importation.ecriture import Bloc, date
from maillage.importation.lecture import ErreurImport
from maillage.importation.publication import Fichier
from maillage.sources.connu import lexical, rendu
from maillage.sources.decisions import DOSSIER
from maillage.sources.normalisation import meme_valeur
from maillage.sources.notice import Edition

_COURT = {
    "subject": "acteur",
    "predicate": "predicat",
    "object": "objet",
    "source": "source",
    "constat": "jour",
}


@dataclass(frozen=True, slots=True)
class Desaccord:
    """A statement of an edition that was not taken; terms are rendered in Turtle."""

    acteur: str
    predicat: str
    objet: str
    source: str
    jour: str


class Desaccords:
    """The disagreements of one source."""

    def __init__(self, racine: Path, importateur: str) -> None:
        self._importateur = importateur
        self.chemin = f"{DOSSIER}/desaccords-{importateur}.ttl"
        self.liste = _lit(racine / self.chemin)

    def connu(self, acteur: str, predicat: str, valeurs: list[str]) -> bool:
        """Whether these values of a property are already kept as disagreements."""
        tus = [d.objet for d in self.liste if d.acteur == acteur and d.predicat == predicat]
        return bool(tus) and all(
            any(meme_valeur(predicat, v, t) for t in tus) for v in map(_litteral, valeurs)
        )

    def fichier(self, edition: Edition, nouveaux: list[tuple[str, str, str]]) -> Fichier:
        """The file with new ones (actor, predicate, object), which replace those on the same property."""
        ajoutes = [Desaccord(a, p, _litteral(o), edition.source, edition.jour) for a, p, o in nouveaux]
        paires = {(d.acteur, d.predicat) for d in ajoutes}
        self.liste = [d for d in self.liste if (d.acteur, d.predicat) not in paires] + ajoutes
        self.liste.sort(key=lambda d: (d.acteur, d.predicat, d.objet))
        titre = f"Désaccords avec la source {self._importateur} : ce qu'elle dit et qui n'est pas retenu."
        return Fichier(self.chemin, titre, [self._bloc(d) for d in self.liste])

    def _bloc(self, d: Desaccord) -> Bloc:
        freres = [f.objet for f in self.liste if (f.acteur, f.predicat) == (d.acteur, d.predicat)]
        rang = freres.index(d.objet)
        nom = slug(f"{self._importateur}-{d.acteur}-{d.predicat.partition(':')[2]}") + (
            f"-{rang + 1}" if rang else ""
        )
        bloc = Bloc(f"desaccord:{nom}", "mlg:Desaccord").ajoute("rdf:subject", f"acteur:{d.acteur}")
        bloc.ajoute("rdf:predicate", d.predicat).ajoute("rdf:object", d.objet)
        return bloc.ajoute("dcterms:source", d.source).ajoute("mlg:constat", date(d.jour))


def _litteral(objet: str) -> str:
    """An address is kept as the text of its parts: a disagreement has no blank node."""
    if not objet.startswith("["):
        return objet
    parts = re.findall(r'schema:\w+ ("(?:[^"\\]|\\.)*")', objet)
    return str(pyoxigraph.Literal(", ".join(map(lexical, parts))))


def _lit(chemin: Path) -> list[Desaccord]:
    if not chemin.is_file():
        return []
    dits: dict[str, dict[str, str]] = {}
    try:
        for quad in pyoxigraph.parse(path=str(chemin), format=pyoxigraph.RdfFormat.TURTLE):
            nom = _COURT.get(re.split(r"[/#]", quad.predicate.value)[-1])
            if nom:
                dits.setdefault(str(quad.subject), {})[nom] = rendu(quad.object)
    except (SyntaxError, OSError) as erreur:
        raise ErreurImport(f"{chemin.name} : désaccords illisibles ({erreur}).") from None
    try:
        return [
            Desaccord(
                d["acteur"].partition(":")[2], d["predicat"], d["objet"], d["source"], lexical(d["jour"])
            )
            for d in dits.values()
        ]
    except KeyError as manque:
        raise ErreurImport(f"{chemin.name} : un désaccord n'a pas sa propriété {manque}.") from None
