"""SHACL-SPARQL: one query for many focus nodes says what one query for each says."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from maillage.validation import load
from maillage.validation import regles as module
from maillage.validation.formes import Resultat
from maillage.validation.moteur import Moteur
from maillage.validation.regles import is_flat

PREFIXES = """@prefix ex: <http://exemple.fr/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:regles sh:declare [ sh:prefix "ex" ; sh:namespace "http://exemple.fr/" ] .
"""
DONNEES = "@prefix ex: <http://exemple.fr/> .\n" + "\n".join(
    f"ex:n{i} a ex:C ; ex:code {i % 7 + 1} ; ex:apres ex:n{i + 1} ." for i in range(60)
)

REQUETES = {
    "valeur": "SELECT $this ?value WHERE { $this ex:code ?value . FILTER(?value > 4) }",
    "manque": "SELECT $this WHERE { FILTER NOT EXISTS { $this ex:apres ?x . ?x a ex:C } }",
    "moins": "SELECT $this WHERE { $this a ex:C MINUS { ?y ex:apres $this } }",
    "compte": "SELECT $this (COUNT(?y) AS ?value) WHERE { ?y ex:code ?c . $this ex:code ?c } GROUP BY $this",
    "union": "SELECT $this WHERE { { $this ex:code 1 } UNION { FILTER(STRENDS(STR($this), 'n5')) } }",
}


def findings(requete: str) -> set[Resultat]:
    shape = f"""ex:forme a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql [
        sh:prefixes ex:regles ; sh:message "{{$this}} et {{?value}}"@fr ; sh:select "{requete}" ] ."""
    shapes = load(ox.parse(input=PREFIXES + shape, format=ox.RdfFormat.TURTLE))
    data = load(ox.parse(input=DONNEES, format=ox.RdfFormat.TURTLE))
    found = set(Moteur(shapes, data).run())
    assert all(isinstance(each, Resultat) for each in found), found
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("nom", REQUETES)
def test_ensemble_ou_un_par_un(nom: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def key(each: Resultat) -> tuple[object, ...]:
        return each.focus, each.valeur, each.messages

    together = {key(each) for each in findings(REQUETES[nom])}
    monkeypatch.setattr(module, "_PEU", 1000)
    assert {key(each) for each in findings(REQUETES[nom])} == together
    assert together


def test_le_message_cite_la_ligne_du_resultat() -> None:
    messages = {each.messages[0].value for each in findings(REQUETES["valeur"])}
    assert "http://exemple.fr/n5 et 6" in messages


@pytest.mark.parametrize("nom", REQUETES)
def test_seules_les_requetes_plates_sont_groupees(nom: str) -> None:
    where = REQUETES[nom][REQUETES[nom].index("WHERE") :]
    assert is_flat(where) is (nom in ("valeur", "manque", "moins"))


def test_une_contrainte_inconnue_est_confiee_a_pyshacl() -> None:
    shapes = load(
        ox.parse(
            input=PREFIXES
            + """
ex:Composant a sh:ConstraintComponent ;
    sh:parameter [ sh:path ex:maximum ] ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER($value <= $maximum) }" ] .
ex:forme a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:code .
ex:code sh:path ex:code ; ex:maximum 6 .
ex:autre a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:code ; sh:maxInclusive 6 ] .
""",
            format=ox.RdfFormat.TURTLE,
        )
    )
    data = load(ox.parse(input=DONNEES, format=ox.RdfFormat.TURTLE))
    found = [each for each in Moteur(shapes, data).run() if isinstance(each, Resultat)]
    by_shape = {
        composant: {each.focus for each in found if each.composant == composant}
        for composant in {each.composant for each in found}
    }
    assert len(by_shape) == 2
    one, two = by_shape.values()
    assert one == two and len(one) == 8
