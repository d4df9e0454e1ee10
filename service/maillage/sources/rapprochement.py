"""Which known actor a body of a source is: decisions first, then identifiers, then name, place and kind.

Near-linear in the number of bodies: a body is compared only with the actors of its commune, of its telephone,
or that share its kind, its département and one of its rarest words, in groups of a bounded size.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maillage.importation.geographie import Geographie
from maillage.sources import normalisation
from maillage.sources.connu import Connu, lexical
from maillage.sources.decisions import Decisions
from maillage.sources.notice import Notice, Proprietes
from maillage.sources.score import SEUIL_DOUTE, SEUIL_MEME, Mots, Portrait, Score, compare

MEME, AUTRE, A_DECIDER = "meme", "autre", "a-decider"
_SIRET = re.compile(r"\d{14}")
#: groups larger than this tell nothing of who is who.
_GROUPE_MAX = 30
_MOTS_RARES = 2
#: two candidates closer than this are for a steward to part.
_ECART_MIN = 0.05
#: weights where nobody is known of a kind: every word is as rare as any other.
_SANS_MOTS = Mots(())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a body of a source is taken for; `acteur` is the actor known, or the nearest one to decide on."""

    notice: Notice
    issue: str
    acteur: str
    raison: str
    score: Score | None = None


class Rapprocheur:
    """The actors of the corpus, ready to be looked up."""

    def __init__(self, connu: Connu, geo: Geographie, decisions: Decisions) -> None:
        self._connu, self._decisions = connu, decisions
        lieux = {a: _commune(connu, a) for a in connu.acteurs}
        rivaux = _rivaux((lieux[a], connu.valeurs(a, "org:classification")) for a in connu.acteurs)
        self.portraits = {a: _portrait_connu(connu, geo, a, lieux[a], rivaux) for a in connu.acteurs}
        self._mots = _mots_par_genre(self.portraits.values())
        self._identifiants: dict[str, set[str]] = defaultdict(set)
        self._groupes: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for acteur, portrait in self.portraits.items():
            for identifiant in connu.textes(acteur, "dcterms:identifier"):
                self._identifiants[identifiant].add(acteur)
            for groupe in self._cles(portrait):
                self._groupes[groupe].append(acteur)

    def rapproche(self, notices: Sequence[Notice]) -> list[Verdict]:
        """One verdict a body, in the order given. Without a decision, an actor is one body at most."""
        rivaux = _rivaux((n.fiche.commune or "", n.fiche.types) for n in notices)
        trouves: dict[int, Verdict] = {}
        pris: dict[str, str] = {}
        for rang, notice in enumerate(notices):
            if verdict := self._sur(notice):
                trouves[rang] = self._unique(verdict, pris)
        for rang, notice in enumerate(notices):
            if rang not in trouves:
                trouves[rang] = self._unique(self._par_nom(notice, pris, rivaux), pris)
        return [trouves[rang] for rang in range(len(notices))]

    def _unique(self, verdict: Verdict, pris: dict[str, str]) -> Verdict:
        if verdict.issue != MEME:
            return verdict
        autre = pris.setdefault(verdict.acteur, verdict.notice.identifiant)
        if autre == verdict.notice.identifiant:
            return verdict
        raison = f"{verdict.raison} ; mais l'enregistrement {autre} est déjà cet acteur"
        return Verdict(verdict.notice, A_DECIDER, verdict.acteur, raison, verdict.score)

    def _sur(self, notice: Notice) -> Verdict | None:
        decide = self._decisions.acteur(notice.identifiants)
        if decide and decide in self._connu.acteurs:
            return Verdict(notice, MEME, decide, "décidé par l'intendance")
        types = set(notice.fiche.types)
        for identifiant in notice.identifiants:
            acteurs = {
                a
                for a in self._identifiants.get(identifiant, ())
                if not self._decisions.different(notice.identifiants, a)
                # A municipality and its services share one SIRET: the kind tells them apart.
                and (not _SIRET.fullmatch(identifiant) or not types or types & self.portraits[a].types)
            }
            if len(acteurs) == 1:
                return Verdict(notice, MEME, acteurs.pop(), f"même identifiant {identifiant}")
            if acteurs:
                raison = (
                    f"plusieurs fiches portent l'identifiant {identifiant} : {', '.join(sorted(acteurs))}"
                )
                return Verdict(notice, A_DECIDER, min(acteurs), raison)
        return None

    def _par_nom(self, notice: Notice, pris: dict[str, str], rivaux: Counter[tuple[str, str]]) -> Verdict:
        portrait = portrait_de(notice, rivaux)
        mots = self._mots_de(portrait)
        groupes = [self._groupes.get(groupe, ()) for groupe in self._cles(portrait)]
        petits = (groupe for groupe in groupes if len(groupe) <= _GROUPE_MAX)
        candidats = {a for groupe in petits for a in groupe if a not in pris}
        notes = sorted(
            (
                (compare(portrait, self.portraits[a], mots), a)
                for a in candidats
                if not self._decisions.different(notice.identifiants, a)
            ),
            key=lambda paire: (-paire[0].total, paire[1]),
        )
        if not notes or notes[0][0].total < SEUIL_DOUTE:
            return Verdict(
                notice, AUTRE, "", "aucun acteur connu ne lui ressemble", notes[0][0] if notes else None
            )
        score, acteur = notes[0]
        serre = len(notes) > 1 and score.total - notes[1][0].total < _ECART_MIN
        sur = score.total >= SEUIL_MEME and score.genre == 1.0 and not serre
        raison = score.phrase() + (f" ; {notes[1][1]} lui ressemble autant" if serre else "")
        return Verdict(notice, MEME if sur else A_DECIDER, acteur, raison, score)

    def _mots_de(self, portrait: Portrait) -> Mots:
        return next((self._mots[t] for t in sorted(portrait.types) if t in self._mots), _SANS_MOTS)

    def _cles(self, portrait: Portrait) -> Iterable[tuple[str, ...]]:
        """Groups a body is in."""
        for contact in portrait.contacts:
            yield ("contact", contact)
        mots = self._mots_de(portrait)
        rares = {m for nom in portrait.noms[:1] for m in mots.rares(nom, _MOTS_RARES)}
        for type_ in portrait.types:
            if portrait.commune:
                yield ("commune", portrait.commune, type_)
            for mot in rares:
                yield ("mot", portrait.departement, type_, mot)


def portrait_de(notice: Notice, rivaux: Counter[tuple[str, str]]) -> Portrait:
    """What a body of a source is compared by; `rivaux` counts the bodies by commune and kind."""
    f = notice.fiche
    contacts = _contacts(notice.proprietes())
    noms = (f.nom, *f.autres_noms)
    nombre = min((rivaux[f.commune or "", t] for t in f.types), default=0)
    return Portrait(noms, f.commune or "", notice.departement, frozenset(f.types), contacts, nombre)


def _commune(connu: Connu, acteur: str) -> str:
    return next(iter(connu.valeurs(acteur, "mlg:commune")), "").removeprefix("commune:")


def _rivaux(bodies: Iterable[tuple[str, Iterable[str]]]) -> Counter[tuple[str, str]]:
    """How many bodies of each kind there are in each commune."""
    return Counter((commune, type_) for commune, types in bodies if commune for type_ in types)


def _mots_par_genre(portraits: Iterable[Portrait]) -> dict[str, Mots]:
    noms: dict[str, list[str]] = defaultdict(list)
    for portrait in portraits:
        for type_ in portrait.types:
            noms[type_].extend(portrait.noms)
    return {type_: Mots(liste) for type_, liste in noms.items()}


def _portrait_connu(
    connu: Connu, geo: Geographie, acteur: str, commune: str, rivaux: Counter[tuple[str, str]]
) -> Portrait:
    noms = (*connu.textes(acteur, "skos:prefLabel"), *connu.textes(acteur, "skos:altLabel"))
    servis = [t.removeprefix("departement:") for t in connu.valeurs(acteur, "mlg:territoireServi")]
    departement = geo.communes.get(commune) or next((t for t in servis if t in geo.departements), "")
    proprietes = {p: connu.valeurs(acteur, p) for p in ("schema:telephone", "schema:url")}
    types = frozenset(connu.valeurs(acteur, "org:classification"))
    nombre = min((rivaux[commune, t] for t in types), default=0)
    return Portrait(noms, commune, departement, types, _contacts(proprietes), nombre)


def _contacts(proprietes: Proprietes) -> frozenset[str]:
    telephones = {
        normalisation.empreinte("schema:telephone", t) for t in proprietes.get("schema:telephone", ())
    }
    hotes = {normalisation.hote(lexical(u)) for u in proprietes.get("schema:url", ())}
    return frozenset({*telephones, *hotes} - {""})
