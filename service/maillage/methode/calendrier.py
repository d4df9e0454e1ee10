"""The programme as a calendar (RFC 5545), written by the `icalendar` library: it folds and escapes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vUri

from maillage.methode.donnees import seance
from maillage.methode.programme import Programme, RendezVous
from maillage.namespaces import BASE, local_name

#: hours of a session as a calendar needs them; the guide speaks of days and half-days only.
JOURNEE, DEMI_JOURNEE, REUNION = timedelta(hours=7), timedelta(hours=3, minutes=30), timedelta(hours=2)

#: name and description of a session, on the n-th of its days.
Dire = Callable[[RendezVous, int], tuple[str, str]]


def calendrier(programme: Programme, nom: str, lieu: str, prepare: datetime, dire: Dire) -> bytes:
    """A calendar file. `prepare`: when it was prepared (UTC); `dire`: what is shown of a session's day.

    Identifiers last: a session moved to another day keeps its own, so that importing again moves it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Maillage//Methode//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", nom)
    calendar.add("x-wr-calname", nom)
    calendar.add("x-wr-timezone", programme.demande.fuseau.key)
    for rendez_vous in programme.rendez_vous:
        for rang, jour in enumerate(rendez_vous.jours):
            address = seance(programme, rendez_vous)
            event = Event()
            start = datetime.combine(jour, programme.demande.heure, programme.demande.fuseau)
            event.add("uid", f"{local_name(address)}-{rang + 1}@{urlsplit(BASE).netloc}")
            event.add("dtstamp", prepare)
            event.add("dtstart", start)
            event.add("dtend", start + _duree(rendez_vous))
            summary, description = dire(rendez_vous, rang)
            event.add("summary", summary)
            event.add("description", description)
            event.add("location", lieu)
            event.add("url", vUri(address))
            event.add("status", "TENTATIVE")
            calendar.add_component(event)
    days = [jour for rendez_vous in programme.rendez_vous for jour in rendez_vous.jours]
    calendar.add_missing_timezones(date(days[0].year, 1, 1), date(days[-1].year + 1, 1, 1))
    written: bytes = calendar.to_ical()
    return written


def _duree(rendez_vous: RendezVous) -> timedelta:
    if not rendez_vous.temps.jours:
        return REUNION
    return JOURNEE if len(rendez_vous.jours) == 1 else DEMI_JOURNEE
