"""The page of an actor says who says what: each value, its source, its date, its file."""

from __future__ import annotations

import re

from client_http import Client


def test_each_value_says_where_it_comes_from(client: Client) -> None:
    page = client.get("/acteur/cdos-29.html", "text/html").text
    said = page.split('id="dires"')[1].split("</section>")[0]
    rows = [re.sub(r"<[^>]+>", "|", row) for row in said.split("<tr>")[2:]]
    (telephone,) = [row for row in rows if "annuaire-2019.ttl" in row and "02 98 98 75 52" in row]
    assert "Annuaire de l'administration, extrait de 2019" in telephone.replace("&#39;", "'")
    assert any("donnees/acteurs/29/dossier-quimper.ttl" in row for row in rows)


def test_only_actors_have_it(client: Client) -> None:
    assert 'id="dires"' not in client.get("/type-acteur/dla.html", "text/html").text
