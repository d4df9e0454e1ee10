"""The corpus: every file read, none hidden by another, blank nodes that never meet."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from maillage.corpus import corpus as module
from maillage.corpus.corpus import fingerprint, from_bytes, read_corpus

TURTLE = '@prefix ex: <http://exemple.fr/> .\nex:a ex:p "é"@fr ; ex:q [ ex:r 1 ] .\n'


@pytest.fixture
def racine(tmp_path: Path) -> Path:
    for name, text in {
        "ontologie/b.ttl": TURTLE,
        "donnees/acteurs/29/a.ttl": TURTLE,
        "donnees/casse.ttl": "@prefix ex: <http://exemple.fr/> .\nex:a ex:p ex:b .\nex:c ex:p\n",
        "autres/ignore.ttl": TURTLE,
        "donnees/notes.txt": "pas du Turtle",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_lit_tous_les_turtle_des_deux_dossiers_dans_l_ordre(racine: Path) -> None:
    found = read_corpus(racine)
    assert [f.chemin for f in found.fichiers] == [
        "donnees/acteurs/29/a.ttl",
        "donnees/casse.ttl",
        "ontologie/b.ttl",
    ]
    assert found.triples == 3 + 1 + 3


def test_un_fichier_est_un_graphe(racine: Path) -> None:
    graphs = {quad.graph_name.value for quad in read_corpus(racine).fichiers[0].quads()}
    assert graphs == {"https://w3id.org/maillage/graphe/donnees/acteurs/29/a"}


def test_un_fichier_casse_garde_ce_qui_precede_et_dit_ou(racine: Path) -> None:
    broken = read_corpus(racine).fichiers[1]
    assert broken.anomalie is not None
    assert (broken.anomalie.nature, broken.anomalie.ligne) == ("syntaxe", 4)
    assert len(list(broken.quads())) == 1


def test_noeuds_anonymes_propres_au_fichier_et_stables(racine: Path) -> None:
    def blanks() -> list[set[str]]:
        files = read_corpus(racine).fichiers
        return [{q.subject.value for q in f.quads() if isinstance(q.subject, ox.BlankNode)} for f in files]

    first, _, last = blanks()
    assert first and last and not first & last
    assert blanks() == [first, set(), last]


def test_avancement_et_empreinte(racine: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    before = read_corpus(racine, lambda *step: seen.append(step)).empreinte
    assert [step[:2] for step in seen] == [(0, 3), (1, 3), (2, 3)]
    (racine / "ontologie/b.ttl").write_text(TURTLE + "# note\n", encoding="utf-8")
    assert read_corpus(racine).empreinte != before
    assert fingerprint(racine) == read_corpus(racine).empreinte


@pytest.mark.parametrize(
    ("octets", "nature", "place"),
    [
        (TURTLE.encode("utf-16"), "utf16", (1, 1)),
        (TURTLE.encode("utf-16-le"), "utf16", (1, 1)),
        (TURTLE.encode("latin-1"), "encodage", (2, 12)),
        (b"\0\1\2\3", "utf16", (1, 1)),
    ],
)
def test_autres_encodages_reconnus(octets: bytes, nature: str, place: tuple[int, int]) -> None:
    found = from_bytes("x.ttl", octets)
    assert found.anomalie is not None
    assert (found.anomalie.nature, (found.anomalie.ligne, found.anomalie.colonne)) == (nature, place)
    assert not found.lisible


def test_marque_d_ordre_admise_et_signalee() -> None:
    found = from_bytes("x.ttl", b"\xef\xbb\xbf" + TURTLE.encode())
    assert (found.anomalie, found.marque_bom, found.triples) == (None, True, 3)


def test_fins_de_ligne_de_windows() -> None:
    assert from_bytes("x.ttl", TURTLE.replace("\n", "\r\n").encode()).triples == 3


def test_fichier_trop_grand_refuse_sans_etre_lu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TAILLE_MAXIMALE", 10)
    path = tmp_path / "donnees" / "grand.ttl"
    path.parent.mkdir()
    path.write_text(TURTLE, encoding="utf-8")
    (found,) = read_corpus(tmp_path).fichiers
    assert found.anomalie is not None and found.anomalie.nature == "taille"
    assert found.octets == b""


def test_lien_rompu_dit_illisible(tmp_path: Path) -> None:
    found = module.read_file(tmp_path / "absent.ttl", "donnees/absent.ttl")
    assert found.anomalie is not None and found.anomalie.nature == "illisible"


def test_imbrication_profonde_sans_debordement() -> None:
    deep = "<http://a> <http://b> " + "[ <http://b> " * 50_000 + "1" + "]" * 50_000 + " ."
    assert from_bytes("x.ttl", deep.encode()).triples == 50_001
