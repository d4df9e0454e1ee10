"""Slips of syntax: each located, named, with a cure that works when applied literally."""

from __future__ import annotations

from pathlib import Path

import pytest

from maillage.corpus.corpus import Corpus, from_bytes
from maillage.validation import Constat
from maillage.validation.codes import catalogue
from maillage.validation.correction import apply
from maillage.validation.enonces import TexteTurtle
from maillage.validation.reprise import recover
from maillage.validation.syntaxe import syntax_findings

ENTETE = "@prefix ex: <http://exemple.fr/> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
EXEMPLES = [entry for entry in catalogue().values() if entry.avant and entry.code.startswith("MLG-SYN")]


def findings(text: str, entete: str = ENTETE) -> list[Constat]:
    return list(syntax_findings(Corpus(Path(), (from_bytes("x.ttl", (entete + text + "\n").encode()),))))


@pytest.mark.parametrize("entry", EXEMPLES, ids=lambda entry: entry.code)
def test_l_exemple_d_un_code_dit_vrai(entry) -> None:
    assert findings(entry.avant)[0].code == entry.code
    assert findings(entry.apres) == []


@pytest.mark.parametrize("entry", list(catalogue().values()), ids=lambda entry: entry.code)
def test_chaque_code_est_dit_dans_les_deux_langues(entry) -> None:
    for texte in (entry.message, entry.cause, entry.remede):
        assert texte.fr and texte.en


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('ex:a ex:p "x"\nex:b ex:p "y" .', "MLG-SYN-POINT", (3, 14)),
        ('ex:a ex:p "x" ;\n\nex:b a ex:C .', "MLG-SYN-POINT", (3, 15)),
        ('ex:a ex:p "x" ;\n\nex:b ex:q ex:C .', "MLG-SYN-POINT", (3, 15)),
        ('ex:a ex:p "x"', "MLG-SYN-POINT", (3, 14)),
        ('ex:a ex:p "x"\n    ex:q "y" .', "MLG-SYN-POINT-VIRGULE", (3, 14)),
        ('exx:a ex:p "x" .', "MLG-SYN-PREFIXE", (3, 1)),
        ("ex:a ex:p <http://a.fr/b c> .", "MLG-SYN-IRI", (3, 11)),
        ('ex:a ex:p "x .\nex:b ex:p "y" .', "MLG-SYN-CHAINE", (3, 11)),
        ("ex:a ex:p « x » .", "MLG-SYN-GUILLEMETS", (3, 11)),
        ("ex:a ex:p ( ex:b\n ex:c .", "MLG-SYN-CROCHET", (3, 11)),
        ("ex:a ex:p [ ex:q ex:c .", "MLG-SYN-CROCHET", (3, 11)),
        ("ex:a ex:p 2026-03-31 .", "MLG-SYN-DATE", (3, 11)),
    ],
)
def test_la_faute_est_nommee_a_sa_place(text: str, code: str, place: tuple[int, int]) -> None:
    found = findings(text)[0]
    assert (found.code, (found.lieu.ligne, found.lieu.colonne)) == (code, place)
    assert "^" in found.extrait


@pytest.mark.parametrize(
    "text",
    [
        'ex:a ex:p "x"\nex:b ex:p "y" .',
        'ex:a ex:p "x" ;\n\nex:b a ex:C .',
        'ex:a ex:p "x"',
        'ex:a ex:p "x"\n    ex:q "y" .',
        'exx:a ex:p "x" .',
        'ex:a ex:p "x .\nex:b ex:p "y"@fr .',
        'ex:a ex:p "x ;\n    ex:q <http://a> .',
        "ex:a ex:p <http://a ;\n    ex:q 1 .",
        "ex:a ex:p “x” .",
        "ex:a ex:p « x » .",
        "ex:a ex:p http://a.fr/b .",
        "ex:a ex:p <http://a.fr/b c> .",
        "ex:a ex:p ex:une page .",
        "ex:une page de garde a ex:C .",
        "ex:a ex:p ( ex:b\n ex:c .",
        "ex:a ex:p [ ex:q ex:c .",
        "ex:a ex:p [ ex:q ex:c ;\n    ex:r 1 .",
        "ex:a\n    ex:p [ ex:q ex:c ;\n    ex:r 1 ;\n    ex:s 2 .",
        "ex:a ex:p 2026-03-31 .",
    ],
)
def test_la_ligne_corrigee_repare(text: str) -> None:
    found = findings(text)[0]
    assert found.correction is not None
    assert findings(apply(ENTETE + text, found.correction), entete="") == []


def test_prefixe_connu_du_projet_donne_sa_declaration() -> None:
    (found,) = findings('ex:a skos:prefLabel "x" .')
    assert found.correction is not None
    assert found.correction.texte == "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
    assert findings(apply(ENTETE + 'ex:a skos:prefLabel "x" .', found.correction), entete="") == []


def test_une_faute_n_en_cache_pas_une_autre() -> None:
    found = findings('ex:a ex:p .\nex:b ex:p "y" .\nex:c ex:p “z” .\nex:d yy:p 1 .\nex:e yy:q 2 .')
    assert [(each.code, each.lieu.ligne) for each in found] == [
        ("MLG-SYN-INATTENDU", 3),
        ("MLG-SYN-GUILLEMETS", 5),
        ("MLG-SYN-PREFIXE", 6),
    ]


def test_les_enonces_justes_d_un_fichier_casse_sont_gardes() -> None:
    fichier = from_bytes(
        "x.ttl", (ENTETE + 'ex:a ex:p .\nex:b ex:p "y" .\nex:c ex:p [ ex:q 1 ] .\n').encode()
    )
    quads = recover(fichier, TexteTurtle(fichier.texte)).quads
    assert {str(quad.predicate) for quad in quads} == {"<http://exemple.fr/p>", "<http://exemple.fr/q>"}
    assert len(quads) == 3


def test_un_texte_long_ouvert_arrete_la_reprise() -> None:
    (found,) = findings('ex:a ex:p """x .\nex:b ex:p "y" .\nex:c zz:p 1 .')
    assert found.code == "MLG-SYN-CHAINE"


def test_en_anglais_aussi() -> None:
    (found,) = findings("exx:a ex:p 1 .")
    assert found.message.dans("en") == "The prefix “exx:” is not declared."
    assert found.message.dans("fr") == "Le préfixe « exx: » n'est pas déclaré."
