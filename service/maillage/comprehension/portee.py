"""Scope of negations: what a question rules out, and which contacts it says have been tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from maillage.comprehension.enonce import Enonce
from maillage.lexique.contenu import LONGUEUR_CORRIGEE

#: functions that rule something out, or that bound what is ruled out.
NEGATIONS = frozenset(
    {
        "negation", "negation-large", "negation-apres", "negation-verbale", "negation-anaphorique",
        "quantificateur", "deja-vu", "frontiere", "coordination", "conjonction", "exception",
    }
)  # fmt: skip


class Empan(Protocol):
    """A span of words."""

    @property
    def debut(self) -> int: ...  # noqa: D102
    @property
    def fin(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Signal:
    """A marker found in the question."""

    fonction: str
    debut: int
    fin: int
    iri: str
    langue: str


def signaux(enonce: Enonce) -> list[Signal]:
    """Markers of a question, in the order of the text: of one function, the longest at each place."""
    par_fonction: dict[str, list[Signal]] = defaultdict(list)
    formes, index = enonce.formes, enonce.lexique.index_fonctions
    for debut in range(len(formes)):
        for fin, fonctions in index.a_partir(formes, debut):
            for code, iri, langue in fonctions:
                par_fonction[code].append(Signal(code, debut, fin, iri, langue))
    longs = (signal for signaux in par_fonction.values() for signal in _les_plus_longs(signaux))
    return sorted(longs, key=lambda s: (s.debut, s.fin, s.fonction, s.iri))


def _les_plus_longs(signaux: list[Signal]) -> Iterator[Signal]:
    """Markers that no longer one of the same function contains."""
    borne, dernier = -1, (-1, -1)
    for signal in sorted(signaux, key=lambda s: (s.debut, -s.fin)):
        if signal.fin > borne or (signal.debut, signal.fin) == dernier:
            yield signal
            borne, dernier = max(borne, signal.fin), (signal.debut, signal.fin)


def ecartes(
    enonce: Enonce, empans: Sequence[Empan], marques: Sequence[Signal], interlocuteurs: Container[int]
) -> set[int]:
    """Ranks, in `empans`, of what the question rules out.

    A span is ruled out when a negation stands just before it (stop words aside), when a refusal stands just
    after it, or when it continues by « or » a span ruled out; a contact (its rank is in `interlocuteurs`)
    also when its sentence says that it was seen already.
    """
    marques = [m for m in marques if m.fonction in NEGATIONS and not _mot_d_ici(enonce, m)]
    resultat: set[int] = set()
    ordre = sorted(range(len(empans)), key=lambda rang: empans[rang].debut)
    exceptions = [marque for marque in marques if marque.fonction == "exception"]
    fin_precedente, precedent, enumere = -1, False, False
    for rang in ordre:
        empan = empans[rang]
        suite = precedent and _relies(enonce, fin_precedente, empan.debut, marques, enumere)
        vu = rang in interlocuteurs and (_deja_vu(enonce, empan, marques) or _inutile(enonce, empan, marques))
        nie = suite or vu or _nie(enonce, empan, marques)
        if nie:
            resultat.add(rang)
        if empan.debut >= fin_precedente:
            enumere = (suite and enumere) or any(_colle(enonce, e.fin, empan.debut) for e in exceptions)
            precedent, fin_precedente = nie, empan.fin
    return resultat


def _mot_d_ici(enonce: Enonce, signal: Signal) -> bool:
    """Whether a marker of the other language is made of words of this one (« à part », "play a part")."""
    longs = [mot for mot in enonce.formes[signal.debut : signal.fin] if len(mot) >= LONGUEUR_CORRIGEE]
    return signal.langue != enonce.langue_lue and bool(longs) and all(map(enonce.existe_ici, longs))


def _nie(enonce: Enonce, empan: Empan, marques: Sequence[Signal]) -> bool:
    return any(_frappe(enonce, signal, empan, marques) for signal in marques)


def _frappe(enonce: Enonce, signal: Signal, empan: Empan, marques: Sequence[Signal]) -> bool:
    """Whether one marker rules a span out."""
    if _contenu(signal, empan):
        return False
    match signal.fonction:
        case "negation":
            return _colle(enonce, signal.fin, empan.debut)
        case "negation-large":
            return _colle(enonce, signal.fin, empan.debut, neutres=True)
        case "negation-apres":
            return _colle(enonce, empan.fin, signal.debut)
        case "quantificateur":
            return _colle(enonce, signal.fin, empan.debut) and _verbe_nie(enonce, signal, marques)
    return False


def _contenu(signal: Signal, empan: Empan) -> bool:
    """A marker inside the label itself (« sans salarié ») negates nothing."""
    return empan.debut <= signal.debut and signal.fin <= empan.fin


def _colle(enonce: Enonce, depuis: int, jusqua: int, neutres: bool = False) -> bool:
    """Whether only stop words (and, if asked, neutral words) stand between two ranks of one clause."""
    if depuis > jusqua:
        return False
    entre = enonce.mots[depuis : jusqua + 1]
    if (entre and entre[0].phrase != entre[-1].phrase) or any(mot.pause for mot in entre[1:]):
        return False
    permis = enonce.lexique.mots_outils if neutres else enonce.lexique.mots_vides
    return all(mot.forme in permis for mot in enonce.mots[depuis:jusqua])


def _verbe_nie(enonce: Enonce, signal: Signal, marques: Sequence[Signal]) -> bool:
    phrase = enonce.mots[signal.debut].phrase
    return any(
        autre.fonction == "negation-verbale"
        and autre.fin <= signal.debut
        and enonce.mots[autre.debut].phrase == phrase
        for autre in marques
    )


def _deja_vu(enonce: Enonce, empan: Empan, marques: Sequence[Signal]) -> bool:
    phrase = enonce.mots[empan.debut].phrase
    avant = [
        signal
        for signal in marques
        if signal.fin <= empan.debut and enonce.mots[signal.debut].phrase == phrase
    ]
    vus = [signal for signal in avant if signal.fonction == "deja-vu"]
    bornes = [signal for signal in avant if signal.fonction == "frontiere"]
    return bool(vus) and not any(borne.debut > vus[-1].debut for borne in bornes)


def _inutile(enonce: Enonce, empan: Empan, marques: Sequence[Signal]) -> bool:
    """Whether « no need to send us back there » follows, in this sentence or the next."""
    phrase = enonce.mots[empan.debut].phrase
    renvois = (m for m in marques if m.fonction == "negation-anaphorique" and m.debut >= empan.fin)
    return any(enonce.mots[m.debut].phrase - phrase in (0, 1) for m in renvois)


def _relies(enonce: Enonce, depuis: int, jusqua: int, marques: Sequence[Signal], enumere: bool) -> bool:
    """Whether only an « or » (and stop words) stands between a span ruled out and the next.

    In a list of exceptions (`enumere`) an « and » goes on with it as well.
    """
    if not 0 <= depuis <= jusqua or jusqua - depuis > 4:
        return False
    if enonce.mots[depuis].phrase != enonce.mots[jusqua].phrase if depuis < len(enonce.mots) else True:
        return False
    fonctions = {"coordination", "conjonction"} if enumere else {"coordination"}
    liens = [m for m in marques if m.fonction in fonctions and depuis <= m.debut and m.fin <= jusqua]
    reste = [rang for rang in range(depuis, jusqua) if not any(m.debut <= rang < m.fin for m in liens)]
    return bool(liens) and all(enonce.formes[rang] in enonce.lexique.mots_vides for rang in reste)


def restreints(empans: Sequence[Empan], marques: Sequence[Signal]) -> set[int]:
    """Ranks of the spans that stand before « it is only about… »: they are no part of the request."""
    bornes = [signal.debut for signal in marques if signal.fonction == "restriction"]
    if not bornes:
        return set()
    apres = [empan for empan in empans if empan.debut >= max(bornes)]
    return {rang for rang, empan in enumerate(empans) if empan.fin <= max(bornes)} if apres else set()
