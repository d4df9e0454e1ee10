"""Records due for review as a calendar (iCalendar, RFC 5545): one all-day event a record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from icalendar import Calendar, Event

from maillage.namespaces import local_name
from maillage.qualite.revues import Revue

PRODUIT = "-//Maillage//Revue des fiches//FR"


def en_ics(revues: Iterable[Revue], ou: str, maintenant: datetime) -> bytes:
    """The calendar file. What is overdue is put today, its description says since when.

    `maintenant` is an aware date and time; events keep their identifier from one export to the next.
    """
    agenda = Calendar()
    agenda.add("prodid", PRODUIT)
    agenda.add("version", "2.0")
    agenda.add("method", "PUBLISH")
    agenda.add("x-wr-calname", f"Fiches à revoir : {ou}")
    for one in revues:
        agenda.add_component(_event(one, maintenant))
    return bytes(agenda.to_ical())


def _event(revue: Revue, maintenant: datetime) -> Event:
    event, today = Event(), maintenant.date()
    event.add("uid", f"revue-{local_name(revue.iri)}@maillage")
    event.add("dtstamp", maintenant)
    event.add("dtstart", max(revue.revue, today))
    event.add("summary", f"Revoir la fiche : {revue.nom}")
    event.add("description", _description(revue, today))
    event.add("url", revue.iri)
    event.add("categories", [revue.statut])
    event.add("transp", "TRANSPARENT")
    return event


def _description(revue: Revue, today: date) -> str:
    lines = [f"Statut : {revue.statut}. Constat : {revue.constat}."]
    if revue.revue < today:
        lines.append(f"En retard : à revoir depuis le {revue.revue}.")
    lines.append(
        f"Vérifiée le {revue.verifie} par {revue.par} ({revue.moyen})."
        if revue.verifie
        else "Jamais vérifiée."
    )
    lines.append(f"Une fois la fiche vérifiée : maillage verifier {local_name(revue.iri)}")
    return "\n".join(lines)
