"""Names of places as a source shouts them, given back the writing that people use.

Nothing is guessed: an accent or a hyphen comes from the official name of a commune, a small word or an
acronym from donnees/institutions/graphies.csv; the rest is only lowered and capitalised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from maillage.importation.geographie import Geographie
from maillage.importation.lecture import cle, contient, lit_csv
from maillage.importation.tables import DOSSIER

_MOT = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Lieu:
    """A place name in its usual writing and, where the name says it, its commune."""

    nom: str
    commune: str | None


class Graphies:
    """The table of small words, acronyms and abbreviations, with the communes to lean on."""

    def __init__(self, racine: Path, geo: Geographie) -> None:
        self._geo = geo
        self._communes: dict[frozenset[str], dict[str, str]] = {}
        tables: dict[str, dict[str, str]] = {"abreviation": {}, "minuscule": {}, "majuscule": {}}
        for e in lit_csv(racine / DOSSIER / "graphies.csv", ("mot", "forme", "emploi")):
            emploi = e.code("emploi", "|".join(tables), "minuscule")
            tables[emploi][e.texte("mot")] = e.texte("forme")
        self._abreviations = tables["abreviation"]
        self._formes = {**tables["minuscule"], **tables["majuscule"]}

    def lieu(self, brut: str, departements: set[str]) -> Lieu:
        """The place a source names, in some départements; its commune where the name says it surely."""
        mots = brut.split()
        communes = self._communes_de(departements)
        for longueur in range(len(mots), 0, -1):
            code = communes.get(self._developpe(" ".join(mots[:longueur])))
            if code:
                reste = " ".join(mots[longueur:])
                # « ROUEN MAROMME » names two communes: which one houses the agency is not said.
                sure = not any(contient(reste, nom) for nom in communes) if reste else True
                nom = f"{self._geo.noms_communes[code]} {self.habille(reste, debut=False)}".strip()
                return Lieu(nom if brut.isupper() or not reste else brut, code if sure else None)
        return Lieu(self.habille(brut), None)

    def habille(self, brut: str, debut: bool = True) -> str:
        """A name in capitals, in small letters or with a capital at each word; any other is left as it is."""
        if not (brut.isupper() or brut.islower() or brut.istitle()):
            return brut
        rang = 0 if debut else 1

        def forme(trouve: re.Match[str]) -> str:
            nonlocal rang
            rang += 1
            mot = self._abreviations.get(trouve.group().lower(), trouve.group().lower())
            ecrit = self._formes.get(mot, mot[:1].upper() + mot[1:])
            return ecrit[:1].upper() + ecrit[1:] if rang == 1 else ecrit

        return _MOT.sub(forme, brut)

    def _communes_de(self, departements: set[str]) -> dict[str, str]:
        cle_cache = frozenset(departements)
        if cle_cache not in self._communes:
            self._communes[cle_cache] = self._geo.communes_nommees(departements)
        return self._communes[cle_cache]

    def _developpe(self, texte: str) -> str:
        return " ".join(self._abreviations.get(mot, mot) for mot in cle(texte).split())


def modeles(racine: Path, importateur: str) -> list[tuple[str, str]]:
    """(prefix of the source's label, pattern of ours) of an importer, the longest prefix first."""
    lignes = lit_csv(racine / DOSSIER / "libelles.csv", ("importateur", "prefixe", "modele"))
    trouves = [
        (e.facultatif("prefixe"), e.texte("modele")) for e in lignes if e.texte("importateur") == importateur
    ]
    return sorted(trouves, key=lambda paire: (-len(paire[0]), paire[0]))


def remarques(racine: Path, importateur: str) -> dict[str, str]:
    """Remarks of an importer by case."""
    lignes = lit_csv(racine / DOSSIER / "remarques.csv", ("importateur", "cas", "remarque"))
    return {e.texte("cas"): e.texte("remarque") for e in lignes if e.texte("importateur") == importateur}
