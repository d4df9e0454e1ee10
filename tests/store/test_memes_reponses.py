"""Every stored query gives the same rows from the embedded store and from other engines."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from memes_reponses import differences

import serveur_virtuoso
from absence import absent
from maillage.config import Settings
from maillage.requetes.recueil import Requetes
from maillage.store.acces import Acces
from maillage.versions.depot_distant import deposer, ouvrir
from maillage.versions.instantane import REQUETES, charger, courant
from serveur_sparql import ServeurSparql

#: what Virtuoso 7.2 answers otherwise; the reasons are in service/exploitation/entrepot.md.
AUTREMENT = {
    "connaissance-acteurs",
    "couverture-etapes-d-un-territoire",
    "provenance-d-un-acteur",
    "qualite-acteurs",
    "qualite-criteres",
    "relations-toutes",
    "schema-org",
    "successeurs",
    "termes",
}


def autrement(racine: Path, acces: Acces) -> dict[str, str]:
    """The queries whose example answers otherwise from a remote store, and how."""
    version = courant(Settings(racine=racine).dossier_instantanes)
    deposer(acces, version)
    found = differences(Requetes(version / REQUETES), charger(version)[0], ouvrir(acces, version)[0])
    return {line.partition(":")[0]: line for line in found}


@pytest.mark.longue
def test_oxigraph_answers_the_same(racine_finistere: Path, serveur_sparql: ServeurSparql) -> None:
    serveur_sparql.vider()
    adresse = serveur_sparql.adresse
    acces = Acces(serveur_sparql.requetes, f"{adresse}/update", f"{adresse}/store")
    assert autrement(racine_finistere, acces) == {}


@pytest.mark.longue
def test_virtuoso_answers_the_same_but_for_what_is_known(racine_finistere: Path, tmp_path: Path) -> None:
    commande = shutil.which("virtuoso-t")
    if commande is None:
        absent("no Virtuoso: apt-get install virtuoso-opensource")
    with serveur_virtuoso.lancer(commande, tmp_path) as acces:
        found = autrement(racine_finistere, acces)
    assert set(found) <= AUTREMENT, found
