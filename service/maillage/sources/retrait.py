"""A removal that a person asked for: the value taken out, and remembered by its fingerprint alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from maillage.importation.lecture import ErreurImport, lit_csv, lit_texte
from maillage.importation.publication import publie
from maillage.sources.application import fichier_ecrit
from maillage.sources.connu import Connu, Fichier, lexical, lit
from maillage.sources.personnes import COLONNES_RETRAITS, RETRAITS, empreinte


@dataclass(slots=True)
class Retrait:
    """What a removal did: files written again, and those of stewards that still hold the value."""

    recrits: list[str] = field(default_factory=list)
    a_la_main: list[str] = field(default_factory=list)


def retire(racine: Path, acteur: str, valeur: str, jour: str, raison: str) -> Retrait:
    """Take a value out of the files that importers wrote, and refuse it in every edition to come.

    Raises ErreurImport where the actor is unknown or the value has no letter nor digit.
    """
    connu = lit(racine)
    if acteur not in connu.acteurs:
        raise ErreurImport(f"« acteur:{acteur} » n'est pas dans les données.")
    somme = empreinte(valeur)
    if somme == empreinte(""):
        raise ErreurImport("La valeur à retirer est vide.")
    _inscrit(racine, acteur, somme, jour, raison)
    rendu = Retrait()
    for fichier in _porteurs(connu, acteur, somme):
        if not fichier.importateur:
            rendu.a_la_main.append(fichier.chemin)
            continue
        bloc = fichier.blocs[acteur]
        for predicat in list(bloc):
            bloc[predicat] = [v for v in bloc[predicat] if empreinte(lexical(v)) != somme]
        publie(fichier.importateur, [fichier_ecrit(fichier, False)], (), racine, False)
        rendu.recrits.append(fichier.chemin)
    return rendu


def _porteurs(connu: Connu, acteur: str, somme: str) -> Iterator[Fichier]:
    for fichier, bloc in connu.dires(acteur):
        if any(empreinte(lexical(v)) == somme for valeurs in bloc.values() for v in valeurs):
            yield fichier


def _inscrit(racine: Path, acteur: str, somme: str, jour: str, raison: str) -> None:
    chemin = racine / RETRAITS
    connus = lit_csv(chemin, COLONNES_RETRAITS)
    if any((e.texte("acteur"), e.texte("empreinte")) == (acteur, somme) for e in connus):
        return
    ligne = io.StringIO(newline="")
    csv.writer(ligne, lineterminator="\n").writerow([acteur, somme, jour, raison])
    chemin.write_text(lit_texte(chemin) + ligne.getvalue(), encoding="utf-8")
