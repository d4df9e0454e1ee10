"""How a question was read, span by span, in words: what each was taken for, kept or not, and why."""

from __future__ import annotations

from typing import Any

from maillage.comprehension import Comprehension
from maillage.comprehension.entites import Nommage
from maillage.lexique import Lexique
from maillage.namespaces import iri
from maillage.orientation.orienteur import expliquer
from maillage.routes.contexte import Service
from maillage.textes import Langue

Json = dict[str, Any]


def rendre(parts: Service, comprehension: Comprehension, langue: Langue) -> list[Json]:
    """The explanations of `expliquer` in the order of the text, each reading of some words once.

    A label found in both languages is said once, as kept where one of the two was. What is named gets its
    `libelle` and its kind (`genre`, empty where it has none), each reason its words from the vocabulary
    `messages`.
    """
    lexique = parts.orienteur.lexique
    nommage = Nommage(lexique, parts.orienteur.interprete.geographie, langue)

    def genre(iri_: str) -> str:
        champ = nommage.champ(iri_)
        return parts.textes.dire(f"facette.{champ}", langue) if champ else ""

    lues: dict[tuple[int, int, str], Json] = {}
    for une in sorted(expliquer(comprehension), key=lambda e: (e["debut"], not e["retenu"], e["iri"])):
        lues.setdefault((une["debut"], une["fin"], une["iri"]), une)
    return [
        une
        | {
            "libelle": nommage.entite(une["iri"]).libelle,
            "genre": genre(une["iri"]),
            "motifs": [m | {"libelle": _dire(lexique, m["code"], langue)} for m in une["motifs"]],
        }
        for une in lues.values()
    ]


def _dire(lexique: Lexique, code: str, langue: Langue) -> str:
    """Words of a reason; its code where the data has no words for it."""
    message = lexique.concepts.get(iri("message", f"motif-{code}"))
    return message.libelle(langue) if message else code
