"""The files to download: what they hold, the same bytes each time, ranges, compression, versions."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from pyoxigraph import NamedNode, RdfFormat, parse

from client_http import Client
from maillage.catalogue.fabrique import SOMMES, Fabrique, FichierInconnu
from maillage.namespaces import BASE, PREFIXES
from maillage.versions.instantane import GRAPHES, courant

RDF = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def version(racine_finistere: Path) -> Path:
    return courant(racine_finistere / "var" / "instantanes")


def corps(client: Client, nom: str) -> bytes:
    answer = client.get(f"/exports/{nom}")
    assert answer.status_code == 200
    return answer.content


def triplets(octets: bytes, forme: RdfFormat) -> set[str]:
    """Triples without blank nodes, whose names differ between formats."""
    read = (str(quad.triple) for quad in parse(octets, forme, lenient=True))
    return {one for one in read if "_:" not in one}


def test_each_format_holds_the_whole_graph(client: Client, version: Path) -> None:
    expected = triplets((version / GRAPHES).read_bytes(), RdfFormat.N_QUADS)
    assert len(expected) > 50_000
    for suffixe, forme in RDF.items():
        assert triplets(corps(client, f"maillage.{suffixe}"), forme) == expected, suffixe


def test_quads_keep_the_graph_of_each_file(client: Client, version: Path) -> None:
    assert corps(client, "maillage.nq") == (version / GRAPHES).read_bytes()


def test_a_part_holds_its_files_and_nothing_else(client: Client, version: Path) -> None:
    start = BASE + "graphe/donnees/acteurs/29/"
    quads = parse(path=version / GRAPHES, format=RdfFormat.N_QUADS, lenient=True)
    expected = {
        str(quad.triple)
        for quad in quads
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(start)
    }
    found = triplets(corps(client, "acteurs-29.ttl"), RdfFormat.TURTLE)
    assert found == {one for one in expected if "_:" not in one}


def test_same_version_same_bytes(version: Path, tmp_path: Path, client: Client) -> None:
    copy = tmp_path / version.name
    copy.mkdir()
    for path in (*version.glob("*.json"), *version.glob("*.nq"), version / "requetes"):
        (copy / path.name).symlink_to(path)
    Fabrique(copy).tout()
    assert (Fabrique(copy).dossier / SOMMES).read_bytes() == corps(client, SOMMES)


def test_sums_are_those_of_every_file(client: Client) -> None:
    lines = corps(client, SOMMES).decode().splitlines()
    assert len(lines) > 60
    for line in lines[::7]:
        digest, nom = line.split("  ")
        assert hashlib.sha256(corps(client, nom)).hexdigest() == digest


def test_compressed_copies_hold_the_same(client: Client) -> None:
    whole = corps(client, "guide.nt")
    assert gzip.decompress(corps(client, "guide.nt.gz")) == whole
    reader = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(corps(client, "guide.nt.zst")))
    assert reader.read() == whole


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, zstd;q=0.5", "gzip"),
        ("zstd, gzip;q=0", "zstd"),
        ("identity", None),
        ("gzip;q=0", None),
    ],
)
def test_transfer_in_the_coding_that_is_accepted(client: Client, accepted: str, coding: str | None) -> None:
    head = client.demander("HEAD", "/exports/guide.ttl", headers={"Accept-Encoding": accepted})
    assert head.headers.get("content-encoding") == coding
    assert "Accept-Encoding" in head.headers["vary"]
    assert head.headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_cut_download_is_resumed(client: Client) -> None:
    whole = client.get("/exports/guide.nt", **{"Accept-Encoding": "identity"})
    resume = {"Range": "bytes=1000-1999", "If-Range": whole.headers["etag"], "Accept-Encoding": "gzip"}
    part = client.get("/exports/guide.nt", **resume)
    assert part.status_code == 206 and part.content == whole.content[1000:2000]
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(whole.content)}"
    other = client.get("/exports/guide.nt", **{"Range": "bytes=0-9", "If-Range": '"autre"'})
    assert other.status_code == 200
    size = len(whole.content)
    beyond = client.get("/exports/guide.nt", Range=f"bytes={size}-")
    malformed = client.get("/exports/guide.nt", Range="bytes=9-1")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    assert malformed.status_code == 400
    assert all("Plage d'octets refusée" in one.text for one in (beyond, malformed))


def test_unchanged_is_304(client: Client) -> None:
    etag = client.get("/exports/guide.nt").headers["etag"]
    assert not etag.startswith("W/")
    assert client.get("/exports/guide.nt", **{"If-None-Match": etag}).status_code == 304


def test_a_version_by_its_name_never_changes(client: Client, version: Path) -> None:
    answer = client.get(f"/exports/{version.name}/guide.nt")
    assert answer.content == corps(client, "guide.nt")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/exports/000999-00000000/guide.nt").status_code == 404


@pytest.mark.parametrize(
    "nom",
    ["rien.ttl", "inventaire.json", ".verrou", "maillage.exe", "..%2Fmanifeste.json", "guide.ttl.gz.gz"],
)
def test_what_is_not_offered_is_not_found(client: Client, version: Path, nom: str) -> None:
    assert client.get(f"/exports/{nom}").status_code == 404


def test_unknown_names_are_refused_by_the_maker(version: Path) -> None:
    with pytest.raises(FichierInconnu):
        Fabrique(version).un("rien.ttl")


def test_csv_for_programs(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(corps(client, "acteurs-29.csv").decode("utf-8"))))
    one = next(row for row in rows if row["iri"] == PREFIXES["acteur"] + "cdos-29")
    assert "comite-sportif|crib" in one["types"] and one["commune"] == "29232"
    assert one["code_postal"] == "29000" and one["telephone"] == "02 98 98 75 52"
    assert one["statut"] and one["constat"] and one["sources"]
    assert len({row["iri"] for row in rows}) == len(rows)


def test_csv_for_spreadsheets(client: Client) -> None:
    octets = corps(client, "acteurs-29.tableur.csv")
    assert octets.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))
    one = next(row for row in rows if row["Identifiant"] == PREFIXES["acteur"] + "cdos-29")
    assert one["Commune"] == "Quimper" and "CRIB" in one["Type d'acteur"]
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_geojson_places_actors_and_says_how_precisely(client: Client) -> None:
    found = json.loads(corps(client, "acteurs.geojson"))
    assert found["type"] == "FeatureCollection"
    actors = {one["id"]: one for one in found["features"]}
    quimper = actors[PREFIXES["acteur"] + "cdos-29"]
    longitude, latitude = quimper["geometry"]["coordinates"]
    assert -4.2 < longitude < -4.0 and 47.9 < latitude < 48.1
    assert quimper["properties"]["precision"] == "commune"
    afdas = actors[PREFIXES["acteur"] + "afdas"]
    assert afdas["geometry"] is None and afdas["properties"]["precision"] == ""
    placed = [one for one in actors.values() if one["geometry"]]
    assert len(placed) > 0.8 * len(actors)


def test_actors_of_the_whole_country_are_in_the_general_file(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(corps(client, "acteurs.csv").decode())))
    there = {row["iri"] for row in csv.DictReader(io.StringIO(corps(client, "acteurs-29.csv").decode()))}
    assert there < {row["iri"] for row in rows}
    assert PREFIXES["acteur"] + "afdas" in {row["iri"] for row in rows}


def test_the_page_gives_every_file(client: Client) -> None:
    page = client.get("/exports", "text/html").text
    for nom in ("acteurs.csv", "acteurs-29.tableur.csv", "maillage.nq", SOMMES):
        assert f"/exports/{nom}" in page


def inclusion(client: Client, sorte: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(corps(client, f"acteurs.{sorte}.data-inclusion.json"))
    return found


def test_data_inclusion_links_services_to_structures(client: Client) -> None:
    structures = {one["id"] for one in inclusion(client, "structures")}
    services = inclusion(client, "services")
    assert len(structures) > 100 and services
    assert {one["structure_id"] for one in services} <= structures


def test_data_inclusion_says_what_is_lost(client: Client) -> None:
    octets = corps(client, "acteurs.correspondances.data-inclusion.csv")
    rows = {row["terme"]: row for row in csv.DictReader(io.StringIO(octets.decode()))}
    assert rows["role:formation"]["valeur"] == "formation"
    assert rows["role:financement"]["valeur"] == ""
    assert rows["role:financement"]["voisines_ecartees"] == "aide-financiere"
    assert rows["etape:4"]["referentiel"] == "" and int(rows["etape:4"]["emplois"]) > 0
