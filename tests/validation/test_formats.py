"""The report in the formats of other tools: each read back by its own reader."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from maillage.validation import Constat, Gravite, Lieu, Rapport, Texte
from maillage.validation.chemins import first, objects, sh
from maillage.validation.explications import written
from maillage.validation.formats import to_junit, to_sarif, to_shacl

ERREUR = Constat(
    code="MLG-INCONNU",
    gravite=Gravite.ERREUR,
    lieu=Lieu("donnees/a.ttl", 4, 15, 4, 25),
    message=Texte("« theme:paye » n'existe pas.", "“theme:paye” does not exist."),
    remede=Texte("Corrigez le code.", "Correct the code."),
    sujet="acteur:a",
    chemin="mlg:theme",
    valeur="theme:paye",
    forme="forme:theme",
    composant="ClassConstraintComponent",
)
AVIS = Constat(
    code="MLG-SYN-BOM",
    gravite=Gravite.AVERTISSEMENT,
    lieu=Lieu("donnees/b.ttl"),
    message=Texte("Marque <d'ordre> & octets.", "Byte-order mark."),
)
RAPPORT = Rapport((ERREUR, AVIS), fichiers=2, triples=10, cibles=1)
VIDE = Rapport(())


def test_sarif_porte_la_place_et_la_regle() -> None:
    (run,) = json.loads(to_sarif(RAPPORT))["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["MLG-INCONNU", "MLG-SYN-BOM"]
    first_result, second = run["results"]
    place = first_result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "donnees/a.ttl"
    assert place["region"] == {"startLine": 4, "startColumn": 15, "endLine": 4, "endColumn": 25}
    assert [each["level"] for each in run["results"]] == ["error", "warning"]
    assert "region" not in second["locations"][0]["physicalLocation"]
    assert "does not exist" in to_sarif(RAPPORT, "en")


def test_junit_compte_les_erreurs() -> None:
    suite = ElementTree.fromstring(to_junit(RAPPORT))
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case[0].tag for case in suite] == ["failure", "skipped"]
    assert suite[1][0].get("message") == AVIS.message.fr
    assert len(ElementTree.fromstring(to_junit(VIDE))) == 1


@pytest.mark.parametrize(("rapport", "conforme"), [(RAPPORT, "false"), (VIDE, "true")])
def test_rapport_shacl_se_relit(rapport: Rapport, conforme: str) -> None:
    store = ox.Store()
    store.load(to_shacl(rapport), format=ox.RdfFormat.TURTLE)
    (report,) = {quad.subject for quad in store.quads_for_pattern(None, sh("conforms"), None, None)}
    assert first(store, report, sh("conforms")).value == conforme
    results = objects(store, report, sh("result"))
    assert len(results) == (conforme == "false")
    for result in results:
        assert first(store, result, sh("value")).value.endswith("theme/paye")
        assert first(store, result, sh("sourceConstraintComponent")) == sh("ClassConstraintComponent")


@pytest.mark.parametrize(
    ("iri", "ecrit"),
    [
        ("https://w3id.org/maillage/theme/paie", "theme:paie"),
        ("https://schema.org/a/b", "<https://schema.org/a/b>"),
        ("http://exemple.fr/x", "<http://exemple.fr/x>"),
    ],
)
def test_un_terme_est_ecrit_comme_turtle_le_lit(iri: str, ecrit: str) -> None:
    assert written(ox.NamedNode(iri)) == ecrit
