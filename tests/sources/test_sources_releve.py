"""Fetching: off by default, on allowed hosts only, within bounds, and only what has changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from maillage.commande.cli import main
from maillage.importation.lecture import ErreurImport
from maillage.sources import releve
from maillage.sources.chemin import SOURCES
from maillage.sources.releve import Adresse

ANNUAIRE = Path(__file__).parent / "donnees" / "2026-08-03_053120-data.gouv_local.json"
ANNUAIRE_SOURCE = SOURCES["annuaire"]
JOUR = datetime(2026, 11, 23, tzinfo=UTC)
LOCAL = ("127.0.0.1",)


class Serveur(BaseHTTPRequestHandler):
    """The publisher's server: the edition with its ETag, a redirection, a refusal."""

    demandes: list[tuple[str, str]]

    def do_GET(self) -> None:
        """Answer one request."""
        self.demandes.append((self.path, self.headers.get("If-None-Match", "")))
        if self.path == "/ailleurs":
            self._repond(302, b"", Location="http://interdit.example/edition.json")
        elif self.path == "/boucle":
            self._repond(302, b"", Location="/boucle")
        elif self.path == "/absent":
            self._repond(404, b"")
        elif self.headers.get("If-None-Match") == '"un"':
            self._repond(304, b"")
        else:
            self._repond(
                200, ANNUAIRE.read_bytes(), ETag='"un"', **{"Last-Modified": "Mon, 03 Aug 2026 05:31:20 GMT"}
            )

    def _repond(self, statut: int, corps: bytes, **entetes: str) -> None:
        self.send_response(statut)
        for nom, valeur in {**entetes, "Content-Length": str(len(corps))}.items():
            self.send_header(nom, valeur)
        self.end_headers()
        self.wfile.write(corps)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def base() -> Iterator[str]:
    Serveur.demandes = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Serveur) as serveur:
        threading.Thread(target=serveur.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serveur.server_port}"
        serveur.shutdown()


def test_an_edition_is_fetched_once(base: str, tmp_path: Path) -> None:
    ou = Adresse(f"{base}/donnees.json", 1)
    fichier = releve.releve(ANNUAIRE_SOURCE, ou, tmp_path, LOCAL, JOUR)
    assert fichier is not None
    assert fichier.read_bytes() == ANNUAIRE.read_bytes()
    assert releve.jour(tmp_path, ANNUAIRE_SOURCE) == "2026-08-03"
    assert releve.releve(ANNUAIRE_SOURCE, ou, tmp_path, LOCAL, JOUR) is None
    assert [une[1] for une in Serveur.demandes] == ["", '"un"']


@pytest.mark.parametrize(
    ("chemin", "hotes", "dit"),
    [
        ("/donnees.json", ("autre.example",), "n'est pas dans MAILLAGE_RAFRAICHIR"),
        ("/ailleurs", LOCAL, "« interdit.example » n'est pas dans MAILLAGE_RAFRAICHIR"),
        ("/boucle", LOCAL, "redirections"),
        ("/absent", LOCAL, "répond 404"),
    ],
)
def test_what_is_not_allowed_is_not_fetched(
    base: str, tmp_path: Path, chemin: str, hotes: tuple[str, ...], dit: str
) -> None:
    with pytest.raises(ErreurImport, match=dit):
        releve.releve(ANNUAIRE_SOURCE, Adresse(base + chemin, 1), tmp_path, hotes, JOUR)
    assert list(tmp_path.iterdir()) == []


def test_an_address_without_https_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ErreurImport, match="https"):
        releve.releve(ANNUAIRE_SOURCE, Adresse("http://x.example/a", 1), tmp_path, ("x.example",), JOUR)


def test_a_server_that_does_not_answer_is_said(tmp_path: Path) -> None:
    with pytest.raises(ErreurImport, match="ne répond pas"):
        releve.releve(ANNUAIRE_SOURCE, Adresse("http://127.0.0.1:9/a", 1), tmp_path, LOCAL, JOUR)


@pytest.mark.parametrize(("borne", "valeur"), [("OCTETS_MAX", 1000), ("SECONDES_MAX", 0.0)])
def test_bounds_leave_nothing_behind(
    base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, borne: str, valeur: float
) -> None:
    monkeypatch.setattr(releve, borne, valeur)
    with pytest.raises(ErreurImport, match="relevé abandonné"):
        releve.releve(ANNUAIRE_SOURCE, Adresse(f"{base}/donnees.json", 1), tmp_path, LOCAL, JOUR)
    assert list(tmp_path.iterdir()) == []


def test_what_is_due_follows_the_rhythm_of_the_description(base: str, atelier: Any, tmp_path: Path) -> None:
    (source, ou), *_ = releve.dues(atelier.racine, tmp_path, JOUR)
    assert (source.nom, ou.jours) == ("annuaire", 1)
    assert ou.url.startswith("https://lecomarquage.service-public.fr/")
    releve.releve(source, Adresse(f"{base}/donnees.json", 1), tmp_path, LOCAL, JOUR)
    assert not list(releve.dues(atelier.racine, tmp_path, JOUR + timedelta(hours=23)))
    assert list(releve.dues(atelier.racine, tmp_path, JOUR + timedelta(days=1)))


def lance(*arguments: str) -> int:
    with pytest.raises(SystemExit) as sortie:
        main(["rafraichir", *arguments])
    return int(sortie.value.code or 0)


def test_the_command_is_off_until_hosts_are_named(
    atelier: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (atelier.racine / "ontologie").mkdir()
    monkeypatch.setenv("MAILLAGE_RACINE", str(atelier.racine))
    assert lance() == 2
    assert "Éteint" in capsys.readouterr().err


def test_the_command_prepares_the_review_and_writes_what_was_allowed(
    base: str, atelier: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (atelier.racine / "ontologie").mkdir()
    sources = atelier.racine / "donnees/sources.ttl"
    officielle = "https://lecomarquage.service-public.fr/donnees_locales_v4/all_latest.tar.bz2"
    sources.write_text(sources.read_text().replace(officielle, f"{base}/donnees.json"))
    monkeypatch.setenv("MAILLAGE_RACINE", str(atelier.racine))
    monkeypatch.setenv("MAILLAGE_INSTANTANES", str(atelier.racine / "var/instantanes"))
    monkeypatch.setenv("MAILLAGE_RAFRAICHIR", "127.0.0.1")
    edition = atelier.racine / "donnees/acteurs/29/annuaire-2026-08-03.ttl"
    assert lance("--territoire", "29") == 1
    assert (atelier.racine / "var/sources/annuaire.csv").is_file()
    assert (atelier.racine / "var/sources/annuaire.html").is_file()
    assert not edition.exists()
    assert lance() == 0
    monkeypatch.setenv("MAILLAGE_RAFRAICHIR_ACCEPTER", "confirmations")
    (atelier.racine / "var/sources/releves.json").unlink()
    assert lance("--tout", "--territoire", "29") == 1
    assert edition.exists()
    assert "acceptés d'avance" in capsys.readouterr().out
