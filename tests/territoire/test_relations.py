"""The system of relations on made-up actors: who says what, what is wished for, who holds parts together."""

from __future__ import annotations

import io
from dataclasses import replace

import networkx as nx
import pytest
from test_couverture import DLA, FINISTERE, FRANCE, ILLE, acteur, couverture

from maillage.namespaces import iri
from maillage.territoire.dessin import COTES, HAUT, NOMMES, dessiner
from maillage.territoire.graphe import Graphe, graphml
from maillage.territoire.relations import (
    CONFIRMEE,
    DESACCORD,
    SOUHAITEE,
    TIERS,
    UN_SEUL_COTE,
    Relation,
    desaccords,
    paroles,
    souhaits,
)
from maillage.territoire.systeme import Systeme, Systemes

UN, DEUX, TROIS, QUATRE = (iri("acteur", name) for name in ("un", "deux", "trois", "quatre"))
EXISTANTE, TERMINEE = iri("etat", "existante"), iri("etat", "terminee")
ORIENTATION, PARTENARIAT = iri("nature", "orientation"), iri("nature", "partenariat")
CRIB = iri("type", "crib")


def relation(
    nom: str, de: str, vers: str, *declarants: str, etat: str = EXISTANTE, **more: object
) -> Relation:
    """A referral between two actors, in effect where it exists."""
    made = Relation(
        iri("relation", nom), de, vers, (ORIENTATION,), etat,
        declarants=declarants, effective=etat == EXISTANTE,
        acteurs=tuple(one for one in (de, vers) if "/acteur/" in one),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("declarants", "parole"),
    [((UN, DEUX), CONFIRMEE), ((UN,), UN_SEUL_COTE), ((DEUX,), UN_SEUL_COTE), ((TROIS,), TIERS), ((), TIERS)],
)
def test_who_states_a_relation(declarants: tuple[str, ...], parole: str) -> None:
    known = relation("a", UN, DEUX, *declarants)
    assert paroles([known]) == {known.iri: parole}


def test_two_statements_of_the_same_thing_confirm_each_other() -> None:
    mine, theirs = relation("a", UN, DEUX, UN), relation("b", UN, DEUX, DEUX)
    assert set(paroles([mine, theirs]).values()) == {CONFIRMEE}
    back = replace(theirs, de=DEUX, vers=UN)
    assert set(paroles([mine, back]).values()) == {UN_SEUL_COTE}


def test_a_reciprocal_nature_says_the_same_both_ways() -> None:
    both = {"natures": (PARTENARIAT,), "reciproques": (PARTENARIAT,)}
    mine, theirs = relation("a", UN, DEUX, UN, **both), relation("b", DEUX, UN, DEUX, **both)
    assert set(paroles([mine, theirs]).values()) == {CONFIRMEE}


def test_actors_disagree_on_a_state() -> None:
    mine, theirs = relation("a", UN, DEUX, UN), relation("b", UN, DEUX, DEUX, etat=TERMINEE)
    assert desaccords([mine, theirs]) == [(mine, theirs)]
    assert set(paroles([mine, theirs]).values()) == {DESACCORD}


def test_the_same_actor_at_two_dates_does_not_disagree_with_itself() -> None:
    assert desaccords([relation("a", UN, DEUX, UN), relation("b", UN, DEUX, UN, etat=TERMINEE)]) == []


def test_a_wish_that_came_true_is_no_wish() -> None:
    wish = relation("a", UN, DEUX, UN, etat=SOUHAITEE)
    assert souhaits([wish]) == [wish]
    assert souhaits([wish, relation("b", UN, DEUX, DEUX)]) == []
    assert souhaits([wish, relation("c", DEUX, UN, DEUX)]) == [wish]
    assert souhaits([wish, relation("d", UN, DEUX, DEUX, etat=TERMINEE)]) == [wish]


def systeme(*relations: Relation, jour: str = "", lieu: str = FINISTERE) -> Systeme:
    """Of three CRIB and a DLA of two départements."""
    found = couverture(
        acteur("un", FINISTERE), acteur("deux", FINISTERE), acteur("trois", ILLE),
        acteur("quatre", FRANCE, types=(DLA,)),
    )  # fmt: skip
    return Systemes(found, relations).de(lieu, jour)


def test_a_relation_is_here_where_both_its_actors_are() -> None:
    ici, ailleurs = relation("a", UN, DEUX), relation("b", UN, TROIS)
    assert systeme(ici, ailleurs).declarees == (ici,)
    assert systeme(ici, ailleurs, lieu=FRANCE).declarees == (ici, ailleurs)


def test_habits_of_kinds_are_apart_and_hold_where_somebody_is_listed() -> None:
    habit, personne = relation("a", CRIB, DLA), relation("b", iri("type", "x"), iri("type", "y"))
    un_bout = relation("c", CRIB, iri("type", "x"))
    du_35 = relation("d", CRIB, DLA, territoires=(ILLE,))
    found = systeme(habit, personne, un_bout, du_35)
    assert found.declarees == () and found.habituelles == (habit, un_bout)
    assert [found.tenue(one) for one in found.habituelles] == [True, False]
    assert found.graphe_habituel.relations == (habit,)
    assert du_35 in systeme(du_35, lieu=ILLE).habituelles


def test_actors_without_a_relation() -> None:
    assert [one.nom for one in systeme(relation("a", UN, DEUX)).sans_relation] == ["quatre"]
    assert systeme(relation("a", UN, DEUX), relation("b", QUATRE, TROIS)).sans_relation == []
    assert systeme(relation("a", UN, DEUX), relation("b", DLA, iri("type", "x"))).sans_relation == []


def test_some_relations_only_change_nothing_to_what_is_told_of_the_whole() -> None:
    kept, wish = relation("a", UN, DEUX, UN), relation("b", DEUX, UN, UN, etat=SOUHAITEE)
    found = systeme(kept, wish, relation("c", UN, DEUX, DEUX, etat=TERMINEE))
    some = found.limite([kept.iri])
    assert some.toutes == (kept,) and len(some.graphe_declare.relations) == 1
    assert some.souhaits == [wish] and some.sans_relation == found.sans_relation
    assert some.paroles[kept.iri] == DESACCORD


def test_as_of_a_day() -> None:
    old = relation("a", UN, DEUX, constat="2021-05")
    assert systeme(old, jour="2022-01-01").declarees == (old,)
    assert systeme(old, jour="2021-01-01").declarees == ()


def test_hand_overs_between_two_links() -> None:
    habit, both = relation("a", CRIB, DLA), relation("b", QUATRE, UN, reciproques=(ORIENTATION,))
    found = systeme(habit, both)
    assert found.entre({UN, CRIB}, {QUATRE, DLA}) == [both, habit]
    assert found.entre({QUATRE, DLA}, {UN, CRIB}) == [both]


def chaine() -> Graphe:
    """un – deux – trois, trois – quatre only wished for."""
    return Graphe(
        (
            relation("a", UN, DEUX),
            relation("b", DEUX, TROIS),
            relation("c", TROIS, QUATRE, etat=SOUHAITEE),
        )
    )


def test_only_relations_in_effect_hold_parts_together() -> None:
    found = chaine()
    assert found.ponts == [(DEUX, TROIS), (DEUX, UN)]
    first, *others = found.places
    assert (first.noeud, first.voisins, first.charniere) == (DEUX, 2, True)
    assert first.intermediarite == pytest.approx(1 / 3, abs=1e-3)
    assert not any(one.charniere or one.intermediarite for one in others)
    assert {one.noeud: one.voisins for one in others}[QUATRE] == 0


def test_no_bridge_in_a_circle() -> None:
    assert Graphe((*chaine().relations[:2], relation("d", TROIS, UN))).ponts == []


def test_the_drawing_is_the_same_whatever_the_order_of_statements() -> None:
    made, again = chaine(), Graphe(tuple(reversed(chaine().relations)))
    assert dessiner(made).points == dessiner(again).points
    assert set(dessiner(made).traits) == set(dessiner(again).traits)


def test_the_drawing_shows_every_relation_inside_its_frame() -> None:
    drawn = dessiner(Graphe((*chaine().relations, relation("d", UN, CRIB), relation("e", UN, DEUX))))
    assert sum(len(one.relations) for one in drawn.traits) == 5
    assert {one.noeud for one in drawn.points if one.type} == {CRIB}
    assert all(COTES <= one.x <= drawn.largeur - COTES for one in drawn.points)
    assert all(HAUT <= one.y <= drawn.hauteur - HAUT for one in drawn.points)
    assert len({(one.x, one.y) for one in drawn.points}) == len(drawn.points) <= NOMMES and drawn.nommer


def test_graphml_is_read_back() -> None:
    written = graphml(
        {"a": {"genre": "acteur"}, "b": {"genre": "type"}}, [("a", "b", {"etat": "é"}), ("a", "b", {})]
    )
    read = nx.read_graphml(io.BytesIO(written))
    assert read.nodes["b"]["genre"] == "type" and read.is_directed()
    assert [said.get("etat") for *_, said in read.edges(data=True)] == ["é", None]
