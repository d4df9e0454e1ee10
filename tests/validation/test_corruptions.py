"""Five hundred corruptions of real files, always the same: a located message or a valid parse, never more.

Each is read and validated with a time limit; a file that is not said to be wrong holds exactly what it says.
"""

from __future__ import annotations

import json
import random
import time
import tracemalloc
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

import corpus_essai
from maillage.corpus import corpus as module
from maillage.corpus.corpus import Corpus, FichierTurtle, from_bytes
from maillage.validation import Rapport, valider
from maillage.validation.codes import catalogue
from maillage.validation.rapport_ecrit import ECRITURES
from maillage.versions.instantane import GRAPHES, InstantaneRefuse, construire

RACINE = Path(__file__).resolve().parents[2]
GRAINE = 20131129
NOMBRE = 500
#: seconds for one file of a few kilobytes, on a busy machine; and for one of ten megabytes.
PATIENCE, PATIENCE_GRAND = 10.0, 60.0
SIGNES = [
    b'"',
    b"'",
    b'"""',
    b"[",
    b"]",
    b"(",
    b")",
    b"<",
    b">",
    b"\\",
    b"\0",
    b"\r",
    b";",
    b".",
    b",",
    b"@",
    b"^^",
]

Corrompre = Callable[[bytes, random.Random], bytes]


def flip(text: bytes, chance: random.Random) -> bytes:
    data = bytearray(text)
    for _ in range(chance.randrange(1, 6)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def truncate(text: bytes, chance: random.Random) -> bytes:
    return text[: chance.randrange(len(text))]


def swap_lines(text: bytes, chance: random.Random) -> bytes:
    lines = text.split(b"\n")
    a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


def insert(text: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(text))
    return text[:place] + chance.choice(SIGNES) + text[place:]


def remove(text: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(text))
    return text[:place] + text[place + chance.randrange(1, 40) :]


def encode(text: bytes, chance: random.Random) -> bytes:
    name = chance.choice(
        ["utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "cp850", "utf-7", "utf-8-sig"]
    )
    return text.decode().encode(name, errors="replace")


def newlines(text: bytes, chance: random.Random) -> bytes:
    return text.replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\r", b"\xe2\x80\xa8", b"\x0b"]))


def huge_literal(text: bytes, chance: random.Random) -> bytes:
    place = text.index(b'"') + 1
    return text[:place] + chance.choice([b"a", "é".encode(), b"\\n", b"\\"]) * 200_000 + text[place:]


def deep(text: bytes, chance: random.Random) -> bytes:
    depth = chance.choice([50, 300, 5_000])
    opening, closing = chance.choice([(b"[ <http://a> ", b"]"), (b"( ", b")"), (b"[", b""), (b"(", b"")])
    return text + b"\n<http://a> <http://b> " + opening * depth + b"1" + closing * depth + b" .\n"


def repeat(text: bytes, chance: random.Random) -> bytes:
    return text + text[chance.randrange(len(text)) :]


CORRUPTIONS: list[Corrompre] = [
    *[flip, truncate, swap_lines, insert, remove] * 3,
    *[encode, newlines, huge_literal, deep, repeat],
]


@cache
def sources() -> list[bytes]:
    """The head of real files of every kind, cut between two statements."""
    files = sorted((RACINE / "donnees").rglob("*.ttl")) + sorted((RACINE / "ontologie").rglob("*.ttl"))
    chosen = random.Random(GRAINE).sample(files, 40)
    texts = [path.read_bytes()[:5000] for path in chosen]
    cut = [text[: text.rfind(b"\n\n") + 1] for text in texts]
    return [text for text in cut if b'"' in text]


def check(octets: bytes, patience: float) -> Rapport:
    """Read and validate; what is not located, or not what the file says, fails."""
    start = time.process_time()
    fichier = from_bytes("donnees/essai.ttl", octets)
    report = valider(Corpus(Path(), (fichier,)))
    assert time.process_time() - start < patience
    slips = [each for each in report.constats if each.code.startswith("MLG-SYN-")]
    for each in report.constats:
        assert each.code in catalogue() and each.message.fr and each.message.en
    if fichier.anomalie is None:
        assert all(each.code == "MLG-SYN-BOM" for each in slips)
        same_as_file(fichier, octets)
    else:
        assert slips and not report.conforme
        for each in slips:
            assert each.lieu.fichier == "donnees/essai.ttl"
            assert not fichier.lisible or (
                1 <= each.lieu.ligne <= octets.count(b"\n") + 2 and each.lieu.colonne >= 1
            )
    return report


def readable(report: Rapport) -> None:
    """Whatever a file holds, each form of its report is read by its own reader."""
    for langue in ("fr", "en"):
        for forme, read in LECTEURS.items():
            read(ECRITURES[forme](report, langue))


def of_shacl(text: str) -> None:
    """Turtle, with one result a finding."""
    found = [quad.predicate.value for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    assert sum(name.endswith("#focusNode") for name in found) == sum(
        name.endswith("#result") for name in found
    )


LECTEURS: dict[str, Callable[[str], object]] = {
    "texte": str.encode,
    "json": json.loads,
    "sarif": json.loads,
    "junit": ElementTree.fromstring,
    "svg": ElementTree.fromstring,
    "html": str.encode,
    "ttl": of_shacl,
}


def same_as_file(fichier: FichierTurtle, octets: bytes) -> None:
    """What would be published is what another reading of the bytes gives, blank nodes aside."""
    expected = ox.parse(input=octets.removeprefix(b"\xef\xbb\xbf"), format=ox.RdfFormat.TURTLE)
    assert [plain(quad) for quad in fichier.quads()] == [plain(quad) for quad in expected]


def plain(quad: ox.Quad) -> tuple[str, ...]:
    terms = (quad.subject, quad.predicate, quad.object)
    return tuple("_" if isinstance(term, ox.BlankNode) else str(term) for term in terms)


@pytest.mark.parametrize("part", range(10))
def test_cinq_cents_corruptions(part: int) -> None:
    chance = random.Random(GRAINE + part)
    for rank in range(NOMBRE // 10):
        damage = CORRUPTIONS[(rank + part) % len(CORRUPTIONS)]
        readable(check(damage(chance.choice(sources()), chance), PATIENCE))


@pytest.mark.longue
@pytest.mark.parametrize("kind", ["juste", "sans point", "texte ouvert", "octets"])
def test_dix_megaoctets(kind: str) -> None:
    line = b'<http://exemple.fr/s> <http://exemple.fr/p> "valeur %d"@fr .\n'
    text = b"".join(line % rank for rank in range(170_000))
    assert len(text) > 9_900_000
    if kind == "sans point":
        text = text.replace(b'"valeur 85000"@fr .', b'"valeur 85000"@fr')
    elif kind == "texte ouvert":
        text = text.replace(b'"valeur 85000"@fr .', b'"""valeur 85000 .')
    elif kind == "octets":
        text = random.Random(GRAINE).randbytes(10_000_000)
    report = check(text, PATIENCE_GRAND)
    assert report.conforme is (kind == "juste")


def test_la_memoire_reste_bornee() -> None:
    """A nest of brackets or one huge text takes a few times its own size."""
    chance = random.Random(GRAINE)
    for damage in (deep, huge_literal):
        octets = damage(sources()[0], chance)
        tracemalloc.start()
        check(octets, PATIENCE * 3)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 60 * len(octets) + 50_000_000


def test_un_fichier_plus_grand_que_la_limite_est_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TAILLE_MAXIMALE", 1000)
    report = valider(Corpus(Path(), (from_bytes("donnees/x.ttl", b"# " + b"x" * 2000),)))
    assert [each.code for each in report.constats if each.code.startswith("MLG-SYN")] == ["MLG-SYN-TAILLE"]


@pytest.mark.longue
def test_ce_qui_est_publie_est_ce_que_dit_le_fichier(tmp_path: Path) -> None:
    """One corruption of each kind: refused, or published as another reader reads the file."""
    settings, chance, refused = corpus_essai.poser(tmp_path), random.Random(GRAINE), 0
    path = tmp_path / "donnees/acteurs/essai.ttl"
    right = path.read_bytes()
    graphe = from_bytes("donnees/acteurs/essai.ttl", b"").graphe
    for rank in range(len(CORRUPTIONS)):
        path.write_bytes(octets := CORRUPTIONS[rank](right, chance))
        try:
            version = construire(settings)
        except InstantaneRefuse as error:
            refused += 1
            assert error.rapport.erreurs
            continue
        quads = ox.parse(path=version / GRAPHES, format=ox.RdfFormat.N_QUADS, lenient=True)
        published = {plain(quad) for quad in quads if quad.graph_name == graphe}
        expected = ox.parse(input=octets.removeprefix(b"\xef\xbb\xbf"), format=ox.RdfFormat.TURTLE)
        assert published == {plain(quad) for quad in expected}
    assert 3 < refused < len(CORRUPTIONS)
