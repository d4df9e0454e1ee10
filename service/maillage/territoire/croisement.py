"""Any axes of the coverage of a territory crossed, as data: JSON and a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from maillage import tableur
from maillage.territoire.grille import ENTIERS, SANS_SECTEUR, Cle, Croisee
from maillage.territoire.preparation import AXES
from maillage.territoire.rendu import CHIFFRES, Rendu
from maillage.textes import Textes


@dataclass(frozen=True)
class Croisement:
    """Writes the cells of a grid. `generaliste` names those who receive all sectors."""

    rendu: Rendu
    grille: Croisee
    generaliste: str

    @property
    def noms(self) -> list[str]:
        """Names of the axes of a cell: those crossed, then those held."""
        return [AXES[axe] for axe in self.grille.dimensions]

    def entete(self, concept: str) -> dict[str, str]:
        """What a row, a column or a held axis is about."""
        if concept == SANS_SECTEUR:
            return {"code": concept, "libelle": self.generaliste}
        found = self.rendu.couverture.atlas.preparation.concepts[concept]
        return {"iri": concept, "code": found.code, "libelle": found.libelle(self.rendu.langue)}

    def tenus(self) -> dict[str, dict[str, str]]:
        """The axes held, by name."""
        return {AXES[axe]: self.entete(value) for axe, value in self.grille.fixes}

    def cellule(self, cle: Cle) -> dict[str, Any]:
        """One cell: what it is about by axis, its state and figures."""
        about = {name: self.entete(one) for name, one in zip(self.noms, cle, strict=True)}
        return {**about, **self.rendu.chiffres(self.rendu.tableau.cellules[cle])}

    def cellules(self) -> list[dict[str, Any]]:
        """Every cell told."""
        return [self.cellule(cle) for cle in self.rendu.tableau.cellules]

    def lignes(self) -> list[tuple[dict[str, str], list[dict[str, Any]]]]:
        """Two axes as a matrix: each row with its cells. Only where two axes are crossed."""
        rows: dict[str, list[dict[str, Any]]] = {}
        for cle in self.rendu.tableau.cellules:
            rows.setdefault(cle[0], []).append(self.cellule(cle))
        return [(self.entete(one), cells) for one, cells in rows.items()]

    def case(self) -> dict[str, Any]:
        """The one cell where every axis is held: its communes, who covers it, the nearest outside."""
        rendu, couverture = self.rendu, self.rendu.couverture
        (cle,) = rendu.tableau.cellules
        return {
            "liste_communes": rendu.communes(rendu.tableau.cellules[cle]),
            "liste_acteurs": [
                rendu.acteur(one) for one in couverture.couvrant(rendu.tableau, cle, self.grille)
            ],
            "proche": rendu.proche(couverture.proche(rendu.tableau, cle, self.grille)),
        }

    def en_json(self) -> dict[str, Any]:
        """The crossing, and the population behind its figures."""
        return {
            "territoire": self.rendu.territoire(),
            "population": self.rendu.population(),
            "axes": [AXES[axe] for axe in self.grille.axes],
            "tenus": self.tenus(),
            "complet": len(self.grille.axes) <= ENTIERS,
            "cellules": self.cellules(),
            **({} if self.grille.axes else {"case": self.case()}),
        }

    def en_csv(self, textes: Textes) -> bytes:
        """One cell a row: a column of codes and one of labels by axis, then the figures."""
        said = [textes.dire(f"filtre.{name}", self.rendu.langue) for name in self.noms]
        heads = [one for label in said for one in (f"{label} (code)", label)]
        heads += [textes.dire(f"couverture.colonne.{name}", self.rendu.langue) for name in CHIFFRES]
        return tableur.ecrire(heads, (self._ligne(cell) for cell in self.cellules()))

    def _ligne(self, cell: dict[str, Any]) -> Sequence[str]:
        about = [cell[name][part] for name in self.noms for part in ("code", "libelle")]
        return [*about, *self.rendu.en_ligne(cell)]
