"""Successions: what a kind of actor, a scheme, an actor or a region of old has become, and since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from maillage.comprehension import Comprehension
from maillage.comprehension.entites import Nommage
from maillage.lexique import Lexique
from maillage.orientation.preuves import Preuves
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot

#: fields whose words name what may have been replaced; of a place, only the former one is worth a word.
NOMMES = ("types_acteur", "acteurs", "dispositifs")
LIEUX = "territoires"


@dataclass
class Succession:
    """One succession, its parts gathered from the rows; the ways it happened by language."""

    iri: str
    anciens: dict[str, None] = field(default_factory=dict)
    nouveaux: dict[str, None] = field(default_factory=dict)
    modalites: dict[str, str] = field(default_factory=dict)
    date: str = ""
    source: str = ""
    preuve: str = ""


class Successions:
    """All the successions, read once; safe to share between threads."""

    def __init__(self, entrepot: Entrepot, requetes: Requetes, lexique: Lexique, preuves: Preuves) -> None:
        """Read those whose both sides have a name. Raises what Entrepot.lignes raises."""
        self._preuves = preuves
        found: dict[str, Succession] = {}
        nommes = lexique.concepts.keys() | lexique.lieux.keys() | lexique.acteurs.keys()
        for ligne in requetes.executer(entrepot, "orientation-successions"):
            if not {ligne["ancien"].value, ligne["nouveau"].value} <= nommes:
                continue
            iri = ligne["succession"].value
            une = found.setdefault(iri, Succession(iri))
            une.anciens[ligne["ancien"].value] = None
            une.nouveaux[ligne["nouveau"].value] = None
            if modalite := ligne.get("modalite"):
                une.modalites[getattr(modalite, "language", None) or "fr"] = modalite.value
            une.date, une.source, une.preuve = (
                ligne[nom].value if nom in ligne else "" for nom in ("date", "source", "preuve")
            )
        self._par_ancien: dict[str, list[Succession]] = defaultdict(list)
        self._par_nouveau: dict[str, list[Succession]] = defaultdict(list)
        for une in found.values():
            for iri in une.anciens:
                self._par_ancien[iri].append(une)
            for iri in une.nouveaux:
                self._par_nouveau[iri].append(une)

    def evoquees(self, comprehension: Comprehension, nommage: Nommage) -> list[dict[str, Any]]:
        """Those that a question names, by what was replaced or by what replaced it, as an answer has them."""
        nommes, lieux = comprehension.iris(*NOMMES), comprehension.iris(LIEUX)
        trouvees = {
            une.iri: une
            for iris, index in (([*nommes, *lieux], self._par_ancien), (nommes, self._par_nouveau))
            for iri in iris
            for une in index.get(iri, ())
        }
        return [self._rendre(une, nommage) for une in trouvees.values()]

    def _rendre(self, une: Succession, nommage: Nommage) -> dict[str, Any]:
        def entites(iris: Collection[str]) -> list[dict[str, Any]]:
            return [nommage.entite(iri).en_json() for iri in iris]

        return {
            "iri": une.iri,
            "anciens": entites(une.anciens),
            "nouveaux": entites(une.nouveaux),
            "date": une.date,
            "modalite": une.modalites.get(nommage.langue, ""),
            "source": self._preuves.source(une.source, nommage.langue),
            "preuve": une.preuve,
        }
