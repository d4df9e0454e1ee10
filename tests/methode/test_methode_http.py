"""A process prepared: programme, warnings, faults by field, data that the shapes accept, calendar."""

from __future__ import annotations

from datetime import datetime
from html import unescape
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from icalendar import Calendar
from pyoxigraph import RdfFormat, parse

from client_http import Client
from maillage.namespaces import MLG, iri

DEMANDE = {"territoire": "Finistère", "debut": "2027-01-12", "objectif": "os2"}


def adresse(suffixe: str = "", **plus: object) -> str:
    return f"/methode{suffixe}?" + urlencode({**DEMANDE, **plus}, doseq=True)


def lire(client: Client, chemin: str, langue: str = "fr", statut: int = 200) -> str:
    answer = client.get(chemin, "text/html", langue)
    assert answer.status_code == statut
    return unescape(answer.text)


def jours(client: Client, **plus: object) -> list[datetime]:
    events = Calendar.from_ical(client.get(adresse(".ics", **plus)).content).walk("VEVENT")
    return [event["DTSTART"].dt for event in events]


def test_the_first_objective_is_always_pursued(client: Client) -> None:
    turtle = client.get(adresse(".ttl", objectif="os3")).text
    assert "mlg:objectif objectif:os1 , objectif:os3 ;" in turtle
    assert "mlg:schema schema-demarche:os1-os3 ;" in turtle


def test_sessions_are_spaced_as_the_guide_says(client: Client) -> None:
    found = [one.date() for one in jours(client)]
    weeks = [(after - before).days / 7 for before, after in pairwise(found)]
    assert weeks == [6, 6, 6, 1]
    assert found[0].isoformat() == "2027-01-12"


def test_as_many_sessions_as_the_time_allows(client: Client) -> None:
    assert len(jours(client, fin="2028-01-01")) == 7
    assert len(jours(client, fin="2027-06-01")) == 5
    page = lire(client, adresse(fin="2027-03-01"), statut=400)
    assert "Le programme le plus court finit le 25 mai 2027" in page


def test_half_days_follow_each_other_and_never_fall_on_a_weekend(client: Client) -> None:
    found = jours(client, forme="demi-journees", debut="2027-01-15")
    assert [f"{one:%a}" for one in found[1:3]] == ["Fri", "Mon"]
    assert len(found) == 7
    assert all(one.weekday() < 5 for one in jours(client, debut="2027-01-16"))


def test_technicians_work_and_politicians_come_before_and_after(client: Client) -> None:
    page = lire(client, adresse())
    table = page[page.index("<tbody>") : page.index("</tbody>")].split("<tr>")[1:]
    assert ["niveau politique" in row for row in table] == [True, False, False, True, True]
    assert all("niveau technique" in row for row in table)


def test_real_actors_of_the_territory_are_proposed_by_family(client: Client) -> None:
    page = lire(client, adresse(invite="cdos-29"))
    assert 'value="cdos-29" checked' in page
    assert page.index("/famille/1") < page.index("/famille/3")


@pytest.mark.parametrize(
    ("langue", "phrase"),
    [("fr", "18 participants : le guide en conseille 15"), ("en", "18 participants: the guide advises 15")],
)
def test_too_many_participants_is_a_warning(client: Client, langue: str, phrase: str) -> None:
    assert phrase in lire(client, adresse(participants=18), langue)
    assert phrase not in lire(client, adresse(participants=12), langue)


@pytest.mark.parametrize(
    ("champ", "valeur", "fr", "en"),
    [
        ("territoire", "Atlantide", "n'est pas un territoire connu", "is no known territory"),
        ("territoire", "Saint-Denis-sur-Rien", "n'est pas un territoire", "is no known territory"),
        ("debut", "2027-02-30", "n'est pas une date possible", "is not a possible date"),
        ("debut", "9999-01-01", "n'est pas une date possible", "is not a possible date"),
        ("participants", "200", "de 1 à 100", "from 1 to 100"),
        ("ecart", "0", "de 1 à 26", "from 1 to 26"),
        ("coordination", "Monsieur Dupont", "ni un acteur recensé", "neither a listed actor"),
        ("fuseau", "../../etc/passwd", "n'est pas un fuseau", "is not a known time zone"),
        ("heure", "25:00", "n'est pas une heure", "is not a possible time"),
        ("objectif", "os9", "Valeur non acceptée", "Value not accepted"),
    ],
)
def test_a_fault_is_said_at_its_field_in_the_language_asked(
    client: Client, champ: str, valeur: str, fr: str, en: str
) -> None:
    for langue, phrase in (("fr", fr), ("en", en)):
        page = lire(client, adresse(**{champ: valeur}), langue, 400)
        assert phrase in page.split(f'id="erreur-{champ}"')[1].split("</span>")[0]
        assert f'<a href="#{champ}">' in page
        problem = client.get(adresse(".ics", **{champ: valeur}), "*/*", langue).json()
        assert [(one["nom"], phrase in one["raison"]) for one in problem["champs"]] == [(champ, True)]


def test_a_territory_alone_is_a_form_to_complete(client: Client) -> None:
    page = lire(client, "/methode?territoire=departement:29")
    assert 'value="departement:29"' in page and "erreur-champ" not in page
    assert 'id="erreur-debut"' in lire(client, "/methode?territoire=departement:29&debut=", statut=400)
    assert "/methode?territoire=departement%3A29" in lire(client, "/territoires/departement/29.html")


def test_hostile_text_comes_back_as_text(client: Client) -> None:
    page = client.get(adresse(territoire='"><script>alert(1)</script>'), "text/html").text
    assert "<script>alert" not in page


def test_the_shapes_accept_the_data(client: Client) -> None:
    turtle = client.get(
        adresse(".ttl", objectif=["os2", "os3"], coordination="CRES", participants=12, invite="cdos-29")
    )
    report = client.demander(
        "POST", "/api/validation?format=json", content=turtle.content, headers={"Content-Type": "text/turtle"}
    ).json()
    assert report["conforme"] and report["constats"] == []


def test_json_ld_says_the_same_as_turtle(client: Client) -> None:
    turtle = set(parse(client.get(adresse(".ttl")).content, RdfFormat.TURTLE))
    jsonld = set(parse(client.get(adresse(".jsonld")).content, RdfFormat.JSON_LD))
    assert {str(one) for one in turtle} == {str(one.triple) for one in jsonld}
    assert any(one.object.value == MLG + "Demarche" for one in turtle)
    assert iri("demarche", "departement-29-2027-os1-os2") in {one.subject.value for one in turtle}


def test_the_calendar_holds_to_the_standard(client: Client) -> None:
    answer = client.get(adresse(".ics", participants=12))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert b"BEGIN:VTIMEZONE" in lines and b"DTSTART;TZID=Europe/Paris:20270112T093000" in lines
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len({event["UID"] for event in events}) == len(events) == 5


def test_a_meeting_moved_keeps_its_identifier(client: Client) -> None:
    def uids(**plus: object) -> list[str]:
        events = Calendar.from_ical(client.get(adresse(".ics", **plus)).content).walk("VEVENT")
        return [str(event["UID"]) for event in events]

    assert uids() == uids(debut="2027-02-02", ecart=8, fuseau="Indian/Reunion")
    assert uids() != uids(territoire="departement:56")
