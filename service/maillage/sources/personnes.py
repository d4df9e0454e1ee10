"""Personal data kept out: e-mail addresses of named persons, mobile numbers, what was asked to be removed.

Rules and lists are tables of donnees/institutions that stewards edit: `courriels-de-fonction.csv` (words that
name a function), `donnees-personnelles.csv` (opt-ins, with their legal basis), `retraits.csv` (removals,
by fingerprint, so that what was removed is not kept).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from maillage.importation.lecture import cle, lit_csv
from maillage.importation.tables import DOSSIER

MOBILE, NOMINATIF = "mobile", "courriel-nominatif"
RETRAITS = f"{DOSSIER}/retraits.csv"
COLONNES_RETRAITS = ("acteur", "empreinte", "date", "raison")
# 06 and 07, in France and overseas (0690 to 0697): numbering plan of the regulator (Arcep, 2018-0881).
_MOBILE = re.compile(r"(?:\+33|0033|0)[67]\d{8}|(?:\+|00)(?:262|590|594|596)6\d{8}")
_COURRIEL = re.compile(r"([^@\s]+)@([^@\s]+\.[A-Za-z]{2,})")
_PARTIES = re.compile(r"[._\-+]+")
_SIGLE = 5


@dataclass(frozen=True, slots=True)
class Refus:
    """A value that is not published, and why, in French."""

    valeur: str
    raison: str


class Gardien:
    """The rules of one source: what it may give, and what it may not."""

    def __init__(self, racine: Path, source: str) -> None:
        dossier = racine / DOSSIER
        self._fonctions = {
            cle(e.texte("mot")) for e in lit_csv(dossier / "courriels-de-fonction.csv", ("mot",))
        }
        accords = lit_csv(
            dossier / "donnees-personnelles.csv", ("source", "donnee", "base_legale", "date", "reference")
        )
        self._accords = {
            e.code("donnee", f"{MOBILE}|{NOMINATIF}", MOBILE)
            for e in accords
            if e.texte("source") == source and e.texte("base_legale") and e.texte("date")
        }
        self._retires = {
            (e.texte("acteur"), e.texte("empreinte")) for e in lit_csv(racine / RETRAITS, COLONNES_RETRAITS)
        }

    def telephone(self, valeur: str) -> Refus | None:
        """The refusal of a mobile number; None where the number may be published."""
        if MOBILE in self._accords or not est_mobile(valeur):
            return None
        return Refus(
            masque(valeur),
            "numéro de mobile, souvent celui d'une personne : non publié, sauf accord écrit dans "
            "donnees-personnelles.csv",
        )

    def courriel(self, valeur: str, noms: str) -> Refus | None:
        """The refusal of an address that is not surely one of a function; None where it may be published.

        `noms` are words of the body (name, acronym, place, site): an address made of them is the body's.
        """
        trouve = _COURRIEL.fullmatch(valeur)
        if trouve is None:
            return Refus(masque(valeur), "ce n'est pas une adresse électronique")
        if NOMINATIF in self._accords or self._de_fonction(trouve.group(1), trouve.group(2), noms):
            return None
        return Refus(
            masque(valeur),
            "adresse qui peut être celle d'une personne (aucun mot ne dit une fonction ni l'organisme) : "
            "non publiée, sauf accord écrit dans donnees-personnelles.csv",
        )

    def _de_fonction(self, local: str, domaine: str, noms: str) -> bool:
        mots = [cle(m) for m in _PARTIES.split(re.sub(r"\d+", "", local)) if m]
        if any(m in self._fonctions for m in mots):
            return True
        propres = set(cle(noms).split())
        colles = {*propres, cle(noms).replace(" ", ""), *_PARTIES.split(domaine.lower())[:-1], sigle(noms)}
        # « quimper@… » or « cdos29@… » name the body; « jean.dupont@… » has no part that does.
        longs = [m.replace(" ", "") for m in mots if len(m) > 1]
        return bool(longs) and all(m in colles for m in longs)

    def retire(self, acteur: str, valeur: str) -> Refus | None:
        """The refusal of a value whose removal was asked for; None where it was not."""
        if (acteur, empreinte(valeur)) in self._retires:
            return Refus(masque(valeur), "retirée à la demande de la personne concernée (retraits.csv)")
        return None


def est_mobile(valeur: str) -> bool:
    """Whether a telephone is a mobile number of France."""
    return _MOBILE.fullmatch(re.sub(r"\(0\)|[\s.\-/()]", "", valeur)) is not None


def empreinte(valeur: str) -> str:
    """Fingerprint by which a removed value is known again: SHA-256 of its letters and digits, folded."""
    return hashlib.sha256(re.sub(r"[^a-z0-9@]", "", valeur.lower()).encode()).hexdigest()


def masque(valeur: str) -> str:
    """A value said without being shown: its two first characters, and the domain of an address."""
    local, arobase, domaine = valeur.partition("@")
    return f"{local[:2]}…{arobase}{domaine}"


def sigle(noms: str) -> str:
    """Initials of the first words of a name."""
    return "".join(mot[0] for mot in cle(noms).split()[:_SIGLE])
