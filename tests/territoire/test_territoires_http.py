"""The coverage of a territory over HTTP: one set of figures in every form."""

from __future__ import annotations

import csv
import io

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from client_http import Client
from maillage.namespaces import iri
from maillage.territoire.cube import ETAT, QB, SDMX, VALEUR

LIEU = "/territoires/departement/29"


def test_json_tells_the_population_behind_its_figures(client: Client) -> None:
    told = client.get(LIEU + ".json").json()
    assert told["territoire"]["libelle"] == "Finistère" and told["territoire"]["communes"] == 277
    population = told["population"]
    assert 0 < population["confirmes"] < population["acteurs"] and population["declarants"] > 0
    assert len([one for one in told["couverture"] if one["axe"] == "etape"]) == 6
    assert all(one["etat"] and one["etat_libelle"] for one in told["couverture"])
    nobody = [one for one in told["couverture"] if not one["acteurs"]]
    assert {one["etat"] for one in nobody} == {"inconnue", "exterieure", "par-generalistes"}
    weights = [one["poids"] for one in told["manques"]]
    assert weights == sorted(weights, reverse=True) and all(one["piste"] for one in told["manques"])


def test_same_figures_in_every_form(client: Client) -> None:
    cells = client.get(LIEU + ".json").json()["couverture"]
    table = client.get(LIEU + ".csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert [int(row["Acteurs recensés"]) for row in rows] == [one["acteurs"] for one in cells]
    triples = list(parse(client.get(LIEU + ".ttl").content, RdfFormat.TURTLE))
    values = [int(one.object.value) for one in triples if one.predicate.value == SDMX + VALEUR]
    states = [one.object for one in triples if one.predicate.value == ETAT]
    assert values == [one["acteurs"] for one in cells]
    assert states == [NamedNode(iri("couverture", one["etat"])) for one in cells]


def test_cube_is_well_formed(client: Client) -> None:
    """W3C integrity constraints 1, 2, 11, 12 and 14: one data set, one structure, no double."""
    triples = list(parse(client.get(LIEU + ".ttl").content, RdfFormat.TURTLE))
    by_subject: dict[object, dict[str, object]] = {}
    for one in triples:
        by_subject.setdefault(one.subject, {})[one.predicate.value] = one.object
    dimensions = {one.object.value for one in triples if one.predicate.value == QB + "dimension"}
    observations = [said for said in by_subject.values() if QB + "dataSet" in said]
    keys = {tuple(str(said[name]) for name in sorted(dimensions)) for said in observations}
    assert len(dimensions) == 4 and len(keys) == len(observations) > 400
    assert all(SDMX + VALEUR in said and ETAT in said for said in observations)
    assert sum(one.predicate.value == QB + "structure" for one in triples) == 1


def test_page_reads_without_colour(client: Client) -> None:
    page = client.get(LIEU, "text/html").text
    assert "Finistère : qui couvre quoi" in page and "inconnue" in page
    english = client.get(LIEU + ".html", "text/html", "en").text
    assert "Finistère: who covers what" in english and "to be confirmed" in english


def test_compared_with_another_territory(client: Client) -> None:
    told = client.get(LIEU + ".json?autre=region:53").json()["differences"]
    assert told["avec"] == iri("region", "53") and told["cellules"]
    assert all(one["etat"] != one["autre"] for one in told["cellules"])


def test_as_of_a_day(client: Client) -> None:
    now, then = (client.get(LIEU + ".json" + said).json() for said in ("", "?date=2018-01-01"))
    assert then["date"] == "2018-01-01"
    assert then["population"]["acteurs"] < now["population"]["acteurs"]


@pytest.mark.parametrize(
    ("chemin", "statut"),
    [
        ("/territoires/departement/999", 404),
        ("/territoires/planete/29", 404),
        (LIEU + "?date=demain", 400),
        (LIEU + "?autre=nulle-part", 400),
        (LIEU + "?autre=departement:999", 404),
        (LIEU + "?format=pdf", 400),
        (LIEU + "?depuis=99", 404),
    ],
)
def test_what_does_not_hold_is_refused(client: Client, chemin: str, statut: int) -> None:
    answer = client.get(chemin)
    assert (answer.status_code, answer.headers["content-type"]) == (statut, "application/problem+json")


def test_unchanged_is_not_sent_again(client: Client) -> None:
    first = client.get(LIEU + ".json")
    again = client.demander("GET", LIEU + ".json", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


CROISEMENT = LIEU + "/croisement"


def test_axes_crossed_as_asked_in_every_form(client: Client) -> None:
    asked = CROISEMENT + "?lignes=role&colonnes=public&secteur=sport&format="
    told = client.get(asked + "json").json()
    assert told["axes"] == ["role", "public"] and told["tenus"]["secteur"]["code"] == "sport"
    cells = told["cellules"]
    assert (
        told["complet"]
        and len(cells) == 15 * 14
        and {"plusieurs", "inconnue"} <= {one["etat"] for one in cells}
    )
    table = client.get(asked + "csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert [int(row["Acteurs recensés"]) for row in rows] == [one["acteurs"] for one in cells]
    triples = list(parse(client.get(asked + "ttl").content, RdfFormat.TURTLE))
    values = [int(one.object.value) for one in triples if one.predicate.value == SDMX + VALEUR]
    assert values == [one["acteurs"] for one in cells]
    assert sum(one.predicate.value == QB + "dimension" for one in triples) == 5


def test_one_cell_tells_everybody_and_its_communes(client: Client) -> None:
    told = client.get(CROISEMENT + "?etape=4&format=json").json()
    (cell,) = told["cellules"]
    assert len(told["case"]["liste_acteurs"]) == cell["acteurs"] > 1
    assert len(told["case"]["liste_communes"]) == cell["communes"]
    page = client.get(CROISEMENT + "?etape=4", "text/html").text
    assert all(one["iri"].rsplit("/", 1)[-1] in page for one in told["case"]["liste_acteurs"])


def test_five_axes_say_who_is_there_only(client: Client) -> None:
    told = client.get(CROISEMENT + "?axes=etape,role,public,secteur,famille&format=json").json()
    assert not told["complet"] and all(one["acteurs"] for one in told["cellules"])
    assert {"generaliste", "sport"} <= {one["secteur"]["code"] for one in told["cellules"]}


@pytest.mark.parametrize(
    "demande", ["lignes=zut", "axes=etape,etape", "lignes=etape&etape=4", "etape=9", "axes=etape,zut"]
)
def test_crossing_that_makes_no_sense_is_refused(client: Client, demande: str) -> None:
    assert client.get(f"{CROISEMENT}?{demande}").status_code == 400


def test_index_tells_every_region_and_departement_with_its_steps(client: Client) -> None:
    told = {one["iri"]: one for one in client.get("/territoires", "application/json").json()["territoires"]}
    finistere, page = told[iri("departement", "29")], client.get(LIEU + ".json").json()
    assert (finistere["acteurs"], finistere["confirmes"]) == (
        page["population"]["acteurs"],
        page["population"]["confirmes"],
    )
    steps = {one["code"]: one["etat"] for one in page["couverture"] if one["axe"] == "etape"}
    assert {one["etape"]: one["etat"] for one in finistere["etapes"]} == steps
    assert len(told) > 18 + 22 + 100 and iri("pays", "france") in told
    table = client.get("/territoires?format=csv").content.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(table), delimiter=";"))) == len(told)


@pytest.mark.parametrize(("demande", "trouve"), [("quimper", "commune/29232"), ("29200", "commune/29019")])
def test_index_finds_a_place(client: Client, demande: str, trouve: str) -> None:
    page = client.get(f"/territoires?q={demande}", "text/html").text
    assert f"/territoires/{trouve}.html" in page.split('id="trouves"')[1].split("</section>")[0]


def test_index_says_that_nothing_has_this_name(client: Client) -> None:
    assert "Aucun territoire" in client.get("/territoires?q=%3Cb%3Ezzzqqq", "text/html").text


def test_map_tells_each_commune_in_words_with_a_link(client: Client) -> None:
    page = client.get(LIEU + ".html?carte=4", "text/html").text
    drawn = page.split('class="carte-territoires"')[1].split("</svg>")[0]
    assert drawn.count("<path") == drawn.count("<title>") == 277
    assert "/territoires/commune/29232.html" in drawn and 'aria-label="Quimper : ' in drawn
    here = client.get("/territoires/commune/29232.html", "text/html").text
    assert here.split('class="carte-territoires"')[1].split("</svg>")[0].count('aria-current="true"') == 1
    elsewhere = client.get("/territoires/departement/35.html", "text/html").text
    assert "ne sont connus que pour le Finistère" in elsewhere and "ne sont connus que" not in page
    assert client.get(LIEU + ".html?carte=9", "text/html").status_code == 400
    assert "carte-territoires" not in client.get(LIEU + ".html?date=2018-01-01", "text/html").text


def test_since_a_version_that_is_the_same_nothing_changed(client: Client) -> None:
    told = client.get(LIEU + ".json?depuis=1").json()["evolution"]
    same = ("arrives", "partis", "confirmes", "cellules", "manques_parus", "manques_combles")
    assert [told[name] for name in same] == [[]] * len(same)
    page = client.get(LIEU + ".html?depuis=1", "text/html", "en").text
    assert "What changed since version 000001-" in page and "No cell differs." in page


def test_gaps_lead_to_the_cell_that_proves_them(client: Client) -> None:
    page = client.get(LIEU + ".html", "text/html").text
    gaps = client.get(LIEU + ".json").json()["manques"]
    about = [one for gap in gaps for one in gap["objets"] if "axe" in one]
    assert about and all(f"/croisement?{one['axe']}={one['code']}" in page for one in about)
