"""Streamed reading of large JSON lists: bounded memory, and a broken record does not spoil the others."""

from __future__ import annotations

import codecs
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from maillage.importation.lecture import Enregistrement, ErreurImport
from maillage.importation.publication import Ecart

#: bytes read at a time.
TRANCHE = 1024 * 1024
#: the longest record, in characters; the largest of the official directory are below 1 million.
RECORD_MAX = 4 * 1024 * 1024
#: the most bytes read once unpacked: an archive that swells further is refused.
OCTETS_MAX = 4 * 1024**3
#: the most records of one edition.
RECORDS_MAX = 1_000_000
#: the longest text before the list of records.
_ENTETE_MAX = 64 * 1024
#: bad records past which a file is taken for another format.
_DEFAUTS_MAX = 1_000
_BLANC = re.compile(r"[\s,]*")
_PREMIER_CHAMP = re.compile(r'\{\s*("(?:[^"\\]|\\.)*")')
_SUBSTITUTS = re.compile(r"[\ud800-\udfff]")
_MEMBRE = re.compile(r".*\.json")


@dataclass(slots=True)
class Lecture:
    """What reading a file came across: records left out, and whether its end was reached."""

    fichier: str
    lus: int = 0
    complet: bool = False
    defauts: list[Ecart] = field(default_factory=list)

    def defaut(self, rang: int, raison: str) -> None:
        """Note a record that is left out. Raises ErreurImport where there are too many."""
        self.defauts.append(Ecart(f"{self.fichier}, enregistrement {rang}", raison))
        if len(self.defauts) > _DEFAUTS_MAX:
            raise ErreurImport(
                f"{self.fichier} : plus de {_DEFAUTS_MAX} enregistrements illisibles, rien n'est importé. "
                f"Le premier : {self.defauts[0].identifiant} : {self.defauts[0].raison}."
            )

    def borne(self) -> None:
        """Raises ErreurImport where more records are read than an edition may have."""
        if self.lus >= RECORDS_MAX:
            raise ErreurImport(
                f"{self.fichier} : plus de {RECORDS_MAX} enregistrements, rien n'est importé : "
                "donnez un extrait."
            )


@contextmanager
def ouvre(chemin: Path) -> Iterator[tuple[IO[bytes], str]]:
    """Bytes and name of a `.json` file, or of the first JSON file of a `.tar.bz2` or `.tar.gz` archive.

    Raises ErreurImport where there is none, or the file cannot be read.
    """
    try:
        if not chemin.name.endswith((".tar.bz2", ".tar.gz", ".tgz", ".tar")):
            with chemin.open("rb") as brut:
                yield brut, chemin.name
            return
        with tarfile.open(chemin, "r|*") as archive:
            for membre in archive:
                contenu = archive.extractfile(membre) if membre.isfile() else None
                if contenu and _MEMBRE.fullmatch(membre.name):
                    yield contenu, membre.name.rsplit("/", 1)[-1]
                    return
        raise ErreurImport(f"{chemin.name} : aucun fichier .json dans cette archive.")
    except (tarfile.TarError, EOFError) as erreur:
        raise ErreurImport(f"{chemin.name} : archive illisible ou coupée ({erreur}).") from None
    except OSError as erreur:
        raison = erreur.strerror or str(erreur)
        raise ErreurImport(f"{chemin.name} : lecture impossible ({raison}).") from None


def enregistrements(brut: IO[bytes], lecture: Lecture, liste: str) -> Iterator[Enregistrement]:
    """Records of a JSON document, one at a time: a list, or an object whose field `liste` is one.

    `lecture` is filled on the way. A record that is no JSON object, is too long or is not UTF-8 is left out
    with its reason; after one that cannot be delimited, reading goes on at the next that opens with the
    same field as the first did. Raises ErreurImport where no list of records is found.
    """
    fenetre = _Fenetre(brut, lecture)
    fenetre.debut(liste)
    decode = json.JSONDecoder().raw_decode
    while not fenetre.fini():
        rang = lecture.lus + 1
        lecture.borne()
        objet = fenetre.objet(decode)
        lecture.lus = rang
        if objet is None:
            lecture.defaut(rang, "JSON illisible ou trop long, enregistrement laissé de côté")
            fenetre.reprend()
        elif not isinstance(objet, dict):
            lecture.defaut(rang, "un objet est attendu")
        elif champ := mal_code(objet):
            lecture.defaut(rang, f"champ « {champ} » : ce texte n'est pas en UTF-8")
        else:
            yield Enregistrement(lecture.fichier, rang, objet)


def mal_code(objet: dict[str, Any]) -> str:
    """The first field that holds bytes which are not UTF-8, empty where there is none."""
    for champ, valeur in objet.items():
        dit = valeur if isinstance(valeur, str) else json.dumps(valeur, ensure_ascii=False) if valeur else ""
        if _SUBSTITUTS.search(dit) or _SUBSTITUTS.search(champ):
            return champ.encode("utf-8", "replace").decode()
    return ""


class _Fenetre:
    """A window on the decoded text, no longer than one record and one slice."""

    def __init__(self, brut: IO[bytes], lecture: Lecture) -> None:
        self._brut, self._lecture = brut, lecture
        self._texte, self._ou, self._octets = "", 0, 0
        self._epuise, self._premier = False, ""
        # A byte that is not UTF-8 becomes a surrogate, which tells the field where it stands.
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape").decode

    def debut(self, liste: str) -> None:
        """Go to the first record."""
        self._complete()
        if "\x00" in self._texte[:64]:
            raise ErreurImport(f"{self._lecture.fichier} : le fichier n'est pas en UTF-8.")
        motif = re.compile(rf'\s*\[|\s*\{{(?s:.{{0,{_ENTETE_MAX}}}?)"{re.escape(liste)}"\s*:\s*\[')
        trouve = motif.match(self._texte)
        if trouve is None:
            raise ErreurImport(
                f"{self._lecture.fichier} : ni liste, ni champ « {liste} » en tête : ce n'est pas le format "
                "attendu."
            )
        self._ou = trouve.end()

    def fini(self) -> bool:
        """Whether the list is over; notes in the account whether its closing bracket was there."""
        while True:
            trouve = _BLANC.match(self._texte, self._ou)
            self._ou = trouve.end() if trouve else self._ou
            if self._ou < len(self._texte):
                self._lecture.complet = self._texte[self._ou] == "]"
                return self._lecture.complet
            if not self._complete():
                return True

    def objet(self, decode: Any) -> object | None:
        """The record here; None where it is not readable within the bound."""
        while True:
            try:
                objet, fin = decode(self._texte, self._ou)
            except (json.JSONDecodeError, RecursionError):
                if len(self._texte) - self._ou > RECORD_MAX or not self._complete():
                    return None
                continue
            if not self._premier and (trouve := _PREMIER_CHAMP.match(self._texte, self._ou)):
                self._premier = trouve.group(1)
            self._ou = fin
            return objet  # type: ignore[no-any-return]

    def reprend(self) -> None:
        """Go to the next record that opens as the first did; to the end where there is none."""
        if not self._premier:
            trouve = _PREMIER_CHAMP.match(self._texte, self._ou)
            self._premier = trouve.group(1) if trouve else '""'
        # A record follows the end of another; an object inside a record follows « [ » or a colon.
        motif = re.compile(r"\}\s*,\s*(?=\{\s*" + re.escape(self._premier) + ")")
        self._ou += 1
        while True:
            if trouve := motif.search(self._texte, self._ou):
                self._ou = trouve.end()
                return
            # What is skipped is not kept, save the few characters that may open the next record.
            self._ou = max(self._ou, len(self._texte) - len(self._premier) - 64)
            if not self._complete():
                self._ou = len(self._texte)
                return

    def _complete(self) -> bool:
        """Add a slice; False where there is none left."""
        if self._epuise:
            return False
        octets = self._lit()
        self._octets += len(octets)
        self._epuise = not octets
        if self._octets > OCTETS_MAX:
            raise ErreurImport(
                f"{self._lecture.fichier} : plus de {OCTETS_MAX // 1024**3} Go une fois décompressé, rien "
                "n'est importé."
            )
        self._texte = self._texte[self._ou :] + self._decode(octets, self._epuise)
        self._ou = 0
        return bool(octets)

    def _lit(self) -> bytes:
        try:
            return self._brut.read(TRANCHE)
        except (EOFError, OSError, tarfile.TarError):
            # A cut archive: what was unpacked is kept, and the missing bracket says that the end is missing.
            return b""
