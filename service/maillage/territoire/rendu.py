"""A coverage as data: JSON, and a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from maillage import tableur
from maillage.namespaces import local_name
from maillage.territoire.cellule import Cellule, Presence
from maillage.territoire.couverture import Couverture, Tableau
from maillage.territoire.grille import Cle
from maillage.territoire.manques import Manque, differences, manques
from maillage.territoire.mots import Mot
from maillage.territoire.preparation import AXES
from maillage.textes import Langue, Textes

#: columns of a table: what a cell is about, then what is known of it.
CHIFFRES = (
    "etat", "acteurs", "confirmes", "declares", "entiers", "degre", "communes", "habitants", "acteurs-cites",
)  # fmt: skip
OBJET = ("etape", "axe", "concept", "libelle")


@dataclass(frozen=True)
class Rendu:
    """Writes the coverage of one territory in a language. `nommer` gives the name of any territory,
    `definir` the definition of a concept.
    """

    couverture: Couverture
    tableau: Tableau
    mots: Mapping[str, Mot]
    nommer: Callable[[str], str]
    definir: Callable[[str], str]
    langue: Langue

    def cellule(self, cle: Cle) -> dict[str, Any]:
        """One cell: what it is about, its state, its figures, who to begin with."""
        step, concept = cle
        cell = self.tableau.cellules[cle]
        about = self.couverture.atlas.preparation.concepts[concept or step]
        return {
            "etape": local_name(step) if step else None,
            "axe": AXES[about.axe],
            "concept": about.iri,
            "code": about.code,
            "libelle": about.libelle(self.langue),
            **self.chiffres(cell),
            "proche": self.proche(self.couverture.proche(self.tableau, cle)),
        }

    def chiffres(self, cell: Cellule) -> dict[str, Any]:
        """State and figures of a cell, who to begin with, where else somebody is."""
        return {
            **self._etat(cell),
            "acteurs": cell.acteurs,
            "confirmes": cell.confirmes,
            "declares": cell.declares,
            "habituels": cell.acteurs - cell.declares,
            "entiers": cell.entiers,
            "degre": self._degre(cell),
            "generalistes": cell.generalistes,
            "communes": cell.communes.bit_count(),
            "habitants": self.couverture.atlas.habitants(cell.communes),
            "ailleurs": self.lieu(cell.ailleurs),
            "cites": [self.acteur(one) for one in cell.cites],
        }

    def communes(self, cell: Cellule) -> list[dict[str, str]]:
        """The communes that a cell served in part is served in, by name."""
        found = [self.lieu(one) for one in self.couverture.atlas.communes(cell.communes)]
        return sorted((one for one in found if one), key=lambda one: one["libelle"])

    def proche(self, presence: Presence | None) -> dict[str, Any] | None:
        """An actor from outside, with how far what it serves is (kilometres, none where unknown)."""
        if presence is None:
            return None
        far = self.couverture.atlas.distance(self.tableau.territoire, presence[1])
        return {**self.acteur(presence), "distance": round(far) if isfinite(far) else None}

    def en_json(self) -> dict[str, Any]:
        """The whole coverage, its gaps, and the population behind the figures."""
        return {
            "territoire": self.territoire(),
            "population": self.population(),
            "couverture": [self.cellule(cle) for cle in self.tableau.cellules],
            "manques": [self.manque(one) for one in self.manques()],
        }

    def etats(self) -> list[tuple[str, Mot]]:
        """The states of a cell with their words, from the best covered to the unknown."""
        return sorted(
            ((code, mot) for code, mot in self.mots.items() if mot.ordre), key=lambda one: one[1].ordre
        )

    def manques(self) -> list[Manque]:
        """The gaps, the heaviest first."""
        return manques(self.couverture, self.tableau, self.mots)

    def territoire(self) -> dict[str, Any]:
        """The territory, its communes and inhabitants, those around it."""
        name, atlas = self.tableau.territoire, self.couverture.atlas
        mask = atlas.masque(name)
        return {
            **(self.lieu(name) or {}),
            "communes": mask.bit_count(),
            "habitants": atlas.habitants(mask),
            "englobants": [self.lieu(one) for one in atlas.englobants(name)[1:]],
        }

    def population(self) -> dict[str, int]:
        """Who is counted in every figure; whoever is not listed is in none, which is not to be absent."""
        return {
            "acteurs": len(self.tableau.presences),
            "entiers": sum(one[2] for one in self.tableau.presences),
            "confirmes": self.tableau.confirmes,
            "declarants": self.tableau.declarants,
        }

    def manque(self, manque: Manque) -> dict[str, Any]:
        """One gap in words."""
        mot = self.mots[manque.code]
        return {
            "code": manque.code,
            "libelle": mot.libelle,
            "definition": mot.definition,
            "objets": [{"iri": one, "libelle": self._objet(one), **self._case(one)} for one in manque.objets],
            "preuve": dict(manque.preuve),
            "piste": mot.piste,
            "poids": manque.poids,
        }

    def _case(self, iri: str) -> dict[str, str]:
        """Axis and code of a concept, which name the cell that is the evidence; nothing for an actor."""
        found = self.couverture.atlas.preparation.concepts.get(iri)
        return {"axe": AXES[found.axe], "code": found.code} if found else {}

    def differences(self, autre: Tableau) -> list[dict[str, Any]]:
        """The cells whose state differs elsewhere, or at another date."""
        return [
            {**self.cellule(cle), "autre": self._etat(other)["etat"]}
            for cle, _, other in differences(self.tableau, autre)
        ]

    def en_csv(self, textes: Textes) -> bytes:
        """One cell a row."""
        entetes = [textes.dire(f"couverture.colonne.{name}", self.langue) for name in (*OBJET, *CHIFFRES)]
        return tableur.ecrire(entetes, (self._ligne(cle) for cle in self.tableau.cellules))

    def en_ligne(self, cell: Mapping[str, Any]) -> list[str]:
        """What is known of a cell, as the columns of a table."""
        names = ", ".join(one["nom"] for one in cell["cites"])
        told = {**cell, "etat": cell["etat_libelle"], "acteurs-cites": names}
        return ["" if told[name] is None else str(told[name]) for name in CHIFFRES]

    def _ligne(self, cle: Cle) -> list[str]:
        cell = self.cellule(cle)
        about = {**cell, "concept": cell["code"]}
        return [*("" if about[name] is None else str(about[name]) for name in OBJET), *self.en_ligne(cell)]

    def _etat(self, cell: Cellule) -> dict[str, str]:
        return {
            "etat": cell.etat,
            "etat_libelle": self.mots[cell.etat].libelle,
            "etat_si_confirme": cell.etat_si_confirme,
        }

    def _degre(self, cell: Cellule) -> str | None:
        return self.couverture.atlas.preparation.degres[cell.degre - 1] if cell.degre else None

    def lieu(self, territoire: str) -> dict[str, str] | None:
        """A territory as data; nothing for none."""
        if not territoire:
            return None
        niveau, code = territoire.rstrip("/").rsplit("/", 2)[-2:]
        return {"iri": territoire, "niveau": niveau, "code": code, "libelle": self.nommer(territoire)}

    def acteur(self, presence: Presence) -> dict[str, Any]:
        """A listed actor as data: how sure, which territory it serves, whether all of the one asked for."""
        acteur, servi, entier = presence
        return {
            "iri": acteur.iri,
            "nom": acteur.nom,
            "statut": acteur.statut,
            "constat": acteur.constat,
            "sert": self.lieu(servi),
            "entier": entier,
        }

    def _objet(self, iri: str) -> str:
        concepts = self.couverture.atlas.preparation.concepts
        if iri in concepts:
            return concepts[iri].libelle(self.langue)
        return next((one[0].nom for one in self.tableau.presences if one[0].iri == iri), local_name(iri))
