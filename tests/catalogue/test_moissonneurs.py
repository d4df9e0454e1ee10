"""The harvesters of data.gouv.fr (udata) and of CKAN (ckanext-dcat) take everything, with their own code."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from moissonneurs import JEUX, SERVICES

Moisson = dict[str, Any]


@pytest.fixture(scope="module", params=["/catalogue", "/catalogue.jsonld", "/catalogue.rdf"])
def udata(request: pytest.FixtureRequest, moissonner: Any, adresse_paginee: str) -> Moisson:
    return moissonner("udata", adresse_paginee + request.param)


@pytest.fixture(scope="module", params=["/catalogue", "/catalogue.rdf"])
def ckan(request: pytest.FixtureRequest, moissonner: Any, adresse_paginee: str) -> Moisson:
    return moissonner("ckan", adresse_paginee + request.param)


def test_udata_takes_each_item_once_without_a_warning(udata: Moisson) -> None:
    assert udata["statut"] == "done" and udata["erreurs"] == []
    assert sorted(one["id"] for one in udata["elements"]) == sorted([*JEUX, *SERVICES])
    for one in udata["elements"]:
        assert (one["statut"], one["erreurs"], one["journal"]) == ("done", [], [])


def test_udata_keeps_what_people_read(udata: Moisson) -> None:
    for code, jeu in udata["jeux"].items():
        assert jeu["titre"] and len(jeu["description"]) > 60
        assert jeu["licence"] == "lov2"
        assert jeu["frequence"] == "irregular"
        assert jeu["contacts"] and set(jeu["contacts"]) == {"Projet Maillage"}
        assert jeu["modifie"] != "None"
        assert jeu["uri"].endswith(f"/jeu/{code}")
        assert jeu["fichiers"]
    assert udata["jeux"]["acteurs-29"]["titre"].endswith("Finistère (29)")
    assert "associations-employeuses" in udata["jeux"]["acteurs"]["mots"]


def test_udata_keeps_each_file_with_its_true_size(udata: Moisson) -> None:
    for jeu in udata["jeux"].values():
        for fichier in jeu["fichiers"]:
            assert fichier["mime"] and fichier["format"] and fichier["uri"]
            if "/exports/" in fichier["url"]:
                head = httpx.head(fichier["url"], headers={"Accept-Encoding": "identity"})
                assert head.status_code == 200
                assert int(head.headers["content-length"]) == fichier["octets"]


def test_udata_links_services_to_datasets(udata: Moisson) -> None:
    assert set(udata["services"]) == set(SERVICES)
    assert udata["services"]["service-sparql"]["jeux"] == ["graphe"]
    assert sorted(udata["services"]["service-orientation"]["jeux"]) == ["acteurs", "guide"]
    for service in udata["services"].values():
        assert service["licence"] == "lov2"
        assert httpx.get(service["adresse"]).status_code in (200, 400)
        assert httpx.get(service["description"]).status_code == 200


def test_ckan_reads_every_page_once_and_each_dataset_once(ckan: Moisson) -> None:
    assert ckan["boucle"] is None and len(ckan["pages"]) == 3
    assert sorted(_extra(jeu, "identifier") for jeu in ckan["jeux"]) == sorted(JEUX)


def test_ckan_keeps_what_people_read(ckan: Moisson) -> None:
    for jeu in ckan["jeux"]:
        assert jeu["title"] and jeu["notes"] and jeu["tags"] and jeu["resources"]
        assert _extra(jeu, "publisher_name") == "Projet Maillage"
        assert _extra(jeu, "contact_name") == "Projet Maillage"
        assert _extra(jeu, "frequency").endswith("/IRREG")
        assert _extra(jeu, "modified")
        assert "PUBLIC" in _extra(jeu, "access_rights")
        for fichier in jeu["resources"]:
            assert fichier["url"].startswith("http://127.0.0.1")
            assert fichier["license"] == "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
            assert fichier["mimetype"] and fichier["format"] and fichier["name"]
            if "/exports/" in fichier["url"]:
                assert int(fichier["size"]) > 0


def _extra(jeu: Moisson, cle: str) -> str:
    return next((str(one["value"]) for one in jeu["extras"] if one["key"] == cle), str(jeu.get(cle, "")))
