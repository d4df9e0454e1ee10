"""The profile of an actor: what it is said to do itself, and what its kinds do by habit, by kind of thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from maillage.comprehension.resultat import CHAMPS
from maillage.lexique import Concept, Lexique
from maillage.orientation.annuaire import Annuaire

#: classes of what an intervention bears on, in the order shown; their fields are those of the understanding.
CLASSES = ("Etape", "Role", "Theme", "Public", "Dispositif")

Json = dict[str, Any]


class Profils:
    """Profiles of the actors of a directory."""

    def __init__(self, annuaire: Annuaire, lexique: Lexique) -> None:
        self._annuaire, self._lexique = annuaire, lexique

    def profil(self, acteur: str, langue: str) -> dict[str, list[Json]]:
        """Field of the understanding → what the actor does: IRI, label, whether a source says it of itself
        (`declare`) or of its kinds only. Broader concepts of a finer one are left out.

        Raises KeyError for an actor that is not listed.
        """
        declares = self._annuaire.facettes(acteur)
        types = self._annuaire.est_un(self._annuaire.acteurs[acteur].types)
        habituels = {iri for type_ in types for iri in self._annuaire.facettes(type_)}
        concepts = self._les_plus_fins(declares | habituels)
        return {
            CHAMPS[classe]: [
                {"iri": c.iri, "libelle": c.libelle(langue), "declare": c.iri in declares}
                for c in concepts
                if c.classe == classe
            ]
            for classe in CLASSES
        }

    def _les_plus_fins(self, iris: Iterable[str]) -> list[Concept]:
        """In the order of their vocabularies, without those broader than another one of the same class."""
        connus = self._lexique.concepts
        concepts = [connus[iri] for iri in iris if iri in connus]
        larges = {
            ancetre
            for concept in concepts
            for ancetre in concept.ancetres
            if ancetre in connus and connus[ancetre].classe == concept.classe
        }
        gardes = (concept for concept in concepts if concept.iri not in larges)
        return sorted(gardes, key=lambda c: (c.ordre, c.code))
