"""Places: which words name a territory, which homonyms remain, and why a candidate was set aside.

Many communes bear the name of an everyday thing. A name is taken for a place when clues add up: a word
that announces a place before it, a capital letter, a large population, a code beside it, a place before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from maillage.comprehension.enonce import Enonce
from maillage.lexique import Lexique, Lieu
from maillage.texte import plier

#: a commune of this size is recognised without any other clue than its name.
GRANDE_COMMUNE = 10_000
#: a homonym this many times larger than the next one is meant, unless something says otherwise.
RAPPORT_EVIDENT = 20
#: clues needed to take a name for a place.
SEUIL = 2
#: letters of an acronym that a département number may follow at once (« DLA 56 »).
SIGLE_LE_PLUS_LONG = 6
#: words whose nearest place name is kept at hand.
NOMS_RETENUS = 16_384
#: code of the clue of a misspelt name.
ORTHOGRAPHE = "orthographe"

_LARGE = frozenset({"departement", "region", "ancienne-region", "pays", "bassin"})
#: of homonyms of different kinds, the one meant (Paris: commune; Bretagne: today's region).
_PREFERENCE = ("region", "departement", "commune", "ancienne-region", "bassin", "epci", "pays")


@dataclass(frozen=True, slots=True)
class LieuTrouve:
    """A place named by the words `debut` to `fin` (exclusive): the choice, or several homonyms."""

    debut: int
    fin: int
    choix: tuple[str, ...]
    indices: int
    retenu: bool
    motifs: tuple[tuple[str, int], ...]  # codes of clues and what they are worth

    @property
    def approche(self) -> bool:
        """Whether the name was written otherwise."""
        return any(code == ORTHOGRAPHE for code, _ in self.motifs)

    @property
    def ambigu(self) -> bool:
        """Whether homonyms remain."""
        return len(self.choix) > 1


class Geographie:
    """Places of a lexicon, with their hierarchy."""

    def __init__(self, lexique: Lexique) -> None:
        """Prepare the look-ups."""
        self.lexique = lexique
        mots = lexique.mots_des_marqueurs
        self._locatifs = mots.get("locatif", frozenset())
        self._faibles = mots.get("locatif-faible", frozenset())
        self._unites = mots.get("unite", frozenset())
        self._devant_numero = mots.get("numero-departement", frozenset())
        self._sigles = {
            forme.mots
            for forme in lexique.formes
            if len(forme.mots) <= SIGLE_LE_PLUS_LONG and _est_un_type(lexique, forme.iri)
        }
        self._courants = mots.get("mot-courant", frozenset())
        self._departements = {
            lieu.code.casefold(): lieu.iri for lieu in lexique.lieux.values() if lieu.classe == "departement"
        }
        grands = {
            nom: iri
            for nom, iri in lexique.noms_de_lieux
            if lexique.lieux[iri].population >= GRANDE_COMMUNE or lexique.lieux[iri].classe in _LARGE
        }
        self._grands = {nom: iri for nom, iri in grands.items() if len(nom) >= 5}
        self._noms_de_grands = tuple(self._grands)
        self._proches = lru_cache(NOMS_RETENUS)(self._proche)

    def ancetres(self, iri: str) -> list[str]:
        """Enclosing territories, nearest first."""
        vus: dict[str, None] = {}
        file = list(self.lexique.lieux[iri].parents) if iri in self.lexique.lieux else []
        while file:
            parent = file.pop(0)
            if parent not in vus and parent in self.lexique.lieux:
                vus[parent] = None
                file.extend(self.lexique.lieux[parent].parents)
        return list(vus)

    def trouver(self, enonce: Enonce, contexte: str | None = None) -> list[LieuTrouve]:
        """Places of a question, set-aside candidates included (`retenu` false), in the order of the text.

        `contexte` is the worker's own territory: it settles homonyms.
        """
        trouves: list[LieuTrouve] = [*self._codes(enonce)]
        for debut, fin, iris in self._noms(enonce):
            if not any(t.debut < fin and debut < t.fin for t in trouves):
                trouves.append(self._juger(enonce, debut, fin, iris, trouves))
        if enonce.corrige:
            trouves.extend(self._approches(enonce, trouves))
        return self._departager(sorted(trouves, key=lambda t: t.debut), contexte)

    def _codes(self, enonce: Enonce) -> Iterator[LieuTrouve]:
        """Postal codes, and département numbers where something says that they are."""
        for rang, mot in enumerate(enonce.mots):
            code = mot.forme
            suivant = enonce.formes[rang + 1] if rang + 1 < len(enonce.mots) else ""
            if code in self.lexique.lieux_par_code_postal and suivant not in self._unites:
                iris = self.lexique.lieux_par_code_postal[code]
                yield LieuTrouve(
                    rang, rang + 1, self._precis(iris), SEUIL + 2, True, (("code-postal", SEUIL + 2),)
                )
            elif code in self._departements and any(c.isdigit() for c in code):
                avant = enonce.formes[rang - 1] if rang else ""
                seul = (rang == 0 or mot.pause) and self._detache(enonce, rang + 1)
                apres_un_sigle = avant in self._sigles and suivant not in self._unites
                if seul or apres_un_sigle or avant in self._devant_numero:
                    choix = (self._departements[code],)
                    yield LieuTrouve(
                        rang, rang + 1, choix, SEUIL + 1, True, (("numero-departement", SEUIL + 1),)
                    )

    def _precis(self, iris: Iterable[str]) -> tuple[str, ...]:
        """Of places that share a postal code: the arrondissement, else the largest."""
        lieux = [self.lexique.lieux[iri] for iri in iris]
        fins = [lieu for lieu in lieux if lieu.classe == "arrondissement-municipal"]
        if fins:
            return (fins[0].iri,)
        return (max(lieux, key=lambda lieu: (lieu.population, lieu.iri)).iri,)

    def _noms(self, enonce: Enonce) -> list[tuple[int, int, tuple[str, ...]]]:
        """Names of places, the longest first where they overlap."""
        tous = [
            (debut, fin, tuple(iris))
            for debut in range(len(enonce.mots))
            for fin, iris in self.lexique.index_lieux.a_partir(enonce.formes, debut)
            if not self._article_d_un_grand_lieu(enonce, debut, fin)
        ]
        retenus: list[tuple[int, int, tuple[str, ...]]] = []
        for debut, fin, iris in sorted(tous, key=lambda t: (t[0] - t[1], t[0])):
            if all(fin <= d or f <= debut for d, f, _ in retenus):
                retenus.append((debut, fin, iris))
        return sorted(retenus)

    def _article_d_un_grand_lieu(self, enonce: Enonce, debut: int, fin: int) -> bool:
        """Whether it is an article before the name of a region or the like: « dans la Creuse »."""
        mot, suite = enonce.mots[debut], " ".join(enonce.formes[debut + 1 : fin])
        article = not mot.majuscule and mot.forme in self.lexique.articles
        homonymes = self.lexique.index_lieux[suite] if article else ()
        return any(self.lexique.lieux[iri].classe in _LARGE for iri in homonymes)

    def _juger(
        self, enonce: Enonce, debut: int, fin: int, iris: tuple[str, ...], deja: list[LieuTrouve]
    ) -> LieuTrouve:
        lieux = [self.lexique.lieux[iri] for iri in iris]
        motifs = tuple((motif, valeur) for valeur, motif in self._indices(enonce, debut, fin, lieux, deja))
        indices = sum(valeur for _, valeur in motifs)
        choix = self._vraisemblables(enonce, debut, lieux)
        return LieuTrouve(debut, fin, choix, indices, indices >= SEUIL, motifs)

    def _indices(
        self, enonce: Enonce, debut: int, fin: int, lieux: list[Lieu], deja: list[LieuTrouve]
    ) -> Iterator[tuple[int, str]]:
        if self._annonce(enonce, debut, self._locatifs):
            yield 2, "locatif"
        elif self._annonce(enonce, debut, self._faibles):
            yield 1, "locatif-faible"
        if self._nom_propre(enonce, debut, fin):
            yield 1, "majuscule"
        if debut == 0 and self._detache(enonce, fin):
            yield 1, "en-tete"
        if fin - debut > 1:
            yield 1, "nom-compose"
        if any(lieu.classe in _LARGE or lieu.population >= GRANDE_COMMUNE for lieu in lieux):
            yield 2, "lieu-important"
        if any(t.retenu and (t.fin == debut or t.debut == fin) for t in deja):
            yield 2, "pres-d-un-lieu"
        if self._quotidien(enonce, debut, fin, lieux):
            yield (-1 if self._nom_propre(enonce, debut, fin) else -3), "mot-courant"

    def _quotidien(self, enonce: Enonce, debut: int, fin: int, lieux: list[Lieu]) -> bool:
        """Whether the name is first of all an everyday word: said by a steward or, for a small place without
        a capital letter, by the dictionary."""
        lexique = self.lexique
        pleins = [mot for mot in enonce.mots[debut:fin] if mot.forme not in self.lexique.mots_outils]
        if len(pleins) != 1:
            return not pleins
        if pleins[0].forme in self._courants:
            return True
        important = any(lieu.classe in _LARGE or lieu.population >= GRANDE_COMMUNE for lieu in lieux)
        return not important and not pleins[0].majuscule and lexique.existe(pleins[0].forme)

    def _nom_propre(self, enonce: Enonce, debut: int, fin: int) -> bool:
        """Whether a capital letter says something: not where it opens a sentence, unless a pause follows."""
        mot = enonce.mots[debut]
        ouvre = debut == 0 or enonce.mots[debut - 1].phrase != mot.phrase
        return mot.majuscule and not enonce.texte.isupper() and (not ouvre or self._detache(enonce, fin))

    @staticmethod
    def _detache(enonce: Enonce, fin: int) -> bool:
        """Whether a pause, or the end of the text, follows."""
        return fin >= len(enonce.mots) or enonce.mots[fin].pause

    @staticmethod
    def _annonce(enonce: Enonce, debut: int, annonces: frozenset[str]) -> bool:
        formes = enonce.formes
        return debut > 0 and (
            formes[debut - 1] in annonces
            or any(" ".join(formes[max(0, debut - long) : debut]) in annonces for long in (2, 3))
        )

    def _vraisemblables(self, enonce: Enonce, debut: int, lieux: list[Lieu]) -> tuple[str, ...]:
        """The place meant, or the homonyms between which nothing chooses, largest first."""
        departements = [lieu for lieu in lieux if lieu.classe == "departement"]
        communes = sorted(
            (lieu for lieu in lieux if lieu.classe in ("commune", "arrondissement-municipal")),
            key=lambda lieu: (-lieu.population, lieu.iri),
        )
        article = self._annonce(enonce, debut, self._devant_numero)
        if departements and (article or not communes):
            return (departements[0].iri,)
        if communes and not any(lieu.classe == "region" for lieu in lieux):
            premiere = communes[0]
            if len(communes) == 1 or premiere.population >= RAPPORT_EVIDENT * communes[1].population:
                return (premiere.iri,)
            return tuple(lieu.iri for lieu in communes)
        return (min(lieux, key=lambda lieu: (_ordre(lieu), lieu.iri)).iri,)

    def _approches(self, enonce: Enonce, deja: list[LieuTrouve]) -> Iterator[LieuTrouve]:
        """Misspelt names of large places, after a word that announces a place."""
        for rang, mot in enumerate(enonce.mots):
            # As it was written: the word may have been read as another by then.
            forme = plier(enonce.texte[mot.debut : mot.fin])
            if len(forme) < 5 or not forme.isalpha() or not self._annonce(enonce, rang, self._locatifs):
                continue
            if forme in self.lexique.index_lieux.mots or self.lexique.existe(forme):
                continue
            if any(t.debut <= rang < t.fin for t in deja):
                continue
            if proche := self._proches(forme):
                yield _certain(rang, (self._grands[proche],), ORTHOGRAPHE, SEUIL)

    def _proche(self, forme: str) -> str | None:
        """Name of the large place nearest to a word; None where none is near."""
        ecart = 2 if len(forme) > 5 else 1
        trouve = extractOne(forme, self._noms_de_grands, scorer=OSA.distance, score_cutoff=ecart)
        return trouve[0] if trouve else None

    def _departager(self, trouves: list[LieuTrouve], contexte: str | None) -> list[LieuTrouve]:
        """Homonyms settled by another place of the question, or by the worker's territory."""
        surs = [t.choix[0] for t in trouves if t.retenu and not t.ambigu] + ([contexte] if contexte else [])
        portees = {iri for sur in surs for iri in (sur, *(self.ancetres(sur) if sur == contexte else ()))}
        resultat = []
        for trouve in trouves:
            if trouve.ambigu:
                compatibles = [
                    iri
                    for iri in trouve.choix
                    if portees.intersection((iri, *self.ancetres(iri)[:4])) - {PAYS}
                ]
                if compatibles:
                    trouve = LieuTrouve(
                        trouve.debut,
                        trouve.fin,
                        (compatibles[0],),
                        trouve.indices,
                        trouve.retenu,
                        trouve.motifs,
                    )
            resultat.append(trouve)
        return resultat


#: enclosing everything, it settles nothing.
PAYS = "https://w3id.org/maillage/territoire/pays/france"


def _est_un_type(lexique: Lexique, iri: str) -> bool:
    return iri in lexique.concepts and lexique.concepts[iri].classe == "TypeActeur"


def _certain(rang: int, choix: tuple[str, ...], motif: str, indices: int) -> LieuTrouve:
    """A place named by one word, for one reason that is enough."""
    return LieuTrouve(rang, rang + 1, choix, indices, True, ((motif, indices),))


def _ordre(lieu: Lieu) -> int:
    return _PREFERENCE.index(lieu.classe) if lieu.classe in _PREFERENCE else len(_PREFERENCE)
