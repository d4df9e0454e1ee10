"""The interpreter: a question in, an understanding out."""

from __future__ import annotations

from collections.abc import Iterable

from maillage.comprehension.champs import ambiguites, choisir, remplir
from maillage.comprehension.enonce import Correcteur, enoncer
from maillage.comprehension.entites import Nommage
from maillage.comprehension.liaison import lier
from maillage.comprehension.lieux import Geographie
from maillage.comprehension.methode import Methode
from maillage.comprehension.resultat import Comprehension, Explication
from maillage.comprehension.tri import Empan, Tri, trier
from maillage.comprehension.verdict import PASSAGE_PROBABLE, Notes, inconnus, intention, juger
from maillage.lexique import Lexique

#: characters; a longer question is refused by the service.
QUESTION_MAXIMALE = 10_000


class Interprete:
    """Understands questions with one lexicon; safe to share between threads."""

    def __init__(self, lexique: Lexique, connu: Interprete | None = None) -> None:
        """Prepare the look-ups once; `connu`, with another lexicon, spares those that are the same."""
        self.lexique = lexique
        self.geographie = Geographie(lexique)
        same = connu if connu is not None and _memes_passages(lexique, connu.lexique) else None
        self.methode: Methode = same.methode if same else Methode(lexique)
        self._correcteur = Correcteur(lexique)

    def comprendre(
        self,
        question: str,
        langue: str = "fr",
        territoire: str | None = None,
        corriger: bool = True,
        sans: frozenset[str] = frozenset(),
    ) -> Comprehension:
        """What is asked. `territoire` is the IRI of the worker's own territory; it settles homonyms.

        With `corriger` false the words are taken as they were written; what is in `sans` (IRIs) is left out.
        """
        enonce = enoncer(question, langue, self.lexique, self._correcteur if corriger else None)
        tri = trier(enonce, self.geographie, langue, territoire, sans)
        nommage = Nommage(self.lexique, self.geographie, langue)
        champs = remplir(tri, nommage, self.geographie)
        reconnus = [entite.iri for entites in champs.values() for entite in entites]
        passages = self.methode.chercher(enonce, reconnus)
        hors_sujet, a_preciser = juger(tri, champs, passages)
        return Comprehension(
            question=question,
            langue=langue,
            hors_sujet=hors_sujet,
            a_preciser=a_preciser,
            intention=intention(tri, champs, passages),
            champs=champs,
            ambiguites=tuple(ambiguites(tri, nommage)),
            non_reconnus=tuple(mot for mot in inconnus(tri) if not self._dans_le_passage(mot, passages)),
            corrections=tuple(_corrections(tri, self.lexique)),
            renvois=tuple(dict.fromkeys(r for i in tri.hors_champ for r in self.lexique.concepts[i].renvois)),
            hors_champ=tri.hors_champ,
            liaison=lier(tri),
            passages=tuple(passages),
            explications=tuple(_expliquer(tri)),
            retires=tuple(nommage.entite(iri) for iri in sorted(sans)),
        )

    def choisir(self, iris: Iterable[str], langue: str = "fr") -> Comprehension:
        """A need told by its concepts (IRIs), as though a question had named them. Raises KeyError."""
        champs = choisir(iris, self.lexique, Nommage(self.lexique, self.geographie, langue))
        return Comprehension("", langue, hors_sujet=False, a_preciser=False, intention="", champs=champs)

    def _dans_le_passage(self, mot: str, passages: Notes) -> bool:
        """Whether the passage that answers holds a word."""
        sur = bool(passages) and passages[0][1] >= PASSAGE_PROBABLE
        return sur and self.methode.tient(passages[0][0], mot)


def _memes_passages(un: Lexique, autre: Lexique) -> bool:
    """Whether two lexicons, one of which gave parts to the other, look for the same passages."""
    return un.passages is autre.passages and un.mots_vides == autre.mots_vides


def _corrections(tri: Tri, lexique: Lexique) -> Iterable[tuple[str, str]]:
    """(written, read) of the words and the place names that were mended."""
    approches = [lieu for lieu in tri.lieux if lieu.approche]
    lieux = {tri.enonce.mots[lieu.debut].debut for lieu in approches}
    yield from ((c.ecrit, c.lu) for c in tri.enonce.corrections if c.debut not in lieux)
    for lieu in approches:
        yield tri.enonce.extrait(lieu.debut, lieu.fin), lexique.lieux[lieu.choix[0]].nom


def _expliquer(tri: Tri) -> Iterable[Explication]:
    """Every span examined: kept or set aside, and why (codes of the vocabulary `messages`)."""
    nies, retenus = {id(empan) for empan in tri.nies}, {id(c) for c in tri.concepts}
    for repere in tri.reperes:
        garde = id(repere) in retenus or repere.iri in tri.hors_champ
        motif = "nie" if id(repere) in nies else "retenu" if garde else "couvert"
        if repere.iri in tri.sans:
            garde, motif = False, "retire"
        yield _explication(tri, repere, repere.iri, garde, ((motif, 0),))
    for lieu in tri.examines:
        retire = not tri.sans.isdisjoint(lieu.choix)
        dit = (("retire", 0),) if retire else (("nie", 0),) if id(lieu) in nies else ()
        yield _explication(tri, lieu, lieu.choix[0], lieu.retenu and not retire, dit + lieu.motifs)


def _explication(
    tri: Tri, empan: Empan, iri: str, retenu: bool, motifs: tuple[tuple[str, int], ...]
) -> Explication:
    mots = tri.enonce.mots
    texte = tri.enonce.extrait(empan.debut, empan.fin)
    debut, fin = mots[empan.debut].debut, mots[empan.fin - 1].fin
    return Explication(texte, debut, fin, iri, retenu, motifs)
