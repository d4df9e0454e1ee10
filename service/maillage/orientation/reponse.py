"""The answer of the service, and its JSON (contract of `GET /api/orientation`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maillage.comprehension import Comprehension


@dataclass(frozen=True)
class Reponse:
    """What is shown for a question: understanding, kinds, actors, passages, all ready to be written."""

    comprehension: Comprehension
    phrase: str
    types: Sequence[Mapping[str, Any]]
    acteurs: Sequence[Mapping[str, Any]]
    passages: Sequence[Mapping[str, Any]]
    total: int
    renvois: Sequence[Mapping[str, Any]] = ()
    facettes: Mapping[str, Any] = field(default_factory=dict)
    suggestions: Sequence[Mapping[str, Any]] = ()
    suivant: str | None = None
    besoins: Sequence[Mapping[str, Any]] = ()
    parcours: Sequence[Mapping[str, Any]] = ()
    successions: Sequence[Mapping[str, Any]] = ()

    def en_json(self) -> dict[str, Any]:
        """The answer as the contract writes it."""
        return {
            "question": self.comprehension.question,
            "comprehension": self.comprehension.en_json(self.phrase),
            "types": list(self.types),
            "acteurs": list(self.acteurs),
            "besoins": list(self.besoins),
            "parcours": list(self.parcours),
            "successions": list(self.successions),
            "passages": list(self.passages),
            "renvois": list(self.renvois),
            "facettes": dict(self.facettes),
            "suggestions": list(self.suggestions),
            "total": self.total,
            "suivant": self.suivant,
        }
