"""What is derived, kept up to date edit after edit, is what deriving it anew gives."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from maillage.inference import Deductions, deriver
from maillage.inference.regle import regles, verifier_ordre
from maillage.namespaces import GRAPHE, GRAPHE_DERIVE, PREFIXES
from maillage.store.ecart import Ecart
from maillage.store.entrepot import EntrepotEmbarque, RequeteRefusee
from maillage.validation.dependances import ToutDependError

REGLES = Path(__file__).parents[2] / "requetes" / "inference"
ENTETE = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
#: statements that the rules read, made to meet: any part of them is a corpus.
MONDE = """
mlg:Acteur a owl:Class ; rdfs:subClassOf org:Organization .
mlg:TypeActeur a owl:Class ; rdfs:subClassOf mlg:Concept .
mlg:Concept rdfs:subClassOf skos:Concept . mlg:Territoire rdfs:subClassOf schema:AdministrativeArea .
mlg:Bassin rdfs:subClassOf mlg:Territoire . mlg:Aide rdfs:subClassOf mlg:Intervention .
type:a a mlg:TypeActeur ; skos:notation "a" ; skos:broader type:b .
type:b a mlg:TypeActeur ; skos:notation "b" ;
    skos:broader type:c . type:c skos:notation "c" ; skos:broader type:a .
theme:a skos:broader theme:b . theme:b skos:broader theme:c .
succession:a mlg:ancien type:a ; mlg:nouveau type:b .
succession:b mlg:ancien type:b ; mlg:nouveau type:c , acteur:b .
commune:a igeo:subdivisionDe departement:a ; mlg:membreDe epci:a , bassin:a . epci:a mlg:membreDe bassin:a .
departement:a igeo:subdivisionDe region:a . region:a igeo:subdivisionDe pays:a . bassin:a a mlg:Bassin ;
    mlg:membreDe departement:a .
acteur:a a mlg:Acteur ; org:classification type:a , type:b ; mlg:territoireServi departement:a , commune:a ;
    schema:address [ a schema:PostalAddress , mlg:Acteur ; schema:postalCode "29000" ] .
acteur:b a mlg:Acteur , org:Organization ; org:classification type:c ; mlg:territoireServi bassin:b .
intervention:a a mlg:Intervention ; mlg:acteur acteur:a ; mlg:theme theme:a ; mlg:etape theme:c ;
    mlg:territoire epci:b .
intervention:b a mlg:Aide ; mlg:typeActeur type:a ; mlg:role theme:b .
"""
ENONCES = sorted(
    (
        Quad(one.subject, one.predicate, one.object, NamedNode(GRAPHE + graphe))
        for graphe in ("un", "deux")
        for one in parse((ENTETE + MONDE).encode(), RdfFormat.TURTLE)
    ),
    key=str,
)
_corpus = st.sets(st.integers(0, len(ENONCES) - 1), min_size=len(ENONCES) // 2)
_retouches = st.lists(st.sets(st.integers(0, len(ENONCES) - 1), min_size=1, max_size=6), max_size=4)


def entrepot(quads: set[Quad]) -> EntrepotEmbarque:
    store = EntrepotEmbarque()
    store.ajouter(quads)
    return store


def deduits(store: EntrepotEmbarque) -> set[Quad]:
    return set(store.quads(GRAPHE_DERIVE))


@pytest.mark.longue
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(_corpus, _retouches)
def test_following_edits_gives_what_deriving_anew_gives(depart: set[int], retouches: list[set[int]]) -> None:
    present = {ENONCES[rank] for rank in depart}
    followed = entrepot(present)
    deductions = Deductions(followed, REGLES)
    list(deductions.tout())
    for retouche in retouches:
        before = deduits(followed)
        touched = {ENONCES[rank] for rank in retouche}
        saisi = Ecart(touched - present, touched & present)
        present ^= touched
        told = deductions.suivre(saisi)
        anew = entrepot(present)
        list(deriver(anew, REGLES))
        assert deduits(followed) == deduits(anew)
        assert set(followed.moteur) == set(anew.moteur)
        assert (told.ajouts, told.retraits) == (deduits(anew) - before, before - deduits(anew))


@pytest.mark.longue
def test_many_subjects_are_derived_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maillage.inference.deductions._BEAUCOUP", 0)
    test_following_edits_gives_what_deriving_anew_gives()


def test_the_shipped_rules_can_be_followed() -> None:
    verifier_ordre(regles(REGLES))


@pytest.mark.parametrize(
    "texte",
    [
        # reads, of other resources, what it derives
        "CONSTRUCT { ?a mlg:facette ?b } WHERE { ?a mlg:facette/mlg:facette ?b }",
        # reads what a later rule derives
        "CONSTRUCT { ?a mlg:nouveau ?b } WHERE { ?a mlg:cle ?b }",
        # reads any property
        "CONSTRUCT { ?a mlg:nouveau ?b } WHERE { ?a ?p ?b }",
        # derives what a later rule derives too
        "CONSTRUCT { ?a mlg:cle ?b } WHERE { ?a mlg:porteur ?b }",
    ],
)
def test_rules_that_cannot_be_followed_are_said(tmp_path: Path, texte: str) -> None:
    folder = Path(shutil.copytree(REGLES, tmp_path / "inference"))
    head = "#+ resume: x\n#+ summary: x\nPREFIX mlg: <https://w3id.org/maillage/ontologie#>\n"
    (folder / "45-essai.rq").write_text(head + texte, encoding="utf-8")
    with pytest.raises(ToutDependError):
        Deductions(EntrepotEmbarque(), folder).suivre(Ecart())


@pytest.mark.parametrize(
    "texte",
    [
        "CONSTRUCT { ?a mlg:x ?b . ?b mlg:x ?a } WHERE { ?a mlg:y ?b }",
        "CONSTRUCT { ?a ?p ?b } WHERE { ?a ?p ?b }",
    ],
)
def test_a_rule_derives_one_property_of_a_subject(tmp_path: Path, texte: str) -> None:
    head = "#+ resume: x\n#+ summary: x\nPREFIX mlg: <https://w3id.org/maillage/ontologie#>\n"
    (tmp_path / "essai.rq").write_text(head + texte, encoding="utf-8")
    with pytest.raises(ValueError, match=r"essai\.rq"):
        regles(tmp_path)


def test_no_blank_node_is_derived_by_an_edit() -> None:
    followed = entrepot(set())
    edit = Quad(
        NamedNode("urn:i"), NamedNode(PREFIXES["mlg"] + "acteur"), BlankNode("b"), NamedNode(GRAPHE + "un")
    )
    typed = Quad(
        edit.subject,
        NamedNode(PREFIXES["rdf"] + "type"),
        NamedNode(PREFIXES["mlg"] + "Intervention"),
        edit.graph_name,
    )
    with pytest.raises(RequeteRefusee, match="anonyme"):
        Deductions(followed, REGLES).suivre(Ecart({edit, typed}))
