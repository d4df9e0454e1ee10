"""Validation kept up to date: whatever the edits, the report is that of a full validation, and of pySHACL.

`MAILLAGE_EXEMPLES=500` runs more random edits than the few of every day.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, example, given, seed, settings
from hypothesis import strategies as st

from maillage.corpus.corpus import Corpus, FichierTurtle, from_bytes, read_corpus
from maillage.validation import Rapport, Suivi, valider
from maillage.validation.formes import Resultat
from maillage.validation.repli import reference_results

RACINE = Path(__file__).resolve().parents[2]
EXEMPLES = int(os.environ.get("MAILLAGE_EXEMPLES", "8"))

#: no shrinking: a failing edit is small enough to be read, and shrinking takes minutes.
CALME: Any = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "database": None,
    "phases": [Phase.explicit, Phase.generate],
}

PREFIXES = "".join(
    f"@prefix {name}: <{space}> .\n"
    for name, space in {
        "ex": "http://exemple.fr/",
        "sh": "http://www.w3.org/ns/shacl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "dcterms": "http://purl.org/dc/terms/",
    }.items()
)
#: every way a shape may look away from its focus node.
FORMES = """
<http://exemple.fr/regles> sh:declare [ sh:prefix "ex" ; sh:namespace "http://exemple.fr/"^^xsd:anyURI ] .
ex:F a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:Fp , ex:Fq , ex:Fr , ex:Fs ; sh:not ex:G .
ex:Fp a sh:PropertyShape ; sh:path ex:p ; sh:class ex:D ; sh:maxCount 2 .
ex:Fq a sh:PropertyShape ; sh:path ( ex:q ex:p ) ; sh:nodeKind sh:IRI ; sh:minCount 1 .
ex:Fr a sh:PropertyShape ; sh:path [ sh:inversePath ex:q ] ; sh:node ex:H ; sh:property ex:Fn .
ex:Fn a sh:PropertyShape ; sh:path ex:n ; sh:lessThan ex:m .
ex:Fs a sh:PropertyShape ; sh:path [ sh:zeroOrMorePath ex:r ] ; sh:disjoint ex:q .
ex:G a sh:PropertyShape ; sh:path [ sh:alternativePath ( ex:r ex:m ) ] ; sh:hasValue ex:b ; sh:class ex:C .
ex:H a sh:NodeShape ; sh:property [ sh:path ex:n ; sh:datatype xsd:integer ; sh:minCount 1 ] .
ex:K a sh:NodeShape ; sh:targetObjectsOf ex:r ; sh:closed true ; sh:ignoredProperties ( rdf:type ex:r ) ;
    sh:property [ sh:path ex:q ; sh:qualifiedValueShape ex:H ; sh:qualifiedMinCount 1 ] .
ex:L a sh:NodeShape ; sh:targetSubjectsOf ex:n ; sh:or ( ex:H [ sh:class ex:D ] ) ; sh:sparql
    [ sh:prefixes ex:regles ; sh:select '''
        SELECT $this ?value WHERE { $this ex:p ?value FILTER NOT EXISTS { ?value ?a ?b } } ''' ] ,
    [ sh:prefixes ex:regles ; sh:select '''
        SELECT $this ?value WHERE { $this ex:n ?value . ?o ex:n ?value .
        ?o a ex:D FILTER(?o != $this) } ''' ] ,
    [ sh:prefixes ex:regles ; sh:select '''
        SELECT $this WHERE { $this ex:r/ex:q* ?x . ?x ex:m 1 } ''' ] ,
    [ sh:prefixes ex:regles ; sh:select '''
        SELECT $this WHERE { $this ex:n ?n
        OPTIONAL { ?y ex:q $this . ?y ex:m ?m } FILTER(BOUND(?m)) } ''' ] ,
    [ sh:prefixes ex:regles ; sh:select '''
        SELECT $this WHERE { $this ex:n ?n
        FILTER NOT EXISTS { ?y ex:r $this FILTER NOT EXISTS { ?y a ex:D } } } ''' ] .
"""
ONTOLOGIE = "ex:D rdfs:subClassOf ex:E . ex:C rdfs:subClassOf ex:T .\n"

_noms = st.sampled_from("abcde").map(lambda name: f"ex:{name}")
_valeurs = st.one_of(
    _noms, st.sampled_from(["1", "2", '"x"', '"x"@fr', "[ ex:n 1 ; a ex:D ]", "[ ex:p ex:a ]"])
)
_liens = st.tuples(
    _noms, st.sampled_from(["ex:p", "ex:q", "ex:r", "ex:n", "ex:m", "dcterms:identifier"]), _valeurs
)
_types = st.tuples(_noms, st.just("a"), st.sampled_from(["ex:C", "ex:D", "ex:E"]))
_textes = st.lists(st.one_of(_liens, _liens, _types), max_size=12).map(
    lambda triples: "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
)
_fichiers = st.sampled_from(["donnees/a.ttl", "donnees/b.ttl", "ontologie/c.ttl"])
_editions = st.lists(st.tuples(_fichiers, _textes), min_size=2, max_size=5)


def file(path: str, text: str) -> FichierTurtle:
    return from_bytes(path, (PREFIXES + text).encode())


def edited(corpus: Corpus, *files: FichierTurtle) -> Corpus:
    """The corpus with those files in place of the ones of the same path."""
    kept = {each.chemin: each for each in (*corpus.fichiers, *files)}
    return Corpus(corpus.racine, tuple(kept[path] for path in sorted(kept)))


def said(rapport: Rapport) -> Rapport:
    """A report without what no two runs share."""
    return replace(rapport, secondes=0.0)


def comparable(result: Resultat) -> tuple[object, ...]:
    path = "complex" if isinstance(result.chemin, ox.BlankNode) else result.chemin
    return result.focus, path, result.valeur, result.composant, result.forme, result.gravite


@cache
def small() -> Corpus:
    shapes = file("ontologie/formes/essai.ttl", FORMES)
    return Corpus(Path(), (file("ontologie/base.ttl", ONTOLOGIE), shapes))


@seed(20131129)
@settings(max_examples=EXEMPLES * 4, **CALME)
@given(_editions)
def test_toute_edition_donne_le_rapport_complet(editions: list[tuple[str, str]]) -> None:
    corpus = small()
    suivi = Suivi(corpus)
    for path, text in editions:
        corpus = edited(corpus, file(path, text))
        assert said(suivi.revalider(corpus)) == said(valider(corpus))
        assert not suivi.complete


@seed(1901)
@settings(max_examples=EXEMPLES, **CALME)
@given(_editions)
@example(
    [("donnees/a.ttl", "ex:a a ex:C ; ex:q ex:b . ex:b ex:p ex:c ."), ("donnees/b.ttl", "ex:c a ex:D .")]
)
def test_toute_edition_donne_ce_que_dit_pyshacl(editions: list[tuple[str, str]]) -> None:
    corpus = small()
    suivi = Suivi(corpus)
    for path, text in editions:
        corpus = edited(corpus, file(path, text))
        suivi.revalider(corpus)
    found = {comparable(each) for results in suivi.resultats.values() for each in results}
    assert found == {comparable(each) for each in reference_results(suivi.shapes, suivi.data)}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("ontologie/base.ttl", ONTOLOGIE + "ex:D rdfs:subClassOf ex:C .\n"),
        ("ontologie/formes/essai.ttl", FORMES.replace("sh:maxCount 2", "sh:maxCount 0")),
    ],
)
def test_une_regle_ou_une_classe_changee_fait_tout_revoir(path: str, text: str) -> None:
    corpus = edited(small(), file("donnees/a.ttl", "ex:a a ex:C , ex:D ; ex:p ex:a .\n"))
    suivi = Suivi(corpus)
    corpus = edited(corpus, file(path, text))
    assert said(suivi.revalider(corpus)) == said(valider(corpus))
    assert suivi.complete


def test_un_fichier_casse_puis_repare_revient_au_meme() -> None:
    good = file("donnees/a.ttl", "ex:a a ex:C ; ex:n 1 .\n")
    corpus = edited(small(), good)
    suivi = Suivi(corpus)
    before = suivi.rapport
    broken = edited(corpus, file("donnees/a.ttl", "ex:a a ex:C ; ex:n .\nex:b ex:n 2 .\n"))
    assert said(suivi.revalider(broken)) == said(valider(broken))
    assert said(suivi.revalider(corpus)) == said(before)
    removed = Corpus(Path(), small().fichiers)
    assert said(suivi.revalider(removed)) == said(valider(removed))


def test_un_corpus_identique_ne_change_rien() -> None:
    corpus = edited(small(), file("donnees/a.ttl", "ex:a a ex:C .\n"))
    suivi = Suivi(corpus)
    again = edited(corpus, file("donnees/a.ttl", "ex:a a ex:C .\n"))
    assert said(suivi.revalider(again)) == said(suivi.rapport)


FINISTERE = ("donnees/acteurs/29/", "donnees/guide/interventions", "donnees/institutions/", "donnees/sources")


@cache
def finistere() -> Corpus:
    """The ontology, the rules and a slice of the shipped data."""
    files = read_corpus(RACINE).fichiers
    kept = [each for each in files if each.chemin.startswith(("ontologie/", *FINISTERE))]
    return Corpus(RACINE, tuple(kept))


@cache
def followed() -> Suivi:
    return Suivi(finistere())


_familles = st.sampled_from(
    ["acteurs/29/annuaire", "sources", "institutions", "interventions", "vocabulaires"]
)
_gestes = st.sampled_from(["retirer", "doubler", "changer", "couper"])
_abimees = st.lists(st.tuples(_familles, st.integers(0, 10**6), _gestes), min_size=1, max_size=3)


def damaged(text: str, place: int, how: str) -> str:
    """One line of a file removed, said twice, changed or cut."""
    lines = text.split("\n")
    rank = place % len(lines)
    if how == "retirer":
        del lines[rank]
    elif how == "doubler":
        lines.insert(rank, lines[rank])
    elif how == "changer":
        lines[rank] = lines[rank].replace(":", ":x", 1) if place % 2 else lines[rank].replace('"', '"x', 1)
    else:
        lines[rank] = lines[rank][: len(lines[rank]) // 2]
    return "\n".join(lines)


@pytest.mark.longue
@seed(29)
@settings(
    max_examples=max(EXEMPLES // 16, 1), deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(_abimees)
def test_toute_edition_d_un_vrai_fichier_donne_le_rapport_complet(
    editions: list[tuple[str, int, str]],
) -> None:
    suivi, corpus = followed(), finistere()
    before = suivi.rapport.constats
    for kind, place, how in editions:
        files = [each for each in corpus.fichiers if kind in each.chemin]
        one = files[place % len(files)]
        corpus = edited(corpus, from_bytes(one.chemin, damaged(one.texte, place, how).encode()))
    assert said(suivi.revalider(corpus)) == said(valider(corpus))
    assert suivi.revalider(finistere()).constats == before
