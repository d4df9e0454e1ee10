"""How an answer to a scored question is judged (rules of the evaluation's conventions, numbered as there).

    python tests/evaluation/notation.py http://127.0.0.1:8000 tests/evaluation/questions_dev.jsonl

scores a running service. A label of the expectations stands for one or several codes (`codes.json`).
"""

from __future__ import annotations

import json
import sys
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maillage.lexique.compilation import phrase_pliee

CODES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "codes.json").read_text(encoding="utf-8")
)
Json = dict[str, Any]
Repondre = Callable[[str, str], Json]


def codes_de(entites: Iterable[Json], *, elargis: bool = True) -> list[set[str]]:
    """One set of codes an entity: its own and, enlarged, those it stands for."""
    return [
        {str(e["code"])} | ({*map(str, e["ancetres"]), *map(str, e["equivalents"])} if elargis else set())
        for e in entites
    ]


def acceptes(genre: str, noms: Iterable[str]) -> set[str]:
    """Codes accepted for these labels; a kind of actor stands for its parent and its children too."""
    codes: set[str] = set()
    parents: dict[str, str] = CODES["parents"]
    for nom in noms:
        proches = {nom}
        if genre == "types_acteur":
            proches |= {parents[nom]} if nom in parents else set()
            proches |= {enfant for enfant, parent in parents.items() if parent == nom}
        codes.update(code for proche in proches for code in CODES[genre][proche])
    return codes


def _meme_lieu(lieu: Json, nom: str) -> bool:
    noms = {phrase_pliee(lieu["libelle"]), *map(phrase_pliee, lieu["ancetres_libelles"])}
    return bool(noms & {phrase_pliee(nom), phrase_pliee(CODES["regions_2013"].get(nom, nom))})


def _touche(ensembles: Iterable[set[str]], voulus: set[str]) -> bool:
    return any(codes & voulus for codes in ensembles)


def _deborde(ensembles: Iterable[set[str]], permis: set[str]) -> bool:
    return any(not codes & permis for codes in ensembles)


@dataclass(frozen=True)
class Copie:
    """An answer beside what was expected."""

    question: Json
    reponse: Json

    @property
    def attendu(self) -> Json:
        return self.question["expect"]

    @property
    def extra(self) -> Json:
        return self.question.get("extra", {})

    @property
    def compris(self) -> Json:
        return self.reponse["comprehension"]

    @property
    def premiers(self) -> list[set[str]]:
        return codes_de(self.reponse["types"][:5])

    @property
    def a_preciser(self) -> bool:
        return bool(self.extra.get("clarifier") and self.compris["a_preciser"])

    def note(self, champ: str) -> bool:
        """Whether a field is scored."""
        return champ not in self.extra.get("libre", ()) and not self.a_preciser

    def manques(self) -> list[str]:
        """Rules that the answer breaks; empty when it passes."""
        if self.attendu["hors_sujet"]:
            return list(self._hors_sujet())
        if self.compris["hors_sujet"] and not self.a_preciser:
            return ["pris pour un hors sujet"]
        regles = (
            self._etapes,
            self._roles,
            self._secteurs,
            self._lieux,
            self._types,
            self._rangs,
            self._reste,
        )
        return [manque for regle in regles for manque in regle()]

    def _hors_sujet(self) -> Iterator[str]:  # rule 1
        if not self.compris["hors_sujet"]:
            yield "hors sujet non reconnu"
        if _deborde(codes_de(self.reponse["types"]), acceptes("types_acteur", self.extra.get("tolere", ()))):
            yield "classement rendu malgré le hors sujet"

    def _etapes(self) -> Iterator[str]:  # rules 2 and 10
        etapes, voulues = {int(e["code"]) for e in self.compris["etapes"]}, set(self.attendu["etapes"])
        requises = set(self.extra.get("etapes_requises", ()))
        if self.note("etapes") and not (requises <= etapes <= voulues and bool(etapes) == bool(voulues)):
            yield f"étapes {sorted(etapes)} au lieu de {sorted(voulues)}"
        if etapes & set(self.extra.get("etapes_interdites", ())):
            yield "étape interdite"

    def _roles(self) -> Iterator[str]:  # rule 3
        for champ, entites in (
            ("roles", self.compris["roles"] + self.compris["themes"]),
            ("publics", self.compris["publics"]),
        ):
            noms = self.attendu[champ]
            if noms and self.note(champ) and not _touche(codes_de(entites), acceptes(champ, noms)):
                yield f"{champ} : aucun de {noms}"

    def _secteurs(self) -> Iterator[str]:  # rules 4 and 10
        trouves = codes_de(self.compris["secteurs"])
        connus = CODES["secteurs"]
        if "secteurs" not in self.extra.get("libre", ()):
            for nom in self.attendu["secteurs"]:
                if not _touche(trouves, set(connus[nom])):
                    yield f"secteur {nom} manqué"
            toleres = [s for s in self.extra.get("secteurs_toleres", ()) if s in connus]
            if _deborde(trouves, acceptes("secteurs", [*self.attendu["secteurs"], *toleres])):
                yield "secteur en trop"
        interdits = [s for s in self.extra.get("secteurs_interdits", ()) if s in connus]
        if _touche(trouves, acceptes("secteurs", interdits)):
            yield "secteur interdit"

    def _lieux(self) -> Iterator[str]:  # rules 4 and 10
        lieux, voulus = self.compris["territoires"], [lieu["nom"] for lieu in self.attendu["territoires"]]
        if self.extra.get("territoire_ambigu"):
            if not self.compris["ambiguites"]:
                yield "ambiguïté de lieu non signalée"
        elif "territoires" not in self.extra.get("libre", ()):
            yield from (
                f"territoire {nom} manqué" for nom in voulus if not any(_meme_lieu(x, nom) for x in lieux)
            )
            if any(not any(_meme_lieu(lieu, nom) for nom in voulus) for lieu in lieux):
                yield "territoire en trop"
        for interdit in self.extra.get("territoires_interdits", ()):
            nom = interdit["nom"] if isinstance(interdit, dict) else interdit
            if any(phrase_pliee(lieu["libelle"]) == phrase_pliee(nom) for lieu in lieux):
                yield f"territoire interdit {nom}"

    def _types(self) -> Iterator[str]:  # rule 5
        if "types_acteur_recherches" in self.extra.get("libre", ()):
            return
        nommes, voulus = codes_de(self.compris["types_acteur"]), self.attendu["types_acteur_recherches"]
        for nom in voulus:
            if not _touche(nommes, acceptes("types_acteur", [nom])):
                yield f"type {nom} non reconnu"
        if _deborde(nommes, acceptes("types_acteur", [*voulus, *self.extra.get("tolere", ())])):
            yield "type d'acteur en trop"

    def _rangs(self) -> Iterator[str]:  # rules 6, 7 and 8
        attendus, types = self.attendu["types_acteur_attendus_top"], self.reponse["types"]
        note = attendus and self.note("types_acteur_attendus_top")
        if note and not _touche(self.premiers, acceptes("types_acteur", attendus)):
            yield f"aucun de {attendus} dans les cinq premiers"
        exclus = {code for nom in self.attendu["types_acteur_exclus"] for code in CODES["types_acteur"][nom]}
        if types and str(types[0]["code"]) in exclus:
            yield f"exclu au premier rang : {types[0]['code']}"
        familles = {int(f["code"]) for f in self.compris["familles"]}
        familles |= {int(famille) for type_ in types[:5] for famille in type_["familles"]}
        if "familles" not in self.extra.get("libre", ()) and not set(self.attendu["familles"]) <= familles:
            yield f"familles {self.attendu['familles']} absentes"

    def _reste(self) -> Iterator[str]:  # rules 10 and 11
        for champ in ("dispositifs", "niveaux"):
            for nom in self.extra.get(champ, ()):
                if not _touche(codes_de(self.compris[champ]), set(CODES[champ][nom])):
                    yield f"{champ} : {nom} non reconnu"
        methode = ("demarche", "experimentation")
        demande = self.extra.get("intention") in methode and self.extra.get("reponse")
        if demande and not self.reponse["passages"] and self.compris["intention"] not in methode:
            yield "question de méthode : ni passage ni renvoi"

    def premier_juste(self) -> bool | None:
        """Whether the first kind is an expected one; None where none is expected."""
        attendus = self.attendu["types_acteur_attendus_top"]
        return _touche(self.premiers[:1], acceptes("types_acteur", attendus)) if attendus else None

    def besoins(self) -> Iterator[bool]:
        """For each need, whether one of the first five kinds meets it."""
        for besoin in self.extra.get("besoins", ()):
            noms = besoin if isinstance(besoin, list) else besoin.get("types", [])
            connus = [nom for nom in noms if nom in CODES["types_acteur"]]
            if connus:
                yield _touche(self.premiers, acceptes("types_acteur", connus))

    def citee(self) -> bool | None:
        """Whether the passages hold the expected short answer; None where none is expected."""
        if not self.extra.get("reponse"):
            return None
        texte = phrase_pliee(json.dumps(self.reponse["passages"], ensure_ascii=False))
        return phrase_pliee(str(self.extra["reponse"])) in texte


@dataclass
class Bilan:
    """Counts of one set of questions."""

    par_difficulte: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    atteints: Counter[str] = field(default_factory=Counter)
    totaux: Counter[str] = field(default_factory=Counter)
    echecs: list[str] = field(default_factory=list)

    def compter(self, mesure: str, atteint: bool | None) -> None:
        """Count one result of a measure; None does not count."""
        if atteint is not None:
            self.totaux[mesure] += 1
            self.atteints[mesure] += atteint

    def part(self, mesure: str) -> float:
        """Share reached, 1 where nothing was to be measured."""
        return self.atteints[mesure] / self.totaux[mesure] if self.totaux[mesure] else 1.0

    def tableau(self) -> str:
        """The table by difficulty, the measures, the failures."""
        lignes = [f"{nom:14} {sum(r):4}/{len(r)}" for nom, r in sorted(self.par_difficulte.items())]
        mesures = [f"{nom} {self.atteints[nom]}/{total}" for nom, total in self.totaux.items()]
        return "\n".join([*lignes, " · ".join(mesures), *self.echecs])


def noter(fichier: Path, repondre: Repondre) -> Bilan:
    """Judge the answers to the questions of a file."""
    bilan = Bilan()
    for ligne in fichier.read_text(encoding="utf-8").splitlines():
        question = json.loads(ligne)
        copie = Copie(question, repondre(question["text"], question["lang"]))
        manques = copie.manques()
        bilan.par_difficulte[question["difficulty"]].append(not manques)
        bilan.compter("réussies", not manques)
        bilan.compter("premier juste", copie.premier_juste())
        bilan.compter("réponse citée", copie.citee())
        for couvert in copie.besoins():
            bilan.compter("besoins couverts", couvert)
        if manques:
            bilan.echecs.append(f"{question['id']} {question['text'][:90]} → {' ; '.join(manques)}")
    return bilan


def _demander(base: str) -> Repondre:
    def repondre(texte: str, langue: str) -> Json:
        requete = urllib.parse.urlencode({"q": texte, "langue": langue, "limite": 20})
        with urllib.request.urlopen(f"{base}/api/orientation?{requete}", timeout=20) as reponse:
            rendue: Json = json.load(reponse)
            return rendue

    return repondre


if __name__ == "__main__":
    print(noter(Path(sys.argv[2]), _demander(sys.argv[1].rstrip("/"))).tableau())
