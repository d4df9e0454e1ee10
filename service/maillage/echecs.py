"""Questions not understood: which words, how often; what stewards may add to the vocabularies.

No question is kept. What is kept are runs of one to three unknown words, folded, and only once two different
questions have held them: until then the file holds a keyed digest of the run, without its words. Addresses,
numbers and words written like a person's name never count.
"""

from __future__ import annotations

import logging
import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path

from rapidfuzz.fuzz import WRatio
from rapidfuzz.process import extract

from maillage.lexique import Lexique
from maillage.texte import Mot, mots, plier

journal = logging.getLogger("maillage")

#: words in a run, at most; letters in a word, at least and at most.
NGRAMME, LETTRES = 3, (3, 30)
#: runs kept in memory before they are written, and rows of each table of the file.
EN_ATTENTE, LIGNES = 2_000, 20_000
#: seconds between two writings; days after which a run seen in one question only is forgotten.
INTERVALLE, JOURS = 30.0, 90
#: pages of 4 KiB that the file may have.
PAGES = 4_096
#: likeness (0 to 100) from which a label is shown as near.
_PROCHE = 70

_PRIVE = re.compile(r"\S*@\S*|(?:https?://|www\.)\S+|\+?\d[\d\s./-]{5,}\d", re.IGNORECASE)
_TABLES = """
CREATE TABLE IF NOT EXISTS cle (valeur BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS vus (
  empreinte BLOB PRIMARY KEY, temoin INTEGER NOT NULL, sans_reponse INTEGER NOT NULL,
  premier TEXT NOT NULL, dernier TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ngrammes (
  ngramme TEXT PRIMARY KEY, nombre INTEGER NOT NULL, sans_reponse INTEGER NOT NULL,
  premier TEXT NOT NULL, dernier TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Candidat:
    """A run of words that no label has: in how many questions, how many of them without an answer, first and
    last day, and the labels that look like it."""

    ngramme: str
    nombre: int
    sans_reponse: int
    premier: date
    dernier: date
    proches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Vu:
    """A run seen since the last writing: `temoins` are digests of the questions, `sans` those unanswered."""

    temoins: frozenset[int]
    sans: int


def ngrammes(question: str, inconnus: Iterable[str], lexique: Lexique) -> list[str]:
    """Runs of one to three unknown words of a question, folded, each once.

    Small words between two unknown ones are part of the run: a label may hold them.
    """
    plies = {plier(mot) for mot in inconnus}
    prives = [trouve.span() for trouve in _PRIVE.finditer(question)]
    lus = mots(question)
    gardes = {
        mot.numero for mot in lus if mot.forme in plies and _anonyme(mot, question) and not _dans(mot, prives)
    }
    runs: dict[str, None] = {}
    for depart in sorted(gardes):
        for fin in _suites(lus, depart, gardes, lexique.mots_vides):
            runs[" ".join(mot.forme for mot in lus[depart:fin])] = None
    return list(runs)


def _anonyme(mot: Mot, question: str) -> bool:
    """Whether a word says nothing of a person: letters, of a usual length, and not written as a name."""
    ecrit = question[mot.debut : mot.fin]
    premier = mot.numero == 0 or question[: mot.debut].rstrip()[-1:] in ".!?;"
    nom_propre = mot.majuscule and not ecrit.isupper() and not premier
    return mot.forme.isalpha() and LETTRES[0] <= len(mot.forme) <= LETTRES[1] and not nom_propre


def _dans(mot: Mot, spans: Iterable[tuple[int, int]]) -> bool:
    return any(debut < mot.fin and mot.debut < fin for debut, fin in spans)


def _suites(lus: list[Mot], depart: int, gardes: set[int], vides: frozenset[str]) -> Iterator[int]:
    """Ends (exclusive) of the runs that start at a word; a comma or the end of a sentence stops them."""
    compte = 0
    for rang in range(depart, len(lus)):
        mot = lus[rang]
        if rang > depart and (mot.pause or mot.phrase != lus[depart].phrase):
            return
        if rang in gardes:
            compte += 1
            yield rang + 1
        elif mot.forme not in vides:
            return
        if compte == NGRAMME:
            return


class Echecs:
    """Counts unknown words in a file that several processes may share."""

    def __init__(
        self, fichier: Path, lexique: Lexique, aujourd_hui: Callable[[], date] | None = None
    ) -> None:
        """Open or make the file. Raises OSError, sqlite3.Error."""
        self._lexique = lexique
        self._aujourd_hui = aujourd_hui or (lambda: datetime.now(UTC).date())
        fichier.parent.mkdir(parents=True, exist_ok=True)
        self._fichier = fichier
        self._cle = _preparer(fichier)
        self._attente: dict[str, _Vu] = {}
        self._verrou, self._fin = threading.Lock(), threading.Event()
        self._fil: threading.Thread | None = None

    def demarrer(self, intervalle: float = INTERVALLE) -> None:
        """Write what was counted every `intervalle` seconds, until `fermer`."""
        self._fil = threading.Thread(target=self._veiller, args=(intervalle,), name="echecs", daemon=True)
        self._fil.start()

    def fermer(self) -> None:
        """Stop, and write what is left."""
        self._fin.set()
        if self._fil is not None:
            self._fil.join()
        self.ecrire()

    def noter(self, question: str, inconnus: Iterable[str], repondu: bool) -> None:
        """Count the unknown words of a question; never raises for what is in it."""
        temoin = int.from_bytes(self._digerer(" ".join(mot.forme for mot in mots(question)))[:2], "big")
        runs = ngrammes(question, inconnus, self._lexique)
        with self._verrou:
            for run in runs:
                vu = self._attente.get(run)
                if vu is None and len(self._attente) >= EN_ATTENTE:
                    continue
                temoins = vu.temoins if vu else frozenset()
                if temoin not in temoins:
                    sans = (vu.sans if vu else 0) + (not repondu)
                    self._attente[run] = _Vu(temoins | {temoin}, sans)

    def ecrire(self) -> None:
        """Write what was counted since the last time. A file that cannot be written loses it, and says so."""
        with self._verrou:
            attente, self._attente = self._attente, {}
        if not attente:
            return
        try:
            with closing(_ouvrir(self._fichier)) as base, base:
                base.execute("BEGIN IMMEDIATE")
                for run, vu in attente.items():
                    self._ajouter(base, run, vu)
                self._borner(base)
        except sqlite3.Error as error:
            journal.warning("mots inconnus non comptés : %s", error)

    def candidats(self, limite: int = 50) -> list[Candidat]:
        """Runs seen in two questions or more, those that left questions unanswered first.

        Raises sqlite3.Error.
        """
        return candidats(self._fichier, self._lexique, limite)

    def _veiller(self, intervalle: float) -> None:
        while not self._fin.wait(intervalle):
            self.ecrire()

    def _digerer(self, texte: str) -> bytes:
        return blake2b(texte.encode(), key=self._cle, digest_size=16).digest()

    def _ajouter(self, base: sqlite3.Connection, run: str, vu: _Vu) -> None:
        """Count a run: under its words once two questions had it, else under its digest."""
        jour, nombre, sans = self._aujourd_hui().isoformat(), len(vu.temoins), vu.sans
        premier = jour
        if not base.execute("SELECT 1 FROM ngrammes WHERE ngramme = ?", (run,)).fetchone():
            empreinte = self._digerer(run)
            ancien = base.execute(
                "SELECT temoin, sans_reponse, premier FROM vus WHERE empreinte = ?", (empreinte,)
            ).fetchone()
            if len(vu.temoins | ({ancien[0]} if ancien else set())) < 2:
                base.execute(
                    "INSERT INTO vus VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET dernier = ?",
                    (empreinte, next(iter(vu.temoins)), sans, jour, jour, jour),
                )
                return
            if ancien:
                nouveau = ancien[0] not in vu.temoins
                nombre, premier, sans = nombre + nouveau, ancien[2], sans + nouveau * ancien[1]
                base.execute("DELETE FROM vus WHERE empreinte = ?", (empreinte,))
        base.execute(
            "INSERT INTO ngrammes VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " nombre = nombre + excluded.nombre, sans_reponse = sans_reponse + excluded.sans_reponse,"
            " dernier = excluded.dernier",
            (run, nombre, sans, premier, jour),
        )

    def _borner(self, base: sqlite3.Connection) -> None:
        """Forget old single runs, then the rarest and oldest rows past the bounds."""
        limite = date.fromordinal(self._aujourd_hui().toordinal() - JOURS).isoformat()
        base.execute("DELETE FROM vus WHERE dernier < ?", (limite,))
        for requete in (
            "DELETE FROM vus WHERE empreinte IN"
            " (SELECT empreinte FROM vus ORDER BY dernier DESC LIMIT -1 OFFSET ?)",
            "DELETE FROM ngrammes WHERE ngramme IN"
            " (SELECT ngramme FROM ngrammes ORDER BY nombre DESC, dernier DESC LIMIT -1 OFFSET ?)",
        ):
            base.execute(requete, (LIGNES,))


def candidats(fichier: Path, lexique: Lexique, limite: int = 50) -> list[Candidat]:
    """Runs of unknown words of a file, with the labels that look like them; none where there is no file.

    Raises sqlite3.Error where the file is not one of ours.
    """
    if not fichier.exists():
        return []
    with closing(_ouvrir(fichier)) as base:
        lignes = base.execute(
            "SELECT ngramme, nombre, sans_reponse, premier, dernier FROM ngrammes WHERE nombre >= 2"
            " ORDER BY sans_reponse DESC, nombre DESC, dernier DESC, ngramme LIMIT ?",
            (limite,),
        ).fetchall()
    etiquettes = sorted({forme.mots for forme in lexique.formes if forme.iri in lexique.concepts})
    return [
        replace(
            Candidat(run, nombre, sans, date.fromisoformat(premier), date.fromisoformat(dernier)),
            proches=_proches(run, etiquettes),
        )
        for run, nombre, sans, premier, dernier in lignes
    ]


def _proches(run: str, etiquettes: list[str]) -> tuple[str, ...]:
    trouves = extract(run, etiquettes, scorer=WRatio, score_cutoff=_PROCHE, limit=3, processor=None)
    return tuple(etiquette for etiquette, _, _ in trouves)


def _ouvrir(fichier: Path) -> sqlite3.Connection:
    base = sqlite3.connect(fichier, timeout=5.0, isolation_level=None)
    base.execute(f"PRAGMA max_page_count = {PAGES:d}")
    return base


def _preparer(fichier: Path) -> bytes:
    """Make the tables of a new file; the key of its digests."""
    with closing(_ouvrir(fichier)) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.executescript(_TABLES)
        base.execute("BEGIN IMMEDIATE")
        base.execute(
            "INSERT INTO cle SELECT ? WHERE NOT EXISTS (SELECT 1 FROM cle)", (secrets.token_bytes(32),)
        )
        base.execute("COMMIT")
        (cle,) = base.execute("SELECT valeur FROM cle").fetchone()
    return bytes(cle)
