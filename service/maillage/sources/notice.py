"""One body as an edition of a source gives it, in the corpus's own terms."""

from __future__ import annotations

from dataclasses import dataclass, field

from maillage.importation.acteur import Fiche

#: predicate → rendered objects.
Proprietes = dict[str, list[str]]


@dataclass(slots=True)
class Notice:
    """A record read and normalised: identifiers, the record in our terms, its département.

    `ferme_le` is the day the body closed (AAAA-MM-JJ), `repreneur` the known actor that took over.
    """

    identifiant: str
    fiche: Fiche
    departement: str
    autres_identifiants: list[str] = field(default_factory=list)
    ferme_le: str = ""
    repreneur: str = ""

    @property
    def identifiants(self) -> list[str]:
        """Every identifier of the body, that of the source first."""
        return [i for i in dict.fromkeys([self.identifiant, *self.autres_identifiants]) if i]

    def proprietes(self) -> Proprietes:
        """What the source says of the body, property by property."""
        return self.fiche.bloc().proprietes


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of one source: `source:<code>` names it in the data, `jour` is AAAA-MM-JJ."""

    importateur: str
    code: str
    jour: str

    @property
    def source(self) -> str:
        """The edition's name in Turtle."""
        return f"source:{self.code}-{self.jour}"

    def fichier(self, departement: str) -> str:
        """Path of the file that holds what this edition says of a département."""
        return f"donnees/acteurs/{departement}/{self.importateur}-{self.jour}.ttl"
