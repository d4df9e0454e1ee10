"""What is wrong in a workbook, at its place: sheet, row, column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defaut:
    """One problem. `ligne` and `colonne` count from 1 as a spreadsheet shows them; 0: the whole."""

    feuille: str
    ligne: int
    colonne: int
    entete: str
    message: str

    def __str__(self) -> str:
        parts = [self.feuille]
        if self.ligne:
            parts.append(f"ligne {self.ligne}")
        if self.colonne:
            parts.append(f"colonne {lettre(self.colonne)}" + (f" ({self.entete})" if self.entete else ""))
        elif self.entete:
            parts.append(self.entete)
        return f"{', '.join(parts)} : {self.message}{'' if self.message.endswith(('?', '!')) else '.'}"

    @property
    def ordre(self) -> tuple[int, int]:
        """Place in its sheet."""
        return self.ligne, self.colonne


class ClasseurIllisible(ValueError):  # noqa: N818 (the error is named in French)
    """A file that is no workbook, or a dangerous one; nothing of it is used."""


def lettre(colonne: int) -> str:
    """Letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while colonne:
        colonne, rest = divmod(colonne - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
