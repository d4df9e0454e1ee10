"""The Turtle writer: what is written reads back the same, whatever the text."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.importation.ecriture import (
    Bloc,
    adresse_web,
    anonyme,
    chaine,
    curie,
    date,
    document,
    ref,
    texte,
)
from maillage.namespaces import iri

_TEXTES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)


def _lit(bloc: Bloc, compact: bool = False) -> list[pyoxigraph.Quad]:
    return list(
        pyoxigraph.parse(document("essai", "Essai.", [bloc], compact), format=pyoxigraph.RdfFormat.TURTLE)
    )


@given(_TEXTES, st.booleans())
def test_any_text_reads_back_the_same(valeur: str, compact: bool) -> None:
    bloc = Bloc("acteur:a", "mlg:Acteur").ajoute("skos:prefLabel", texte(valeur))
    bloc.ajoute("dcterms:identifier", chaine(valeur))
    objets = {q.object for q in _lit(bloc, compact)}
    assert pyoxigraph.Literal(valeur, language="fr") in objets
    assert pyoxigraph.Literal(valeur) in objets


@given(_TEXTES)
def test_a_block_is_one_paragraph(valeur: str) -> None:
    # Changes are counted by paragraph: a text may not open one.
    assert "\n\n" not in Bloc("acteur:a").ajoute("skos:prefLabel", texte(valeur)).rendu()


@pytest.mark.parametrize("code", ["29232", "2A004", "crib-29232-01", "a.b", "fin.", "à", "a/b", "-x"])
def test_a_code_names_the_same_iri_whether_it_needs_escaping_or_not(code: str) -> None:
    quads = _lit(Bloc(ref("acteur", code), "mlg:Acteur"))
    assert quads[0].subject == pyoxigraph.NamedNode(iri("acteur", code))


def test_only_the_prefixes_in_use_are_declared() -> None:
    bloc = Bloc("acteur:a").ajoute("schema:url", adresse_web("https://exemple.fr/type:crib"))
    lignes = document("essai", "Essai.", [bloc]).splitlines()
    assert [x.split()[1] for x in lignes if x.startswith("@prefix")] == ["acteur:", "schema:", "xsd:"]


@pytest.mark.parametrize(
    ("valeur", "type_xsd"), [("2021-04-01", "date"), ("2019-09", "gYearMonth"), ("2023", "gYear")]
)
def test_a_date_is_as_precise_as_its_source(valeur: str, type_xsd: str) -> None:
    assert date(valeur) == f'"{valeur}"^^xsd:{type_xsd}'


@pytest.mark.parametrize("valeur", ["", "2019+", "09/2019", "2019-9"])
def test_what_is_no_date_is_refused(valeur: str) -> None:
    with pytest.raises(ValueError, match="n'est pas une date"):
        date(valeur)


@pytest.mark.parametrize("valeur", ["crib", "typo:crib", "type:", "type:à confirmer"])
def test_what_is_no_name_is_refused(valeur: str) -> None:
    with pytest.raises(ValueError, match="prefixe:code"):
        curie(valeur)


def test_an_empty_value_writes_nothing() -> None:
    bloc = Bloc("acteur:a").ajoute("skos:altLabel", []).ajoute("mlg:commune", None).ajoute("mlg:theme", [""])
    assert bloc.vide
    assert anonyme(("a", "schema:PostalAddress"), ("schema:postalCode", "")) == "[ a schema:PostalAddress ]"
