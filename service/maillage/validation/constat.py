"""A finding: one thing wrong at one place, with what it is, why, and how it is repaired."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Gravite(StrEnum):
    """An erreur blocks publication, an avertissement advises."""

    ERREUR = "erreur"
    AVERTISSEMENT = "avertissement"


@dataclass(frozen=True, slots=True)
class Texte:
    """The same sentence in French and in English."""

    fr: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.fr or self.en)

    def dans(self, langue: str) -> str:
        """The sentence in `langue` ("fr" or "en"), in the other language where it is missing."""
        return (self.en or self.fr) if langue == "en" else (self.fr or self.en)

    def format(self, **details: str) -> Texte:
        """The sentence with `{names}` replaced in both languages; an unknown name stays as it is."""
        return Texte(_fill(self.fr, details), _fill(self.en, details))

    def __add__(self, other: Texte) -> Texte:
        return Texte(
            " ".join(part for part in (self.fr, other.fr) if part),
            " ".join(part for part in (self.en, other.en) if part),
        )


@dataclass(frozen=True, slots=True)
class Lieu:
    """A place in a file, lines and columns from 1, end excluded; `ligne` 0 means the file as a whole."""

    fichier: str = ""
    ligne: int = 0
    colonne: int = 0
    fin_ligne: int = 0
    fin_colonne: int = 0

    def __str__(self) -> str:
        parts = [self.fichier or "?", *(str(number) for number in (self.ligne, self.colonne) if number)]
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Correction:
    """A line to write in place of line `ligne`, or before it when `ajout`."""

    ligne: int
    texte: str
    ajout: bool = False


@dataclass(frozen=True, slots=True)
class Constat:
    """One finding. `sujet`, `chemin`, `valeur`, `forme` are RDF terms in Turtle form, "" where not known."""

    code: str
    gravite: Gravite
    lieu: Lieu
    message: Texte
    cause: Texte = Texte()
    remede: Texte = Texte()
    suggestion: str = ""
    sujet: str = ""
    chemin: str = ""
    valeur: str = ""
    forme: str = ""
    composant: str = ""
    lieu_forme: Lieu = Lieu()
    extrait: str = ""
    details: tuple[Texte, ...] = ()
    correction: Correction | None = None

    @property
    def ordre(self) -> tuple[object, ...]:
        """Sort key: file, place, errors first, then what makes the order total."""
        lieu = self.lieu
        place = (lieu.fichier, lieu.ligne, lieu.colonne)
        gravity = self.gravite is Gravite.AVERTISSEMENT
        return (*place, gravity, self.code, self.sujet, self.forme, self.chemin, self.valeur)

    def en_json(self) -> dict[str, Any]:
        """The finding as JSON-ready values, empty fields left out."""
        return {key: value for key, value in asdict(self).items() if value}


def _fill(sentence: str, details: dict[str, str]) -> str:
    for name, value in details.items():
        sentence = sentence.replace("{" + name + "}", value)
    return sentence
