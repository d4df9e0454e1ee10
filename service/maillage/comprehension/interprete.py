"""The interpreter: spots, places, negations and markers put together into one understanding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from maillage.comprehension.enonce import Correcteur, Enonce, enoncer
from maillage.comprehension.entites import Nommage
from maillage.comprehension.lieux import Geographie, LieuTrouve
from maillage.comprehension.methode import Methode
from maillage.comprehension.portee import Signal, ecartes, restreints, signaux
from maillage.comprehension.reperage import A_PART, Reperage, couvrir, preciser, reperer
from maillage.comprehension.resultat import PRECIS, Ambiguite, Comprehension, Entite, Explication
from maillage.lexique import Lexique

#: characters; a longer question is refused by the service.
QUESTION_MAXIMALE = 10_000
#: classes of those one may turn to.
INTERLOCUTEURS = frozenset({"TypeActeur", "Acteur", "Famille"})
#: classes that describe the association, not its request.
CADRE = frozenset({"Secteur", "Public"})
#: words between a marker of relation and the kind that it bears on, at most.
ECART_RELATION = 2
#: a passage with this score shows that the question is about the method.
PASSAGE_PROBABLE = 0.55
#: a passage with this score answers the question by itself.
PASSAGE_SUR = 0.8
#: intentions that passages answer.
METHODE = ("demarche", "experimentation")
#: fields that place a question in the field of associations without saying what is needed.
VAGUES = ("publics", "niveaux")


Empan = Reperage | LieuTrouve


class Interprete:
    """Understands questions with one lexicon; safe to share between threads."""

    def __init__(self, lexique: Lexique) -> None:
        """Prepare the look-ups once."""
        self.lexique = lexique
        self.geographie = Geographie(lexique)
        self.methode = Methode(lexique)
        self._correcteur = Correcteur(lexique)

    def comprendre(self, question: str, langue: str = "fr", territoire: str | None = None) -> Comprehension:
        """What is asked. `territoire` is the IRI of the worker's own territory; it settles homonyms."""
        enonce = enoncer(question, self.lexique, self._correcteur)
        return _Lecture(self, enonce, langue, territoire).comprehension()


@dataclass(frozen=True)
class _Lecture:
    """One question being read."""

    interprete: Interprete
    enonce: Enonce
    langue: str
    territoire: str | None

    def comprehension(self) -> Comprehension:
        lexique = self.interprete.lexique
        reperes = reperer(self.enonce)
        marques = signaux(self.enonce)
        a_part = [r for r in reperes if self._classe(r.iri) in A_PART]
        couverts = couvrir((r for r in reperes if self._classe(r.iri) not in A_PART), self.langue)
        concepts = preciser(couverts, self._classe)
        lieux = self.interprete.geographie.trouver(self.enonce, self.territoire)
        concepts, lieux = _arbitrer(concepts, lieux)
        retenus = [lieu for lieu in lieux if lieu.retenu]
        empans: list[Empan] = [*concepts, *retenus]
        interlocuteurs = {rang for rang, c in enumerate(concepts) if self._classe(c.iri) in INTERLOCUTEURS}
        nies = ecartes(self.enonce, empans, marques, interlocuteurs)
        hors_demande = restreints(concepts, marques)
        gardes = [
            c
            for rang, c in enumerate(concepts)
            if rang not in nies and (rang not in hors_demande or self._classe(c.iri) in CADRE)
        ]
        places = [lieu for rang, lieu in enumerate(retenus, len(concepts)) if rang not in nies]
        champs = self._champs(gardes, places, [empans[rang] for rang in sorted(nies)])
        horschamp = tuple(dict.fromkeys(r.iri for r in a_part if self._hors_champ(r, concepts)))
        reconnus = [entite.iri for entites in champs.values() for entite in entites]
        passages = self.interprete.methode.chercher(self.enonce, reconnus)
        repondu = bool(passages) and passages[0][1] >= PASSAGE_PROBABLE
        hors_sujet, a_preciser = self._verdict(champs, bool(horschamp), repondu, marques)
        return Comprehension(
            self.enonce.texte,
            self.langue,
            hors_sujet,
            a_preciser,
            self._intention(marques, champs, passages),
            champs,
            tuple(self._ambiguites(places)),
            tuple(self._inconnus(empans, marques, a_part)),
            tuple((c.ecrit, c.lu) for c in self.enonce.corrections),
            tuple(dict.fromkeys(r for iri in horschamp for r in lexique.concepts[iri].renvois)),
            horschamp,
            *self._relation(marques, gardes),
            passages=tuple(passages),
            explications=tuple(self._explications(reperes, concepts, lieux, nies, empans)),
        )

    def _classe(self, iri: str) -> str:
        concept = self.interprete.lexique.concepts.get(iri)
        return concept.classe if concept else "Acteur"

    def _hors_champ(self, repere: Reperage, concepts: Sequence[Reperage]) -> bool:
        """Whether a span says that the question lies beside the field: no label of the field covers it."""
        return self._classe(repere.iri) == "HorsChamp" and not any(
            c.chevauche(repere) and c.pleins >= repere.pleins for c in concepts
        )

    @property
    def _nommage(self) -> Nommage:
        return Nommage(self.interprete.lexique, self.interprete.geographie, self.langue)

    def _champs(
        self, gardes: Sequence[Reperage], places: Sequence[LieuTrouve], nies: Sequence[Empan]
    ) -> dict[str, tuple[Entite, ...]]:
        nommage = self._nommage
        entites: dict[str, Entite] = {}
        for repere in gardes:
            entites.setdefault(repere.iri, nommage.dans(self.enonce, repere.iri, repere.debut, repere.fin))
        exclus = self._exclus(nies, entites)
        for entite in list(entites.values()):
            for iri in self._evoques(entite.iri):
                if iri not in entites and iri not in exclus:
                    entites[iri] = replace(
                        nommage.entite(iri), mots=entite.mots, debut=entite.debut, fin=entite.fin, deduit=True
                    )
        champs: dict[str, list[Entite]] = {}
        for entite in entites.values():
            champs.setdefault(nommage.champ(entite.iri), []).append(entite)
        champs["etapes"] = _nommees_d_abord(champs.get("etapes", []))
        champs["territoires"] = self._territoires(places)
        champs["exclus"] = list(exclus.values())
        return {champ: tuple(valeurs) for champ, valeurs in champs.items() if champ}

    def _exclus(self, nies: Iterable[Empan], entites: dict[str, Entite]) -> dict[str, Entite]:
        """Entities ruled out, unless the same is asked for elsewhere in the question."""
        exclus: dict[str, Entite] = {}
        for empan in nies:
            for iri in [empan.iri] if isinstance(empan, Reperage) else empan.choix:
                if iri not in entites:
                    exclus[iri] = self._nommage.dans(self.enonce, iri, empan.debut, empan.fin)
        return exclus

    def _evoques(self, iri: str) -> list[str]:
        """What a concept or an actor makes understood: `mlg:evoque` step by step, the step of an activity,
        the only kind of a named actor."""
        lexique = self.interprete.lexique
        vus: dict[str, None] = {}
        file = [iri]
        while file:
            courant = file.pop(0)
            concept = lexique.concepts.get(courant)
            suite: tuple[str, ...] = ()
            if concept:
                suite = concept.evoque + (concept.ancetres if concept.classe == "Activite" else ())
            elif courant in lexique.acteurs and len(lexique.acteurs[courant].types) == 1:
                suite = lexique.acteurs[courant].types
            for autre in suite:
                if autre not in vus and autre in lexique.concepts:
                    vus[autre] = None
                    file.append(autre)
        return list(vus)

    def _territoires(self, places: Sequence[LieuTrouve]) -> list[Entite]:
        """Places kept, without those that only enclose another one named."""
        geographie, nommage = self.interprete.geographie, self._nommage
        surs = [place for place in places if not place.ambigu]
        englobants = {parent for place in surs for parent in geographie.ancetres(place.choix[0])}
        uniques = {p.choix[0]: p for p in reversed(surs) if p.choix[0] not in englobants}
        return [
            nommage.dans(self.enonce, iri, place.debut, place.fin)
            for iri, place in sorted(uniques.items(), key=lambda item: item[1].debut)
        ]

    def _ambiguites(self, places: Sequence[LieuTrouve]) -> Iterable[Ambiguite]:
        for place in places:
            if place.ambigu:
                choix = [
                    self._nommage.dans(self.enonce, iri, place.debut, place.fin) for iri in place.choix[:10]
                ]
                yield Ambiguite(self.enonce.extrait(place.debut, place.fin), tuple(choix))

    def _verdict(
        self,
        champs: dict[str, tuple[Entite, ...]],
        horschamp: bool,
        repondu: bool,
        marques: Sequence[Signal],
    ) -> tuple[bool, bool]:
        """(off topic, to be made precise)."""
        precis = repondu or any(champs.get(nom) for nom in PRECIS)
        fonctions = {signal.fonction for signal in marques}
        if horschamp:
            return not ("champ" in fonctions and precis), False
        if precis:
            return False, False
        vague = (
            bool({"champ", "champ-large"} & fonctions)
            or any(champs.get(nom) for nom in VAGUES)
            or bool(champs.get("exclus"))
        )
        lieu_ou_secteur = bool(champs.get("territoires") or champs.get("secteurs"))
        tout_reconnu = not list(self._restes(champs, marques))
        return (False, True) if vague or (lieu_ou_secteur and tout_reconnu) else (True, False)

    def _restes(self, champs: dict[str, tuple[Entite, ...]], marques: Sequence[Signal]) -> Iterable[str]:
        couverts = [(e.debut, e.fin) for valeurs in champs.values() for e in valeurs]
        couverts += [(self.enonce.mots[m.debut].debut, self.enonce.mots[m.fin - 1].fin) for m in marques]
        for rang in self.enonce.pleins:
            mot = self.enonce.mots[rang]
            if not any(debut <= mot.debut and mot.fin <= fin for debut, fin in couverts):
                yield self.enonce.texte[mot.debut : mot.fin]

    def _inconnus(
        self, empans: Iterable[Empan], marques: Iterable[Signal], a_part: Iterable[Reperage]
    ) -> Iterable[str]:
        couverts = {rang for e in (*empans, *marques, *a_part) for rang in range(e.debut, e.fin)}
        vus = (self.enonce.extrait(rang, rang + 1) for rang in self.enonce.pleins if rang not in couverts)
        return dict.fromkeys(vus)

    def _intention(
        self,
        marques: Sequence[Signal],
        champs: dict[str, tuple[Entite, ...]],
        passages: Sequence[tuple[str, float]],
    ) -> str:
        """Intention of the passage that surely answers, else of the longest marker, else an orientation."""
        if passages and passages[0][1] >= PASSAGE_SUR:
            intentions = self.interprete.lexique.passages[passages[0][0]].intentions
            methode = [i for i in (code.rsplit("/", 1)[-1] for code in intentions) if i in METHODE]
            if methode:
                return methode[0]
        dites = [
            (signal.fin - signal.debut, intention.rsplit("/", 1)[-1])
            for signal in marques
            for intention in self.interprete.lexique.concepts[signal.iri].intentions
        ]
        if not dites:
            return "orientation"
        intention = max(dites, key=lambda dite: dite[0])[1]
        nommes = champs.get("types_acteur") or champs.get("acteurs") or champs.get("dispositifs")
        return intention if nommes else "orientation"

    def _relation(
        self, marques: Sequence[Signal], gardes: Sequence[Reperage]
    ) -> tuple[tuple[str, ...], bool, tuple[str, ...], tuple[str, ...]]:
        """Towards which kinds a relation is asked for, whether both ways, and of which natures."""
        lexique = self.interprete.lexique
        vers: dict[str, None] = {}
        natures: dict[str, None] = {}
        depuis = self._depuis(marques, gardes)
        for signal in (m for m in marques if m.fonction == "relation-vers" and not depuis):
            suivants = [g for g in gardes if g.debut >= signal.fin and self._classe(g.iri) == "TypeActeur"]
            nommes = suivants or [g for g in gardes if self._classe(g.iri) == "TypeActeur"]
            vers.update({g.iri: None for g in nommes})
            for evoque in lexique.concepts[signal.iri].evoque:
                if evoque in lexique.concepts:
                    natures[evoque] = None
        reciproque = any(m.fonction == "relation-reciproque" for m in marques)
        return tuple(vers), reciproque, tuple(natures), depuis

    def _depuis(self, marques: Sequence[Signal], gardes: Sequence[Reperage]) -> tuple[str, ...]:
        """Kinds that are said to refer or to call in others: they come at once after their marker."""
        types = [g for g in gardes if self._classe(g.iri) == "TypeActeur"]
        return tuple(
            g.iri
            for m in marques
            if m.fonction == "relation-depuis"
            for g in types
            if 0 <= g.debut - m.fin <= ECART_RELATION or 0 <= m.debut - g.fin <= 0
        )

    def _explications(
        self,
        reperes: Sequence[Reperage],
        concepts: Sequence[Reperage],
        lieux: Sequence[LieuTrouve],
        nies: set[int],
        empans: Sequence[Empan],
    ) -> Iterable[Explication]:
        ecarte = {id(empans[rang]) for rang in nies}
        retenus = {id(c) for c in concepts}
        for repere in reperes:
            garde = id(repere) in retenus
            motif = (
                "nié"
                if id(repere) in ecarte
                else "retenu"
                if garde
                else "couvert par plus long ou plus exact"
            )
            yield self._explication(repere.debut, repere.fin, repere.iri, garde, motif)
        for lieu in lieux:
            motif = f"nié ; {lieu.motif}" if id(lieu) in ecarte else lieu.motif
            yield self._explication(lieu.debut, lieu.fin, lieu.choix[0], lieu.retenu, motif)

    def _explication(self, debut: int, fin: int, iri: str, retenu: bool, motif: str) -> Explication:
        mots = self.enonce.mots
        texte = self.enonce.extrait(debut, fin)
        return Explication(texte, mots[debut].debut, mots[fin - 1].fin, iri, retenu, motif)


def _arbitrer(
    concepts: Sequence[Reperage], lieux: Sequence[LieuTrouve]
) -> tuple[list[Reperage], list[LieuTrouve]]:
    """Words that name both a concept and a place: the longer wins; alike, strong clues make a place."""

    def perd(lieu: LieuTrouve, concept: Reperage) -> bool:
        longueurs = lieu.fin - lieu.debut, concept.fin - concept.debut
        return longueurs[0] < longueurs[1] or (longueurs[0] == longueurs[1] and lieu.indices < 4)

    gardes = []
    for lieu in lieux:
        rivaux = [c for c in concepts if c.debut < lieu.fin and lieu.debut < c.fin]
        if lieu.retenu and any(perd(lieu, rival) for rival in rivaux):
            lieu = replace(lieu, retenu=False, motif=f"{lieu.motif} ; un concept l'emporte")
        gardes.append(lieu)
    pris = [lieu for lieu in gardes if lieu.retenu]
    libres = [c for c in concepts if not any(c.debut < lieu.fin and lieu.debut < c.fin for lieu in pris)]
    return libres, gardes


def _nommees_d_abord(etapes: list[Entite]) -> list[Entite]:
    """Steps named by the question; those only brought to mind where none is."""
    return [etape for etape in etapes if not etape.deduit] or etapes
