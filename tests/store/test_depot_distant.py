"""A version put in a remote store, and the whole service answering from there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from client_http import ADRESSE, Client, ouvrir
from maillage.app import creer_app
from maillage.config import Settings
from maillage.store.acces import Acces, prefixe_des_versions
from maillage.store.distant import EntrepotDistant
from maillage.store.entrepot import EntrepotIndisponible
from maillage.versions import depot_distant
from maillage.versions.depot_distant import VersionAbsente, deposer, entiere
from maillage.versions.depot_distant import ouvrir as ouvrir_version
from maillage.versions.instantane import courant
from serveur_sparql import ServeurSparql


def reglages(racine: Path, serveur: ServeurSparql) -> Settings:
    return Settings(
        racine=racine,
        url=ADRESSE,
        entrepot=serveur.requetes,
        entrepot_mises_a_jour=f"{serveur.adresse}/update",
        entrepot_graphes=f"{serveur.adresse}/store",
    )


@pytest.fixture(scope="module")
def distant(racine_finistere: Path, serveur_sparql: ServeurSparql) -> Iterator[Client]:
    """The service of the small corpus, on a remote store that holds other things too."""
    settings = reglages(racine_finistere, serveur_sparql)
    serveur_sparql.vider()
    secret = "INSERT DATA { GRAPH <https://ailleurs.test/secret> { <urn:s> <urn:p> 'secret' } }"
    httpx.post(settings.entrepot_mises_a_jour, data={"update": secret}).raise_for_status()
    assert deposer(Acces.de(settings), courant(settings.dossier_instantanes))
    with ouvrir(creer_app(settings)) as client:
        yield client


LONGUE = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ACTEURS = """SELECT DISTINCT ?s ?n { ?s a <https://w3id.org/maillage/ontologie#Acteur> ; ?p ?n }
ORDER BY ?s ?n LIMIT 50"""
GRAPHES = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
ADRESSES = (
    "/api/orientation?q=premi%C3%A8re+embauche+sport+Quimper",
    "/api/orientation?q=paie&format=csv",
    "/recherche?q=DLA+Quimper",
    "/theme/paie.html",
    "/acteur/cdos-29.nt",
    "/ontologie.html",
    "/territoires/departement/29.csv",
    "/catalogue.nt",
    "/api/requetes/acteurs-d-un-type?type=type:crib&territoire=departement:29",
    "/api/requetes/statistiques",
    "/requetes/libelles?ressources=etape:4",
    "/.well-known/void",
    "/sparql?format=csv&query=" + quote(ACTEURS),
    "/sparql?format=csv&query=" + quote(GRAPHES),
    "/sparql?format=xml&query=" + quote("ASK { ?s a <https://w3id.org/maillage/ontologie#Acteur> }"),
)


def lignes(answer: httpx.Response) -> object:
    """An answer without what differs from one store to the other: order of triples, names of blank nodes."""
    media = answer.headers["content-type"]
    if "n-triples" in media:
        return sorted(one.count("_:") or one for one in map(str, answer.text.splitlines()) if "_:" not in one)
    return json.loads(answer.content) if "json" in media else answer.text


@pytest.mark.parametrize("adresse", ADRESSES)
def test_the_same_answers_as_from_the_embedded_store(client: Client, distant: Client, adresse: str) -> None:
    here, there = client.get(adresse), distant.get(adresse)
    assert (there.status_code, there.headers["content-type"]) == (200, here.headers["content-type"])
    assert lignes(there) == lignes(here)
    assert prefixe_des_versions() not in there.text


@pytest.mark.parametrize(
    ("requete", "code"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "sparql-federation"),
        ("DROP ALL", "sparql-lecture-seule"),
        ("SELECT * FROM <https://ailleurs.test/secret> { ?s ?p ?o }", "sparql-graphe"),
        ("SELECT * { ?s ?p }", "sparql-syntaxe"),
        ('DEFINE get:soft "soft" SELECT * { ?s ?p ?o }', "sparql-syntaxe"),
        ("SELECT (bif:sys_stat('x') AS ?x) {}", "sparql-syntaxe"),
        ("SELECT (<sql:x>(1) AS ?x) {}", "sparql-syntaxe"),
        ("PREFIX a: <https://ailleurs.test/> SELECT * FROM a:secret { ?s ?p ?o }", "sparql-syntaxe"),
        ("", "sparql-vide"),
    ],
)
def test_the_same_refusals(distant: Client, requete: str, code: str) -> None:
    answer = distant.get("/sparql?query=" + quote(requete))
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "requete",
    [
        "SELECT * { ?s <urn:p> ?o }",
        "SELECT * { GRAPH ?g { ?s <urn:p> ?o } }",
        "SELECT * { GRAPH <https://ailleurs.test/secret> { ?s ?p ?o } }",
        "PREFIX a: <https://ailleurs.test/> SELECT * { GRAPH a:secret { ?s ?p ?o } }",
    ],
)
def test_what_else_the_store_holds_is_not_seen(distant: Client, requete: str) -> None:
    for suite in (
        "",
        "&named-graph-uri=https://ailleurs.test/secret",
        "&default-graph-uri=https://ailleurs.test/secret",
    ):
        answer = distant.get("/sparql?query=" + quote(requete) + suite, "application/sparql-results+json")
        assert answer.json()["results"]["bindings"] == []


def test_limits_hold(racine_finistere: Path, serveur_sparql: ServeurSparql, distant: Client) -> None:
    from maillage.bac_a_sable.trames import Limites

    settings = reglages(racine_finistere, serveur_sparql)
    with ouvrir(creer_app(settings, Limites(delai=0.5, lignes=100))) as client:
        many = client.get("/sparql?query=" + quote("SELECT * { ?s ?p ?o } LIMIT 101"))
        assert (many.status_code, many.json()["code"]) == (413, "sparql-trop-de-lignes")
        long = client.get(
            "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        )
        assert (long.status_code, long.json()["code"]) == (503, "sparql-trop-long")
        assert 'maillage_ouvriers_tues_total{cause="temps"} 1.0' in client.get("/metriques").text
        assert client.get("/acteur/cdos-29.ttl").status_code == 200, "others go on"


def test_a_deposit_cut_short_goes_on(
    racine_finistere: Path, serveur_sparql: ServeurSparql, distant: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = reglages(racine_finistere, serveur_sparql)
    acces, version = Acces.de(settings), courant(settings.dossier_instantanes)
    assert not deposer(acces, version), "what is whole is left"
    put: list[str] = []
    real = depot_distant._Depot._poser

    def poser(self: depot_distant._Depot, nom: str, triples: bytes) -> None:
        put.append(nom)
        if len(put) == 30:
            raise EntrepotIndisponible("coupé")
        real(self, nom, triples)

    monkeypatch.setattr(depot_distant._Depot, "_poser", poser)
    depot_distant._Depot(
        acces, httpx.Client(), depot_distant.jeu_de(version, ouvrir_version(acces, version)[1])
    )
    other = version.parent / "999999-essai"
    other.symlink_to(version)
    try:
        with pytest.raises(EntrepotIndisponible, match="coupé"):
            deposer(acces, other)
        assert not entiere(acces, other.name)
        with pytest.raises(VersionAbsente):
            ouvrir_version(acces, other)
        first = len(put)
        assert deposer(acces, other)
        assert not set(put[first:]) & set(put[: first - 1]), "graphs already there are not sent again"
        both = EntrepotDistant(acces).lignes("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        held = {row["g"].value.removeprefix(prefixe_des_versions()).split("/")[0] for row in both}
        assert {version.name, other.name} <= held
        assert distant.get("/api/requetes/statistiques").status_code == 200
    finally:
        other.unlink()
