"""What a facilitator asks for: territory, objectives, coordination, time. Each fault is that of a field."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from maillage.methode.noms import Noms
from maillage.methode.regles import Regles
from maillage.namespaces import iri, local_name
from maillage.problemes import Champ

#: what a form may hold, whatever the guide says: participants of a meeting, weeks between two, actors named.
PARTICIPANTS, SEMAINES, NOMMES = 100, 26, 60
#: years in which a process may start: calendars know no others.
ANNEES = (1990, 2100)
JOURNEE, DEMI_JOURNEES = "journee", "demi-journees"
FUSEAU, HEURE = "Europe/Paris", time(9, 30)

Valeurs = Callable[[str], Sequence[str]]
_T = TypeVar("_T")


class DemandeRefusee(ValueError):  # noqa: N818 (the error is named in French)
    """What was asked cannot be prepared; `champs` say why, field by field."""

    def __init__(self, champs: Sequence[Champ]) -> None:
        super().__init__(", ".join(champ.nom for champ in champs))
        self.champs = tuple(champs)


@dataclass(frozen=True)
class Demande:
    """One process to prepare. IRIs for what is named; `seances` and `participants` 0 where unsaid."""

    territoire: str
    objectifs: frozenset[str]
    debut: date
    fin: date | None
    coordination: tuple[str, ...]
    invites: tuple[str, ...]
    ecart: int
    seances: int
    participants: int
    demi_journees: bool
    heure: time
    fuseau: ZoneInfo


class _Lecteur:
    """Reads fields one by one and gathers what is wrong."""

    def __init__(self, valeurs: Valeurs) -> None:
        self._valeurs = valeurs
        self.champs: list[Champ] = []

    def tous(self, nom: str) -> list[str]:
        """The values of a field, those that say nothing left out."""
        return [text.strip() for text in self._valeurs(nom) if text.strip()]

    def un(self, nom: str, lire: Callable[[str], _T], sinon: _T, raison: str, **valeurs: object) -> _T:
        """The one value of a field, read; `sinon` where it is empty or wrong."""
        said = self.tous(nom)
        if not said:
            return sinon
        try:
            if len(said) > 1:
                raise ValueError
            return lire(said[0])
        except ValueError:
            self.refuser(nom, raison, valeur=said[0][:80], **valeurs)
            return sinon

    def refuser(self, nom: str, raison: str, **valeurs: object) -> None:
        """Note a field that cannot be taken."""
        self.champs.append(Champ(nom, raison, valeurs))


def lire_demande(valeurs: Valeurs, noms: Noms, regles: Regles) -> Demande:
    """The process asked for by these fields. Raises DemandeRefusee, with every fault at once."""
    lecteur = _Lecteur(valeurs)
    low, high = regles.seances
    demande = Demande(
        territoire=_territoire(lecteur, noms),
        objectifs=_objectifs(lecteur, regles),
        debut=_debut(lecteur),
        fin=lecteur.un("fin", _date, None, "date-impossible"),
        coordination=_acteurs(lecteur, "coordination", noms),
        invites=_acteurs(lecteur, "invite", noms),
        ecart=lecteur.un("ecart", _entre(1, SEMAINES), regles.ecart[0], "entre", minimum=1, maximum=SEMAINES),
        seances=lecteur.un("seances", _entre(low, high), 0, "entre", minimum=low, maximum=high),
        participants=lecteur.un(
            "participants", _entre(1, PARTICIPANTS), 0, "methode-participants",
            conseil=regles.participants[1], maximum=PARTICIPANTS,
        ),
        demi_journees=lecteur.un(
            "forme", _parmi((JOURNEE, DEMI_JOURNEES)), JOURNEE, "invalide",
            attendu=f"{JOURNEE}, {DEMI_JOURNEES}",
        ) == DEMI_JOURNEES,
        heure=lecteur.un("heure", _heure, HEURE, "heure-impossible"),
        fuseau=lecteur.un("fuseau", _fuseau, ZoneInfo(FUSEAU), "fuseau-inconnu"),
    )  # fmt: skip
    if demande.fin and demande.fin < demande.debut and not lecteur.champs:
        lecteur.refuser("fin", "fin-avant-debut")
    if lecteur.champs:
        raise DemandeRefusee(lecteur.champs)
    return demande


def _territoire(lecteur: _Lecteur, noms: Noms) -> str:
    said = lecteur.tous("territoire")
    if not said:
        lecteur.refuser("territoire", "absent")
        return ""
    found = noms.lieux(said[0])
    if len(found) > 1:
        lecteur.refuser("territoire", "lieu-ambigu", valeur=said[0][:80], choix=noms.precis(found))
    elif not found:
        lecteur.refuser("territoire", "lieu-inconnu", valeur=said[0][:80])
    return found[0] if found else ""


def _objectifs(lecteur: _Lecteur, regles: Regles) -> frozenset[str]:
    """The objectives asked for; the one that every scheme pursues always with them."""
    known = {local_name(one.iri) for one in regles.objectifs}
    said = {text.removeprefix("objectif:") for text in lecteur.tous("objectif")}
    if said - known:
        lecteur.refuser("objectif", "invalide", attendu=", ".join(sorted(known)))
    return frozenset({regles.toujours, *(iri("objectif", code) for code in said & known)})


def _debut(lecteur: _Lecteur) -> date:
    if not lecteur.tous("debut"):
        lecteur.refuser("debut", "absent")
    return lecteur.un("debut", _date, None, "date-impossible") or date.min


def _acteurs(lecteur: _Lecteur, nom: str, noms: Noms) -> tuple[str, ...]:
    """Actors and kinds of actor, by code or name; several in one text are separated by semicolons."""
    said = [part.strip() for text in lecteur.tous(nom) for part in text.split(";") if part.strip()]
    if len(said) > NOMMES:
        lecteur.refuser(nom, "entre", minimum=0, maximum=NOMMES)
        return ()
    found: dict[str, None] = {}
    for text in said:
        candidates = noms.acteurs(text)
        if len(candidates) == 1:
            found[candidates[0]] = None
        elif candidates:
            lecteur.refuser(nom, "nom-ambigu", valeur=text[:80], choix=noms.precis(candidates))
        else:
            lecteur.refuser(nom, "nom-inconnu", valeur=text[:80])
    return tuple(found)


def _date(texte: str) -> date:
    """AAAA-MM-JJ as browsers send it, or JJ/MM/AAAA as people write it. Raises ValueError."""
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", texte, re.ASCII):
        day, month, year = map(int, found.groups())
        read = date(year, month, day)
    else:
        read = date.fromisoformat(texte)
    if not ANNEES[0] <= read.year <= ANNEES[1]:
        raise ValueError(texte)
    return read


def _heure(texte: str) -> time:
    read = time.fromisoformat(texte)
    if read.tzinfo is not None or len(texte) > len("09:30:00"):
        raise ValueError(texte)
    return read.replace(second=0, microsecond=0)


def _fuseau(texte: str) -> ZoneInfo:
    if texte not in available_timezones():
        raise ValueError(texte)
    return ZoneInfo(texte)


def _entre(minimum: int, maximum: int) -> Callable[[str], int]:
    def lire(texte: str) -> int:
        value = int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 9 else minimum - 1
        if not minimum <= value <= maximum:
            raise ValueError(texte)
        return value

    return lire


def _parmi(permis: Sequence[str]) -> Callable[[str], str]:
    def lire(texte: str) -> str:
        if texte not in permis:
            raise ValueError(texte)
        return texte

    return lire
