"""The journal of changes: one file beside the versions, only ever added to, never pruned with them.

    instantanes/changements.sqlite

A member says what became of one resource in one version. Its rank never changes, nor does what it says: the
page that holds it, once full, may be kept for ever. A journal carries the name of its first version, so that
one that had to be begun again is another stream, at other addresses.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maillage.namespaces import BASE
from maillage.versions.differences import Etat

FICHIER = "changements.sqlite"
#: members of a full page.
PAGE = 500

_DATE = re.compile(r"\d{4}-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|\+00:00)?)?)?")
_TABLES = """
CREATE TABLE versions (
  rang INTEGER PRIMARY KEY, nom TEXT NOT NULL UNIQUE, instant TEXT NOT NULL,
  debut INTEGER NOT NULL, fin INTEGER NOT NULL);
CREATE TABLE membres (
  rang INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES versions, ressource TEXT NOT NULL,
  etat TEXT NOT NULL, nom TEXT NOT NULL, contenu BLOB NOT NULL, detail BLOB NOT NULL);
CREATE INDEX membres_par_ressource ON membres (ressource, rang);
"""
_MEMBRES = """
SELECT m.rang, v.nom, v.instant, m.ressource, m.etat, m.nom, m.contenu, m.detail
FROM membres m JOIN versions v ON v.rang = m.version
"""


class JournalAbsent(LookupError):  # noqa: N818 (the error is named in French)
    """No journal is kept yet for this folder of versions."""


class RepereInconnu(LookupError):  # noqa: N818
    """The version that a reader gave as the last it knows is not in this journal."""


@dataclass(frozen=True)
class Membre:
    """What became of a resource in a version.

    `instant` is the date of the version, with its zone. `contenu`: the state, as `etats` writes it; empty for
    a resource that was removed. `detail`: the values that went and came, as `Ressource.en_json` gives them.
    """

    rang: int
    version: str
    instant: str
    ressource: str
    etat: Etat
    nom: str
    contenu: bytes = b""
    detail: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def iri(self) -> str:
        """IRI of the resource as it was in that version."""
        return iri_de_version(self.version, self.ressource)


@dataclass(frozen=True)
class Version:
    """A version as the journal knows it: name, date, and ranks of its members (`fin` excluded)."""

    nom: str
    instant: str
    debut: int
    fin: int


@dataclass(frozen=True)
class Page:
    """A page of the stream: number from 1, ranks of its members (`fin` excluded), first and last date."""

    numero: int
    debut: int
    fin: int
    premier: str
    dernier: str

    @property
    def pleine(self) -> bool:
        """Whether the page will never change again."""
        return self.fin - self.debut == PAGE


def iri_de_version(version: str, ressource: str) -> str:
    """IRI of a resource as it was in a version; its own IRI can be read from it."""
    return f"{BASE}version/{version}/{ressource.removeprefix(BASE)}"


class Journal:
    """The members and versions of one file. Reading takes no lock beyond that of each query."""

    def __init__(self, dossier: Path) -> None:
        """`dossier` is the folder of versions. Raises JournalAbsent."""
        self._path = dossier / FICHIER
        try:
            with self._lire() as base:
                self._versions = [
                    Version(*row)
                    for row in base.execute("SELECT nom, instant, debut, fin FROM versions ORDER BY rang")
                ]
        except sqlite3.OperationalError as error:
            raise JournalAbsent(f"{self._path} : {error}") from error
        if not self._versions:
            raise JournalAbsent(f"{self._path} : vide")

    @property
    def nom(self) -> str:
        """Name of the journal: its first version."""
        return self._versions[0].nom

    @property
    def versions(self) -> list[Version]:
        """The versions, oldest first."""
        return self._versions

    @property
    def nombre(self) -> int:
        """How many members there are."""
        return self._versions[-1].fin

    def pages(self) -> list[Page]:
        """The pages, oldest first; the last may still grow."""
        return [self.page(numero) for numero in range(1, -(-self.nombre // PAGE) + 1)]

    def page(self, numero: int) -> Page:
        """One page by its number. Raises IndexError."""
        debut, fin = (numero - 1) * PAGE, min(numero * PAGE, self.nombre)
        if not 0 <= debut < fin:
            raise IndexError(numero)
        return Page(numero, debut, fin, self._instant(debut), self._instant(fin - 1))

    def membres(self, debut: int, fin: int) -> list[Membre]:
        """The members whose rank is from `debut` to `fin` excluded, in order."""
        return self._membres("WHERE m.rang >= ? AND m.rang < ? ORDER BY m.rang", debut, min(fin, self.nombre))

    def de_ressource(self, iri: str) -> list[Membre]:
        """What became of one resource, oldest first."""
        return self._membres("WHERE m.ressource = ? AND m.rang < ? ORDER BY m.rang", iri, self.nombre)

    def derniers(self, iris: Iterable[str]) -> dict[str, str]:
        """Date, with its zone, of the version in which each resource last changed, where one is known."""
        asked = json.dumps(list(iris))
        with self._lire() as base:
            return dict(
                base.execute(
                    "SELECT m.ressource, max(v.instant) FROM membres m JOIN versions v ON v.rang = m.version "
                    "WHERE m.ressource IN (SELECT value FROM json_each(?)) AND m.rang < ? "
                    "GROUP BY m.ressource",
                    (asked, self.nombre),
                )
            )

    def du_document(self, iri: str, version: str) -> list[Membre]:
        """The members of a version that are read at one address: a resource, or a document and its terms."""
        clause = (
            "WHERE v.nom = ? AND (m.ressource = ? OR substr(m.ressource, 1, ?) = ?) "
            "AND m.rang < ? ORDER BY m.rang"
        )
        return self._membres(clause, version, iri, len(iri) + 1, iri + "#", self.nombre)

    def au(self, rang: int, document: str) -> list[Membre]:
        """The document at `document` and its terms as the members before `rang` left them."""
        clause = (
            "WHERE m.rang IN (SELECT max(rang) FROM membres "
            "WHERE (ressource = ? OR substr(ressource, 1, ?) = ?) AND rang < ? GROUP BY ressource) "
            "AND m.etat != 'retiree' ORDER BY m.rang"
        )
        return self._membres(clause, document, len(document) + 1, document + "#", min(rang, self.nombre))

    def rang_apres(self, repere: str) -> int:
        """Rank of the first member that a reader lacks.

        `repere` is what `repere` gave, the last version the reader knows, or a UTC date: what came at that
        date is given again. Raises RepereInconnu.
        """
        nom, virgule, rang = repere.partition(",")
        if virgule and nom == self.nom and rang.isdecimal() and int(rang) <= self.nombre:
            return int(rang)
        for version in self._versions:
            if version.nom == repere:
                return version.fin
        if _DATE.fullmatch(repere) is None:
            raise RepereInconnu(repere)
        date = repere.replace("Z", "+00:00")
        return next((one.debut for one in self._versions if one.instant >= date), self.nombre)

    def repere(self, rang: int) -> str:
        """What to give to `rang_apres` to have the members from that rank on."""
        return f"{self.nom},{rang}"

    def _instant(self, rang: int) -> str:
        place = bisect_right(self._versions, rang, key=lambda one: one.debut)
        return self._versions[place - 1].instant

    def _membres(self, clause: str, *valeurs: object) -> list[Membre]:
        with self._lire() as base:
            return [_membre(row) for row in base.execute(_MEMBRES + clause, valeurs)]

    @contextmanager
    def _lire(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as base:
            yield base


def _membre(row: Sequence[Any]) -> Membre:
    rang, version, instant, ressource, etat, nom, contenu, detail = row
    read = json.loads(_lu(detail) or b"[]")
    return Membre(rang, version, instant, ressource, etat, nom, _lu(contenu), read)


def _lu(blob: bytes) -> bytes:
    return zlib.decompress(blob) if blob else b""


def _serre(contenu: bytes) -> bytes:
    return zlib.compress(contenu) if contenu else b""


def commencer(path: Path) -> None:
    """Make an empty journal file. Raises sqlite3.Error where one is there."""
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(_TABLES)


def ajouter(path: Path, version: str, instant: str, membres: Iterable[Membre]) -> None:
    """Add a version and its members, all or nothing; their ranks follow those of the file.

    Its date is never before that of the last version, whatever the clock did. Raises sqlite3.Error.
    """
    with closing(sqlite3.connect(path)) as base, base:
        rang, debut, dernier = base.execute(
            "SELECT coalesce(max(rang) + 1, 0), coalesce(max(fin), 0), coalesce(max(instant), '') "
            "FROM versions"
        ).fetchone()
        rows = (
            (
                debut + place, rang, one.ressource, one.etat, one.nom, _serre(one.contenu),
                _serre(json.dumps(one.detail, ensure_ascii=False).encode()) if one.detail else b"",
            )
            for place, one in enumerate(membres)
        )  # fmt: skip
        base.executemany("INSERT INTO membres VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        (nombre,) = base.execute("SELECT count(*) FROM membres WHERE version = ?", (rang,)).fetchone()
        values = (rang, version, max(instant, dernier), debut, debut + nombre)
        base.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?)", values)
