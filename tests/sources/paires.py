"""The labelled sample of pairs, and what the scores make of it.

`donnees/paires.csv` holds 320 pairs of one mission locale of the 2019 directory and one structure of 2023, of
the same département, drawn by the hash of their identifiers among the three nearest structures of a body
(210 nearest, 110 second or third).

Two labels, made apart: `meme_par_codes`, from the codes of communes alone (one commune, where each source
has one body only); `meme_a_la_lecture`, by one reader, name and place in hand, without asking the bodies:
« oui » where the directory means the seat of the structure, « non » for its antennas and for others. They
differ on 10 pairs, all « non » by codes and « oui » at reading; reading decides.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from maillage.sources.score import Mots, Portrait, Score, compare

PAIRES = Path(__file__).parent / "donnees" / "paires.csv"
_TYPES = frozenset({"type:mission-locale"})


@dataclass(frozen=True)
class Paire:
    """A pair scored, and its two labels."""

    score: Score
    par_codes: bool
    meme: bool


@dataclass(frozen=True)
class Mesure:
    """Pairs at or above a threshold: how many, how many of them right, out of how many to find."""

    trouvees: int
    justes: int
    attendues: int

    @property
    def precision(self) -> float:
        """Share of the pairs found that are right."""
        return self.justes / self.trouvees if self.trouvees else 1.0

    @property
    def rappel(self) -> float:
        """Share of the right pairs that are found."""
        return self.justes / self.attendues


def lire() -> list[Paire]:
    """The sample, scored as the way in scores it."""
    with PAIRES.open(encoding="utf-8", newline="") as source:
        lignes = list(csv.DictReader(source))
    mots = Mots(n for e in lignes for n in (e["nom_annuaire"], *e["noms_structure"].split(" | ")))
    return [
        Paire(
            compare(
                _portrait(e, "annuaire", (e["nom_annuaire"],)),
                _portrait(e, "structure", tuple(e["noms_structure"].split(" | "))),
                mots,
            ),
            e["meme_par_codes"] == "oui",
            e["meme_a_la_lecture"] == "oui",
        )
        for e in lignes
    ]


def mesurer(paires: list[Paire], seuil: float) -> Mesure:
    """What a threshold finds."""
    trouvees = [p for p in paires if p.score.total >= seuil]
    return Mesure(len(trouvees), sum(p.meme for p in trouvees), sum(p.meme for p in paires))


def _portrait(e: dict[str, str], cote: str, noms: tuple[str, ...]) -> Portrait:
    freres = int(e[f"freres_{cote}" + ("s" if cote == "structure" else "")])
    return Portrait(noms, e[f"commune_{cote}"], e["departement"], _TYPES, frozenset(), freres)
