"""data.inclusion v1, as JSON and as CSV: the bodies are those of Finistère, in its exact fields."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from maillage.importation.lecture import ErreurImport
from maillage.sources import chemin, tableau
from maillage.sources.chemin import SOURCES, Proposition
from maillage.sources.data_inclusion import reseaux
from maillage.sources.flux import Lecture
from maillage.sources.revue import Choix

RACINE = Path(__file__).parents[2]
CHAMPS = json.loads((Path(__file__).parent / "donnees" / "champs-data-inclusion.json").read_text())
BREST: dict[str, Any] = {
    "id": "mission-locale--1",
    "source": "mission-locale",
    "nom": "Mission locale du pays de Brest",
    "date_maj": "2026-07-01",
    "siret": "33123456700011",
    "reseaux_porteurs": ["mission-locale"],
    "code_insee": "29019",
    "code_postal": "29200",
    "commune": "Brest",
    "adresse": "7 rue Keravel",
    "telephone": "+33298435100",
    "courriel": "accueil@mission-locale-brest.org",
    "site_web": "https://www.mission-locale-brest.org",
    "longitude": -4.49,
    "latitude": 48.39,
}
AUTRE = {**BREST, "id": "x--2", "nom": "Une banque alimentaire", "reseaux_porteurs": ["banques-alimentaires"]}
SERVICE = {"id": "s--1", "structure_id": BREST["id"], "zone_eligibilite": ["29", "200068120"]}


def plein(record: dict[str, Any]) -> dict[str, Any]:
    """A record with every field of the schema."""
    return {champ: record.get(champ) for champ in CHAMPS["structures"]}


def en_csv(records: list[dict[str, Any]], champs: list[str]) -> bytes:
    """The same as CSV: lists as JSON text."""
    sortie = io.StringIO(newline="")
    ecrit = csv.DictWriter(sortie, champs)
    ecrit.writeheader()
    for r in records:
        ecrit.writerow({c: json.dumps(v) if isinstance(v := r.get(c), list) else v for c in champs})
    return sortie.getvalue().encode()


@pytest.fixture
def racine(atelier: Any) -> Path:
    (atelier.racine / "ontologie").symlink_to(RACINE / "ontologie")
    return Path(atelier.racine)


def propose(racine: Path, **fichiers: bytes) -> Proposition:
    chemins = []
    for nom, octets in fichiers.items():
        chemins.append(racine / nom.replace("_", "."))
        chemins[-1].write_bytes(octets)
    source = SOURCES["data-inclusion"]
    return chemin.propose(source, chemins, racine, "2026-08-01", "29", lambda _: None)


def test_networks_come_from_the_alignment() -> None:
    assert reseaux(RACINE)["mission-locale"] == "type:mission-locale"
    assert "banques-alimentaires" not in reseaux(RACINE)


@pytest.mark.parametrize("forme", ["json", "csv"])
def test_a_structure_is_found_and_compared(racine: Path, forme: str) -> None:
    records, services = [plein(BREST), plein(AUTRE)], [SERVICE]
    if forme == "json":
        proposition = propose(
            racine, s_json=json.dumps(records).encode(), v_json=json.dumps(services).encode()
        )
    else:
        champs = ["id", "structure_id", "zone_eligibilite"]
        proposition = propose(
            racine, s_csv=en_csv(records, CHAMPS["structures"]), v_csv=en_csv(services, champs)
        )
    (verdict,) = proposition.verdicts
    assert (verdict.issue, verdict.acteur) == ("meme", "mission-locale-29019-01")
    assert verdict.notice.fiche.territoires == ["epci:200068120", "departement:29"]
    assert any("aucun réseau porteur" in e.raison for e in proposition.bilan.ecartes)
    # The directory's word on the address stays; what only this source knows is added.
    genres = {(c.genre, c.propriete) for c in proposition.changements}
    assert ("modifications", "schema:email") in genres
    assert ("conflits", "skos:prefLabel") in genres
    chemin.accepte(proposition, Choix("tout"))
    ecrit = (racine / "donnees/acteurs/29/data-inclusion-2026-08-01.ttl").read_text(encoding="utf-8")
    assert "accueil@mission-locale-brest.org" in ecrit
    assert "source:data-inclusion-2026-08-01" in ecrit


def test_faults_name_the_record_and_the_field(racine: Path) -> None:
    records = [
        plein({**BREST, "code_insee": "00000"}),
        plein({**BREST, "id": "b", "latitude": 100, "telephone": "06 11 22 33 44", "courriel": "a.b@c.fr"}),
    ]
    dits = " ".join(e.raison for e in propose(racine, s_json=json.dumps(records).encode()).bilan.ecartes)
    assert "enregistrement 1, champ « code_insee »" in dits
    assert "latitude : « 100 » n'existe pas" in dits
    assert "numéro de mobile" in dits
    assert "celle d'une personne" in dits


def test_a_missing_column_is_named(racine: Path) -> None:
    with pytest.raises(ErreurImport, match="colonne absente : date_maj"):
        propose(racine, s_csv=b"id,source,nom\n1,2,3\n")


def test_lines_at_fault_are_stepped_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tableau, "LIGNE_MAX", 1_000)
    octets = b"id,nom\n1,un\n2," + b"x" * 50_000 + b"\n3,trois,4\n5,\xe9t\xe9\n6,six\n"
    lecture = Lecture("s.csv")
    lus = [e.valeurs["id"] for e in tableau.enregistrements(io.BytesIO(octets), lecture, ("id",))]
    assert lus == ["1", "6"]
    assert [d.raison.split(" ")[0] for d in lecture.defauts] == ["ligne", "3", "champ"]
