"""A group's answers put together: who supports whom, who does what alone, who can help whom."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import httpx
import pytest

from client_http import Client

REPONSES = (Path(__file__).parents[1] / "requetes" / "groupe-publics" / "donnees.ttl").read_bytes()
NOMME = b"""@prefix acteur: <https://w3id.org/maillage/acteur/> .
@prefix mlg: <https://w3id.org/maillage/ontologie#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
acteur:a a mlg:Acteur ; skos:prefLabel "Maison <b>A</b>"@fr .
"""
CSV = "Code;Acteur *;Public 1;Rôle 1 *\r\n;cdos-29;petites associations;conseil\r\n".encode("utf-8-sig")


def envoyer(
    client: Client, *fichiers: tuple[str, bytes], langue: str = "fr", **champs: str
) -> httpx.Response:
    """Post files as a browser does."""
    limite = "limite-de-test"
    parts = [
        f'--{limite}\r\nContent-Disposition: form-data; name="{nom}"\r\n\r\n{texte}\r\n'.encode()
        for nom, texte in champs.items()
    ] + [
        f'--{limite}\r\nContent-Disposition: form-data; name="fichier"; filename="{nom}"\r\n\r\n'.encode()
        + octets
        + b"\r\n"
        for nom, octets in fichiers
    ]
    return client.demander(
        "POST",
        f"/outils/groupe?langue={langue}",
        content=b"".join(parts) + f"--{limite}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={limite}"},
    )


def test_answers_of_several_files_are_put_together(client: Client) -> None:
    answer = envoyer(client, ("a.ttl", REPONSES), ("noms.ttl", NOMME), ("publics.csv", CSV))
    page = unescape(answer.text)
    assert answer.status_code == 200
    assert "Acteurs qui ont répondu : 3." in page
    assert "Comité départemental olympique et sportif du Finistère" in page
    assert "Maison &lt;b&gt;A&lt;/b&gt;" in answer.text and "<b>A</b>" not in answer.text


@pytest.mark.parametrize(
    ("langue", "lignes"),
    [
        (
            "fr",
            [
                "public;petites associations;acteur:a, acteur:b;",
                "cœur de métier;paie;acteur:a;",
                "singularité;contrat de travail;acteur:b;",
                "besoin et offre;contrat de travail;acteur:a;acteur:b",
                "offre sans besoin;fiscalité;;acteur:b",
                "besoin sans offre;recrutement;acteur:a;",
            ],
        ),
        ("en", ["audience;small associations;acteur:a, acteur:b;"]),
    ],
)
def test_the_table_says_the_same(client: Client, langue: str, lignes: list[str]) -> None:
    answer = envoyer(client, ("a.ttl", REPONSES), forme="csv", langue=langue)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.decode("utf-8-sig").splitlines()[1 : 1 + len(lignes)] == lignes


def test_what_cannot_be_read_is_said_and_the_rest_counts(client: Client) -> None:
    bad = [("casse.ttl", b"acteur:a a"), ("faux.xlsx", b"PK"), ("publics.csv", CSV.replace(b"conseil", b"x"))]
    page = unescape(envoyer(client, ("a.ttl", REPONSES), *bad).text)
    faults = page.split('id="defaillances"')[1].split("</section>")[0]
    assert "casse.ttl, ligne 1 :" in faults
    assert "faux.xlsx n'est pas un classeur XLSX lisible" in faults
    assert "« x » n'est pas connu" in faults
    assert "Acteurs qui ont répondu : 3." in page


def test_nothing_given_is_said(client: Client) -> None:
    answer = envoyer(client, turtle="  ", langue="en")
    assert answer.status_code == 400 and "No answer was given." in answer.text


def test_what_is_sent_is_bounded(client: Client) -> None:
    assert envoyer(client, ("gros.ttl", b"#" * 1_100_000)).status_code == 413
    triples = b"".join(b"<urn:s%d> <urn:p> 1 .\n" % rank for rank in range(21_000))
    assert "> 20000" in unescape(envoyer(client, ("long.ttl", triples)).text)


def test_several_answers_by_one_actor_do_not_multiply(client: Client) -> None:
    many = b"".join(b"<urn:i%d> mlg:acteur acteur:a ; mlg:theme theme:paie ." % rank for rank in range(5_000))
    prefixes = b"\n".join(REPONSES.splitlines()[:9]) + b"\n"
    assert "Acteurs qui ont répondu : 1." in unescape(envoyer(client, ("n.ttl", prefixes + many)).text)
