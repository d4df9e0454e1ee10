"""What was typed in a tool's form: rows of texts, then answers, with every fault at its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from maillage.classeur.defauts import Defaut
from maillage.classeur.modele import Colonne, Feuille
from maillage.classeur.reponses import Dites, Reponses, repondre
from maillage.outils.champs import Saisie
from maillage.outils.guichet import Guichet

#: rows of one sheet, characters of one field: a form holds no more.
RANGEES, CARACTERES = 60, 4_000
#: marks of a row that are no columns: the record it completes, proposed for the kind, confirmed.
CODE, PROPOSE, GARDER = "code", "propose", "garder"
_NOM = re.compile(r"([a-z]+)\.(\d{1,3})\.([a-z_]+)")

#: rows by sheet (its prefix).
Rangees = dict[str, list[Saisie]]
#: the sentence of a fault, given the column and what was typed there.
Dire = Callable[[Defaut, Colonne, Sequence[str]], str]


@dataclass(frozen=True)
class Lue:
    """Answers understood, or rows with their faults; `hors` are faults of no field."""

    reponses: Reponses
    rangees: Rangees
    hors: tuple[str, ...] = ()


def lire_rangees(champs: Iterable[tuple[str, str]], feuilles: Sequence[Feuille]) -> Rangees:
    """Rows of a form by sheet, in order; a field that no column knows is left aside."""
    known = {feuille.prefixe: {*feuille.par_cle, CODE, PROPOSE, GARDER} for feuille in feuilles}
    found: dict[str, dict[int, dict[str, list[str]]]] = {feuille.prefixe: {} for feuille in feuilles}
    for nom, texte in champs:
        parts = _NOM.fullmatch(nom)
        if not parts or parts[3] not in known.get(parts[1], ()) or int(parts[2]) >= RANGEES:
            continue
        values = found[parts[1]].setdefault(int(parts[2]), {}).setdefault(parts[3], [])
        if texte.strip():
            values.append(texte.replace("\r\n", "\n").strip()[: CARACTERES + 1])
    return {prefixe: [_saisie(rows[rank]) for rank in sorted(rows)] for prefixe, rows in found.items()}


def _saisie(champs: dict[str, list[str]]) -> Saisie:
    marks = {name: champs.pop(name, []) for name in (CODE, PROPOSE, GARDER)}
    proposed = bool(marks[PROPOSE])
    return Saisie(champs, "".join(marks[CODE]), proposed, bool(marks[GARDER]) or not proposed)


def comprendre(
    guichet: Guichet,
    feuilles: Sequence[Feuille],
    rangees: Rangees,
    acteur: str,
    defauts: Mapping[str, str],
    dire: Dire,
) -> Lue:
    """The answers of an actor (its short form, or its name where it is described in the same form).

    `defauts`: what every row says where it is silent; `dire` tells a fault in the reader's language. Rows
    that say nothing, or that are proposed and not confirmed, are left out.
    """
    given = {
        feuille.nom: [
            (rank, _reponse(feuille, saisie, acteur))
            for rank, saisie in enumerate(rangees.get(feuille.prefixe, ()))
            if saisie.gardee and any(saisie.valeurs.values())
        ]
        for feuille in feuilles
    }
    said = {nom: [answer for _, answer in answers] for nom, answers in given.items()}
    reponses = repondre(guichet, said, defauts)
    marked = {prefixe: list(rows) for prefixe, rows in rangees.items()}
    hors = []
    for defaut in reponses.defauts:
        place = _place(defaut, feuilles, given)
        if place is None:
            hors.append(str(defaut))
            continue
        feuille, colonne, row, answer = place
        old = marked[feuille.prefixe][row]
        sentence = dire(defaut, colonne, answer.get(colonne.cle, ()))
        marked[feuille.prefixe][row] = replace(old, erreurs={**old.erreurs, colonne.cle: sentence})
    return Lue(reponses, marked, tuple(hors))


def _reponse(feuille: Feuille, saisie: Saisie, acteur: str) -> Dites:
    """What a row says, the actor put where it is not asked."""
    said = {cle: list(values) for cle, values in saisie.valeurs.items() if values}
    if saisie.code:
        said[CODE] = [saisie.code]
    for cle in tues(feuille):
        said[cle] = [acteur]
    first = next((one.cle for one in feuille.colonnes if one.genre == "porteur"), "")
    if first:
        said.setdefault(first, [acteur])
    return said


def tues(feuille: Feuille) -> tuple[str, ...]:
    """Columns that are not asked in the form of one actor: they are that actor."""
    return tuple(one.cle for one in feuille.colonnes if one.genre == "acteur")


def _place(
    defaut: Defaut, feuilles: Sequence[Feuille], given: Mapping[str, Sequence[tuple[int, Dites]]]
) -> tuple[Feuille, Colonne, int, Dites] | None:
    """Sheet, column, row and texts of a fault; None where it is that of no field."""
    for feuille in feuilles:
        rank, answers = defaut.ligne - 2, given[feuille.nom]
        if feuille.nom != defaut.feuille or not 0 <= rank < len(answers):
            continue
        for colonne in feuille.colonnes:
            if colonne.fr == defaut.entete:
                return feuille, colonne, *answers[rank]
    return None
