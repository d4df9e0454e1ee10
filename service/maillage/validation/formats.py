"""The report for other tools: SARIF 2.1 for forges, JUnit for test runners, sh:ValidationReport."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pyoxigraph as ox

from maillage.corpus.corpus import iri_path
from maillage.namespaces import BASE, GRAPHE, PREFIXES
from maillage.validation.codes import catalogue
from maillage.validation.constat import Constat, Correction, Gravite, Lieu
from maillage.validation.rapport import Rapport

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_NIVEAUX = {Gravite.ERREUR: "error", Gravite.AVERTISSEMENT: "warning"}
_GRAVITES = {Gravite.ERREUR: "sh:Violation", Gravite.AVERTISSEMENT: "sh:Warning"}


#: what XML 1.0 cannot hold (§2.2), and the places that a finding fills in a text of the catalogue.
_HORS_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TROU = re.compile(r"\{\w+\}")


def to_sarif(rapport: Rapport, langue: str = "fr") -> str:
    """The report as SARIF 2.1.0; columns count characters, as everywhere in the report."""
    used = [entry for entry in catalogue().values() if entry.code in rapport.par_code]
    rules = [
        {
            "id": entry.code,
            "shortDescription": {"text": _TROU.sub("…", entry.message.dans(langue))},
            "help": {"text": _TROU.sub("…", entry.remede.dans(langue))},
        }
        for entry in used
    ]
    ranks = {rule["id"]: rank for rank, rule in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "maillage", "rules": rules}},
        "language": langue,
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(one, langue, ranks[one.code]) for one in rapport.constats],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _sarif_result(constat: Constat, langue: str, rank: int) -> dict[str, Any]:
    sentences = (constat.message, constat.cause, constat.remede)
    text = " ".join(sentence.dans(langue) for sentence in sentences if sentence)
    result: dict[str, Any] = {
        "ruleId": constat.code,
        "ruleIndex": rank,
        "level": _NIVEAUX[constat.gravite],
        "message": {"text": text},
    }
    if constat.forme:
        result["properties"] = {"regle": constat.forme, "lieu": str(constat.lieu_forme)}
    if constat.correction:
        result["fixes"] = [_sarif_fix(constat, constat.correction, langue)]
    if constat.lieu.fichier:
        result["locations"] = [{"physicalLocation": _sarif_place(constat.lieu)}]
    return result


def _sarif_fix(constat: Constat, correction: Correction, langue: str) -> dict[str, Any]:
    """The corrected line, as a replacement that a forge can apply."""
    line = correction.ligne
    end = {"endLine": line, "endColumn": 1} if correction.ajout else {"endLine": line}
    inserted = correction.texte + ("\n" if correction.ajout else "")
    region = {"startLine": line, "startColumn": 1, **end}
    replacement = {"deletedRegion": region, "insertedContent": {"text": inserted}}
    changed = {"artifactLocation": _sarif_file(constat.lieu), "replacements": [replacement]}
    return {"description": {"text": constat.remede.dans(langue)}, "artifactChanges": [changed]}


def _sarif_place(lieu: Lieu) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _sarif_file(lieu)}
    if lieu.ligne:
        place["region"] = {
            "startLine": lieu.ligne,
            "startColumn": lieu.colonne,
            "endLine": lieu.fin_ligne or lieu.ligne,
            "endColumn": lieu.fin_colonne or lieu.colonne + 1,
        }
    return place


def _sarif_file(lieu: Lieu) -> dict[str, str]:
    """A relative URI: what a path may hold and a URI may not is escaped."""
    return {"uri": quote(lieu.fichier)}


def to_junit(rapport: Rapport, langue: str = "fr") -> str:
    """The report as JUnit XML: one case per finding, an error a failure, a warning a skipped case."""
    counts = {
        "tests": max(len(rapport.constats), 1),
        "failures": rapport.erreurs,
        "errors": 0,
        "skipped": rapport.avertissements,
        "time": round(rapport.secondes, 3),
    }
    named = {name: str(value) for name, value in counts.items()}
    suite = ElementTree.Element("testsuite", {"name": "maillage valider", **named})
    for constat in rapport.constats:
        name = _xml(f"{constat.code} {constat.lieu}")
        place = {"classname": _xml(constat.lieu.fichier or "corpus"), "file": _xml(constat.lieu.fichier)}
        case = ElementTree.SubElement(suite, "testcase", {"name": name, "time": "0", **place})
        kind = "failure" if constat.gravite is Gravite.ERREUR else "skipped"
        said = ElementTree.SubElement(case, kind, {"message": _xml(constat.message.dans(langue))})
        if kind == "failure":
            said.set("type", constat.code)
        said.text = _xml(f"{constat.cause.dans(langue)}\n{constat.remede.dans(langue)}\n{constat.extrait}")
    if not rapport.constats:
        ok = {"name": "conforme", "classname": "corpus", "time": "0"}
        ElementTree.SubElement(suite, "testcase", ok)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _xml(text: str) -> str:
    """The text with a replacement sign for what XML cannot hold, as a damaged file may."""
    return _HORS_XML.sub("\ufffd", text)


def to_shacl(rapport: Rapport) -> str:
    """The report as a `sh:ValidationReport` in Turtle.

    What no shape says (syntax, duplicates) is a result too: its component is the code of the finding, its
    focus the resource, else the graph of the file. A corpus that cannot be read does not conform.
    """
    results = [constat for constat in rapport.constats if constat.code != "MLG-SANS-CIBLE"]
    prefixes = "".join(f"@prefix {name}: <{space}> .\n" for name, space in sorted(PREFIXES.items()))
    conforms = str(not results).lower()
    body = "".join(f" ;\n    sh:result [{_shacl_result(constat)} ]" for constat in results)
    return f"{prefixes}\n[] a sh:ValidationReport ;\n    sh:conforms {conforms}{body} .\n"


def _shacl_result(constat: Constat) -> str:
    of_shape = bool(constat.composant)
    path = constat.chemin if constat.chemin.isprintable() and "(" not in constat.chemin else ""
    component = f"sh:{constat.composant}" if of_shape else f"<{BASE}code/{constat.code}>"
    graph = f"<{GRAPHE}{iri_path(constat.lieu.fichier.removesuffix('.ttl'))}>"
    lines = {
        "a": "sh:ValidationResult",
        "sh:focusNode": constat.sujet or graph,
        "sh:resultPath": path if of_shape else "",
        "sh:value": constat.valeur if of_shape else "",
        "sh:sourceShape": constat.forme,
        "sh:sourceConstraintComponent": component,
        "sh:resultSeverity": _GRAVITES[constat.gravite],
        "sh:resultMessage": ", ".join(
            str(ox.Literal(text, language=language))
            for language, text in (("fr", constat.message.fr), ("en", constat.message.en))
            if text
        ),
    }
    return "".join(f"\n        {name} {value} ;" for name, value in lines.items() if value)
