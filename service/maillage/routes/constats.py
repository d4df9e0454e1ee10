"""Findings as pages show them: in one language, the fault marked in its line, so many and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maillage.textes import Langue

#: findings shown on one page; the others are counted.
MONTRES = 100


def presenter(rapport: Mapping[str, Any], langue: Langue) -> dict[str, Any]:
    """A report read from its JSON, ready for `_constats.html`.

    `etat`: « conforme », « refuse », or « vide » where no rule targeted anything.
    """
    constats = rapport["constats"]
    etat = "refuse" if not rapport["conforme"] else "conforme" if rapport["cibles"] else "vide"
    return {
        **{name: rapport[name] for name in ("erreurs", "avertissements", "fichiers", "cibles", "triples")},
        "etat": etat,
        "par_code": rapport["par_code"],
        "constats": [_constat(one, langue) for one in constats[:MONTRES]],
        "reste": max(0, len(constats) - MONTRES),
    }


def _constat(constat: Mapping[str, Any], langue: Langue) -> dict[str, Any]:
    said = {name: dire(constat.get(name), langue) for name in ("message", "cause", "remede")}
    return {
        **said,
        "code": constat["code"],
        "gravite": constat["gravite"],
        "lieu": _place(constat["lieu"]),
        "extrait": _excerpt(constat.get("extrait", "")),
        "details": [dire(one, langue) for one in constat.get("details", ())],
        "suggestion": constat.get("suggestion", ""),
        "correction": constat.get("correction"),
        "regle": constat.get("forme", ""),
        "lieu_regle": _place(constat.get("lieu_forme") or {}),
    }


def dire(texte: Mapping[str, str] | None, langue: Langue) -> str:
    """A sentence in a language, in the other one where it is missing."""
    said = texte or {}
    return said.get(langue) or said.get("fr") or said.get("en") or ""


def _place(lieu: Mapping[str, Any]) -> str:
    parts = [lieu.get("fichier", ""), *(lieu[name] for name in ("ligne", "colonne") if lieu.get(name))]
    return ":".join(map(str, parts)) if lieu.get("fichier") else ""


def _excerpt(extrait: str) -> dict[str, str] | None:
    """The line in three parts, the fault in the middle, and the carets below."""
    line, _, carets = extrait.partition("\n")
    if not carets:
        return None
    start = len(carets) - len(carets.lstrip())
    end = start + len(carets.strip())
    return {"avant": line[:start], "faute": line[start:end], "apres": line[end:], "carets": carets}
