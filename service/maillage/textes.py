"""Interface texts, French and English, kept as data in `pages/textes.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

Langue = Literal["fr", "en"]
LANGUES: tuple[Langue, ...] = ("fr", "en")
_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d{2}))?")
PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Textes:
    """The texts of the interface: key → language → sentence."""

    entrees: Mapping[str, Mapping[str, str]]

    def dire(self, cle: str, langue: Langue, **valeurs: object) -> str:
        """The sentence `cle` in `langue`, its `{places}` filled with `valeurs`.

        Raises KeyError where the key, the language or a value is missing.
        """
        phrase = self.entrees[cle][langue]
        return phrase.format_map(valeurs) if valeurs else phrase

    def connait(self, cle: str) -> bool:
        """True where the key exists."""
        return cle in self.entrees


def _flatten(table: Mapping[str, object], prefix: str = "") -> dict[str, dict[str, str]]:
    flat: dict[str, dict[str, str]] = {}
    for key, value in table.items():
        if not isinstance(value, dict):
            raise ValueError(f"textes.toml : {prefix}{key} n'est pas une table")
        if set(value) <= set(LANGUES):
            flat[prefix + key] = value
        else:
            flat |= _flatten(value, f"{prefix}{key}.")
    return flat


@cache
def lire_textes(fichier: Path = PAGES / "textes.toml") -> Textes:
    """Read the texts, once for the process; nested tables give dotted keys.

    Raises OSError, tomllib.TOMLDecodeError, or ValueError where an entry is not a table of languages.
    """
    return Textes(_flatten(tomllib.loads(fichier.read_text(encoding="utf-8"))))


def date_lisible(textes: Textes, valeur: str, langue: Langue) -> str:
    """`2019-09` as « septembre 2019 », `2021-04-01` as « 1er avril 2021 »; anything else as it is."""
    found = _DATE.fullmatch(valeur)
    if found is None:
        return valeur
    annee, mois, jour = found.groups()
    said = f"{textes.dire(f'mois.{mois}', langue)} {annee}"
    if not jour:
        return said
    # French alone writes the first day of a month as an ordinal.
    return f"1er {said}" if jour == "01" and langue == "fr" else f"{int(jour)} {said}"


def taille_lisible(textes: Textes, octets: int, langue: Langue) -> str:
    """A number of bytes as people read it: « 12,8 Mo », “12.8 MB”."""
    for unite, poids in (("mo", 1_000_000), ("ko", 1_000)):
        if octets >= poids:
            nombre = f"{octets / poids:.1f}" if octets < 100 * poids else f"{octets / poids:.0f}"
            virgule = nombre.replace(".", ",") if langue == "fr" else nombre
            return f"{virgule} {textes.dire('unite.' + unite, langue)}"
    return f"{octets} {textes.dire('unite.octets', langue)}"


def domaine(adresse: str) -> str:
    """The host of a web address, without `www.`."""
    return urlsplit(adresse).netloc.removeprefix("www.") or adresse
