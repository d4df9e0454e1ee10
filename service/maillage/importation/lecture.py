"""Reading of outside files: bounded, decoded, checked; every refusal is a French sentence that says where."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maillage.texte import plier

#: the largest file read, in bytes; the largest source of today (communes of the COG) has 9 million.
TAILLE_MAX = 64 * 1024 * 1024
#: the most records read from one file.
ENREGISTREMENTS_MAX = 500_000
#: the longest value of a field, in characters.
CHAMP_MAX = 20_000


class ErreurImport(Exception):  # noqa: N818 — French noun first, as in every message
    """A source or a table that cannot be imported; the message is in French, for the steward."""


@dataclass(frozen=True, slots=True)
class Enregistrement:
    """One record of a file, which knows where it comes from so that its errors can say so."""

    fichier: str
    numero: int
    valeurs: Mapping[str, Any]

    def erreur(self, champ: str, message: str) -> ErreurImport:
        """An error placed at a field of this record."""
        return ErreurImport(f"{self.fichier}, enregistrement {self.numero}, champ « {champ} » : {message}")

    def facultatif(self, champ: str) -> str:
        """Trimmed text of a field, empty where absent or null; a whole number is read as its digits."""
        valeur = self.valeurs.get(champ)
        if valeur is None:
            return ""
        if isinstance(valeur, bool) or not isinstance(valeur, str | int):
            raise self.erreur(champ, f"un texte est attendu, {_genre(valeur)} trouvé.")
        texte = " ".join(str(valeur).split())
        if len(texte) > CHAMP_MAX:
            raise self.erreur(champ, f"la valeur dépasse {CHAMP_MAX} caractères.")
        return texte

    def texte(self, champ: str) -> str:
        """Trimmed text of a field that must not be empty."""
        valeur = self.facultatif(champ)
        if not valeur:
            raise self.erreur(champ, "une valeur est attendue, le champ est vide ou absent.")
        return valeur

    def code(self, champ: str, motif: str, exemple: str) -> str:
        """Text of a field that must match a regular expression; the example goes into the message."""
        valeur = self.texte(champ)
        if not re.fullmatch(motif, valeur):
            raise self.erreur(champ, f"« {valeur} » n'a pas la forme attendue (par exemple « {exemple} »).")
        return valeur

    def entier(self, champ: str) -> int | None:
        """Whole number of a field, None where absent."""
        valeur = self.facultatif(champ)
        if not valeur:
            return None
        if not re.fullmatch(r"-?\d{1,12}", valeur):
            raise self.erreur(champ, f"« {valeur} » n'est pas un nombre entier.")
        return int(valeur)

    def liste(self, champ: str) -> list[str]:
        """List of texts of a JSON field, empty where absent."""
        valeur = self.valeurs.get(champ) or []
        if not isinstance(valeur, list) or not all(isinstance(x, str) for x in valeur):
            raise self.erreur(champ, "une liste de textes est attendue.")
        return valeur

    def mots(self, champ: str) -> list[str]:
        """Words of a CSV field that holds a list parted by spaces."""
        return self.facultatif(champ).split()


def _genre(valeur: object) -> str:
    genres = {list: "une liste", dict: "un objet", float: "un nombre décimal", bool: "un booléen"}
    return genres.get(type(valeur), "autre chose")


def lit_texte(chemin: Path) -> str:
    """Text of a UTF-8 file of at most TAILLE_MAX bytes.

    Raises ErreurImport where the file is missing, too large or not UTF-8.
    """
    try:
        if not chemin.is_file():
            raise ErreurImport(f"{chemin} : fichier introuvable.")
        if chemin.stat().st_size > TAILLE_MAX:
            raise ErreurImport(
                f"{chemin.name} : le fichier dépasse {TAILLE_MAX // 1024**2} Mo, rien n'est lu."
            )
        return chemin.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        raise ErreurImport(
            f"{chemin.name} : le fichier n'est pas en UTF-8 (octet {erreur.start}). "
            "Enregistrez-le en UTF-8 puis recommencez."
        ) from None
    except OSError as erreur:
        raise ErreurImport(f"{chemin} : lecture impossible ({erreur.strerror}).") from None


def lit_csv(chemin: Path, colonnes: Sequence[str]) -> list[Enregistrement]:
    """Records of a comma-separated file whose header holds at least the columns.

    Raises ErreurImport where a column is missing, a line has too many or too few fields, or is unreadable.
    """
    lecteur = csv.reader(io.StringIO(lit_texte(chemin), newline=""), strict=True)
    resultat: list[Enregistrement] = []
    try:
        entete = next(lecteur, [])
        if manquantes := [c for c in colonnes if c not in entete]:
            raise ErreurImport(
                f"{chemin.name} : colonne absente : {', '.join(manquantes)}. "
                f"Colonnes lues : {', '.join(entete) or 'aucune'}."
            )
        for ligne in lecteur:
            if not ligne:
                continue
            _controle_ligne(chemin, lecteur.line_num, ligne, entete, len(resultat))
            numero = len(resultat) + 1
            resultat.append(Enregistrement(chemin.name, numero, dict(zip(entete, ligne, strict=True))))
    except csv.Error as erreur:
        raise ErreurImport(f"{chemin.name}, ligne {lecteur.line_num} : CSV illisible ({erreur}).") from None
    return resultat


def _controle_ligne(chemin: Path, ligne: int, champs: list[str], entete: list[str], lus: int) -> None:
    if len(champs) != len(entete):
        raise ErreurImport(
            f"{chemin.name}, ligne {ligne} : {len(champs)} champs au lieu de {len(entete)}. "
            "Vérifiez les virgules et les guillemets."
        )
    if lus >= ENREGISTREMENTS_MAX:
        raise ErreurImport(f"{chemin.name} : plus de {ENREGISTREMENTS_MAX} enregistrements.")


def lit_json(chemin: Path) -> Any:
    """Content of a JSON file. Raises ErreurImport with line and column where it is not JSON."""
    try:
        return json.loads(lit_texte(chemin))
    except json.JSONDecodeError as erreur:
        raise ErreurImport(
            f"{chemin.name}, ligne {erreur.lineno}, colonne {erreur.colno} : JSON illisible."
        ) from None
    except RecursionError:
        raise ErreurImport(f"{chemin.name} : JSON trop profondément imbriqué.") from None


def lit_liste_json(chemin: Path) -> list[Enregistrement]:
    """Records of a JSON file that holds a list of objects."""
    contenu = lit_json(chemin)
    if not isinstance(contenu, list):
        raise ErreurImport(f"{chemin.name} : une liste d'objets est attendue.")
    if len(contenu) > ENREGISTREMENTS_MAX:
        raise ErreurImport(f"{chemin.name} : plus de {ENREGISTREMENTS_MAX} enregistrements.")
    return [_objet(chemin.name, rang, valeur) for rang, valeur in enumerate(contenu, 1)]


def _objet(fichier: str, numero: int, valeur: object) -> Enregistrement:
    if not isinstance(valeur, dict):
        raise ErreurImport(f"{fichier}, enregistrement {numero} : un objet est attendu.")
    return Enregistrement(fichier, numero, valeur)


def lit_objet_json(chemin: Path, cle: str) -> list[Enregistrement]:
    """Records of a JSON object of objects; the key of each becomes its field `cle`."""
    contenu = lit_json(chemin)
    if not isinstance(contenu, dict):
        raise ErreurImport(f"{chemin.name} : un objet dont chaque valeur est un objet est attendu.")
    enregistrements = [_objet(chemin.name, rang, valeur) for rang, valeur in enumerate(contenu.values(), 1)]
    return [
        Enregistrement(e.fichier, e.numero, {**e.valeurs, cle: nom})
        for nom, e in zip(contenu, enregistrements, strict=True)
    ]


def verifie_nombre(fichiers: Sequence[Path], attendus: Sequence[str]) -> None:
    """Raises ErreurImport where the files given are not as many as those expected."""
    if len(fichiers) != len(attendus):
        raise ErreurImport(
            f"{len(attendus)} fichiers sont attendus, dans cet ordre : {', '.join(attendus)} ; "
            f"{len(fichiers)} reçus."
        )


def cle(texte: str) -> str:
    """Words of a text folded and parted by one space: what names are compared by."""
    return " ".join(re.findall(r"[a-z0-9]+", plier(texte)))


def contient(texte: str, motif: str) -> bool:
    """Whether the words of a pattern stand side by side in a text (both folded)."""
    return f" {cle(motif)} " in f" {cle(texte)} "
