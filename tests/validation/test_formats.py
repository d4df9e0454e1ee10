"""The report in the formats of other tools: each read back by its own reader."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from maillage.validation import Constat, Correction, Gravite, Lieu, Rapport, Texte
from maillage.validation.chemins import first, objects, sh
from maillage.validation.explications import written
from maillage.validation.formats import to_junit, to_sarif, to_shacl
from maillage.validation.page import to_badge, to_html
from maillage.validation.rapport_ecrit import ECRITURES

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


class Lecteur(HTMLParser):
    """Checks that tags close in order, and keeps what the page says."""

    def __init__(self) -> None:
        super().__init__()
        self.ouverts: list[str] = []
        self.textes: list[str] = []
        self.adresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.adresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.ouverts.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.ouverts.pop() == tag

    def handle_data(self, data: str) -> None:
        self.textes.append(data)


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_la_page_groupe_par_regle_et_se_suffit(langue: str) -> None:
    reader = Lecteur()
    page = to_html(RAPPORT, langue)
    reader.feed(page)
    assert reader.ouverts == [] and f'<html lang="{langue}">' in page
    text = " ".join(reader.textes)
    assert "forme:theme (1)" in text and "MLG-SYN-BOM (1)" in text
    assert (AVIS.message.fr in text) is (langue == "fr") and "<d'ordre>" not in page
    assert reader.adresses and all(each.startswith("#") for each in reader.adresses)


@pytest.mark.parametrize(
    ("rapport", "dit"),
    [(RAPPORT, "Non conforme"), (Rapport((), cibles=3), "Conforme"), (VIDE, "Rien n'a été contrôlé")],
)
def test_l_insigne_dit_le_verdict(rapport: Rapport, dit: str) -> None:
    image = ElementTree.fromstring(to_badge(rapport))
    assert image.get("aria-label") == f"Maillage : {dit}"


def test_toutes_les_formes_s_ecrivent_dans_les_deux_langues() -> None:
    for name, write in ECRITURES.items():
        for langue in ("fr", "en"):
            assert write(RAPPORT, langue), name


def test_le_texte_donne_la_regle_la_correction_et_le_detail() -> None:
    full = replace(
        ERREUR,
        lieu_forme=Lieu("ontologie/formes/acteur.ttl", 12, 1),
        details=(Texte("donnees/a.ttl:4:20 : trop court.", "donnees/a.ttl:4:20 : too short."),),
        correction=Correction(4, "    mlg:theme theme:paie ."),
    )
    said = ECRITURES["texte"](Rapport((full,)), "fr")
    assert "Règle : forme:theme (ontologie/formes/acteur.ttl:12:1)" in said
    assert "Ligne 4 corrigée :\n  |     mlg:theme theme:paie ." in said
    assert "- donnees/a.ttl:4:20 : trop court." in said
    assert "Line 4 corrected" in ECRITURES["texte"](Rapport((full,)), "en")
    (result,) = json.loads(to_sarif(Rapport((full,))))["runs"][0]["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"]["text"] == "    mlg:theme theme:paie ."
