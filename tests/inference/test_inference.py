"""What each rule derives, and what it must not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from maillage.inference import deriver, regles
from maillage.namespaces import GRAPHE, GRAPHE_DERIVE, PREFIXES, compact
from maillage.requetes.requete import EnteteInvalide
from maillage.store.entrepot import EntrepotEmbarque, RequeteRefusee

REGLES = Path(__file__).parents[2] / "requetes" / "inference"
ENTETE = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
CLASSES = """
mlg:Acteur a owl:Class ; rdfs:subClassOf org:Organization .
mlg:TypeActeur a owl:Class ; rdfs:subClassOf skos:Concept .
mlg:Territoire a owl:Class ; rdfs:subClassOf schema:AdministrativeArea .
mlg:Bassin a owl:Class ; rdfs:subClassOf mlg:Territoire .
"""


def deduits(turtle: str) -> set[str]:
    """Derived triples of a Turtle text, with prefixes."""
    store = EntrepotEmbarque()
    graph = NamedNode(GRAPHE + "essai")
    read = parse((ENTETE + turtle).encode(), RdfFormat.TURTLE)
    store.ajouter(Quad(one.subject, one.predicate, one.object, graph) for one in read)
    list(deriver(store, REGLES))
    return {
        " ".join(compact(term.value) for term in (one.subject, one.predicate, one.object))
        for one in store.quads(GRAPHE_DERIVE)
    }


def test_classes_go_up_for_actors_and_concepts() -> None:
    assert deduits(CLASSES + "acteur:a a mlg:Acteur . type:t a mlg:TypeActeur .") == {
        "acteur:a rdf:type org:Organization",
        "type:t rdf:type skos:Concept",
    }


def test_territories_get_no_class_but_their_enclosing_territories() -> None:
    found = deduits(
        CLASSES
        + """commune:1 a igeo:Commune ; igeo:subdivisionDe departement:1 ; mlg:membreDe epci:1 , bassin:b .
        departement:1 igeo:subdivisionDe region:1 ; mlg:membreDe ancienne-region:1 .
        region:1 igeo:subdivisionDe pays:france . bassin:b a mlg:Bassin ."""
    )
    around = {
        "bassin:b",
        "commune:1",
        "departement:1",
        "epci:1",
        "region:1",
        "ancienne-region:1",
        "pays:france",
    }
    assert {one.split()[2] for one in found if one.startswith("commune:1 ")} == around
    assert {one for one in found if one.startswith("region:1 ")} == {
        "region:1 mlg:inclusDans region:1",
        "region:1 mlg:inclusDans pays:france",
    }
    assert {one.split()[1] for one in found} == {"mlg:inclusDans"}


def test_a_served_territory_without_hierarchy_includes_itself() -> None:
    assert "bassin:seul mlg:inclusDans bassin:seul" in deduits("acteur:a mlg:territoireServi bassin:seul .")


def test_facets_are_concepts_and_their_ancestors() -> None:
    found = deduits(
        """intervention:i a mlg:Intervention ; mlg:theme theme:paie ; mlg:etape etape:5 ; mlg:degre degre:x .
        theme:paie skos:broader theme:social . theme:social skos:broader theme:droit ."""
    )
    assert found == {
        f"intervention:i mlg:facette {one}"
        for one in ("theme:paie", "theme:social", "theme:droit", "etape:5")
    }


def test_an_actor_or_a_kind_bears_an_intervention() -> None:
    found = deduits(
        "intervention:i a mlg:Intervention ; mlg:acteur acteur:a . "
        "intervention:j a mlg:Intervention ; mlg:typeActeur type:t ."
    )
    assert found == {"intervention:i mlg:porteur acteur:a", "intervention:j mlg:porteur type:t"}


SUCCESSIONS = """
succession:1 mlg:ancien type:ddass ; mlg:nouveau type:ddcs .
succession:2 mlg:ancien type:ddcs , type:direccte ; mlg:nouveau type:ddets .
succession:3 mlg:ancien type:direccte ; mlg:nouveau type:dreets .
"""


def test_equivalents_follow_time_both_ways_without_turning_back() -> None:
    pairs = {tuple(one.split()[::2]) for one in deduits(SUCCESSIONS)}
    forward = {
        ("type:ddass", "type:ddcs"),
        ("type:ddass", "type:ddets"),
        ("type:ddcs", "type:ddets"),
        ("type:direccte", "type:ddets"),
        ("type:direccte", "type:dreets"),
    }
    assert pairs == forward | {(new, old) for old, new in forward}


def test_actors_are_of_broader_former_and_succeeding_kinds() -> None:
    found = deduits(
        SUCCESSIONS
        + """acteur:a a mlg:Acteur ; org:classification type:dreets .
        type:dreets skos:broader type:etat . type:direccte skos:broader type:service ."""
    )
    assert {one.split()[2] for one in found if " mlg:estUn " in one} == {
        "type:dreets",
        "type:etat",
        "type:direccte",
        "type:service",
    }


def test_rules_are_documented_and_run_in_order() -> None:
    names = [rule.nom for rule in regles(REGLES)]
    assert names == sorted(names)
    assert all(rule.requete.forme == "CONSTRUCT" for rule in regles(REGLES))


def test_each_rule_tells_what_it_gave() -> None:
    store = EntrepotEmbarque()
    steps = list(deriver(store, REGLES))
    assert [step.regle for step in steps] == [rule.nom for rule in regles(REGLES)]
    assert all(step.triples == 0 and step.secondes >= 0 for step in steps)


def test_a_rule_that_is_no_construct_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1.rq").write_text("#+ resume: x\n#+ summary: x\nSELECT * {}", encoding="utf-8")
    with pytest.raises(RequeteRefusee, match="CONSTRUCT"):
        list(deriver(EntrepotEmbarque(), tmp_path))


def test_a_rule_without_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1.rq").write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", encoding="utf-8")
    with pytest.raises(EnteteInvalide, match=r"1\.rq"):
        list(deriver(EntrepotEmbarque(), tmp_path))


def test_blank_nodes_are_never_derived(tmp_path: Path) -> None:
    rule = "#+ resume: x\n#+ summary: x\nCONSTRUCT { ?s <urn:p> [] }\nWHERE { VALUES ?s { <urn:s> } }"
    (tmp_path / "1.rq").write_text(rule, encoding="utf-8")
    with pytest.raises(RequeteRefusee, match="anonyme"):
        list(deriver(EntrepotEmbarque(), tmp_path))
