"""Answers cut to what an assistant needs: names, IRIs, reasons, sources, dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maillage.donnees_liees.fiche import Fiche, Propriete, Valeur
from maillage.textes import Langue

#: reasons of one entry, values of one property.
MOTIFS, VALEURS = 8, 20


def type_d_acteur(one: Mapping[str, Any]) -> dict[str, Any]:
    """A kind of actor, with its reasons."""
    return {**_nomme(one), "familles": one["familles"], "motifs": _motifs(one)}


def acteur(one: Mapping[str, Any]) -> dict[str, Any]:
    """An actor, with its reasons, how to reach it, and how sure we are."""
    kept = ("territoire", "contact", "adresse", "source", "constat", "statut", "preuve")
    return {
        **_nomme(one),
        "types": list(dict.fromkeys(one["types"])),
        "motifs": _motifs(one),
        **{name: one[name] for name in kept if one.get(name)},
    }


def passage(one: Mapping[str, Any]) -> dict[str, Any]:
    """What the guide says, with its page."""
    return {"iri": one["iri"], "libelle": one["libelle"], "resume": one["resume"], "source": one["source"]}


def fiche_en_json(fiche: Fiche, langue: Langue) -> dict[str, Any]:
    """A resource as its page shows it: names and values, each with its IRI where it has one."""
    parts = (*fiche.essentiel, *fiche.proprietes, *fiche.noms, *fiche.provenance)
    return {
        "iri": fiche.iri,
        "nom": fiche.titre,
        "types": [{"iri": one.iri, "libelle": one.texte} for one in fiche.types],
        "definition": " ".join(one.texte for one in fiche.definitions if one.langue in ("", langue)),
        "proprietes": [_propriete(one) for one in parts],
    }


def _nomme(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"iri": one["iri"], "libelle": one["libelle"], "score": one["score"]}


def _motifs(one: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Reasons; each piece of evidence keeps its IRI, source and date."""
    return [
        {
            "critere": motif["libelle"],
            "valeur": motif["valeur"],
            "poids": motif["poids"],
            **({"preuve": motif["preuve"]} if motif.get("preuve") else {}),
        }
        for motif in one["motifs"][:MOTIFS]
    ]


def _propriete(one: Propriete) -> dict[str, Any]:
    left = len(one.valeurs) - VALEURS
    return {
        "propriete": one.iri,
        "libelle": one.libelle,
        "valeurs": [_valeur(each) for each in one.valeurs[:VALEURS]],
        **({"restent": left} if left > 0 else {}),
    }


def _valeur(one: Valeur) -> Any:
    if one.detail:
        return {each.libelle: [value.texte for value in each.valeurs] for each in one.detail}
    return {"iri": one.iri, "libelle": one.texte} if one.iri else one.texte
