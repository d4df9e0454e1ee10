"""Fetching what is due: addresses of donnees/sources.ttl and no other, on hosts that a setting allows.

Off by default (MAILLAGE_RAFRAICHIR is empty). Bounded in size, time and redirections; conditional (ETag,
Last-Modified), so that what has not changed costs nothing. What was fetched is beside the versions.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pyoxigraph

from maillage.importation.lecture import ErreurImport
from maillage.sources.application import parent
from maillage.sources.chemin import SOURCES, Source

OCTETS_MAX = 1024**3
SECONDES_MAX = 900.0
SILENCE_MAX = 30.0
REDIRECTIONS_MAX = 3
ETAT = "releves.json"
_LOCAUX = ("127.0.0.1", "localhost", "::1")
_NOM = re.compile(r"[\w.-]{1,120}")
#: days between two editions, by the last part of the EU frequency authority's codes.
RYTHMES = {"DAILY": 1, "WEEKLY": 7, "BIWEEKLY": 14, "MONTHLY": 31, "QUARTERLY": 92, "ANNUAL": 366}


@dataclass(frozen=True, slots=True)
class Releve:
    """What the last fetch of a source left: when, what the server said of it, and where the file is."""

    instant: str
    etag: str = ""
    modifie: str = ""
    fichier: str = ""


@dataclass(frozen=True, slots=True)
class Adresse:
    """Where a source publishes its edition of the day, and how often."""

    url: str
    jours: int


def adresse(racine: Path, source: Source) -> Adresse | None:
    """What donnees/sources.ttl says of where to fetch; None where nothing. Raises ErreurImport."""
    dits = parent(racine, source.code)
    url = next(
        (o.value for p, o in dits if p == "dcat:downloadURL" and isinstance(o, pyoxigraph.NamedNode)), ""
    )
    rythme = next((str(o).strip("<>") for p, o in dits if p == "dcterms:accrualPeriodicity"), "")
    return Adresse(url, RYTHMES.get(rythme.rpartition("/")[2], 31)) if url else None


def dues(racine: Path, dossier: Path, maintenant: datetime) -> Iterator[tuple[Source, Adresse]]:
    """Sources whose next edition should be out, with their address."""
    connus = _etat(dossier)
    for source in SOURCES.values():
        ou = adresse(racine, source)
        dernier = connus.get(source.nom)
        if ou and (
            dernier is None
            or maintenant - datetime.fromisoformat(dernier.instant) >= timedelta(days=ou.jours)
        ):
            yield source, ou


def releve(
    source: Source, ou: Adresse, dossier: Path, hotes: Collection[str], maintenant: datetime
) -> Path | None:
    """Fetch an edition; its file, or None where it has not changed since the last one.

    Raises ErreurImport where the host is not allowed, the server refuses, or a bound is passed.
    """
    connus = _etat(dossier)
    dernier = connus.get(source.nom, Releve(""))
    garde = dossier / dernier.fichier if dernier.fichier else None
    entetes = {"User-Agent": "maillage-rafraichir", "Accept-Encoding": "identity"}
    if garde and garde.is_file():
        entetes |= {"If-None-Match": dernier.etag} if dernier.etag else {}
        entetes |= {"If-Modified-Since": dernier.modifie} if dernier.modifie else {}
    dossier.mkdir(parents=True, exist_ok=True)
    try:
        recu, fichier = _demande(ou.url, hotes, entetes, dossier, source.nom)
    except httpx.HTTPError as erreur:
        raise ErreurImport(f"{source.nom} : {ou.url} ne répond pas ({type(erreur).__name__}).") from None
    nouveau = Releve(
        maintenant.isoformat(),
        recu.headers.get("etag", dernier.etag),
        recu.headers.get("last-modified", dernier.modifie),
        fichier.name if fichier else dernier.fichier,
    )
    _note(dossier, {**connus, source.nom: nouveau})
    if fichier and garde and garde != fichier:
        garde.unlink(missing_ok=True)
    return fichier


def jour(dossier: Path, source: Source) -> str:
    """Day of the edition last fetched, as its server dates it, else the day it was fetched."""
    dernier = _etat(dossier)[source.nom]
    try:
        return parsedate_to_datetime(dernier.modifie).date().isoformat()
    except (TypeError, ValueError):
        return dernier.instant[:10]


def _demande(
    url: str, hotes: Collection[str], entetes: dict[str, str], dossier: Path, nom: str
) -> tuple[httpx.Response, Path | None]:
    """The answer, redirections followed on allowed hosts only, and the file written where it has changed."""
    debut = time.monotonic()
    with httpx.Client(timeout=SILENCE_MAX, follow_redirects=False, trust_env=False) as client:
        for _ in range(REDIRECTIONS_MAX + 1):
            _permise(url, hotes)
            with client.stream("GET", url, headers=entetes) as recu:
                if recu.has_redirect_location:
                    url = str(httpx.URL(url).join(recu.headers["location"]))
                    continue
                if recu.status_code == httpx.codes.NOT_MODIFIED:
                    return recu, None
                if recu.status_code != httpx.codes.OK:
                    raise ErreurImport(f"{nom} : {url} répond {recu.status_code}.")
                return recu, _ecrit(recu, dossier, nom, url, debut)
    raise ErreurImport(f"{nom} : plus de {REDIRECTIONS_MAX} redirections.")


def _permise(url: str, hotes: Collection[str]) -> None:
    ou = httpx.URL(url)
    if ou.host not in hotes:
        raise ErreurImport(
            f"« {ou.host} » n'est pas dans MAILLAGE_RAFRAICHIR : rien n'est demandé à ce serveur."
        )
    if ou.scheme != "https" and ou.host not in _LOCAUX:
        raise ErreurImport(f"{url} : seule une adresse https est relevée.")


def _ecrit(recu: httpx.Response, dossier: Path, nom: str, url: str, debut: float) -> Path:
    dernier = url.partition("?")[0].rpartition("/")[2]
    fichier = dossier / f"{nom}-{dernier if _NOM.fullmatch(dernier) else 'edition.json'}"
    provisoire, lus = fichier.with_name(fichier.name + ".provisoire"), 0
    try:
        with provisoire.open("wb") as sortie:
            for octets in recu.iter_raw():
                lus += len(octets)
                if lus > OCTETS_MAX or time.monotonic() - debut > SECONDES_MAX:
                    raise ErreurImport(
                        f"{nom} : plus de {OCTETS_MAX // 1024**2} Mo ou de {SECONDES_MAX:.0f} s, "
                        "relevé abandonné."
                    )
                sortie.write(octets)
        os.replace(provisoire, fichier)
    finally:
        provisoire.unlink(missing_ok=True)
    return fichier


def _etat(dossier: Path) -> dict[str, Releve]:
    try:
        lu = json.loads((dossier / ETAT).read_text(encoding="utf-8"))
        return {nom: Releve(**dit) for nom, dit in lu.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as erreur:
        raise ErreurImport(f"{dossier / ETAT} illisible : effacez-le ({erreur}).") from None


def _note(dossier: Path, connus: dict[str, Releve]) -> None:
    provisoire = dossier / (ETAT + ".provisoire")
    provisoire.write_text(json.dumps({nom: asdict(r) for nom, r in connus.items()}), encoding="utf-8")
    os.replace(provisoire, dossier / ETAT)


def maintenant() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)
