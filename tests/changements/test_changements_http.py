"""What changed, over HTTP: the stream, the feed and the JSON, fetched again at the cost of what is new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, Store, parse

import corpus_essai
from client_http import ADRESSE, Client, ouvrir
from corpus_essai import BON
from maillage.app import creer_app
from maillage.changements.flux import AS, FLUX, LDES, TREE
from maillage.changements.journal import FICHIER, PAGE, Journal
from maillage.changements.tenue import tenir
from maillage.config import Settings
from maillage.namespaces import PREFIXES
from maillage.routes.changements import DEFINITIF, MODIFIABLE
from maillage.versions.instantane import construire

ACTEURS = "donnees/acteurs/essai.ttl"
AUTRES = "".join(
    f'acteur:a{rank} a mlg:Acteur ; skos:prefLabel "A {rank}"@fr .\n' for rank in range(2 * PAGE)
)
FORMES = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
ATOM, FH = "{http://www.w3.org/2005/Atom}", "{http://purl.org/syndication/history/1.0}"


def publier(settings: Settings, acteurs: str) -> Journal:
    corpus_essai.ecrire(settings.racine, ACTEURS, acteurs)
    construire(settings)
    tenir(settings.dossier_instantanes)
    return Journal(settings.dossier_instantanes)


@pytest.fixture(scope="module")
def reglages(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two versions: two full pages and a little more, then one change and one removal."""
    racine = tmp_path_factory.mktemp("flux") / "corpus"
    settings = Settings(racine=corpus_essai.poser(racine).racine, url=ADRESSE)
    publier(settings, BON + AUTRES)
    publier(settings, BON.replace("Acteur d'essai", "Nouveau & <nom>") + AUTRES.split("\n", 1)[1])
    return settings


@pytest.fixture(scope="module")
def site(reglages: Settings) -> Iterator[Client]:
    with ouvrir(creer_app(reglages)) as client:
        yield client


@pytest.fixture
def journal(reglages: Settings) -> Journal:
    return Journal(reglages.dossier_instantanes)


def page(journal: Journal, numero: int, suffixe: str = "") -> str:
    return f"/changements/{journal.nom}/{numero}{suffixe}"


def lu(content: bytes, suffixe: str) -> Dataset:
    found = Dataset(parse(content, FORMES[suffixe], base_iri=ADRESSE))
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def store(content: bytes) -> Store:
    found = Store()
    found.extend(parse(content, RdfFormat.TURTLE, base_iri=ADRESSE))
    return found


@pytest.mark.parametrize("numero", [0, 1, 3])
def test_every_format_says_the_same(site: Client, journal: Journal, numero: int) -> None:
    adresse = page(journal, numero) if numero else "/changements"
    read = [lu(site.get(f"{adresse}.{suffixe}").content, suffixe) for suffixe in FORMES]
    assert len(read[0]) > 5 and all(one == read[0] for one in read)
    for suffixe, accept in (("ttl", "text/turtle"), ("jsonld", "application/ld+json")):
        answer = site.get(adresse, accept)
        assert answer.status_code == 200 and "Accept" in answer.headers["vary"]
        assert lu(answer.content, suffixe) == read[0]


def test_the_root_is_an_event_stream_that_dates_its_pages(site: Client, journal: Journal) -> None:
    answer = site.get("/changements")
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/turtle; charset=utf-8"
    root = store(answer.content)
    flux, vue = NamedNode(FLUX), NamedNode(f"{ADRESSE}/changements")

    def objet(nom: str) -> list[str]:
        return [quad.object.value for quad in root.quads_for_pattern(flux, NamedNode(nom), None)]

    assert objet(LDES + "timestampPath") == [PREFIXES["prov"] + "generatedAtTime"]
    assert objet(LDES + "versionOfPath") == [PREFIXES["dcterms"] + "isVersionOf"]
    assert objet(LDES + "versionDeleteObject") == [AS + "Delete"]
    assert objet(TREE + "view") == [vue.value]
    asked = """PREFIX tree: <https://w3id.org/tree#> SELECT ?page ?sorte ?valeur {
        ?vue tree:relation [ a ?sorte ; tree:node ?page ; tree:value ?valeur ; tree:path ?chemin ] }"""
    found = {
        (row["page"].value, row["sorte"].value.removeprefix(TREE), row["valeur"].value)
        for row in root.query(asked)
    }
    first = journal.versions[0].instant.replace("+00:00", "Z")
    assert found == {
        (ADRESSE + page(journal, 1), "GreaterThanOrEqualToRelation", first),
        (ADRESSE + page(journal, 1), "LessThanOrEqualToRelation", first),
        (ADRESSE + page(journal, 2), "GreaterThanOrEqualToRelation", first),
        (ADRESSE + page(journal, 2), "LessThanOrEqualToRelation", first),
        (ADRESSE + page(journal, 3), "GreaterThanOrEqualToRelation", first),
    }


def test_pages_hold_every_member_once(site: Client, journal: Journal) -> None:
    member, seen = NamedNode(TREE + "member"), []
    for numero in range(1, len(journal.pages()) + 1):
        read = store(site.get(page(journal, numero, ".ttl")).content)
        seen += [quad.object.value for quad in read.quads_for_pattern(NamedNode(FLUX), member, None)]
    assert sorted(seen) == sorted(one.iri for one in journal.membres(0, journal.nombre))
    assert len(seen) == len(set(seen))


def test_a_removed_resource_leaves_a_tombstone(site: Client, journal: Journal) -> None:
    (gone,) = [one for one in journal.membres(0, journal.nombre) if one.etat == "retiree"]
    read = store(site.get(page(journal, 3, ".ttl")).content)
    said = {
        (quad.predicate.value, quad.object.value)
        for quad in read.quads_for_pattern(NamedNode(gone.iri), None, None)
    }
    assert said == {
        (PREFIXES["rdf"] + "type", AS + "Delete"),
        (PREFIXES["dcterms"] + "isVersionOf", PREFIXES["acteur"] + "a0"),
        (PREFIXES["prov"] + "generatedAtTime", gone.instant.replace("+00:00", "Z")),
    }
    assert gone.instant.endswith("+00:00")


def test_full_pages_are_kept_for_ever_and_the_rest_asked_again(site: Client, journal: Journal) -> None:
    for adresse, cache in (
        (page(journal, 1), DEFINITIF),
        (page(journal, 2, ".atom"), DEFINITIF),
        (page(journal, 3), MODIFIABLE),
        ("/changements", MODIFIABLE),
        ("/changements.json", MODIFIABLE),
    ):
        answer = site.get(adresse)
        assert answer.headers["cache-control"] == cache
        again = site.get(adresse, **{"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304 and again.content == b""


def test_what_is_new_changes_only_what_can_change(tmp_path: Path) -> None:
    settings = Settings(racine=corpus_essai.poser(tmp_path / "corpus").racine, url=ADRESSE)
    journal = publier(settings, BON + AUTRES)
    adresses = [
        "/changements",
        "/changements.atom",
        "/changements.json?depuis=2000-01",
        *(page(journal, n) for n in (1, 2, 3)),
    ]
    with ouvrir(creer_app(settings)) as client:
        before = [client.get(one) for one in adresses]
        publier(settings, BON.replace("essai", "épreuve") + AUTRES)
        after = [
            client.get(one, **{"If-None-Match": seen.headers["etag"]}).status_code
            for one, seen in zip(adresses, before, strict=True)
        ]
    assert after == [200, 200, 200, 304, 304, 200]


def test_json_since_a_point(site: Client, journal: Journal) -> None:
    first, last = journal.versions
    whole = site.get("/changements.json?limite=5000").json()
    assert len(whole["changements"]) == journal.nombre and whole["restent"] == 0 and "suite" not in whole
    news = site.get(f"/changements.json?depuis={first.nom}").json()
    assert [(one["etat"], one["nom"], one["version"], one["date"]) for one in news["changements"]] == [
        ("retiree", "A 0", last.nom, last.instant),
        ("modifiee", "Nouveau & <nom>", last.nom, last.instant),
    ]
    assert news["changements"][1]["changements"] == [
        {
            "propriete": f"<{PREFIXES['skos']}prefLabel>",
            "avant": ['"Acteur d\'essai"@fr'],
            "apres": ['"Nouveau & <nom>"@fr'],
        }
    ]
    assert site.get(f"/changements.json?depuis={news['repere']}").json()["changements"] == []
    assert site.get(f"/changements.json?depuis={last.instant[:-6]}Z").json()["changements"]


def test_json_goes_on_page_after_page(site: Client, journal: Journal) -> None:
    adresse, seen = "/changements.json?limite=400", []
    while adresse:
        answer = site.get(adresse.removeprefix(ADRESSE)).json()
        seen += [one["iri_version"] for one in answer["changements"]]
        adresse = answer.get("suite", "")
    assert seen == [one.iri for one in journal.membres(0, journal.nombre)]


@pytest.mark.parametrize("depuis", ["000099-abcdef01", "hier", "x,3"])
def test_a_point_that_is_gone_is_said(site: Client, depuis: str) -> None:
    answer = site.get(f"/changements.json?depuis={depuis}")
    assert answer.status_code == 410 and answer.json()["code"] == "repere-inconnu"


def test_addresses_that_lead_nowhere(site: Client, journal: Journal) -> None:
    for adresse, statut in (
        (page(journal, 0), 404),
        (page(journal, 99), 404),
        (page(journal, 1, ".pdf"), 404),
        ("/changements.pdf", 404),
        ("/changements/000099-abcdef01/1", 410),
    ):
        assert site.get(adresse).status_code == statut
    assert site.get("/changements", "image/png").status_code == 406


def test_before_the_journal_is_kept(reglages: Settings, site: Client) -> None:
    path = reglages.dossier_instantanes / FICHIER
    aside = path.rename(path.with_suffix(".ailleurs"))
    try:
        answer = site.get("/changements")
        assert answer.status_code == 503 and answer.headers["retry-after"] == "10"
    finally:
        aside.rename(path)


def texte(element: Element, nom: str) -> str:
    found = element.find(ATOM + nom)
    assert found is not None and found.text
    return found.text


def test_the_feed_and_its_archives_hold_everything(site: Client, journal: Journal) -> None:
    answer = site.get("/changements", "application/atom+xml")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    seen, archived, feed = [], [], fromstring(answer.content)
    while True:
        links = {one.attrib["rel"]: one.attrib["href"] for one in feed.findall(ATOM + "link")}
        assert texte(feed, "id") == FLUX and texte(feed, "updated").endswith("+00:00")
        seen += [texte(entry, "id") for entry in feed.findall(ATOM + "entry")]
        archived.append(feed.find(FH + "archive") is not None)
        for entry in feed.findall(ATOM + "entry"):
            assert texte(entry, "title") and texte(entry, "summary") and texte(entry, "updated")
        if "prev-archive" not in links:
            break
        feed = fromstring(site.get(links["prev-archive"].removeprefix(ADRESSE)).content)
    assert seen == [one.iri for one in reversed(journal.membres(0, journal.nombre))]
    assert archived == [False, True, True]


def test_the_feed_says_what_changed_in_the_asked_language(site: Client) -> None:
    for langue, etat in (("fr", "modifiée"), ("en", "changed")):
        (newest, *_) = fromstring(site.get("/changements.atom", langue=langue).content).findall(
            ATOM + "entry"
        )
        assert texte(newest, "title") == f"Nouveau & <nom> — {etat}"
        assert "skos:prefLabel" in texte(newest, "summary")


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_the_page_to_read(site: Client, journal: Journal, langue: str) -> None:
    first = site.get("/changements", "text/html", langue)
    assert first.status_code == 200 and first.headers["content-language"] == langue
    assert "Nouveau &amp; &lt;nom&gt;" in first.text and page(journal, 2, ".html") in first.text
    older = site.get(page(journal, 2, ".html"), langue=langue).text
    assert "A 999" in older and page(journal, 1, ".html") in older
