"""Every kind of IRI, in every format: redirections, data, pages, refusals."""

from __future__ import annotations

from itertools import product

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, Store, parse

from client_http import ADRESSE, Client
from maillage.donnees_liees.negociation import PAR_SUFFIXE, RESSOURCE, Variante
from maillage.namespaces import BASE, PREFIXES

CHEMINS = [
    "acteur/cdos-29",
    "type-acteur/dla",
    "etape/4",
    "theme/paie",
    "territoire/commune/29232",
    "territoire/departement/29",
    "territoire/region/53",
    "source/guide-2013",
    "vocabulaire/etapes",
    "intention/demarche",
    "succession/cncres-2020",
    "ontologie",
]
FORMES = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(("chemin", "variante"), list(product(CHEMINS, RESSOURCE)))
def test_the_iri_leads_to_each_variant(client: Client, chemin: str, variante: Variante) -> None:
    answer = client.get(f"/{chemin}", variante.media)
    assert answer.status_code == 303
    location = answer.headers["location"]
    assert location == f"{ADRESSE}/{chemin}.{variante.suffixe}" and location.isascii()
    assert "Accept" in answer.headers["vary"]
    found = client.get(location.removeprefix(ADRESSE), FIREFOX)
    assert found.status_code == 200
    assert found.headers["content-type"] == f"{variante.media}; charset=utf-8"


@pytest.mark.parametrize("chemin", CHEMINS)
def test_every_format_says_the_same(client: Client, chemin: str) -> None:
    graphs = [_graph(client.get(f"/{chemin}.{suffixe}").content, forme) for suffixe, forme in FORMES.items()]
    assert len(graphs[0]) > 0
    assert all(graph == graphs[0] for graph in graphs)


def _graph(content: bytes, forme: RdfFormat) -> Dataset:
    """The graph with its blank nodes named by what they hold, to compare."""
    dataset = Dataset(parse(content, forme, base_iri=ADRESSE))
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


@pytest.mark.parametrize("chemin", CHEMINS)
def test_data_is_about_the_resource(client: Client, chemin: str) -> None:
    store = Store()
    store.extend(parse(client.get(f"/{chemin}.ttl").content, RdfFormat.TURTLE))
    assert any(store.quads_for_pattern(NamedNode(BASE + chemin), None, None))


@pytest.mark.parametrize("chemin", CHEMINS)
def test_links_name_the_iri_and_the_other_formats(client: Client, chemin: str) -> None:
    for suffixe in PAR_SUFFIXE:
        links = client.get(f"/{chemin}.{suffixe}").headers["link"]
        assert f'<{BASE}{chemin}>; rel="canonical"' in links
        assert f'<{ADRESSE}/{chemin}.ttl>; rel="describedby"' in links
        others = [one for one in PAR_SUFFIXE if one != suffixe]
        assert all(f'<{ADRESSE}/{chemin}.{other}>; rel="alternate"' in links for other in others)


@pytest.mark.parametrize(("chemin", "langue"), list(product(CHEMINS, ["fr", "en"])))
def test_page_in_both_languages(client: Client, chemin: str, langue: str) -> None:
    page = client.get(f"/{chemin}.html", langue=langue)
    assert page.headers["content-language"] == langue
    assert page.text.count("<h1>") == 1
    assert BASE + chemin in page.text
    assert "BlankNode" not in page.text and "_:" not in page.text


def test_page_of_a_step_reads_in_the_asked_language(client: Client) -> None:
    french, english = (client.get("/etape/4.html", langue=one).text for one in ("fr", "en"))
    assert ">code</a>" in french and ">vocabulaire</a>" in french
    assert ">vocabulary</a>" in english


def test_page_of_an_actor_gives_kind_place_and_contact_first(client: Client) -> None:
    page = client.get("/acteur/cdos-29.html").text
    essential = page[page.index('id="essentiel"') : page.index("</section>", page.index('id="essentiel"'))]
    for expected in ("/type-acteur/", "Finistère", "Quimper", "29000"):
        assert expected in essential
    assert "septembre 2019" in page


@pytest.mark.parametrize(
    ("langue", "dits"),
    [
        ("fr", ("Classes", "Propriétés", "Règles", "Exemple", "sous-classe de", "mlg:role attend un rôle")),
        ("en", ("Classes", "Properties", "Rules", "Example", "subclass of", "mlg:role expects a role")),
    ],
)
def test_ontology_documents_its_terms(client: Client, langue: str, dits: tuple[str, ...]) -> None:
    page = client.get("/ontologie.html", langue=langue).text
    assert 'id="Acteur"' in page and 'id="territoireServi"' in page
    assert f"{BASE}ontologie/0.1.0" in page
    assert [one for one in dits if one not in page] == []


def test_the_ontology_says_nothing_of_itself_that_is_true_of_its_terms_only(client: Client) -> None:
    store = Store()
    store.extend(parse(client.get("/ontologie.ttl").content, RdfFormat.TURTLE))
    own = store.quads_for_pattern(NamedNode(BASE + "ontologie"), NamedNode(PREFIXES["rdf"] + "type"), None)
    assert [quad.object.value for quad in own] == [PREFIXES["owl"] + "Ontology"]


@pytest.mark.parametrize("chemin", ["forme/intervention-objet", "forme/source-parution", "acteur/cdos-29"])
def test_nameless_details_are_whole(client: Client, chemin: str) -> None:
    triples = list(parse(client.get(f"/{chemin}.nt").content, RdfFormat.N_TRIPLES))
    held = {str(one.subject) for one in triples}
    assert [str(one.object) for one in triples if str(one.object).startswith("_:")]
    assert [one for one in triples if str(one.object).startswith("_:") and str(one.object) not in held] == []


def test_what_has_no_name_is_called_by_what_it_says(client: Client) -> None:
    page = _listed(client.get("/type-acteur/dla.html").text)
    assert " → DLA (" in page and "relation:guide" not in page


def _listed(page: str) -> str:
    """The part of a page that shows incoming links."""
    return page[page.index('id="entrants"') : page.index("<aside")]


def test_incoming_links_are_counted_and_paged(client: Client) -> None:
    page = client.get("/territoire/departement/29.html").text
    assert "fait partie de" in _listed(page)
    par = "http%3A%2F%2Frdf.insee.fr%2Fdef%2Fgeo%23subdivisionDe"
    first = client.get(f"/territoire/departement/29.html?par={par}").text
    second = client.get(f"/territoire/departement/29.html?par={par}&decalage=100").text
    listed = [
        {part.split('"')[0] for part in _listed(one).split('href="/territoire/commune/')[1:]}
        for one in (first, second)
    ]
    assert len(listed[0]) == 100 and len(listed[1]) == 100 and not listed[0] & listed[1]


@pytest.mark.parametrize("decalage", ["-1", "x", "9" * 30, "1e9", "99999"])
def test_wrong_page_number_is_no_error(client: Client, decalage: str) -> None:
    assert client.get(f"/territoire/departement/29.html?decalage={decalage}").status_code == 200


@pytest.mark.parametrize(
    ("suffixe", "media"),
    [
        ("html", "text/html"),
        ("ttl", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("rdf", "application/rdf+xml"),
        ("nt", "application/n-triples"),
    ],
)
def test_unknown_resource_in_the_asked_format(client: Client, suffixe: str, media: str) -> None:
    for answer in (client.get(f"/acteur/inconnu.{suffixe}"), client.get("/acteur/inconnu", media)):
        assert answer.status_code == 404
        assert answer.headers["content-type"] == f"{media}; charset=utf-8"
        if suffixe in FORMES:
            assert len(_graph(answer.content, FORMES[suffixe])) == 5


def test_no_common_format_lists_what_is_offered(client: Client) -> None:
    answer = client.get("/etape/4", "application/pdf")
    assert answer.status_code == 406
    assert answer.json()["offerts"]["text/turtle"] == f"{ADRESSE}/etape/4.ttl"
