"""The report for other tools: SARIF 2.1 for forges, JUnit for test runners, sh:ValidationReport."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from maillage.namespaces import PREFIXES
from maillage.validation.codes import catalogue
from maillage.validation.constat import Constat, Correction, Gravite, Lieu
from maillage.validation.rapport import Rapport

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_NIVEAUX = {Gravite.ERREUR: "error", Gravite.AVERTISSEMENT: "warning"}
_GRAVITES = {Gravite.ERREUR: "sh:Violation", Gravite.AVERTISSEMENT: "sh:Warning"}


def to_sarif(rapport: Rapport, langue: str = "fr") -> str:
    """The report as SARIF 2.1.0; columns count characters, as everywhere in the report."""
    used = [entry for entry in catalogue().values() if entry.code in rapport.par_code]
    rules = [
        {
            "id": entry.code,
            "shortDescription": {"text": entry.message.dans(langue)},
            "help": {"text": entry.remede.dans(langue)},
        }
        for entry in used
    ]
    run = {
        "tool": {"driver": {"name": "maillage", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(constat, langue) for constat in rapport.constats],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _sarif_result(constat: Constat, langue: str) -> dict[str, Any]:
    sentences = (constat.message, constat.cause, constat.remede)
    text = " ".join(sentence.dans(langue) for sentence in sentences if sentence)
    result: dict[str, Any] = {
        "ruleId": constat.code,
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
    changed = {"artifactLocation": {"uri": constat.lieu.fichier}, "replacements": [replacement]}
    return {"description": {"text": constat.remede.dans(langue)}, "artifactChanges": [changed]}


def _sarif_place(lieu: Lieu) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": lieu.fichier}}
    if lieu.ligne:
        place["region"] = {
            "startLine": lieu.ligne,
            "startColumn": lieu.colonne,
            "endLine": lieu.fin_ligne or lieu.ligne,
            "endColumn": lieu.fin_colonne or lieu.colonne + 1,
        }
    return place


def to_junit(rapport: Rapport, langue: str = "fr") -> str:
    """The report as JUnit XML: one case per finding, an error a failure, a warning a skipped case."""
    counts = {"tests": str(max(len(rapport.constats), 1)), "failures": str(rapport.erreurs)}
    suite = ElementTree.Element("testsuite", {"name": "maillage valider", **counts})
    for constat in rapport.constats:
        name = f"{constat.code} {constat.lieu}"
        case = ElementTree.SubElement(suite, "testcase", {"name": name, "file": constat.lieu.fichier})
        kind = "failure" if constat.gravite is Gravite.ERREUR else "skipped"
        said = ElementTree.SubElement(case, kind, {"message": constat.message.dans(langue)})
        said.text = f"{constat.cause.dans(langue)}\n{constat.remede.dans(langue)}\n{constat.extrait}"
    if not rapport.constats:
        ElementTree.SubElement(suite, "testcase", {"name": "conforme"})
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def to_shacl(rapport: Rapport) -> str:
    """The results of shapes as a `sh:ValidationReport` in Turtle; what no shape says has no place in it."""
    results = [constat for constat in rapport.constats if constat.composant]
    prefixes = "".join(f"@prefix {name}: <{space}> .\n" for name, space in sorted(PREFIXES.items()))
    conforms = str(not results).lower()
    body = "".join(f" ;\n    sh:result [{_shacl_result(constat)} ]" for constat in results)
    return f"{prefixes}\n[] a sh:ValidationReport ;\n    sh:conforms {conforms}{body} .\n"


def _shacl_result(constat: Constat) -> str:
    path = constat.chemin if constat.chemin.isprintable() and "(" not in constat.chemin else ""
    lines = {
        "a": "sh:ValidationResult",
        "sh:focusNode": constat.sujet,
        "sh:resultPath": path,
        "sh:value": constat.valeur,
        "sh:sourceShape": constat.forme,
        "sh:sourceConstraintComponent": f"sh:{constat.composant}",
        "sh:resultSeverity": _GRAVITES[constat.gravite],
        "sh:resultMessage": ", ".join(
            f"{json.dumps(text, ensure_ascii=False)}@{language}"
            for language, text in (("fr", constat.message.fr), ("en", constat.message.en))
            if text
        ),
    }
    return "".join(f"\n        {name} {value} ;" for name, value in lines.items() if value)
