"""Answers to the guide's tools, wherever they were given: the rows of a workbook, and the same as Turtle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from maillage.classeur.cellules import Cellules
from maillage.classeur.comparaison import Ligne
from maillage.classeur.defauts import Defaut
from maillage.classeur.lecture import Connaissance, lire
from maillage.classeur.modele import ADRESSE, Feuille
from maillage.classeur.tableau import Tableau
from maillage.namespaces import PREFIXES, local_name
from maillage.turtle.document import document

_TYPE = NamedNode(PREFIXES["rdf"] + "type")

#: what one answer says: texts by key of column (`colonnes.toml`), several where the column may be repeated.
Dites = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Reponses:
    """Answers as the stewards receive them. With `defauts`, rows and Turtle hold only what was understood.

    `rangees`: by sheet, cells in the order of its headings; the row of a defect is that of the answer in its
    sheet, from 2 as in a workbook.
    """

    rangees: dict[str, list[list[str]]] = field(default_factory=dict)
    turtle: str = ""
    defauts: list[Defaut] = field(default_factory=list)


def repondre(
    connaissance: Connaissance,
    dites: Mapping[str, Sequence[Dites]],
    defaut_de: Mapping[str, str] | None = None,
) -> Reponses:
    """Rows and Turtle of answers given by sheet. `defaut_de`: what an answer says where it is silent.

    A `code` among the keys tells which record is completed; without it, a code is made. No answer at all is
    no defect. Raises KeyError for a sheet or a column that does not exist.
    """
    tableaux = [
        _tableau(connaissance.modele.feuille(nom), answers) for nom, answers in dites.items() if answers
    ]
    if not tableaux:
        return Reponses()
    lecture = lire(tableaux, connaissance, defaut_de)
    rangees: dict[str, list[list[str]]] = {}
    for ligne in lecture.lignes:
        row = rangee(lecture.cellules, ligne.feuille, ligne.iri, ligne.valeurs)
        row = rangee(lecture.cellules, ligne.feuille, ligne.iri, ligne.valeurs)
        rangees.setdefault(ligne.feuille.nom, []).append(row)
    return Reponses(rangees, en_turtle(lecture.lignes), lecture.defauts)


def rangee(
    cellules: Cellules,
    feuille: Feuille,
    iri: str,
    valeurs: Mapping[str, frozenset[NamedNode | Literal]],
    marque: str = "",
) -> list[str]:
    """The cells of a row, in the order of the headings."""
    cells = [local_name(iri)]
    for colonne in feuille.colonnes:
        cells += cellules.ecrire(colonne, valeurs.get(colonne.cle, ()))
    return [*cells, *([""] if feuille.retrait else []), marque]


def en_turtle(lignes: Sequence[Ligne]) -> str:
    """What rows say, as one Turtle document in the project's layout; "" for no row."""
    return document(triple for ligne in lignes for triple in _triplets(ligne))


def _triplets(ligne: Ligne) -> Iterator[Triple]:
    sujet, noeud = NamedNode(ligne.iri), BlankNode()
    yield Triple(sujet, _TYPE, NamedNode(ligne.feuille.classe))
    linked = False
    for colonne in ligne.feuille.colonnes:
        for terme in ligne.valeurs.get(colonne.cle, ()):
            if len(colonne.chemin) == 1:
                yield Triple(sujet, NamedNode(colonne.chemin[0]), terme)
                continue
            if not linked:
                linked = True
                yield Triple(sujet, NamedNode(colonne.chemin[0]), noeud)
                yield Triple(noeud, _TYPE, NamedNode(ADRESSE))
            yield Triple(noeud, NamedNode(colonne.chemin[1]), terme)


def _tableau(feuille: Feuille, dites: Sequence[Dites]) -> Tableau:
    """The answers as the sheet that would say the same: text of several values joined as a person would."""
    entetes = feuille.entetes()
    known = {colonne.cle for _, colonne in entetes}
    rows: list[tuple[int, list[str]]] = [(1, [entete for entete, _ in entetes])]
    for numero, answer in enumerate(dites, start=2):
        if unknown := set(answer) - known:
            raise KeyError(f"{feuille.nom} : {', '.join(sorted(unknown))}")
        cells, seen = [], set()
        for _, colonne in entetes:
            first = colonne.cle not in seen
            seen.add(colonne.cle)
            cells.append((colonne.entre or "\n").join(answer.get(colonne.cle, ())) if first else "")
        rows.append((numero, cells))
    return Tableau(feuille.nom, iter(rows))
