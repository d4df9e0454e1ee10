"""The corpus: every Turtle file under `ontologie/` and `donnees/`, read, never judged.

One file is one named graph. Reading raises nothing: what cannot be read is an `Anomalie` of its file, which
`maillage.validation` explains, and which hides no other file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import pyoxigraph as ox

from maillage.namespaces import GRAPHE

DOSSIERS = ("ontologie", "donnees")
TAILLE_MAXIMALE = 64 * 1024 * 1024
_PROFONDEUR = 50

Nature = Literal["syntaxe", "encodage", "utf16", "taille", "illisible"]
Progress = Callable[[int, int, str], None]

_BOM_UTF8 = b"\xef\xbb\xbf"
_BOM_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Anomalie:
    """Why a file could not be read to its end; `ligne` and `colonne` count from 1, in characters."""

    nature: Nature
    message: str
    ligne: int = 1
    colonne: int = 1
    fin_ligne: int = 1
    fin_colonne: int = 1


@dataclass(frozen=True)
class FichierTurtle:
    """One Turtle file: its path below the corpus root, its graph, its UTF-8 bytes without mark."""

    chemin: str
    octets: bytes = field(repr=False)
    triples: int = 0
    anomalie: Anomalie | None = None
    marque_bom: bool = False

    @property
    def graphe(self) -> ox.NamedNode:
        """The named graph of this file."""
        return ox.NamedNode(GRAPHE + iri_path(self.chemin.removesuffix(".ttl")))

    @property
    def lisible(self) -> bool:
        """Whether the file could be read as text, right Turtle or not."""
        return self.anomalie is None or self.anomalie.nature == "syntaxe"

    @property
    def bruts(self) -> bytes:
        """The bytes as they are in the file, mark included."""
        return _BOM_UTF8 + self.octets if self.marque_bom else self.octets

    @cached_property
    def empreinte(self) -> str:
        """SHA-256 of the bytes, hexadecimal."""
        return hashlib.sha256(self.octets).hexdigest()

    @property
    def texte(self) -> str:
        """The text, with a replacement sign where bytes are not UTF-8."""
        return self.octets.decode("utf-8", errors="replace")

    def quads(self) -> Iterator[ox.Quad]:
        """The triples as quads of this file's graph, up to where the file stops being Turtle; never raises.

        Blank nodes are named after the path and the resource they describe: unique in the corpus, same at
        each reading.
        """
        graphe = self.graphe
        triples = _parse(self.octets)
        named = triples if _without_blank(self.octets) else _rename(triples, self.chemin)
        try:
            for quad in named:
                yield ox.Quad(quad.subject, quad.predicate, quad.object, graphe)
        except SyntaxError:
            return

    def ensemble(self) -> frozenset[ox.Quad]:
        """The same, read once for the files last asked for: an edit is looked at in several ways."""
        return _ensemble(self)


@lru_cache(maxsize=8)
def _ensemble(fichier: FichierTurtle) -> frozenset[ox.Quad]:
    return frozenset(fichier.quads())


@dataclass(frozen=True)
class Corpus:
    """All the files, sorted by path."""

    racine: Path
    fichiers: tuple[FichierTurtle, ...]

    @property
    def triples(self) -> int:
        """Number of triples read, a triple said in two files counted twice."""
        return sum(fichier.triples for fichier in self.fichiers)

    @property
    def anomalies(self) -> tuple[FichierTurtle, ...]:
        """The files that could not be read to their end."""
        return tuple(fichier for fichier in self.fichiers if fichier.anomalie)

    @cached_property
    def empreinte(self) -> str:
        """SHA-256 over the paths and contents of all files: the version of the data."""
        digest = hashlib.sha256()
        for fichier in self.fichiers:
            digest.update(f"{fichier.chemin}\0{fichier.empreinte}\n".encode())
        return digest.hexdigest()

    def quads(self) -> Iterator[ox.Quad]:
        """The quads of every file, in the order of files."""
        for fichier in self.fichiers:
            yield from fichier.quads()


def read_corpus(racine: Path, progress: Progress | None = None, connu: Corpus | None = None) -> Corpus:
    """Read every `.ttl` under `ontologie/` and `donnees/` of `racine`, sorted by path.

    `progress(done, total, path)` is called before each file. A file whose bytes are those of `connu`, an
    earlier reading, is not parsed again. Raises nothing for a bad file: see `Anomalie`.
    """
    paths = turtle_files(racine)
    earlier = {fichier.chemin: fichier for fichier in connu.fichiers} if connu else {}
    files = []
    for rank, path in enumerate(paths):
        relative = path.relative_to(racine).as_posix()
        if progress:
            progress(rank, len(paths), relative)
        files.append(read_file(path, relative, earlier.get(relative)))
    return Corpus(racine, tuple(files))


def turtle_files(racine: Path) -> list[Path]:
    """Every `.ttl` under `ontologie/` and `donnees/` of `racine`, sorted."""
    return sorted(
        path for dossier in DOSSIERS for path in (racine / dossier).rglob("*.ttl") if path.is_file()
    )


def fingerprint(racine: Path) -> str:
    """What `read_corpus(racine).empreinte` would be, without parsing: for files that all can be read.

    Raises OSError.
    """
    digest = hashlib.sha256()
    for path in turtle_files(racine):
        octets = path.read_bytes().removeprefix(_BOM_UTF8)
        content = hashlib.sha256(octets).hexdigest()
        digest.update(f"{path.relative_to(racine).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def read_file(path: Path, chemin: str, connu: FichierTurtle | None = None) -> FichierTurtle:
    """Read one file known to the corpus as `chemin`; the same object as `connu` where nothing changed."""
    try:
        if path.stat().st_size > TAILLE_MAXIMALE:
            return FichierTurtle(chemin, b"", anomalie=Anomalie("taille", str(path.stat().st_size)))
        octets = path.read_bytes()
        if connu is not None and connu.bruts == octets:
            return connu
        return from_bytes(chemin, octets)
    except OSError as error:
        return FichierTurtle(chemin, b"", anomalie=Anomalie("illisible", error.strerror or str(error)))


def from_bytes(chemin: str, octets: bytes) -> FichierTurtle:
    """The same for bytes at hand, as those of an edited file not yet saved."""
    if len(octets) > TAILLE_MAXIMALE:
        return FichierTurtle(chemin, b"", anomalie=Anomalie("taille", str(len(octets))))
    if octets.startswith(_BOM_UTF16) or b"\0" in octets[:2]:
        return FichierTurtle(chemin, octets, anomalie=Anomalie("utf16", "UTF-16"))
    bom = octets.startswith(_BOM_UTF8)
    octets = octets.removeprefix(_BOM_UTF8)
    triples, anomalie = _check(octets)
    return FichierTurtle(chemin, octets, triples, anomalie, bom)


def iri_path(path: str) -> str:
    """A relative path as the end of an IRI: letters of any script stay, what an IRI forbids is escaped."""
    return "".join(
        char if char.isalnum() or char in "/-_.~" else "".join(f"%{byte:02X}" for byte in char.encode())
        for char in path
    )


def _check(octets: bytes) -> tuple[int, Anomalie | None]:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError as error:
        return 0, _bad_encoding(octets, error)
    triples = 0
    try:
        for _ in _parse(octets):
            triples += 1
    except SyntaxError as error:
        return triples, syntax_anomaly(error)
    return triples, None


def _parse(octets: bytes) -> Iterator[ox.Quad]:
    return ox.parse(input=octets, format=ox.RdfFormat.TURTLE)


def syntax_anomaly(error: SyntaxError) -> Anomalie:
    """The place and words of a pyoxigraph syntax error."""
    ligne, colonne = error.lineno or 1, error.offset or 1
    message = str(error.msg).partition(": ")[2] or str(error.msg)
    return Anomalie(
        "syntaxe", message, ligne, colonne, error.end_lineno or ligne, error.end_offset or colonne
    )


def _bad_encoding(octets: bytes, error: UnicodeDecodeError) -> Anomalie:
    before = octets[: error.start].decode("utf-8")
    ligne = before.count("\n") + 1
    colonne = len(before) - (before.rfind("\n") + 1) + 1
    return Anomalie("encodage", f"0x{octets[error.start]:02X}", ligne, colonne, ligne, colonne + 1)


def _without_blank(octets: bytes) -> bool:
    return not any(mark in octets for mark in (b"_:", b"[", b"("))


def _rename(triples: Iterator[ox.Quad], chemin: str) -> Iterator[ox.Triple]:
    """Name blank nodes after the file, the resource whose statement holds them, and their order there.

    So the edit of one resource renames the blank nodes of no other.
    """
    read, broken = _until_error(triples)
    owners: dict[ox.BlankNode, ox.NamedNode | ox.BlankNode | ox.Triple] = {}
    for triple in read:
        if isinstance(triple.object, ox.BlankNode):
            owners.setdefault(triple.object, triple.subject)
    known: dict[ox.BlankNode, ox.BlankNode] = {}
    counts: dict[str, int] = {}

    def name(node: ox.BlankNode) -> ox.BlankNode:
        if node not in known:
            owner = _owner(node, owners)
            mark = hashlib.sha256(f"{chemin}\0{owner}".encode()).hexdigest()[:16]
            known[node] = ox.BlankNode(f"f{mark}n{counts.setdefault(mark, 0)}")
            counts[mark] += 1
        return known[node]

    for triple in read:
        subject, value = triple.subject, triple.object
        if isinstance(subject, ox.BlankNode):
            subject = name(subject)
        if isinstance(value, ox.BlankNode):
            value = name(value)
        yield ox.Triple(subject, triple.predicate, value)
    if broken:
        raise broken


def _until_error(triples: Iterator[ox.Quad]) -> tuple[list[ox.Quad], SyntaxError | None]:
    read: list[ox.Quad] = []
    try:
        read.extend(triples)
    except SyntaxError as error:
        return read, error
    return read, None


def _owner(node: ox.BlankNode, owners: dict[ox.BlankNode, Any]) -> str:
    """The IRI that a blank node hangs from, "" for none; a loop of blank nodes hangs from nothing."""
    above: Any = node
    for _ in range(_PROFONDEUR):
        if not isinstance(above, ox.BlankNode):
            return str(above)
        above = owners.get(above)
        if above is None:
            break
    return ""
