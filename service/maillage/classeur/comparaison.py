"""Rows against the present state: what would be added, changed, removed, or left as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from maillage.classeur.cellules import Cellules, Terme
from maillage.classeur.defauts import Defaut
from maillage.classeur.etat import Etat, Valeurs, repere
from maillage.classeur.modele import Colonne, Feuille
from maillage.classeur.noms import abrege

Sorte = Literal["ajoutee", "modifiee", "retiree", "inchangee"]


@dataclass(frozen=True)
class Ligne:
    """One row read: the resource it is about, and what its cells say of it.

    `lues`: keys of the columns that the file has. `places`: column number of each key. `marque`: its mark, ""
    for a row that was not exported, whose empty cells then say nothing.
    """

    feuille: Feuille
    numero: int
    iri: str
    titre: str
    valeurs: Valeurs
    lues: frozenset[str] = frozenset()
    places: Mapping[str, int] = field(default_factory=dict)
    marque: str = ""
    retirer: bool = False

    def defaut(self, message: str, cle: str = "") -> Defaut:
        """Something wrong with this row, or with one of its columns."""
        colonne = self.feuille.par_cle.get(cle) or self.feuille.service.get(cle)
        entete = colonne.fr if colonne else ""
        return Defaut(self.feuille.nom, self.numero, self.places.get(cle, 0), entete, message)


@dataclass(frozen=True, slots=True)
class Ecart:
    """A column whose values change."""

    colonne: Colonne
    avant: frozenset[Terme]
    apres: frozenset[Terme]


@dataclass(frozen=True, slots=True)
class Changement:
    """What one row does."""

    ligne: Ligne
    sorte: Sorte
    ecarts: tuple[Ecart, ...] = ()


def comparer(ligne: Ligne, etat: Etat) -> Changement | Defaut:
    """What a row changes, or why it cannot be taken."""
    feuille, iri = ligne.feuille, ligne.iri
    if not etat.connue(iri):
        if ligne.retirer:
            return ligne.defaut("rien à retirer : cette fiche n'existe pas", "retirer")
        return Changement(ligne, "ajoutee", tuple(_ecarts(feuille, {}, ligne.valeurs)))
    if not etat.est(iri, feuille.classe):
        return ligne.defaut("ce code est celui d'autre chose que ce que décrit cette feuille", "code")
    before = etat.valeurs(feuille, iri)
    if ligne.retirer:
        return Changement(ligne, "retiree", tuple(_ecarts(feuille, before, {})))
    after = _voulues(ligne, before)
    changed = tuple(_ecarts(feuille, before, after))
    if not changed or (ligne.marque and _intacte(ligne)):
        return Changement(ligne, "inchangee")
    if ligne.marque and ligne.marque != repere(before):
        columns = ", ".join(f"« {one.colonne.fr} »" for one in changed)
        return ligne.defaut(
            f"cette fiche a changé dans les données depuis l'exportation, et la ligne dirait autre chose "
            f"dans {columns}. Exportez de nouveau et reportez la modification, ou videz le repère pour "
            "imposer les cellules remplies de cette ligne",
            "repere",
        )
    for one in changed:
        if len(one.colonne.chemin) > 1 and len(etat.noeuds(iri, one.colonne)) > 1:
            return ligne.defaut(
                "l'acteur a plusieurs adresses, que le tableau ne sait pas montrer : corrigez-les dans le "
                "fichier Turtle",
                one.colonne.cle,
            )
    return Changement(ligne, "modifiee", changed)


def _voulues(ligne: Ligne, avant: Valeurs) -> Valeurs:
    """What the resource must hold: an empty cell empties an exported row, and says nothing in another."""
    said = {cle: ligne.valeurs.get(cle, frozenset()) for cle in ligne.lues} if ligne.marque else ligne.valeurs
    return {**avant, **said}


def _intacte(ligne: Ligne) -> bool:
    """Whether a row is as it was exported."""
    return ligne.lues.issuperset(ligne.feuille.par_cle) and repere(ligne.valeurs) == ligne.marque


def _ecarts(feuille: Feuille, avant: Valeurs, apres: Valeurs) -> Iterator[Ecart]:
    for colonne in feuille.colonnes:
        old: frozenset[Terme] = avant.get(colonne.cle, frozenset())
        new: frozenset[Terme] = apres.get(colonne.cle, frozenset())
        if old != new:
            yield Ecart(colonne, old, new)


def phrases(changements: list[Changement], cellules: Cellules) -> Iterator[str]:
    """The changes in French: each one with its old and new values, then the counts of each sheet."""
    signs = {"ajoutee": "+", "modifiee": "~", "retiree": "-"}
    for change in changements:
        if change.sorte in signs:
            ligne = change.ligne
            yield f"{signs[change.sorte]} {ligne.feuille.nom}, ligne {ligne.numero} : {ligne.titre}"
            if change.sorte != "retiree":
                yield from (f"    {_ecart(one, cellules)}" for one in change.ecarts)
    counts: dict[str, Counter[str]] = {}
    for change in changements:
        counts.setdefault(change.ligne.feuille.nom, Counter())[change.sorte] += 1
    for nom, count in counts.items():
        yield (
            f"{nom} : ajoutées {count['ajoutee']}, modifiées {count['modifiee']}, "
            f"retirées {count['retiree']}, inchangées {count['inchangee']}."
        )


def _ecart(ecart: Ecart, cellules: Cellules) -> str:
    old, new = (
        abrege(" | ".join(text for text in cellules.ecrire(ecart.colonne, values) if text), 160)
        for values in (ecart.avant, ecart.apres)
    )
    if not old:
        return f"{ecart.colonne.fr} : « {new} »"
    return f"{ecart.colonne.fr} : « {old} » → {f'« {new} »' if new else 'vide'}"
