"""Completion: by keystroke, accents and typos tolerated, the most useful first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.lexique import Concept, Forme, Lexique, Lieu, NomActeur
from maillage.orientation import Orienteur
from maillage.suggestions import Suggestion, Suggestions
from maillage.textes import lire_textes

BASE = "https://w3id.org/maillage/"


def lieu(code: str, nom: str, population: int, classe: str = "commune", *parents: str) -> Lieu:
    return Lieu(
        f"{BASE}territoire/{classe}/{code}", classe, code, nom, population, parents, (f"{code[:2]}000",)
    )


def petit() -> Lexique:
    departement = lieu("29", "Finistère", 0, "departement")
    lieux = [
        departement,
        lieu("29232", "Quimper", 64_000, "commune", departement.iri),
        lieu("29233", "Quimperlé", 12_000, "commune", departement.iri),
        lieu("59350", "Lille", 238_000),
        lieu("59351", "Lillers", 10_000),
        lieu("01001", "L'Abergement-Clémenciat", 800),
    ]
    paie, poste, marqueur = f"{BASE}theme/paie", f"{BASE}theme/poste", f"{BASE}marqueur/de"
    concepts = {
        paie: Concept(paie, "Theme", "paie", {"fr": "paie", "en": "payroll"}),
        poste: Concept(poste, "Theme", "poste", {"fr": "fiche de poste", "en": "job description"}),
        marqueur: Concept(marqueur, "Marqueur", "de", {}, fonctions=(f"{BASE}fonction/mot-vide",)),
    }
    acteur = NomActeur(f"{BASE}acteur/paierie-29", "Paierie du Finistère", (), ())
    formes = (
        Forme(paie, "paie", "fr", "pref"), Forme(paie, "payroll", "en", "pref"),
        Forme(paie, "fiche de paie", "fr", "alt"), Forme(poste, "fiche de poste", "fr", "pref"),
        Forme(marqueur, "de", "fr", "hidden"), Forme(acteur.iri, "paierie du finistere", "fr", "pref"),
    )  # fmt: skip
    noms = tuple((" ".join(x.nom.lower().replace("'", " ").replace("-", " ").split()), x.iri) for x in lieux)
    plies = tuple((nom.replace("é", "e").replace("è", "e"), iri) for nom, iri in noms)
    return Lexique(concepts, {x.iri: x for x in lieux}, {acteur.iri: acteur}, {}, formes, plies, {})


PETIT_LEXIQUE = petit()
PETIT = Suggestions(PETIT_LEXIQUE, lire_textes())
QUIMPER = f"{BASE}territoire/commune/29232"


def libelles(texte: str, moteur: Suggestions = PETIT) -> list[str]:
    return [une.libelle for une in moteur.suggerer(texte, "fr")]


def test_larger_town_first_and_every_key_keeps_it() -> None:
    for fin in range(1, len("quimper") + 1):
        assert libelles("quimper"[:fin])[:2] == ["Quimper", "Quimperlé"]


def test_concept_before_actor() -> None:
    assert libelles("pai") == ["paie", "Paierie du Finistère"]


def test_whole_name_before_longer_ones() -> None:
    assert libelles("lille") == ["Lille", "Lillers"]


@pytest.mark.parametrize("texte", ["QUIMPERLE", "quimperlé", "Quimperle "])
def test_accents_and_case_do_not_count(texte: str) -> None:
    assert libelles(texte)[0] == "Quimperlé"


@pytest.mark.parametrize("texte", ["qimper", "quimmper", "qiumper", "quinper"])
def test_typos_are_tolerated(texte: str) -> None:
    assert libelles(texte)[0] == "Quimper"


@pytest.mark.parametrize("texte", ["qix", "zzzz", "quxxxr", "29 999"])
def test_too_far_is_no_typo(texte: str) -> None:
    assert "Quimper" not in libelles(texte)


def test_any_word_of_a_name_and_its_postal_code() -> None:
    assert libelles("clemenc") == ["L'Abergement-Clémenciat"]
    assert libelles("29000") == ["Finistère", "Quimper", "Quimperlé"]
    assert libelles("29000 quimperl")[0] == "Quimperlé"


def test_each_thing_once_under_the_name_that_matched() -> None:
    paie, poste = PETIT.suggerer("fiche de p", "fr", 2)
    assert {paie.mots, poste.mots} == {"fiche de paie", "fiche de poste"}
    assert len({une.iri for une in PETIT.suggerer("pa", "fr")}) == len(PETIT.suggerer("pa", "fr"))


def test_last_words_of_a_sentence_are_completed_where_they_stand() -> None:
    texte = "qui aide pour la fiche de pos"
    une = PETIT.suggerer(texte, "fr")[0]
    assert une.libelle == "fiche de poste"
    assert texte[: une.debut] == "qui aide pour la "


def test_kinds_are_labelled_in_the_language() -> None:
    def genres(langue: str) -> list[tuple[str, str]]:
        trouves: list[Suggestion] = PETIT.suggerer("paie", "en" if langue == "en" else "fr")
        return [(une.genre, une.genre_libelle) for une in trouves]

    assert genres("fr") == [("concept", "Thème"), ("acteur", "Acteur")]
    assert genres("en") == [("concept", "Theme"), ("acteur", "Actor")]
    assert PETIT.suggerer("payr", "en")[0].libelle == "payroll"
    assert PETIT.suggerer("quimper", "fr")[0].precision == "Finistère (29)"


def test_markers_are_never_suggested_and_nothing_gives_nothing() -> None:
    assert libelles("de") == [] and libelles("") == [] and libelles("  ?! ") == []


@given(st.text(max_size=200), st.integers(1, 20))
@settings(deadline=None)
def test_any_text_is_answered_within_the_limit(texte: str, limite: int) -> None:
    trouves = PETIT.suggerer(texte, "fr", limite)
    assert len(trouves) <= limite
    assert all(0 <= une.debut < len(texte) for une in trouves)


def test_shipped_corpus(orienteur: Orienteur) -> None:
    moteur = Suggestions(orienteur.lexique, lire_textes())
    assert libelles("par", moteur)[0] == "Paris"
    assert libelles("marsiel", moteur)[0] == "Marseille"
    assert libelles("dl", moteur)[0] == "DLA"
    assert libelles("premiere emb", moteur)[0] == "première embauche"
    assert libelles("espace associatif quim", moteur)[0] == "Espace Associatif Quimper Cornouaille"


def lexique_de(rangs: set[int]) -> Lexique:
    """A lexicon with some of the names of the little one; an odd sum of ranks makes Quimper a village."""
    tout = PETIT_LEXIQUE
    garde = [forme for rang, forme in enumerate(tout.formes) if rang in rangs]
    noms = tuple(nom for rang, nom in enumerate(tout.noms_de_lieux, len(tout.formes)) if rang in rangs)
    lieux = dict(tout.lieux)
    if sum(rangs) % 2:
        lieux[QUIMPER] = replace(lieux[QUIMPER], population=90, codes_postaux=("29009",))
    return replace(tout, formes=tuple(garde), noms_de_lieux=noms, lieux=lieux)


_RANGS = st.sets(st.integers(0, len(PETIT_LEXIQUE.formes) + len(PETIT_LEXIQUE.noms_de_lieux)))


@given(st.lists(_RANGS, min_size=2, max_size=4))
@settings(deadline=None, max_examples=40)
def test_names_that_follow_a_lexicon_suggest_what_names_made_anew_suggest(suite: list[set[int]]) -> None:
    suivies: Suggestions | None = None
    for rangs in suite:
        lexique = lexique_de(rangs)
        suivies, neuves = Suggestions(lexique, lire_textes(), suivies), Suggestions(lexique, lire_textes())
        assert len(suivies) == len(neuves)
        for texte in ("q", "qimper", "29", "29009", "fiche de p", "pai", "l", "abergement cle", "payrol"):
            assert suivies.suggerer(texte, "fr") == neuves.suggerer(texte, "fr"), texte
