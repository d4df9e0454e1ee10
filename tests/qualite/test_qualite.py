"""What is due for review, as text, table and calendar; the quality report."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from maillage.changements.journal import FICHIER, Journal, Membre, ajouter, commencer
from maillage.inference import deriver
from maillage.namespaces import GRAPHE, iri
from maillage.qualite import notes, revues
from maillage.qualite.agenda import PRODUIT, en_ics
from maillage.qualite.revues import Revue, a_relire
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import EntrepotEmbarque
from maillage.textes import lire_textes

RACINE = Path(__file__).parents[2]
REQUETES = RACINE / "requetes"
JOUR = date(2026, 12, 31)
MAINTENANT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def monde(nom: str) -> EntrepotEmbarque:
    """The small world of a stored query's trials, with the labels of the product's vocabularies."""
    made = EntrepotEmbarque()
    own = [RACINE / "tests/requetes" / nom / "donnees.ttl"]
    if nom == "acteurs-a-relire":
        own += [
            RACINE / f"ontologie/vocabulaires/{one}.ttl" for one in ("moyens-verification", "verificateurs")
        ]
    for path in own:
        read = parse(path=path, format=RdfFormat.TURTLE)
        made.ajouter(Quad(q.subject, q.predicate, q.object, NamedNode(GRAPHE + path.stem)) for q in read)
    list(deriver(made, REQUETES / "inference"))
    return made


@pytest.fixture(scope="module")
def dues() -> list[Revue]:
    return a_relire(monde("acteurs-a-relire"), Requetes(REQUETES), "departement:29", JOUR)


def test_records_due_with_their_three_dates(dues: list[Revue]) -> None:
    assert [one.nom for one in dues] == ["Jamais", "Appelé", "Fixé", "Porteur"]
    appele, fixe = dues[1], dues[2]
    assert (appele.verifie, appele.par, appele.moyen) == ("2025-11-30", "intendance des données", "téléphone")
    assert (appele.controle, appele.revue) == ("2026-08-31", date(2026, 9, 28))
    assert (fixe.modifie, fixe.verifie, fixe.revue) == ("", "", date(2026, 10, 15))


def test_the_journal_tells_when_a_record_changed(tmp_path: Path) -> None:
    commencer(tmp_path / FICHIER)
    for version, instant in (("1", "2026-10-01T08:00:00+00:00"), ("2", "2026-11-02T08:00:00+00:00")):
        iris = (
            [iri("acteur", "fixe")] if version == "2" else [iri("acteur", one) for one in ("fixe", "jamais")]
        )
        membres = [Membre(0, "", "", one, "modifiee", "") for one in iris]
        ajouter(tmp_path / FICHIER, version, instant, membres)
    found = a_relire(
        monde("acteurs-a-relire"), Requetes(REQUETES), "departement:29", JOUR, journal=Journal(tmp_path)
    )
    assert {one.nom: one.modifie for one in found if one.modifie} == {
        "Fixé": "2026-11-02",
        "Jamais": "2026-10-01",
    }


def test_text_says_what_was_never_verified(dues: list[Revue]) -> None:
    said = revues.en_texte(dues, "Finistère", JOUR)
    assert "Finistère : 4 fiche(s) à revoir d'ici au 2026-12-31." in said
    assert "2019-07-01  Jamais" in said and "jamais vérifiée, vue en 2019" in said
    assert "vérifiée le 2025-11-30 par intendance des données, téléphone" in said


def test_text_of_nothing_due() -> None:
    assert (
        revues.en_texte([], "Finistère", JOUR) == "Finistère : aucune fiche à revoir d'ici au 2026-12-31.\n"
    )


def test_table_has_one_row_a_record(dues: list[Revue]) -> None:
    rows = list(
        csv.DictReader(io.StringIO(revues.en_csv(dues, lire_textes()).decode("utf-8-sig")), delimiter=";")
    )
    assert [row["Nom"] for row in rows] == [one.nom for one in dues]
    assert rows[1]["À revoir le"] == "2026-09-28" and rows[1]["Vérifiée par"] == "intendance des données"


def test_calendar_follows_rfc_5545(dues: list[Revue]) -> None:
    written = en_ics(dues, "Finistère", MAINTENANT)
    assert written.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in written.split(b"\r\n"))
    agenda = Calendar.from_ical(written)
    assert isinstance(agenda, Calendar)
    assert (agenda["version"], agenda["prodid"]) == ("2.0", PRODUIT)
    events = agenda.walk("VEVENT")
    assert len({event["uid"] for event in events}) == len(events) == 4
    assert all(event.decoded("dtstamp") == MAINTENANT and not event.errors for event in events)


def test_calendar_puts_the_overdue_today_and_the_rest_on_its_day(dues: list[Revue]) -> None:
    agenda = Calendar.from_ical(en_ics(dues, "Finistère", MAINTENANT))
    days = {str(event["summary"]): event.decoded("dtstart") for event in agenda.walk("VEVENT")}
    assert days["Revoir la fiche : Jamais"] == MAINTENANT.date()
    assert days["Revoir la fiche : Porteur"] == date(2026, 12, 28)
    late = next(event for event in agenda.walk("VEVENT") if "Jamais" in event["summary"])
    assert "En retard : à revoir depuis le 2019-07-01." in late["description"]
    assert late["url"] == iri("acteur", "jamais")


def test_calendar_survives_any_name() -> None:
    name = "Maison ; des, associations\\ « é » " + "à" * 90
    one = Revue("https://w3id.org/maillage/acteur/a", name, JOUR, "déclaré", "2026")
    event = Calendar.from_ical(en_ics([one], "Ici", MAINTENANT)).walk("VEVENT")[0]
    assert event["summary"] == f"Revoir la fiche : {name}"


def test_calendar_keeps_identifiers_from_one_export_to_the_next(dues: list[Revue]) -> None:
    later = datetime(2026, 12, 1, tzinfo=UTC)
    first, second = (
        [event["uid"] for event in Calendar.from_ical(en_ics(dues, "Ici", now)).walk("VEVENT")]
        for now in (MAINTENANT, later)
    )
    assert first == second


def test_quality_report() -> None:
    found = notes.bilan(monde("qualite-criteres"), Requetes(REQUETES), "departement:29", date(2026, 11, 23))
    assert [(one.nom, one.note) for one in found.notes] == [("Vide", 0.1), ("Moitié", 0.58), ("Plein", 1.0)]
    said = notes.en_texte(found, "Finistère", 1)
    assert "Finistère : note moyenne 56% pour 3 fiches." in said
    assert "   0%  adresse (0 sur 1, poids 2)" in said and "  67%  contact (2 sur 3, poids 3)" in said
    assert said.endswith("Les plus basses :\n  10%  Vide\n")
    assert notes.en_texte(notes.Bilan((), ()), "Ici", 1) == "Ici : aucune fiche à noter.\n"


def test_quality_table() -> None:
    one = notes.Note("https://w3id.org/maillage/acteur/a", "Un", 0.5, JOUR)
    rows = notes.en_csv([one], lire_textes()).decode("utf-8-sig").splitlines()
    assert rows[1] == "Un;0,50;2026-12-31;https://w3id.org/maillage/acteur/a"
