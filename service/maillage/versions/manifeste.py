"""The manifest of a snapshot: what it holds, from what it was built, how to check it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

#: name of the manifest in a snapshot folder.
FICHIER = "manifeste.json"
#: raised when the files of a snapshot change meaning: an older snapshot is then rebuilt.
FORMAT = 4
#: modules that turn a corpus into a snapshot.
_RECETTE = (
    "corpus/*.py",
    "inference/*.py",
    "lexique/*.py",
    "requetes/*.py",
    "store/*.py",
    "territoire/*.py",
    "texte.py",
    "validation/*.py",
)


class InstantaneAltere(ValueError):  # noqa: N818 (the error is named in French)
    """A snapshot is incomplete, altered, or of another format; names the file and the cause."""


@dataclass(frozen=True)
class Manifeste:
    """`manifeste.json`.

    `empreinte`: SHA-256 of the corpus, the version of the data. `recette`: SHA-256 of the queries and of
    the code that builds. `date`: end of the build, UTC. `triples`: « saisis », « deduits »,
    « declares ». `graphes`: triples by asserted graph. `fichiers`: SHA-256 by path. `durees`: seconds by
    stage. `revision`: commit of the corpus. `precedente`: the version that this one replaced, empty for the
    first.
    """

    format: int
    numero: int
    version: str
    empreinte: str
    recette: str
    date: str
    revision: str
    triples: dict[str, int]
    graphes: dict[str, int]
    fichiers: dict[str, str]
    durees: dict[str, float]
    precedente: str = ""

    def ecrire(self, dossier: Path) -> None:
        """Write the manifest in a snapshot folder. Raises OSError."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2)
        (dossier / FICHIER).write_text(text + "\n", encoding="utf-8")

    def verifier(self, dossier: Path, noms: Iterable[str] | None = None) -> None:
        """Raise InstantaneAltere unless each file, or each of `noms`, has the content it was given."""
        for name in self.fichiers if noms is None else noms:
            expected = self.fichiers[name]
            try:
                found = empreinte(dossier / name)
            except OSError as error:
                raise InstantaneAltere(f"{dossier / name} : {error.strerror}") from error
            if found != expected:
                raise InstantaneAltere(f"{dossier / name} : le contenu n'est plus celui qui a été construit")


def lire_manifeste(dossier: Path) -> Manifeste:
    """The manifest of a snapshot folder. Raises InstantaneAltere."""
    path = dossier / FICHIER
    try:
        read = Manifeste(**json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InstantaneAltere(f"{path} : {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise InstantaneAltere(f"{path} : illisible ({error})") from error
    if read.format != FORMAT:
        raise InstantaneAltere(f"{path} : format {read.format}, {FORMAT} attendu ; à reconstruire")
    return read


def compter(nquads: Path) -> dict[str, int]:
    """Triples of each named graph; what a file says twice counts once. Raises OSError."""
    with nquads.open("rb") as file:
        noms = Counter(line.rsplit(b" ", 2)[1] for line in file)
    return {nom[1:-1].decode(): nombre for nom, nombre in sorted(noms.items())}


def empreinte(path: Path) -> str:
    """SHA-256 of a file, hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def recette(racine: Path) -> str:
    """SHA-256 of what turns a corpus into a snapshot: queries, outlines, and the modules that build."""
    digest = hashlib.sha256(_code())
    for path in sorted((racine / "requetes").rglob("*.rq")):
        digest.update(f"{path.name}\0{empreinte(path)}\n".encode())
    for path in sorted((racine / "donnees").rglob("*.geojson")):
        digest.update(f"{path.name}\0{empreinte(path)}\n".encode())
    return digest.hexdigest()


@cache
def _code() -> bytes:
    """Read once: a process that goes on runs the code that it began with."""
    package = Path(__file__).parents[1]
    modules = [path for pattern in _RECETTE for path in sorted(package.glob(pattern))]
    return "".join(f"{path.name}\0{empreinte(path)}\n" for path in modules).encode()
