"""Measure the way in: a national edition read, reconciled and compared; scores on the labelled sample.

Usage: python -m tests.mesures.rapprochement [--national]. Writes its tables in tests/mesures/README.md.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from tests.mesures.chrono import memoire
from tests.mesures.tableau import ecrire, nombre, verdict

from maillage.importation.geographie import charge
from maillage.sources import chemin
from maillage.sources.revue import Choix
from maillage.sources.score import SEUIL_DOUTE, SEUIL_MEME

RACINE = Path(__file__).parents[2]
FIXTURE = RACINE / "tests/sources/donnees/2026-08-03_053120-data.gouv_local.json"
ORGANISMES, SECONDES, MEGAOCTETS = 63_000, 180.0, 2_000.0
TAILLES = (8_000, 16_000)
#: share of the bodies whose telephone changes from one edition to the next.
CHANGES = 20
_CATEGORIES = ("mairie", "cij", "sie", "prefecture_greffe_associations")


def edition(nombre_: int, communes: list[str], noms: dict[str, str], tour: int) -> list[dict[str, Any]]:
    """As many bodies as asked, of the fixture's shape, over all communes. `tour` 1 changes some telephones.

    `tour` 2 gives every body new identifiers, so that names and places alone can tell.
    """
    modeles = {r["pivot"][0]["type_service_local"]: r for r in json.loads(FIXTURE.read_text())["service"]}
    rendus = []
    for rang in range(nombre_):
        categorie = _CATEGORIES[rang // len(communes) % len(_CATEGORIES)]
        commune, numero = communes[rang % len(communes)], 98_000_000 + rang
        numero += 500_000 if tour == 1 and not rang % CHANGES else 0
        record = dict(modeles[categorie])
        record["id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{rang}-{tour == 2}"))
        record["ancien_code_pivot"] = "" if tour == 2 else f"{categorie}-{commune}-{rang % 90 + 10}"
        record["nom"] = f"{modeles[categorie]['nom'].partition(' - ')[0]} - {noms[commune]}"
        record["code_insee_commune"] = commune
        record["pivot"] = [{"type_service_local": categorie, "code_insee_commune": [commune]}]
        record["telephone"] = [{"valeur": f"+332{numero:08d}"[:12], "description": ""}]
        record["site_internet"] = []
        rendus.append(record)
    return rendus


def passage(dossier: str, taille: str) -> None:
    """In a process of its own: a corpus of that many bodies made, then two editions compared with it."""
    racine, combien = Path(dossier), int(taille)
    geo = charge(racine)
    communes = sorted(geo.communes)
    source = chemin.SOURCES["annuaire"]
    mesures: dict[str, float] = {}
    for tour, jour in ((0, "2026-01-01"), (1, "2026-02-01"), (2, "2026-03-01")):
        fichier = racine / f"{jour}_data.gouv_local.json"
        records = edition(combien, communes, geo.noms_communes, tour)
        fichier.write_text(json.dumps({"service": records}), encoding="utf-8")
        del records
        debut, calcul = time.perf_counter(), time.process_time()
        proposition = chemin.propose(source, [fichier], racine, "", "", lambda _: None)
        mesures[f"secondes-{tour}"] = time.perf_counter() - debut
        mesures[f"processeur-{tour}"] = time.process_time() - calcul
        mesures[f"changements-{tour}"] = len(proposition.changements)
        if tour == 0:
            chemin.accepte(proposition, Choix("tout"))
        del proposition
    mesures["memoire"] = memoire(os.getpid(), "VmHWM")
    print(json.dumps(mesures))


def mesurer_national() -> str:
    """The table of the national edition, and of its growth."""
    lignes = []
    for taille in (*TAILLES, ORGANISMES):
        with tempfile.TemporaryDirectory() as dossier:
            for part in ("institutions", "territoires"):
                shutil.copytree(RACINE / "donnees" / part, Path(dossier) / "donnees" / part)
            shutil.copy(RACINE / "donnees/sources.ttl", Path(dossier) / "donnees")
            commande = [sys.executable, "-m", "tests.mesures.rapprochement", "--un", dossier, str(taille)]
            fini = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=True)
        m = json.loads(fini.stdout)
        entier = taille == ORGANISMES
        for tour, quoi in ((1, "identifiants connus"), (2, "noms et lieux seuls")):
            lignes.append(
                [
                    f"{taille} organismes, {quoi}",
                    nombre(m[f"secondes-{tour}"], "s"),
                    nombre(m[f"processeur-{tour}"], "s"),
                    nombre(SECONDES, "s") if entier else "",
                    verdict(m[f"secondes-{tour}"], SECONDES if entier else None),
                    nombre(m["memoire"], "Mo"),
                    verdict(m["memoire"], MEGAOCTETS if entier else None),
                    f"{1e6 * m[f'processeur-{tour}'] / taille:.0f} µs",
                    f"{m[f'changements-{tour}']:.0f}",
                ]
            )
    entetes = (
        "édition", "écoulé", "processeur", "cible", "tenue", "mémoire (pic)", "sous 2 Go", "par organisme",
        "changements",
    )  # fmt: skip
    return ecrire("rapprochement", entetes, lignes, "Option --national. La génération n'est pas comptée.")


def mesurer_seuils() -> str:
    """The table of precision and recall on the labelled sample."""
    sys.path.insert(0, str(RACINE / "tests/sources"))
    from paires import lire, mesurer

    paires, lignes = lire(), []
    for seuil in sorted({0.5, SEUIL_DOUTE, 0.6, 0.65, SEUIL_MEME, 0.75, 0.8, 0.9}):
        m = mesurer(paires, seuil)
        role = {SEUIL_MEME: "même au-dessus", SEUIL_DOUTE: "autre au-dessous"}.get(seuil, "")
        lignes.append(
            [f"{seuil:.2f}", role, str(m.trouvees), str(m.justes), f"{m.precision:.3f}", f"{m.rappel:.3f}"]
        )
    entetes = ("seuil", "emploi", "paires au-dessus", "dont justes", "précision", "rappel")
    return ecrire("seuils", entetes, lignes, f"{len(paires)} paires.", "rapprochement")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--un"]:
        passage(*sys.argv[2:4])
    else:
        print(mesurer_seuils())
        if "--national" in sys.argv:
            print(mesurer_national())
