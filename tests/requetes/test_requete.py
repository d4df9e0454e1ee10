"""Headers of stored queries and binding: what is accepted, what is refused, what can never pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from monde import entrepot, requetes
from pyoxigraph import Literal, NamedNode
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from maillage.orientation.annuaire import LUES
from maillage.requetes.parametres import Parametre, ParametreInvalide
from maillage.requetes.recueil import RequeteInconnue, Requetes
from maillage.requetes.requete import EnteteInvalide, Requete, lire_requete

ENTETE = "#+ resume: Essai.\n#+ summary: Trial.\n"
TEXTE = """#+ parametres:
#+   ou: iri (Territoire) — Lieu
#+   noms: textes, facultatif
#+   depuis: date, facultatif — Premier jour
#+   rang: entier, facultatif
#+   langue: langue, facultatif
#+ exemple: ou=commune:29232 noms=a b noms=c
SELECT * WHERE {
  VALUES ?ou { <https://w3id.org/maillage/territoire/commune/29232> }
  VALUES ?noms { "a b" "c" }
  VALUES ?depuis { UNDEF }
  VALUES ?langue { UNDEF }
  ?ou ?p ?o .
  FILTER(?o IN (3)) #= rang
}
"""


def ecrire(dossier: Path, texte: str) -> Requete:
    (dossier / "essai.rq").write_text(texte, encoding="utf-8")
    return lire_requete(dossier / "essai.rq")


@pytest.fixture
def requete(tmp_path: Path) -> Requete:
    return ecrire(tmp_path, ENTETE + TEXTE)


def test_header_is_read(requete: Requete) -> None:
    assert (requete.resume, requete.summary, requete.forme) == ("Essai.", "Trial.", "SELECT")
    ou, noms, *_ = requete.parametres
    assert (ou.nom, ou.type, ou.classe, ou.description) == ("ou", "iri", "Territoire", "Lieu")
    assert (ou.plusieurs, ou.facultatif, noms.plusieurs, noms.facultatif) == (False, False, True, True)
    assert requete.exemple == {"ou": ["commune:29232"], "noms": ["a b", "c"]}


def test_values_are_bound_at_their_place(requete: Requete) -> None:
    bound = requete.lier({"ou": "departement:29", "noms": ['l"un', "l'autre"], "rang": ["2"], "langue": "FR"})
    assert "VALUES ?ou { <https://w3id.org/maillage/territoire/departement/29> }" in bound
    assert 'VALUES ?noms { "l\\"un" "l\'autre" }' in bound
    assert "VALUES ?depuis { UNDEF }" in bound
    assert 'VALUES ?langue { "fr" }' in bound
    assert 'IN ("2"^^<http://www.w3.org/2001/XMLSchema#integer>)) #= rang' in bound


def test_absent_optional_list_is_empty(requete: Requete) -> None:
    assert "FILTER(?o IN ()) #= rang" in requete.lier({"ou": "departement:29"})


def test_terms_are_bound_as_they_are(requete: Requete) -> None:
    bound = requete.lier({"ou": NamedNode("urn:x:y"), "noms": [Literal("été", language="fr")]})
    assert 'VALUES ?ou { <urn:x:y> }\n  VALUES ?noms { "été"@fr }' in bound


@pytest.mark.parametrize(
    ("parametres", "fr", "en"),
    [
        ({}, "« ou » manquant", "“ou” is missing"),
        ({"ou": ["commune:1", "commune:2"]}, "une seule valeur", "a single value"),
        ({"ou": "Quimper"}, "« Quimper » ne convient pas", "“Quimper” does not suit"),
        ({"ou": "commune:1> } ?s ?p ?o {"}, "ne convient pas", "does not suit"),
        ({"ou": "https://exemple.test/a b"}, "ne convient pas", "does not suit"),
        ({"ou": ""}, "ne convient pas", "does not suit"),
        ({"ou": "commune:1", "depuis": "2026-02-30"}, "AAAA-MM-JJ", "YYYY-MM-DD"),
        ({"ou": "commune:1", "rang": "1e3"}, "nombre entier", "whole number"),
        ({"ou": "commune:1", "rang": "9" * 40}, "nombre entier", "whole number"),
        ({"ou": "commune:1", "langue": "français"}, "code de langue", "language code"),
        ({"ou": "commune:1", "noms": "a\x00b"}, "caractère de commande", "control characters"),
        ({"ou": "commune:1", "noms": "a" * 1001}, "1000 caractères", "1000 characters"),
        ({"ou": "commune:1", "autre": "x"}, "« autre » inconnu", "no parameter “autre”"),
    ],
)
def test_wrong_values_are_refused_in_both_languages(
    requete: Requete, parametres: dict[str, str], fr: str, en: str
) -> None:
    with pytest.raises(ParametreInvalide) as refused:
        requete.lier(parametres)
    assert fr in refused.value.message("fr")
    assert en in refused.value.message("en")
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("texte", "cause"),
    [
        ("#+ summary: Trial.\nSELECT * {}", "resume"),
        ("#+ resume: Essai.\nSELECT * {}", "summary"),
        (ENTETE + "#+ parametres:\n#+   ou: lieu\nSELECT * {}", "type « lieu » inconnu"),
        (ENTETE + "#+ parametres:\n#+   ou iri\nSELECT * {}", "paramètre illisible"),
        (ENTETE + "#+ parametres:\n#+   ou: iri\nSELECT * {}", "« ou » a 0 places"),
        (ENTETE + TEXTE.replace("?ou ?p ?o", "VALUES ?ou { UNDEF }"), "« ou » a 2 places"),
        (
            ENTETE + TEXTE.replace("exemple: ou=commune:29232", "exemple:"),
            "exemple : Paramètre « ou » manquant",
        ),
        (ENTETE + TEXTE.replace("noms=c", "nom=c"), "exemple : Paramètre « nom » inconnu"),
    ],
)
def test_header_and_text_must_agree(tmp_path: Path, texte: str, cause: str) -> None:
    with pytest.raises(EnteteInvalide, match=r"essai\.rq") as refused:
        ecrire(tmp_path, texte)
    assert cause in str(refused.value)


def test_a_file_without_query_is_refused_when_its_form_is_asked(tmp_path: Path) -> None:
    with pytest.raises(EnteteInvalide, match="ni SELECT"):
        _ = ecrire(tmp_path, ENTETE + "# SELECT rien").forme


def test_unknown_query_suggests_its_neighbours() -> None:
    with pytest.raises(RequeteInconnue) as refused:
        requetes()["acteurs-du-territoire"]
    assert "Vouliez-vous dire : acteurs-d-un-territoire" in refused.value.message("fr")
    assert "Did you mean: acteurs-d-un-territoire" in refused.value.message("en")


def test_limit_and_offset_cut_rows() -> None:
    every = requetes().executer(entrepot(), "statistiques")
    assert requetes().executer(entrepot(), "statistiques", limite=2, decalage=1) == every[1:3]


def test_a_limit_of_its_own_is_kept(tmp_path: Path) -> None:
    ecrire(tmp_path, ENTETE + "SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o\nLIMIT 3\n")
    assert len(Requetes(tmp_path).executer(entrepot(), "essai", limite=9)) == 3


def test_graph_and_question_queries_run(tmp_path: Path) -> None:
    (tmp_path / "g.rq").write_text(ENTETE + "CONSTRUCT WHERE { ?s <urn:absent> ?o }", encoding="utf-8")
    (tmp_path / "d.rq").write_text(ENTETE + "ASK { ?s ?p ?o }", encoding="utf-8")
    stored = Requetes(tmp_path)
    assert [one.nom for one in stored] == ["d", "g"]
    assert stored.graphe(entrepot(), "g") == []
    assert stored.demande(entrepot(), "d") is True


@given(st.text(max_size=60))
def test_no_text_escapes_from_its_literal(value: str) -> None:
    """Whatever is typed: refused, or found again unchanged as the only value of the variable."""
    requete = requete_sur("texte")
    try:
        bound = requete.lier({"noms": [value, value]})
    except ParametreInvalide:
        assert any(not char.isprintable() for char in value)
        return
    assert [row["noms"].value for row in entrepot().lignes(bound)] == [value, value]


@given(st.text(max_size=60))
def test_no_text_escapes_from_its_iri(value: str) -> None:
    requete = requete_sur("iri")
    try:
        bound = requete.lier({"noms": "https://exemple.test/" + value})
    except ParametreInvalide:
        return
    assert [row["noms"].value for row in entrepot().lignes(bound)] == [
        ("https://exemple.test/" + value).strip()
    ]


def requete_sur(type_: str) -> Requete:
    noms = Parametre("noms", type_, "", "", "", plusieurs=True, facultatif=True)
    return Requete("essai", "", "", (noms,), {}, "SELECT ?noms WHERE { VALUES ?noms { UNDEF } }")


def test_the_iris_that_a_text_names(tmp_path: Path) -> None:
    text = """# <https://example.org/comment>
PREFIX mlg: <https://w3id.org/maillage/ontologie#>
PREFIX : <https://example.org/>
SELECT ?a WHERE { ?a a mlg:Acteur ; mlg:statut/:nom "mlg:dit", <https://example.org/entier> . }
"""
    named = ecrire(tmp_path, ENTETE + text).nommes
    ns = "https://w3id.org/maillage/ontologie#"
    assert {f"{ns}Acteur", f"{ns}statut", "https://example.org/nom", "https://example.org/entier"} <= named
    assert "http://www.w3.org/1999/02/22-rdf-syntax-ns#type" in named
    assert "https://example.org/comment" not in named


@pytest.mark.parametrize("nom", LUES)
def test_what_is_kept_from_a_version_to_the_next_names_the_properties_it_reads(nom: str) -> None:
    requete = requetes()[nom]
    algebra = prepareQuery(requete.texte).algebra

    def patterns(node: object) -> list[Any]:
        if isinstance(node, CompValue):
            own = [triple for triple in node.get("triples") or () if len(triple) == 3]
            return own + [triple for part in node.values() for triple in patterns(part)]
        return []

    found = patterns(algebra)
    assert found
    for _, predicat, _ in found:
        if isinstance(predicat, Variable):
            assert f"FILTER(?{predicat} IN (" in requete.texte
        else:
            assert str(predicat) in requete.nommes
