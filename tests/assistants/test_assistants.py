"""The tools for AI assistants, asked by the official SDK's own client over both transports."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from client_http import Client as ClientHttp
from maillage.app import creer_app
from maillage.assistants.outils import LICENCE, TAILLE
from maillage.config import Settings
from maillage.namespaces import BASE, PREFIXES
from serveur_maillage import servir

OUTILS = {"orienter", "decrire", "lister_requetes", "executer_requete", "interroger_sparql", "valider_turtle"}
QUESTION = "qui accompagne une première embauche dans le sport à Quimper ?"
TURTLE = """@prefix acteur: <https://w3id.org/maillage/acteur/> .
@prefix mlg: <https://w3id.org/maillage/ontologie#> .
acteur:exemple a mlg:Acteur ; mlg:territoireServi <https://w3id.org/maillage/territoire/departement/29> .
"""
Travail = Callable[[Client], Awaitable[Any]]


@pytest.fixture(scope="module")
def adresse(racine_finistere: Path) -> Iterator[str]:
    """The service of the small corpus on a free port."""
    with servir(lambda _: creer_app(Settings(racine=racine_finistere))) as found:
        yield found


@pytest.fixture(scope="module", params=["http", "stdio"])
def demander(request: pytest.FixtureRequest, racine_finistere: Path) -> Callable[[Travail], Any]:
    """Runs some work with a client connected over one of the transports."""
    if request.param == "http":
        target: Any = request.getfixturevalue("adresse") + "/mcp"
    else:
        service = Path(__file__).parents[2] / "service"
        env = {"MAILLAGE_RACINE": str(racine_finistere), "PYTHONPATH": str(service)}
        target = StdioServerParameters(command=sys.executable, args=["-m", "maillage", "mcp"], env=env)

    def run(travail: Travail) -> Any:
        async def connected() -> Any:
            async with Client(target) as client:
                return await travail(client)

        return anyio.run(connected)

    return run


async def appeler(client: Client, outil: str, **arguments: Any) -> dict[str, Any]:
    done = await client.call_tool(outil, arguments)
    assert not done.is_error, done.content
    found = done.structured_content
    assert isinstance(found, dict)
    donnees = found["donnees"]
    assert donnees["version"].startswith("000001-") and donnees["licence"] == LICENCE and donnees["date"]
    assert len(json.dumps(found, ensure_ascii=False)) < 2 * TAILLE
    return found


async def refus(client: Client, outil: str, **arguments: Any) -> str:
    done = await client.call_tool(outil, arguments)
    assert done.is_error
    return " ".join(one.text for one in done.content)


def test_the_tools_only_read_and_say_what_they_do(demander: Callable[[Travail], Any]) -> None:
    async def travail(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = demander(travail)
    assert {one.name for one in tools} == OUTILS
    for one in tools:
        assert one.annotations.read_only_hint and not one.annotations.destructive_hint
        assert len(one.description.splitlines()) == 2


def test_each_tool_answers(demander: Callable[[Travail], Any]) -> None:
    async def travail(client: Client) -> None:
        found = await appeler(client, "orienter", question=QUESTION, limite=3)
        best = found["acteurs"][0]
        assert (
            best["iri"] == PREFIXES["acteur"] + "cdos-29" and best["motifs"] and best["contact"]["telephone"]
        )
        assert best["source"]["iri"].startswith(BASE) and best["constat"] and best["statut"]
        english = await appeler(
            client, "orienter", question="who helps with payslips in Quimper?", langue="en"
        )
        assert english["types"] and english["passages"]

        for iri in ("acteur:cdos-29", "acteur/cdos-29", BASE + "acteur/cdos-29"):
            page = await appeler(client, "decrire", iri=iri)
            assert page["iri"] == BASE + "acteur/cdos-29"
        names = {one["propriete"] for one in page["proprietes"]}
        assert {PREFIXES["dcterms"] + "source", PREFIXES["mlg"] + "constat"} <= names
        assert page["liens_entrants"]

        listed = await appeler(client, "lister_requetes", langue="en")
        assert any(one["nom"] == "acteurs-d-un-type" for one in listed["requetes"])
        given = {"type": "type:crib", "territoire": "departement:29"}
        rows = await appeler(client, "executer_requete", nom="acteurs-d-un-type", parametres=given, limite=1)
        assert len(rows["lignes"]) == 1 and rows["suite"] is False

        count = await appeler(client, "interroger_sparql", requete="SELECT ?s { ?s ?p ?o }", limite=5)
        assert len(count["lignes"]) == 5 and count["suite"] is True
        built = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 2"
        assert "turtle" in await appeler(client, "interroger_sparql", requete=built)
        assert (await appeler(client, "interroger_sparql", requete="ASK { ?s ?p ?o }"))["reponse"] is True

    demander(travail)


def test_a_refusal_is_a_sentence_to_act_on(demander: Callable[[Travail], Any]) -> None:
    async def travail(client: Client) -> None:
        assert "acteur/jamais" in await refus(client, "decrire", iri="acteur:jamais")
        said = await refus(
            client, "interroger_sparql", requete="SELECT * { SERVICE <http://x.test/> { ?s ?p ?o } }"
        )
        assert "SERVICE" in said
        assert await refus(client, "interroger_sparql", requete="DELETE WHERE { ?s ?p ?o }")
        assert await refus(client, "interroger_sparql", requete="SELECT * {")
        assert "nulle-part" in await refus(client, "executer_requete", nom="nulle-part")
        assert await refus(client, "executer_requete", nom="acteurs-d-un-type", parametres={"x": "y"})
        assert await refus(client, "orienter", question="")
        assert await refus(client, "orienter", question=QUESTION, limite=9999)
        assert await refus(client, "decrire", iri="<>{}")

    demander(travail)


def test_turtle_is_validated(adresse: str) -> None:
    async def connected() -> dict[str, Any]:
        async with Client(adresse + "/mcp", read_timeout_seconds=120) as client:
            return await appeler(client, "valider_turtle", turtle=TURTLE, langue="en")

    found = anyio.run(connected)
    assert found["conforme"] is False and found["constats_en_tout"] >= 1
    assert {"message", "cause", "remede"} <= found["constats"][0].keys()


def test_only_posting_is_answered(client: ClientHttp) -> None:
    for methode in ("GET", "HEAD", "DELETE", "PUT"):
        answer = client.demander(methode, "/mcp")
        assert answer.status_code == 405 and answer.headers["allow"] == "POST"


def test_a_server_that_no_assistant_called_has_not_loaded_the_protocol() -> None:
    loaded = "any(one.split('.')[0] == 'mcp' for one in sys.modules)"
    code = f"import sys, maillage.app, maillage.commande.cli; sys.exit({loaded})"
    subprocess.run([sys.executable, "-c", code], check=True)
