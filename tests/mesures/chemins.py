"""Compare the orientation queries with the same answers by property paths, without derived predicates.

Usage: python -m tests.mesures.chemins. Writes its table in tests/mesures/README.md; stops where rows differ.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.mesures.chrono import EntrepotChronometre, chronometrer, empreinte, quantile
from tests.mesures.tableau import ecrire, nombre

from maillage.config import Settings
from maillage.lexique import Lexique
from maillage.namespaces import PREFIXES
from maillage.orientation import Orienteur
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import EntrepotEmbarque
from maillage.versions.instantane import LEXIQUE, REQUETES, charger_courant

QUESTIONS = (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
#: times that each query runs, each way.
TOURS = 5
#: derived predicate → what it is derived from: the rules of requetes/inference, written as paths.
CHEMINS = {
    "mlg:inclusDans": "(igeo:subdivisionDe|mlg:membreDe)*",
    "mlg:estUn": "org:classification/((^mlg:ancien/mlg:nouveau)*|(^mlg:nouveau/mlg:ancien)*)/skos:broader*",
    "mlg:facette": (
        "(mlg:role|mlg:etape|mlg:activite|mlg:theme|mlg:public|mlg:secteur|mlg:niveau|mlg:dispositif"
        "|mlg:evenement)/skos:broader*"
    ),
    "mlg:porteur": "(mlg:acteur|mlg:typeActeur)",
}
#: the derived key of an actor, taken apart again into a territory served and a kind.
CLE = "?acteur mlg:cle ?cles ."
CLE_EN_CHEMINS = (
    'BIND(IRI(STRBEFORE(STR(?cles), "#")) AS ?servi) BIND(STRAFTER(STR(?cles), "#") AS ?code) '
    f"?acteur mlg:territoireServi ?servi ; {CHEMINS['mlg:estUn']}/skos:notation ?code ."
)
ENTETES = ("requête", "requêtes", "déduit, p50", "chemins, p50", "rapport", "p95", "chemins, p95", "rapport")
NOTE = (
    "Temps de processeur, même entrepôt, médiane de {tours} tours ; les deux écritures ont rendu les mêmes "
    "lignes ({lignes} en tout)."
)


@dataclass
class Serie:
    """Milliseconds of the queries of one name, both ways."""

    deduites: list[float] = field(default_factory=list)
    chemins: list[float] = field(default_factory=list)


def en_chemins(sparql: str) -> str:
    """The same query with a path in place of each derived predicate; paths may find a row twice."""
    sparql = sparql.replace(CLE, CLE_EN_CHEMINS)
    for derive, chemin in CHEMINS.items():
        sparql = sparql.replace(f"{derive} ", f"{chemin} ")
    corps = "\n".join(ligne for ligne in sparql.splitlines() if not ligne.startswith("PREFIX"))
    prefixes = "".join(f"PREFIX {nom}: <{espace}>\n" for nom, espace in PREFIXES.items())
    return prefixes + corps.replace("SELECT ", "SELECT DISTINCT ", 1)


def comparer(entrepot: EntrepotEmbarque, demandes: Mapping[str, str]) -> tuple[dict[str, Serie], int]:
    """Milliseconds by name, and rows found, of these queries (text → name).

    Exits where the two ways differ.
    """
    series: dict[str, Serie] = {}
    lignes = 0
    for texte, nom in demandes.items():
        autre = en_chemins(texte)
        trouvees = entrepot.lignes(texte)
        if empreinte(trouvees) != empreinte(entrepot.lignes(autre)):
            sys.exit(f"the rows of {nom} differ:\n{autre}")
        lignes += len(trouvees)
        serie = series.setdefault(nom, Serie())
        serie.deduites.append(_mediane(entrepot, texte))
        serie.chemins.append(_mediane(entrepot, autre))
    return series, lignes


def _mediane(entrepot: EntrepotEmbarque, sparql: str) -> float:
    durees = [chronometrer(lambda: entrepot.lignes(sparql)).processeur for _ in range(TOURS)]
    return statistics.median(durees) * 1e3


def _cellules(nom: str, serie: Serie) -> list[str]:
    cellules = [nom, str(len(serie.deduites))]
    for part in (50, 95):
        nous, eux = quantile(serie.deduites, part), quantile(serie.chemins, part)
        cellules += [nombre(nous, "ms"), nombre(eux, "ms"), f"× {eux / nous:.1f}"]
    return cellules


def mesurer(settings: Settings) -> str:
    """Compare on the queries that the questions make; the table. Raises OSError, InstantaneAbsent."""
    dossier, entrepot, _ = charger_courant(settings.dossier_instantanes)
    releve, requetes = EntrepotChronometre(entrepot), Requetes(dossier / REQUETES)
    orienteur = Orienteur(releve, requetes, Lexique.lire(dossier / LEXIQUE), 2026)
    releve.requetes.clear()
    for question in QUESTIONS:
        orienteur.repondre(question)
    demandes = {
        texte: next(requete.nom for requete in requetes if requete.resume in texte)
        for texte, _ in releve.requetes
        if any(f"{derive} " in texte for derive in (*CHEMINS, "mlg:cle"))
    }
    series, lignes = comparer(entrepot, demandes)
    cellules = [_cellules(nom, serie) for nom, serie in sorted(series.items())]
    return ecrire("chemins", ENTETES, cellules, NOTE.format(tours=TOURS, lignes=lignes))


if __name__ == "__main__":
    print(mesurer(Settings()))
