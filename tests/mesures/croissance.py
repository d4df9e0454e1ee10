"""Measure what 10 000 actors more change to the answers: the same questions on both corpora, in turns.

Usage: python -m tests.mesures.croissance. The larger corpus is made and built in a temporary folder.
Writes its table in tests/mesures/README.md.
"""

from __future__ import annotations

import random
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mesures.chrono import EntrepotChronometre, chronometrer, quantile
from tests.mesures.tableau import ecrire, nombre, verdict

from maillage.config import Settings
from maillage.lexique import Lexique, Lieu
from maillage.namespaces import BASE
from maillage.orientation import Orienteur
from maillage.orientation.annuaire import Annuaire
from maillage.requetes.recueil import Requetes
from maillage.versions.instantane import LEXIQUE, REQUETES, charger_courant, construire

QUESTIONS = (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
AJOUTES, TOURS = 10_000, 9
#: how much more the answers may take.
CIBLE = 1.20
ENTETES = ("réponse", "corpus livré", "10 000 acteurs de plus", "rapport", "cible", "tenue")
#: what is measured of an answer, in the order of a Releve; the first one is judged.
MESURES = ("processeur", "écoulé", "dont SPARQL, écoulé")
Releve = tuple[float, float, float]  # seconds
NOTE = (
    "{questions} questions, {tours} tours sur chaque corpus, en alternance ; par question, la médiane des "
    "tours. {avant} acteurs, puis {apres}."
)
_ENTETE = """@prefix mlg: <{base}ontologie#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
_ACTEUR = """<{base}acteur/synthese-{rang}> a mlg:Acteur ;
    skos:prefLabel "{nom}"@fr ;
    org:classification {types} ;{secteurs}
    mlg:commune <{commune}> ;
    mlg:territoireServi <{servi}> ;
    dcterms:source <{base}source/annuaire-service-public-2019> ;
    mlg:constat "2019-09"^^xsd:gYearMonth ;
    mlg:statut <{base}statut/a-confirmer> .

"""


@dataclass(frozen=True)
class Banc:
    """A front desk and the store under it."""

    orienteur: Orienteur
    entrepot: EntrepotChronometre
    lexique: Lexique
    annuaire: Annuaire


def ouvrir(settings: Settings) -> Banc:
    """The front desk of the snapshot in service. Raises InstantaneAbsent, OSError."""
    dossier, entrepot, _ = charger_courant(settings.dossier_instantanes)
    releve, lexique = EntrepotChronometre(entrepot), Lexique.lire(dossier / LEXIQUE)
    requetes = Requetes(dossier / REQUETES)
    orienteur = Orienteur(releve, requetes, lexique, 2026)
    return Banc(orienteur, releve, lexique, Annuaire(entrepot, requetes, lexique))


def agrandir(racine: Path, banc: Banc, dossier: Path) -> Settings:
    """A copy of the corpus with the synthetic actors, built. Raises InstantaneRefuse, OSError."""
    copie = dossier / "corpus"
    for nom in ("ontologie", "requetes", "donnees"):
        shutil.copytree(racine / nom, copie / nom)
    ajout = copie / "donnees" / "acteurs" / "synthese"
    ajout.mkdir()
    for rang, bloc in enumerate(_fichiers(banc)):
        (ajout / f"acteurs-{rang:02d}.ttl").write_text(bloc, encoding="utf-8")
    settings = Settings(racine=copie, instantanes=dossier / "instantanes")
    construire(settings)
    return settings


def _fichiers(banc: Banc) -> Iterator[str]:
    """Turtle of the synthetic actors, 500 a file."""
    ecrits = list(_acteurs(banc))
    for debut in range(0, len(ecrits), 500):
        yield _ENTETE.format(base=BASE) + "".join(ecrits[debut : debut + 500]).rstrip() + "\n"


def _acteurs(banc: Banc) -> Iterator[str]:
    """Each is like a real actor (kind, sector, reach) and stands in a town drawn by its population."""
    hasard, lieux = random.Random(2013), banc.lexique.lieux
    modeles = _modeles(banc)
    communes = [lieu for lieu in lieux.values() if lieu.classe == "commune" and lieu.population]
    tirees = hasard.choices(communes, [commune.population for commune in communes], k=AJOUTES)
    for rang, commune in enumerate(tirees):
        nom, types, secteurs, classe = hasard.choice(modeles)
        yield _ACTEUR.format(
            base=BASE,
            rang=rang,
            nom=f"{nom} - {commune.nom} {rang}".replace('"', ""),
            types=", ".join(f"<{iri}>" for iri in types),
            secteurs="".join(f"\n    mlg:secteur <{iri}> ;" for iri in secteurs),
            commune=commune.iri,
            servi=_etendue(lieux, commune, classe),
        )


def _modeles(banc: Banc) -> list[tuple[str, Sequence[str], Sequence[str], str]]:
    """(name without its place, kinds, sectors, class of the territory served) of the local actors."""
    lieux, inscrits = banc.lexique.lieux, banc.annuaire.acteurs
    modeles: list[tuple[str, Sequence[str], Sequence[str], str]] = []
    for acteur in banc.lexique.acteurs.values():
        servis = [lieux[iri].classe for iri in inscrits[acteur.iri].servis if iri in lieux]
        if acteur.types and servis and servis[0] != "pays":
            modeles.append((acteur.nom.split(" - ")[0], acteur.types, acteur.secteurs, servis[0]))
    return modeles


def _etendue(lieux: Mapping[str, Lieu], commune: Lieu, classe: str) -> str:
    """IRI of the territory of this class around a commune, of its département where there is none."""
    autour = [iri for iri in commune.parents if iri in lieux]
    autour += [parent for iri in autour for parent in lieux[iri].parents if parent in lieux]
    par_classe = {lieux[iri].classe: iri for iri in (commune.iri, *autour)}
    return par_classe.get(classe) or par_classe.get("departement") or commune.iri


def comparer(bancs: Sequence[Banc]) -> list[list[list[Releve]]]:
    """By front desk, question and round: what the answer took."""
    releves: list[list[list[Releve]]] = [[[] for _ in QUESTIONS] for _ in bancs]
    for banc in bancs:
        for question in QUESTIONS:
            banc.orienteur.repondre(question)
    for _ in range(TOURS):
        for rang, question in enumerate(QUESTIONS):
            for banc, siens in zip(bancs, releves, strict=True):
                siens[rang].append(_repondre(banc, question))
    return releves


def _repondre(banc: Banc, question: str) -> Releve:
    banc.entrepot.requetes.clear()
    duree = chronometrer(lambda: banc.orienteur.repondre(question).en_json())
    return duree.processeur, duree.ecoule, sum(secondes for _, secondes in banc.entrepot.requetes)


def mesurer(settings: Settings) -> str:
    """Measure on the snapshot in service and on the larger corpus; the table. Raises OSError."""
    livre = ouvrir(settings)
    with tempfile.TemporaryDirectory(prefix="maillage-croissance-") as dossier:
        grand = ouvrir(agrandir(settings.racine, livre, Path(dossier)))
    releves = comparer((livre, grand))
    lignes = []
    for nom, part, cible in (("p50", 50, CIBLE), ("p95", 95, None)):
        for rang, mesure in enumerate(MESURES):
            medianes = [[statistics.median(t[rang] for t in tours) * 1e3 for tours in s] for s in releves]
            avant, apres = (quantile(valeurs, part) for valeurs in medianes)
            vise = None if rang else cible
            cellules = [nombre(avant, "ms"), nombre(apres, "ms"), f"× {apres / avant:.2f}"]
            cellules += [f"× {vise:.2f}" if vise else "", verdict(apres / avant, vise)]
            lignes.append([f"{nom}, {mesure}", *cellules])
    comptes = [len(banc.annuaire) for banc in (livre, grand)]
    note = NOTE.format(questions=len(QUESTIONS), tours=TOURS, avant=comptes[0], apres=comptes[1])
    return ecrire("croissance", ENTETES, lignes, note)


if __name__ == "__main__":
    print(mesurer(Settings()))
