"""IRIs never vanish: renamed, split, removed, deprecated; versions of data, resource, ontology."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

import corpus_essai
from client_http import ADRESSE, Client, ouvrir
from corpus_essai import BON
from maillage.app import creer_app
from maillage.changements.flux import AS
from maillage.changements.journal import Journal
from maillage.changements.tenue import tenir
from maillage.config import Settings
from maillage.donnees_liees.negociation import RESSOURCE
from maillage.namespaces import BASE, PREFIXES
from maillage.versions.instantane import construire

ACTEURS, ONTOLOGIE = "donnees/acteurs/essai.ttl", "ontologie/version.ttl"
AVANT = BON + (
    'acteur:vieux a mlg:Acteur ; skos:prefLabel "Vieux nom"@fr .\n'
    'acteur:parti a mlg:Acteur ; skos:prefLabel "Parti"@fr .\n'
    'acteur:grand a mlg:Acteur ; skos:prefLabel "Grand"@fr .\n'
)
APRES = BON + (
    'acteur:neuf a mlg:Acteur ; skos:prefLabel "Nouveau nom"@fr ; dcterms:replaces acteur:vieux .\n'
    "acteur:grand dcterms:isReplacedBy acteur:un , acteur:neuf .\n"
    'acteur:usage a mlg:Acteur ; skos:prefLabel "D\'usage"@fr ; owl:deprecated true ;\n'
    "    dcterms:isReplacedBy acteur:un .\n"
)
TERME = """
<{base}ontologie> a owl:Ontology ; owl:versionIRI <{base}ontologie/{version}> .
mlg:Acteur rdfs:isDefinedBy <{base}ontologie> ; rdfs:label "{label}"@fr .
"""


def publier(settings: Settings, acteurs: str, version: str, label: str) -> Journal:
    corpus_essai.ecrire(settings.racine, ACTEURS, acteurs)
    terme = TERME.format(base=BASE, version=version, label=label)
    corpus_essai.ecrire(settings.racine, ONTOLOGIE, terme)
    construire(settings)
    tenir(settings.dossier_instantanes)
    return Journal(settings.dossier_instantanes)


@pytest.fixture(scope="module")
def reglages(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    racine = corpus_essai.poser(tmp_path_factory.mktemp("devenir") / "corpus").racine
    settings = Settings(racine=racine, url=ADRESSE)
    publier(settings, AVANT, "1.0", "acteur")
    publier(settings, APRES, "2.0", "intervenant")
    return settings


@pytest.fixture(scope="module")
def site(reglages: Settings) -> Iterator[Client]:
    with ouvrir(creer_app(reglages)) as client:
        yield client


@pytest.fixture
def journal(reglages: Settings) -> Journal:
    return Journal(reglages.dossier_instantanes)


def dits(content: bytes, iri: str) -> set[tuple[str, str]]:
    store = Store()
    store.extend(parse(content, RdfFormat.TURTLE))
    quads = store.quads_for_pattern(NamedNode(iri), None, None)
    return {(quad.predicate.value, quad.object.value) for quad in quads}


@pytest.mark.parametrize("suffixe", ["", ".html", ".ttl", ".jsonld", ".rdf", ".nt"])
def test_a_renamed_resource_is_permanently_elsewhere(site: Client, suffixe: str) -> None:
    answer = site.get(f"/acteur/vieux{suffixe}")
    assert answer.status_code == 301
    assert answer.headers["location"] == f"{ADRESSE}/acteur/neuf{suffixe}"
    assert site.get(f"/acteur/vieux{suffixe}?langue=en").headers["location"].endswith("?langue=en")


@pytest.mark.parametrize("chemin", ["acteur/parti", "acteur/grand"])
def test_a_removed_resource_is_gone_in_the_asked_format(site: Client, chemin: str) -> None:
    for variante in RESSOURCE:
        for answer in (site.get(f"/{chemin}.{variante.suffixe}"), site.get(f"/{chemin}", variante.media)):
            assert answer.status_code == 410
            assert answer.headers["content-type"] == f"{variante.media}; charset=utf-8"


def test_its_tombstone_says_when_and_where_its_last_state_is(site: Client, journal: Journal) -> None:
    first, last = journal.versions
    iri = PREFIXES["acteur"] + "parti"
    said = dits(site.get("/acteur/parti.ttl").content, iri)
    old = f"{BASE}version/{first.nom}/acteur/parti"
    assert (PREFIXES["rdf"] + "type", AS + "Tombstone") in said
    assert (AS + "deleted", last.instant.replace("+00:00", "Z")) in said
    assert (PREFIXES["dcterms"] + "hasVersion", old) in said
    problem = site.get("/acteur/parti").json()
    assert problem["nom"] == "Parti" and problem["version"] == last.nom and problem["successeurs"] == []
    page = site.get("/acteur/parti.html").text
    assert "« Parti »" in page and f"/version/{first.nom}/acteur/parti" in page
    kept = site.get(f"/version/{first.nom}/acteur/parti.ttl")
    assert kept.status_code == 200 and "Parti" in kept.text


def test_one_that_several_replace_names_them_all(site: Client) -> None:
    answer = site.get("/acteur/grand")
    links = answer.headers["link"]
    assert all(f'<{ADRESSE}/acteur/{one}>; rel="successor-version"' in links for one in ("un", "neuf"))
    problem = answer.json()
    assert problem["successeurs"] == [PREFIXES["acteur"] + one for one in ("neuf", "un")]
    assert problem["nom"] == "Grand" and problem["dernier_etat"].endswith("/acteur/grand")


def test_a_deprecated_one_is_still_described_and_says_its_successor(site: Client) -> None:
    answer = site.get("/acteur/usage.html")
    assert answer.status_code == 200 and "Terme abandonné" in answer.text
    assert f'<{ADRESSE}/acteur/un>; rel="successor-version"' in answer.headers["link"]


def test_a_version_of_the_data_is_described(site: Client, journal: Journal) -> None:
    first, last = journal.versions
    iri = f"{BASE}version/{last.nom}"
    said = dits(site.get(f"/version/{last.nom}.ttl").content, iri)
    assert (PREFIXES["prov"] + "wasRevisionOf", f"{BASE}version/{first.nom}") in said
    assert (PREFIXES["dcterms"] + "identifier", last.nom) in said
    for variante in RESSOURCE:
        assert site.get(f"/version/{first.nom}", variante.media).status_code == 303
        assert site.get(f"/version/{first.nom}.{variante.suffixe}").status_code == 200


def test_every_member_of_the_stream_dereferences(site: Client, journal: Journal) -> None:
    for membre in journal.membres(0, journal.nombre):
        chemin = membre.iri.removeprefix(BASE).partition("#")[0]
        assert membre.ressource.startswith(BASE), membre
        found = site.get(f"/{chemin}.ttl")
        assert found.status_code == 200, membre
        assert (PREFIXES["dcterms"] + "isVersionOf", membre.ressource) in dits(found.content, membre.iri)


def test_a_version_that_did_not_change_a_resource_leads_to_the_one_that_did(
    site: Client, journal: Journal
) -> None:
    first, last = journal.versions
    answer = site.get(f"/version/{last.nom}/acteur/un.ttl")
    assert answer.status_code == 302
    assert answer.headers["location"] == f"{ADRESSE}/version/{first.nom}/acteur/un.ttl"
    assert site.get(f"/version/{last.nom}/acteur/jamais").status_code == 404
    assert site.get("/version/000099-abcdef01").status_code == 404


def test_past_versions_of_the_ontology_can_be_had(site: Client) -> None:
    for version, label, other in (("1.0", "acteur", "intervenant"), ("2.0", "intervenant", "acteur")):
        text = site.get(f"/ontologie/{version}.ttl").text
        assert f'"{label}"@fr' in text and f'"{other}"@fr' not in text
        assert f"ontologie/{version}" in text
        assert site.get(f"/ontologie/{version}").status_code == 303
    assert site.get("/ontologie/3.0").status_code == 404


def test_the_page_tells_the_story_of_the_resource(site: Client, journal: Journal) -> None:
    page = site.get("/acteur/grand", "text/html")
    assert page.status_code == 410
    story = site.get("/acteur/un.html").text
    assert 'id="histoire"' in story and f"/version/{journal.versions[0].nom}/acteur/un" in story
