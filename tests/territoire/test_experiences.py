"""The experiments of the guide: what is told of each, and where a territory leads to them."""

from __future__ import annotations

import pytest

from client_http import Client
from maillage.namespaces import iri

QUATRE = ("basse-normandie", "bretagne-finistere", "picardie-2011", "rhone-alpes")


def test_the_four_are_told_in_short_and_lead_to_their_pages(client: Client) -> None:
    told = client.get("/demarches", "application/json").json()["demarches"]
    assert sorted(one["code"] for one in told) == list(QUATRE)
    assert all(one["resume"] and one["territoires"] and one["pages"] for one in told)
    page = client.get("/demarches", "text/html").text
    assert all(f"/demarches/{code}.html" in page for code in QUATRE)


@pytest.mark.parametrize("code", QUATRE)
@pytest.mark.parametrize("langue", ["fr", "en"])
def test_each_tells_its_lessons_with_pages_and_what_became_of_it(
    client: Client, code: str, langue: str
) -> None:
    told = client.get(f"/demarches/{code}.json", langue=langue).json()
    assert len(told["passages"]) >= 3 and all(one["resume"] and one["pages"] for one in told["passages"])
    regions = [one for one in told["devenirs"] if "/region/" in one["nouveau"]["iri"]]
    assert len(regions) == (0 if code == "bretagne-finistere" else 1)
    page = client.get(f"/demarches/{code}.html", "text/html", langue).text
    assert all(one["libelle"].split("'")[0] in page for one in told["passages"])


def test_brittany_names_its_actors_and_networks(client: Client) -> None:
    told = client.get("/demarches/bretagne-finistere.json").json()
    assert iri("acteur", "espace-associatif-quimper") in {one["iri"] for one in told["participant"]}
    assert told["acteurs"][0]["iri"] == iri("acteur", "espace-associatif-quimper")
    became = {(one["ancien"]["iri"], one["nouveau"]["iri"]) for one in told["devenirs"]}
    assert (iri("type", "cres"), iri("type", "cress")) in became


@pytest.mark.parametrize(
    ("lieu", "code"),
    [
        ("departement/29", "bretagne-finistere"),
        ("commune/29232", "bretagne-finistere"),
        ("ancienne-region/22", "picardie-2011"),
        ("departement/02", "picardie-2011"),
    ],
)
def test_a_territory_leads_to_its_experiment(client: Client, lieu: str, code: str) -> None:
    page = client.get(f"/territoires/{lieu}.html", "text/html").text
    assert f"/demarches/{code}.html" in page


def test_what_is_no_experiment_is_not_found(client: Client) -> None:
    assert [client.get(f"/demarches/{code}").status_code for code in ("modele", "zut")] == [404, 404]
