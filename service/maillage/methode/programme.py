"""The programme of a process: which times, how many, on which days. The rules are the graph's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from maillage.methode.demande import Demande, DemandeRefusee
from maillage.methode.regles import Regles, Temps
from maillage.problemes import Champ

#: from one report to the other: the guide gives no delay between them.
ENTRE_RESTITUTIONS = timedelta(weeks=1)
_SAMEDI, _DIMANCHE = 5, 6


@dataclass(frozen=True)
class RendezVous:
    """A session on its days (two where it is split in half-days); `rang` of `nombre` for its objective."""

    temps: Temps
    jours: tuple[date, ...]
    rang: int
    nombre: int
    numero: int
    """Rank among all the sessions of the programme, from 1."""


@dataclass(frozen=True)
class Avis:
    """A remark on the programme, tied to a field; `code` names its sentence."""

    champ: str
    code: str
    valeurs: dict[str, object]


@dataclass(frozen=True)
class Programme:
    """What is to be done, in order: letters (without a date) and dated sessions."""

    demande: Demande
    regles: Regles
    suite: tuple[Temps | RendezVous, ...]
    avis: tuple[Avis, ...]

    @property
    def rendez_vous(self) -> list[RendezVous]:
        """The dated sessions."""
        return [one for one in self.suite if isinstance(one, RendezVous)]


def programmer(demande: Demande, regles: Regles) -> Programme:
    """The programme that fits in the time given, with as many sessions as asked, or as fit.

    Raises DemandeRefusee where even the shortest one ends after `fin`, with the day when it would end.
    """
    low, high = regles.seances
    counts = [demande.seances] if demande.seances else range(high if demande.fin else low, low - 1, -1)
    ends = []
    for nombre in counts:
        suite = tuple(_suite(demande, regles, nombre))
        programme = Programme(demande, regles, suite, tuple(_avis(demande, regles)))
        last = programme.rendez_vous[-1].jours[-1]
        if demande.fin is None or last <= demande.fin:
            return programme
        ends.append(last)
    wanted = min(ends)
    raise DemandeRefusee([Champ("fin", "methode-fin", {"jour": wanted.isoformat()})])


def _suite(demande: Demande, regles: Regles, nombre: int) -> Iterator[Temps | RendezVous]:
    """Letters as they are; sessions one after the other, `ecart` weeks apart."""
    kept = [one for one in regles.temps if not one.objectif or one.objectif in demande.objectifs]
    meetings = [
        (one, rang, total)
        for one in kept
        if one.seance
        for total in [min(max(nombre, one.seances[0]), one.seances[1])]
        for rang in range(1, total + 1)
    ]
    dated = dict(enumerate(_jours(demande, [one for one, _, _ in meetings])))
    numero = 0
    for one in kept:
        if not one.seance:
            yield one
            continue
        total = sum(1 for other, _, _ in meetings if other is one)
        for rang in range(1, total + 1):
            yield RendezVous(one, dated[numero], rang, total, numero + 1)
            numero += 1


def _jours(demande: Demande, temps: list[Temps]) -> list[tuple[date, ...]]:
    """The days of each session in turn."""
    found = [_du(temps[0], demande.debut, demande)]
    start = demande.debut
    for before, one in pairwise(temps):
        reports = not before.objectif and not one.objectif
        start += ENTRE_RESTITUTIONS if reports else timedelta(weeks=demande.ecart)
        found.append(_du(one, start, demande))
    return found


def _du(temps: Temps, jour: date, demande: Demande) -> tuple[date, ...]:
    """A session of a day takes two days in a row when it is split in half-days; never a weekend."""
    first = _ouvre(jour)
    if demande.demi_journees and temps.jours:
        return first, _ouvre(first + timedelta(days=1))
    return (first,)


def _ouvre(jour: date) -> date:
    """The day, or the Monday after it."""
    return jour + timedelta(days={_SAMEDI: 2, _DIMANCHE: 1}.get(jour.weekday(), 0))


def _avis(demande: Demande, regles: Regles) -> Iterator[Avis]:
    """What the guide would say of the figures chosen."""
    (few, many), (short, long) = regles.participants, regles.ecart
    number = demande.participants or len(demande.invites)
    bounds: dict[str, object] = {"minimum": few, "maximum": many, "nombre": number}
    if number > many:
        yield Avis("participants", "participants-plus", bounds)
    elif number and number < few:
        yield Avis("participants", "participants-moins", bounds)
    if not short <= demande.ecart <= long:
        yield Avis("ecart", "ecart", {"minimum": short, "maximum": long, "nombre": demande.ecart})
    if demande.debut.weekday() in (_SAMEDI, _DIMANCHE):
        yield Avis("debut", "fin-de-semaine", {})
