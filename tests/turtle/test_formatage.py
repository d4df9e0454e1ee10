"""Formatting: stable, faithful to the graph and to the comments, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
    serialize,
)

from maillage.commande.cli import main
from maillage.namespaces import PREFIXES
from maillage.turtle.formatage import FormatageRefuse, fichiers_du_corpus, formater, formater_fichier

RACINE = Path(__file__).parents[2]
XSD = PREFIXES["xsd"]

TURTLE = """\
@prefix unused: <http://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix mlg: <https://w3id.org/maillage/ontologie#> .
@prefix schema: <https://schema.org/> .
@prefix t: <https://w3id.org/maillage/type-acteur/> .
# Ce que contient le fichier.

t:b10 mlg:page 12 ; skos:prefLabel "dix"@en, "dix"@fr ; a mlg:TypeActeur . # le dernier
# Le premier.
t:b9 a mlg:TypeActeur .

# Une autre partie

t:a schema:address [ schema:postalCode "29000" ; a schema:PostalAddress ] ; mlg:seuil 1.5 , true , ( 1 2 ) .
t:b9 mlg:page 3 .
# Fin.
"""
MIS_EN_FORME = """\
@prefix mlg: <https://w3id.org/maillage/ontologie#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix type: <https://w3id.org/maillage/type-acteur/> .

# Ce que contient le fichier.

# Le premier.
type:b9 a mlg:TypeActeur ;
    mlg:page 3 .

# le dernier
type:b10 a mlg:TypeActeur ;
    skos:prefLabel "dix"@fr , "dix"@en ;
    mlg:page 12 .

# Une autre partie

type:a schema:address [ a schema:PostalAddress ; schema:postalCode "29000" ] ;
    mlg:seuil 1.5 , true , ( 1 2 ) .

# Fin.
"""


def canonique(texte: str | bytes) -> Dataset:
    graphe = Dataset(parse(texte, RdfFormat.TURTLE))
    graphe.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return graphe


def test_the_style() -> None:
    assert formater(TURTLE.encode()) == MIS_EN_FORME
    assert formater(MIS_EN_FORME.encode()) == MIS_EN_FORME


@pytest.mark.parametrize(
    ("texte", "ligne"),
    [
        ("<urn:a> # ici\n  <urn:p> 1 .", "ligne 1 "),
        ("\n<urn:a> <urn:p> 1 ;\n  # ici\n  <urn:q> 2 .", "ligne 3 "),
        ("# à qui ?\n[] <urn:p> 1 .", "ligne 2 "),
    ],
)
def test_a_comment_that_would_be_lost_is_refused_on_its_line(texte: str, ligne: str) -> None:
    with pytest.raises(FormatageRefuse, match=f"^{ligne}.*commentaire"):
        formater(texte.encode())


def test_what_looks_like_a_comment_is_none() -> None:
    texte = '<urn:a#b> <urn:p> "# non" , """\n# non plus\n""" .\n'
    assert canonique(formater(texte.encode())) == canonique(texte)


@pytest.mark.parametrize("octets", [b"<urn:a> <urn:p>", b"\xff\xfe<\x00", b'<urn:a> <urn:p> "\xe9" .'])
def test_what_is_not_turtle_is_refused(octets: bytes) -> None:
    with pytest.raises(FormatageRefuse, match=r"^ligne 1, colonne \d+ : .*maillage valider"):
        formater(octets)


@pytest.mark.parametrize(
    "texte",
    [
        "<urn:a> <urn:p> " + "[ <urn:p> " * 2000 + "1" + " ]" * 2000 + " .",
        "".join(f"_:a{rank} <urn:p> _:a{(rank + 1) % 40} .\n" for rank in range(40)),
    ],
    ids=["deep", "alike"],
)
def test_a_graph_made_to_be_slow_is_refused_at_once(texte: str) -> None:
    with pytest.raises(FormatageRefuse, match="nœuds anonymes"):
        formater(texte.encode())


def test_windows_files_and_empty_files() -> None:
    texte = "\ufeff# Tête.\r\n\r\n<urn:a> <urn:p> 1 .\r\n"
    assert formater(texte.encode()) == "# Tête.\n\n<urn:a> <urn:p> 1 .\n"
    assert formater(b"") == ""
    assert formater(b"# seul\n") == "# seul\n"


def test_files_of_importers_are_left_alone() -> None:
    texte = "# Titre\n# Fichier écrit par « maillage importer opco » : ne pas modifier.\n<urn:a> <urn:p> 1 ."
    with pytest.raises(FormatageRefuse, match="importer"):
        formater(texte.encode())


@pytest.mark.parametrize("path", sorted(fichiers_du_corpus(RACINE)), ids=lambda path: path.stem)
def test_each_file_of_stewards_can_be_put_in_form(path: Path) -> None:
    before = path.read_bytes()
    after = formater(before)
    assert formater(after.encode()) == after
    lines = [line.strip() for line in before.decode().splitlines() if line.strip().startswith("#")]
    kept = [line for line in after.splitlines() if line.startswith("#")]
    assert sorted(kept) == sorted(lines)


_IRIS = st.sampled_from(
    [
        *(NamedNode(f"urn:x:{code}") for code in ("a", "b9", "b10", "é", "a.b", "-")),
        *(NamedNode(PREFIXES[one] + "x1.") for one in ("mlg", "type", "acteur")),
        *(NamedNode(PREFIXES["rdf"] + one) for one in ("type", "first", "rest", "nil")),
    ]
)
_NOEUDS = st.sampled_from([BlankNode(f"n{rank}") for rank in range(6)])
_TEXTES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"', '""', 'a"""b', "\\", "x\ny", 'x\n"', '\n""\\', "\r\n", "#", "01", "1.", "+1.0", "1e5", "true"]
)
_LITTERAUX = st.one_of(
    st.builds(Literal, _TEXTES),
    st.builds(lambda text, lang: Literal(text, language=lang), _TEXTES, st.sampled_from(["fr", "en-GB"])),
    st.builds(
        lambda text, kind: Literal(text, datatype=NamedNode(XSD + kind)),
        _TEXTES,
        st.sampled_from(["integer", "decimal", "double", "boolean", "gYear"]),
    ),
)
_QUADS = st.lists(
    st.builds(Quad, _IRIS | _NOEUDS, _IRIS, _IRIS | _NOEUDS | _NOEUDS | _LITTERAUX), max_size=14
)


@settings(max_examples=250, deadline=None)
@given(_QUADS, st.randoms(use_true_random=False))
def test_any_graph_keeps_its_meaning_and_has_one_form(quads: list[Quad], hasard: object) -> None:
    written = serialize(quads, format=RdfFormat.TURTLE) or b""
    formatted = formater(written)
    assert canonique(formatted) == canonique(written)
    assert formater(formatted.encode()) == formatted
    names = [BlankNode(f"z{rank}") for rank in range(6)]
    hasard.shuffle(names)  # type: ignore[attr-defined]
    other = dict(zip((BlankNode(f"n{rank}") for rank in range(6)), names, strict=True))
    again = [
        Quad(other.get(each.subject, each.subject), each.predicate, other.get(each.object, each.object))
        for each in reversed(quads)
    ]
    assert formater(serialize(again, format=RdfFormat.TURTLE) or b"") == formatted


def test_the_command_writes_checks_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, bad = tmp_path / "a.ttl", tmp_path / "b.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    bad.write_text("<urn:a> <urn:p> # perdu\n 1 .", encoding="utf-8")

    def code(*arguments: str) -> int:
        with pytest.raises(SystemExit) as end:
            main(["formater", *arguments])
        assert isinstance(end.value.code, int)
        return end.value.code

    assert code("--verifier", str(path)) == 1 and path.read_text(encoding="utf-8") == TURTLE
    assert code(str(path)) == 0 and path.read_text(encoding="utf-8") == MIS_EN_FORME
    assert code("--verifier", str(path)) == 0 and code(str(path)) == 0
    capsys.readouterr()
    assert code(str(path), str(bad)) == 2
    assert "b.ttl : ligne 1 : un commentaire" in capsys.readouterr().err
    assert formater_fichier(path) is False
