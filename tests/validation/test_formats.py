"""The report in the formats of other tools: each read back by its own reader."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pyoxigraph as ox
import pytest

from absence import absent
from maillage.commande.affichage import en_couleurs
from maillage.corpus.corpus import Corpus, from_bytes
from maillage.namespaces import PREFIXES
from maillage.validation import Constat, Correction, Gravite, Lieu, Rapport, Texte, valider
from maillage.validation.chemins import first, objects, sh
from maillage.validation.correction import apply
from maillage.validation.explications import written
from maillage.validation.formats import to_junit, to_sarif, to_shacl
from maillage.validation.page import to_badge, to_html
from maillage.validation.rapport_ecrit import ECRITURES, rapport_en_texte

ENTETE = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items())

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
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["2", "1", "0", "1"]
    assert suite.tag == "testsuite" and suite.get("name") and float(suite.get("time", "")) >= 0
    for case in suite:  # what the readers of Jenkins and GitLab ask of a case
        assert case.tag == "testcase" and case.get("name") and case.get("classname") and case.get("time")
    assert suite[0][0].get("type") == "MLG-INCONNU"
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
    assert len(results) == (2 if conforme == "false" else 0)
    for result in results:  # SHACL §3.6.2: exactly one of each
        for name in ("focusNode", "resultSeverity", "sourceConstraintComponent"):
            assert len(objects(store, result, sh(name))) == 1
        severity = first(store, result, sh("resultSeverity"))
        if severity == sh("Violation"):
            assert first(store, result, sh("value")).value.endswith("theme/paye")
            assert first(store, result, sh("sourceConstraintComponent")) == sh("ClassConstraintComponent")
        else:
            assert first(store, result, sh("sourceConstraintComponent")).value.endswith("/MLG-SYN-BOM")


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


def test_ce_qu_un_fichier_abime_contient_ne_casse_aucune_forme() -> None:
    """Control signs, lone halves of pairs, markup: XML stays XML, a terminal takes no order."""
    nasty = replace(
        ERREUR,
        extrait="a\x00\x1b[31m\x0b]]>&<\ufffe\n^",
        message=Texte("\x07<b>", "\x07<b>"),
        correction=Correction(4, "\x1b]0;titre\x07\u00a0\t."),
    )
    rapport = Rapport((nasty,))
    assert ElementTree.fromstring(to_junit(rapport)) is not None
    said = ECRITURES["texte"](rapport, "fr")
    assert "\x1b" not in said and "\x07" not in said and "\x00" not in said and "\u00a0\t." in said
    assert "<b>" not in to_html(rapport)


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_les_couleurs_n_ajoutent_que_des_couleurs(langue: str) -> None:
    full = Rapport((replace(ERREUR, extrait="abc\n ^", correction=Correction(4, "abc")), AVIS), cibles=1)
    coloured = rapport_en_texte(full, langue, couleurs=True)
    assert "\x1b[1;31m" in coloured and "\x1b[1;33m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == rapport_en_texte(full, langue)


@pytest.mark.parametrize(
    ("terminal", "variables", "attendu"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_des_couleurs_sur_un_terminal_seulement(
    terminal: bool, variables: dict[str, str], attendu: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    sortie = io.StringIO()
    monkeypatch.setattr(sortie, "isatty", lambda: terminal)
    assert en_couleurs(sortie) is attendu


SARIF = Path(__file__).parents[2] / ".venv-moissonneurs" / "sarif" / "sarif-schema.json"
TEXTE = ENTETE + "acteur:é a mlg:Acteur ;\n    skos:prefLabel “A” ;\n    mlg:theme them:paie .\nacteur:b a"


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_sarif_suit_son_schema_et_ses_corrections_reparent(langue: str) -> None:
    """The schema is that of OASIS; each fix, applied as SARIF §3.55-3.57 says, gives what the corrected
    line gives."""
    if not SARIF.exists():
        absent("no SARIF schema: make sarif")
    schema = json.loads(SARIF.read_text(encoding="utf-8"))
    assert "sarif-schema-2.1.0" in schema.get("$id", schema.get("id", ""))
    path = "donnees/acteurs/29/é t.ttl"
    rapport = valider(Corpus(Path(), (from_bytes(path, TEXTE.encode()),)))
    log = json.loads(to_sarif(rapport, langue))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    assert run["language"] == langue
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    fixed = 0
    for constat, result in zip(rapport.constats, run["results"], strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == constat.code
        for fix in result.get("fixes", ()):
            fixed += 1
            (change,) = fix["artifactChanges"]
            assert unquote(change["artifactLocation"]["uri"]) == path
            assert constat.correction and _replaced(TEXTE, change["replacements"][0]) == apply(
                TEXTE, constat.correction
            )
    assert fixed >= 2


def _replaced(text: str, replacement: dict[str, Any]) -> str:
    region, lines = replacement["deletedRegion"], text.split("\n")
    line = lines[region["startLine"] - 1]
    end = region["endColumn"] - 1 if "endColumn" in region else len(line)
    lines[region["startLine"] - 1] = (
        line[: region["startColumn"] - 1] + replacement["insertedContent"]["text"] + line[end:]
    )
    return "\n".join(lines)


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
