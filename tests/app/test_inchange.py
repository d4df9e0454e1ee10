"""« Not modified » is said again as it was said, and never for another request."""

from __future__ import annotations

import pytest

from client_http import Client

ADRESSES = ["/acteur/cdos-29.ttl", "/catalogue.ttl", "/exports/guide.ttl", "/ontologie.html"]


@pytest.mark.parametrize("chemin", ADRESSES)
def test_said_again_as_it_was_said(client: Client, chemin: str) -> None:
    etag = client.get(chemin).headers["etag"]
    first, second = (client.get(chemin, **{"If-None-Match": etag}) for _ in range(2))
    assert (first.status_code, second.status_code) == (304, 304)
    assert dict(first.headers) == dict(second.headers) and second.content == b""
    head = client.demander(
        "HEAD", chemin, headers={"If-None-Match": etag, "Accept": "*/*", "Accept-Language": "fr"}
    )
    assert head.status_code == 304


def test_another_variant_is_another_request(client: Client) -> None:
    etag = client.get("/catalogue").headers["etag"]
    for _ in range(2):
        assert client.get("/catalogue", **{"If-None-Match": etag}).status_code == 304
    assert client.get("/catalogue", "application/rdf+xml", **{"If-None-Match": etag}).status_code == 200
    page = "text/html,*/*;q=0.8"
    french = client.get("/catalogue", page).headers["etag"]
    assert client.get("/catalogue", page, **{"If-None-Match": french}).status_code == 304
    assert client.get("/catalogue", page, "en", **{"If-None-Match": french}).status_code == 200


def test_what_does_not_exist_is_not_unchanged(client: Client) -> None:
    etag = client.get("/acteur/cdos-29.ttl").headers["etag"]
    for _ in range(2):
        assert client.get("/acteur/personne.ttl", **{"If-None-Match": etag}).status_code == 404
