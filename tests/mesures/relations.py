"""Measure the coverage of départements, and the pages of a graph of 500 relations stated between actors.

Usage: python -m tests.mesures.relations. The corpus with its synthetic relations is made and built in a
temporary folder. The peer does by hand what the page does, from the same Turtle: rdflib reads it, networkx
measures and lays out the graph. Writes its table in tests/mesures/README.md.
"""

from __future__ import annotations

import random
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import httpx
import networkx as nx
import rdflib
from tests.mesures.chrono import chronometrer, processeur
from tests.mesures.pages import serveur
from tests.mesures.tableau import ecrire, nombre, verdict

from maillage.config import Settings
from maillage.namespaces import BASE
from maillage.versions.instantane import construire

RELATIONS, ACTEURS, TOURS = 500, 150, 7
LIEU = "/territoires/departement/29"
NATURES = ("orientation", "prescription", "co-accompagnement", "information", "partenariat")
ETATS = ("existante", "existante", "a-formaliser", "souhaitee", "terminee")
ENTETES = ("mesure", "écoulé", "processeur", "cible", "tenue", "pair, processeur", "rapport")
NOTE = (
    "{relations} relations de synthèse entre {acteurs} acteurs du Finistère. « Jamais demandé » : chaque "
    "département, ou chaque jour, une seule fois ; écoulé : médiane ; processeur : moyenne, que la "
    "cible juge. Pair : rdflib lit le même Turtle, networkx {networkx} mesure et dispose le même graphe."
)
_ENTETE = """@prefix mlg: <{base}ontologie#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
_RELATION = """<{base}relation/synthese-{rang}> a mlg:Relation ;
    mlg:de <{de}> ;
    mlg:vers <{vers}> ;
    mlg:nature <{base}nature-relation/{nature}> ;
    mlg:etat <{base}etat-relation/{etat}> ;
    mlg:declarePar {declarants} ;
    dcterms:source <{base}source/annuaire-service-public-2019> ;
    mlg:constat "2020-01"^^xsd:gYearMonth ;
    mlg:statut <{base}statut/declare> .

"""


class Banc:
    """The service and a client; each measure is a line of the table."""

    def __init__(self, client: httpx.Client, pid: int) -> None:
        self.client, self._pid = client, pid

    def mesurer(
        self, nom: str, chemins: Sequence[str], cible: float | None = None, pair: float | None = None
    ) -> list[str]:
        """The line of these addresses, each asked for once, in order. Milliseconds; `pair`: of processor."""
        travail = processeur(self._pid)
        durees = [chronometrer(partial(self._lire, chemin)).ecoule for chemin in chemins]
        moyenne = 1000 * (processeur(self._pid) - travail) / len(chemins)
        return [
            nom, nombre(1000 * statistics.median(durees), "ms"), nombre(moyenne, "ms"), nombre(cible, "ms"),
            verdict(moyenne, cible), nombre(pair, "ms"), f"× {pair / moyenne:.1f}" if pair else "",
        ]  # fmt: skip

    def _lire(self, chemin: str) -> None:
        self.client.get(chemin).raise_for_status()


def relations(acteurs: list[str]) -> str:
    """Turtle of the synthetic relations between actors (IRIs) drawn at random, stated by one or by both."""
    hasard = random.Random(2013)
    tires = hasard.sample(sorted(acteurs), ACTEURS)
    blocs = []
    for rang in range(RELATIONS):
        de, vers = hasard.sample(tires, 2)
        qui = hasard.choice(((de,), (vers,), (de, vers)))
        declarants = " , ".join(f"<{one}>" for one in qui)
        nature, etat = hasard.choice(NATURES), hasard.choice(ETATS)
        blocs.append(
            _RELATION.format(
                base=BASE, rang=rang, de=de, vers=vers, nature=nature, etat=etat, declarants=declarants
            )
        )
    return _ENTETE.format(base=BASE) + "".join(blocs)


def agrandir(racine: Path, dossier: Path) -> Settings:
    """A copy of the corpus with the synthetic relations, built. Raises InstantaneRefuse, OSError."""
    copie = dossier / "corpus"
    for nom in ("ontologie", "requetes", "donnees"):
        shutil.copytree(racine / nom, copie / nom)
    annuaire = rdflib.Graph().parse(copie / "donnees" / "acteurs" / "29" / "annuaire-2019.ttl")
    acteurs = [
        str(one) for one in annuaire.subjects(rdflib.RDF.type, rdflib.URIRef(BASE + "ontologie#Acteur"))
    ]
    (copie / "donnees" / "relations" / "synthese.ttl").write_text(relations(acteurs), encoding="utf-8")
    settings = Settings(racine=copie, instantanes=dossier / "instantanes")
    construire(settings)
    return settings


def mesurer(racine: Path) -> str:
    """Measure and write the table; the table."""
    with tempfile.TemporaryDirectory() as dossier:
        settings = agrandir(racine, Path(dossier))
        with serveur(settings) as (adresse, pid), httpx.Client(base_url=adresse, timeout=60) as client:
            banc = Banc(client, pid)
            lignes = [*_couvertures(banc), *_graphes(banc)]
    note = NOTE.format(relations=RELATIONS, acteurs=ACTEURS, networkx=nx.__version__)
    return ecrire("relations", ENTETES, lignes, note)


def _couvertures(banc: Banc) -> Iterator[list[str]]:
    """The JSON of each département, of one again, then of France."""
    yield banc.mesurer("premier territoire du processus", [LIEU + ".json"])
    codes = [f"{rang:02d}" for rang in range(1, 96) if rang not in (20, 29)]
    departements = [f"/territoires/departement/{code}.json" for code in codes]
    yield banc.mesurer("couverture d'un département, jamais demandé", departements, 50)
    yield banc.mesurer("couverture d'un département, redemandé", [LIEU + ".json"] * TOURS, 50)
    yield banc.mesurer("couverture de la France", ["/territoires/pays/france.json"], 200)


def _graphes(banc: Banc) -> Iterator[list[str]]:
    """The page, its drawing included, the JSON, the GraphML; the peer on the same relations."""
    page = f"{LIEU}/relations.html"
    yield banc.mesurer("première page de relations du processus", [page])
    turtle = banc.client.get(f"{LIEU}/relations.ttl").raise_for_status().text
    pair = 1000 * statistics.median(chronometrer(lambda: _a_la_main(turtle)).processeur for _ in range(TOURS))
    jours = [date(2026, 1, 1) + timedelta(days=rang) for rang in range(TOURS)]
    jamais = [f"{page}?date={jour}" for jour in jours]
    yield banc.mesurer(f"page de {RELATIONS} relations, jamais demandée", jamais, 300, pair)
    yield banc.mesurer(f"page de {RELATIONS} relations, redemandée", [page] * TOURS, 300, pair)
    for suffixe in ("json", "csv", "ttl", "graphml"):
        nom = f"{RELATIONS} relations, {suffixe.upper()}"
        yield banc.mesurer(nom, [f"{LIEU}/relations.{suffixe}"] * TOURS)
    parcours = f"{LIEU}.html?evenement=premiere-embauche&secteur=sport"
    yield banc.mesurer("page du territoire et parcours, redemandée", [parcours] * TOURS)


def _a_la_main(turtle: str) -> None:
    """What the page shows of a graph, from its Turtle."""
    lu = rdflib.Graph().parse(data=turtle, format="turtle")
    de, vers = (rdflib.URIRef(f"{BASE}ontologie#{nom}") for nom in ("de", "vers"))
    graphe = nx.Graph((str(lu.value(one, de)), str(bout)) for one, bout in lu.subject_objects(vers))
    nx.betweenness_centrality(graphe)
    list(nx.bridges(graphe))
    nx.spring_layout(graphe, seed=1)


if __name__ == "__main__":
    print(mesurer(Settings().racine))
