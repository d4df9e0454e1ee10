"""One cell: text to RDF terms and back. A column covers what it can write and read back the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import Literal, NamedNode

from maillage.classeur.modele import Colonne
from maillage.classeur.noms import NomInconnu, Registre, abrege
from maillage.namespaces import PREFIXES
from maillage.turtle.mise_en_page import naturel

Terme = NamedNode | Literal

#: what no cell may hold: control characters but for line ends and tabs, and marks that turn the text around.
INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_XSD = PREFIXES["xsd"]
_ADRESSE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")
_OUI, _NON = ("oui", "vrai", "true", "1", "x"), ("non", "faux", "false", "0")
_DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})"), (3, 2, 1)),
    (re.compile(r"(\d{4})-(\d{1,2})"), (1, 2, 0)),
    (re.compile(r"(\d{1,2})/(\d{4})"), (2, 1, 0)),
    (re.compile(r"(\d{4})"), (1, 0, 0)),
)


class CelluleRefusee(ValueError):  # noqa: N818 (the error is named in French)
    """What a cell says cannot be taken; the message, without a final stop, says why and what to write."""


@dataclass
class Cellules:
    """Reads and writes the cells of a workbook with the names of a registry."""

    registre: Registre
    _ecrites: dict[tuple[str, str, Terme], str | None] = field(default_factory=dict)

    def lire(self, colonne: Colonne, texte: str) -> tuple[list[Terme], list[str]]:
        """The terms that one cell says, and what is wrong with the others."""
        termes: list[Terme] = []
        wrong: list[str] = []
        for part in morceaux(colonne, texte):
            try:
                termes.append(self._terme(colonne, part))
            except (CelluleRefusee, NomInconnu) as error:
                wrong.append(str(error))
        if colonne.fois == 1 and not colonne.plusieurs and len(termes) > 1:
            wrong.append("une seule valeur est permise ici")
        return termes, wrong

    def ecrire(self, colonne: Colonne, termes: Iterable[Terme]) -> list[str]:
        """The text of each heading's cell for these terms, those that the column covers."""
        written = [text for terme in termes if (text := self._texte(colonne, terme)) is not None]
        written.sort(key=naturel)
        joint = "\n" if colonne.entre == "\n" else f" {colonne.entre} "
        head, tail = written[: colonne.fois - 1], written[colonne.fois - 1 :]
        return [*head, joint.join(tail), *[""] * (colonne.fois - 1 - len(head))][: colonne.fois]

    def couvre(self, colonne: Colonne, terme: object) -> bool:
        """Whether the column can say a term, and be read back as that term."""
        return isinstance(terme, NamedNode | Literal) and self._texte(colonne, terme) is not None

    def _texte(self, colonne: Colonne, terme: Terme) -> str | None:
        key = (colonne.cle, colonne.motif, terme)
        if key not in self._ecrites:
            readable = (text for text in self._ecritures(colonne, terme) if self._relu(colonne, text, terme))
            self._ecrites[key] = next(readable, None)
        return self._ecrites[key]

    def _relu(self, colonne: Colonne, texte: str, terme: Terme) -> bool:
        return not INTERDITS.search(texte) and self.lire(colonne, texte) == ([terme], [])

    def _ecritures(self, colonne: Colonne, terme: Terme) -> Iterator[str]:
        if isinstance(terme, NamedNode):
            if colonne.nommee:
                yield from self.registre.ecritures(colonne, terme.value)
        elif colonne.genre == "ouinon":
            yield "oui" if terme.value == "true" else "non"
        else:
            yield terme.value

    def _terme(self, colonne: Colonne, texte: str) -> Terme:
        if colonne.nommee:
            found = texte.zfill(5) if colonne.genre == "commune" and texte.isdigit() else texte
            return NamedNode(self.registre.trouver(colonne, found))
        if len(texte) > colonne.limite:
            raise CelluleRefusee(f"texte trop long : {len(texte)} caractères, {colonne.limite} au plus")
        if colonne.genre == "date":
            return _date(texte)
        if colonne.genre == "ouinon":
            return _ouinon(texte)
        if colonne.genre == "adresse":
            return _adresse(colonne, texte)
        value = _telephone(colonne, texte) if colonne.genre == "telephone" else texte
        if colonne.chiffres and value.isdigit():
            value = value.zfill(colonne.chiffres)
        _suivre_le_motif(colonne, value)
        return Literal(value, language=colonne.langue) if colonne.langue else Literal(value)


def morceaux(colonne: Colonne, texte: str) -> list[str]:
    """The values that a cell says, in order, each once."""
    text = texte.replace("\r\n", "\n").replace("\r", "\n")
    separator = {";": r"[;\n]", "\n": r"\n"}.get(colonne.entre)
    parts = re.split(separator, text) if separator else [text]
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _suivre_le_motif(colonne: Colonne, texte: str) -> None:
    if colonne.motif and not re.search(colonne.motif, texte):
        raise CelluleRefusee(f"« {abrege(texte)} » n'a pas la forme attendue. {colonne.aide_fr.rstrip('.')}")


def _date(texte: str) -> Literal:
    for pattern, order in _DATES:
        if found := pattern.fullmatch(texte):
            year, month, day = (int(found[group]) if group else 0 for group in order)
            try:
                date(year, month or 1, day or 1)
            except ValueError:
                raise CelluleRefusee(f"« {texte} » n'est pas une date possible") from None
            if day:
                return Literal(f"{year:04}-{month:02}-{day:02}", datatype=NamedNode(_XSD + "date"))
            if month:
                return Literal(f"{year:04}-{month:02}", datatype=NamedNode(_XSD + "gYearMonth"))
            return Literal(f"{year:04}", datatype=NamedNode(_XSD + "gYear"))
    raise CelluleRefusee(
        f"« {abrege(texte)} » n'est pas une date. Écrivez 15/11/2026, 11/2026 ou 2026 selon ce que l'on sait"
    )


def _ouinon(texte: str) -> Literal:
    folded = texte.casefold()
    if folded not in (*_OUI, *_NON):
        raise CelluleRefusee(f"« {abrege(texte)} » n'est ni oui ni non")
    return Literal("true" if folded in _OUI else "false", datatype=NamedNode(_XSD + "boolean"))


def _adresse(colonne: Colonne, texte: str) -> Literal:
    _suivre_le_motif(colonne, texte)
    if not _ADRESSE.fullmatch(texte):
        raise CelluleRefusee(f"« {abrege(texte)} » n'est pas une adresse web complète")
    return Literal(texte, datatype=NamedNode(_XSD + "anyURI"))


def _telephone(colonne: Colonne, texte: str) -> str:
    """A French number as it is written, whatever separates its digits; others are left to the pattern."""
    if re.search(colonne.motif, texte):
        return texte
    digits = re.sub(r"[\s.\-()/]", "", texte)
    national = re.fullmatch(r"(?:\+33|0033|0)?(\d{9})", digits)
    return " ".join(re.findall("..", "0" + national[1])) if national else texte
