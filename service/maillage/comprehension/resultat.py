"""What was understood of a question, as data: the contract of `comprehension` in the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: class of the ontology → field of the answer.
CHAMPS = {
    "Etape": "etapes",
    "Activite": "activites",
    "Role": "roles",
    "Theme": "themes",
    "Public": "publics",
    "Secteur": "secteurs",
    "Evenement": "evenements",
    "TypeActeur": "types_acteur",
    "Famille": "familles",
    "Niveau": "niveaux",
    "Dispositif": "dispositifs",
    "ObjectifStrategique": "objectifs",
    "SchemaDemarche": "schemas",
}

#: fields always present in the answer, in its order.
CHAMPS_RENDUS = (*CHAMPS.values(), "territoires", "acteurs", "exclus")

#: fields that say by themselves what is needed; without any of them a question is too vague to rank.
PRECIS = (
    "etapes", "activites", "roles", "themes", "evenements", "types_acteur", "acteurs", "familles",
    "dispositifs", "objectifs", "schemas",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entite:
    """A concept, place or actor recognised, with the words that name it (offsets in characters)."""

    iri: str
    code: str
    libelle: str
    mots: str
    debut: int
    fin: int
    ancetres: tuple[str, ...] = ()
    ancetres_libelles: tuple[str, ...] = ()
    equivalents: tuple[str, ...] = ()
    deduit: bool = False

    def en_json(self) -> dict[str, Any]:
        """The ENTITE of the contract."""
        return {
            "iri": self.iri,
            "code": self.code,
            "libelle": self.libelle,
            "mots": self.mots,
            "debut": self.debut,
            "fin": self.fin,
            "ancetres": list(self.ancetres),
            "ancetres_libelles": list(self.ancetres_libelles),
            "equivalents": list(self.equivalents),
            "deduit": self.deduit,
        }


@dataclass(frozen=True, slots=True)
class Ambiguite:
    """Words that name several places, and the choice left to the worker."""

    mots: str
    choix: tuple[Entite, ...]


@dataclass(frozen=True, slots=True)
class Explication:
    """A span examined: what it was taken for, whether it was kept, and why."""

    mots: str
    debut: int
    fin: int
    iri: str
    retenu: bool
    motifs: tuple[tuple[str, int], ...]  # codes of reasons, with the clues they are worth


@dataclass(frozen=True, slots=True)
class Liaison:
    """A relation asked for: towards or from which kinds, of which natures, or both ways."""

    vers: tuple[str, ...] = ()
    depuis: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    reciproque: bool = False


Champs = dict[str, tuple[Entite, ...]]


@dataclass(frozen=True)
class Comprehension:
    """A question understood."""

    question: str
    langue: str
    hors_sujet: bool
    a_preciser: bool
    intention: str
    champs: Champs
    ambiguites: tuple[Ambiguite, ...] = ()
    non_reconnus: tuple[str, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    renvois: tuple[str, ...] = ()  # kinds that are the right door of an off-topic question
    hors_champ: tuple[str, ...] = ()  # out-of-scope concepts recognised
    liaison: Liaison = Liaison()
    passages: tuple[tuple[str, float], ...] = ()  # IRI and score, best first
    explications: tuple[Explication, ...] = ()
    retires: tuple[Entite, ...] = ()  # what the reader took away

    @property
    def precis(self) -> bool:
        """Whether something says by itself what is needed."""
        return any(self.champs.get(nom) for nom in PRECIS)

    def iris(self, *champs: str) -> list[str]:
        """IRIs recognised in these fields."""
        return [entite.iri for champ in champs for entite in self.champs.get(champ, ())]

    def en_json(self, phrase: str) -> dict[str, Any]:
        """The `comprehension` object of the answer; `phrase` says it in one sentence."""
        rendu: dict[str, Any] = {
            "hors_sujet": self.hors_sujet,
            "a_preciser": self.a_preciser,
            "intention": self.intention,
            "phrase": phrase,
        }
        rendu |= {champ: [e.en_json() for e in self.champs.get(champ, ())] for champ in CHAMPS_RENDUS}
        rendu["ambiguites"] = [
            {"mots": a.mots, "choix": [choix.en_json() for choix in a.choix]} for a in self.ambiguites
        ]
        rendu["retires"] = [entite.en_json() for entite in self.retires]
        rendu["non_reconnus"] = list(self.non_reconnus)
        rendu["corrections"] = [{"ecrit": ecrit, "lu": lu} for ecrit, lu in self.corrections]
        return rendu
