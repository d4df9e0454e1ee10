"""The verdict: is the question in the field, is it precise enough, what does it expect?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from maillage.comprehension.portee import Signal
from maillage.comprehension.resultat import PRECIS, Champs
from maillage.comprehension.tri import Empan, Tri

#: a passage with this score shows that the question is about the method.
PASSAGE_PROBABLE = 0.55
#: a passage with this score answers the question by itself.
PASSAGE_SUR = 0.8
#: intentions that passages answer.
METHODE = ("demarche", "experimentation")
#: fields that place a question in the field of associations without saying what is needed.
VAGUES = ("publics", "niveaux", "exclus")

#: a place or a sector with more unknown words than this is no question of the field.
INCONNUS = 1

#: content words of a question too short to be judged by them.
BRIBE = 2

Notes = Sequence[tuple[str, float]]


def juger(tri: Tri, champs: Champs, passages: Notes) -> tuple[bool, bool]:
    """(off topic, to be made precise)."""
    fonctions = {marque.fonction for marque in tri.marques}
    # A single word is in many passages: it proves nothing.
    repondu = bool(passages) and passages[0][1] >= PASSAGE_PROBABLE and len(tri.enonce.pleins) > 1
    precis = repondu or "champ-methode" in fonctions or any(champs.get(nom) for nom in PRECIS)
    if tri.hors_champ:
        return not ("champ" in fonctions and precis), False
    if precis:
        return False, False
    dans_le_champ = bool({"champ", "champ-large"} & fonctions)
    vague = dans_le_champ or any(champs.get(nom) for nom in VAGUES)
    situe = bool(champs.get("territoires") or champs.get("secteurs")) and len(list(inconnus(tri))) <= INCONNUS
    return (False, True) if vague or situe or _bribe(tri) else (True, False)


def _bribe(tri: Tri) -> bool:
    """Whether the question is a word or two of the names of the field: « le pôle », « la convention »."""
    enonce = tri.enonce
    courte = 0 < len(enonce.pleins) <= BRIBE
    return courte and set(enonce.racines(enonce.langue)) <= enonce.lexique.mots_du_champ(enonce.langue)


def inconnus(tri: Tri) -> Iterable[str]:
    """Words that carry meaning and that nothing recognised, each once."""
    a_part = [repere for repere in tri.reperes if repere.iri in tri.hors_champ]
    connus: list[Empan | Signal] = [*tri.concepts, *tri.lieux, *tri.marques, *a_part]
    couverts = {rang for empan in connus for rang in range(empan.debut, empan.fin)}
    enonce = tri.enonce
    return dict.fromkeys(enonce.extrait(rang, rang + 1) for rang in enonce.pleins if rang not in couverts)


def intention(tri: Tri, champs: Champs, passages: Notes) -> str:
    """Intention of the passage that surely answers, else of the longest marker, else an orientation."""
    lexique = tri.enonce.lexique
    # « DLA Quimper » looks for a body, even where a passage speaks of both.
    cherche = champs.get("types_acteur") and champs.get("territoires")
    methode_dite = any(marque.fonction == "champ-methode" for marque in tri.marques)
    if passages and passages[0][1] >= PASSAGE_SUR and (methode_dite or not cherche):
        codes = [iri.rsplit("/", 1)[-1] for iri in lexique.passages[passages[0][0]].intentions]
        methode = [code for code in codes if code in METHODE]
        if methode:
            return methode[0]
    dites = [
        (marque.fin - marque.debut, iri.rsplit("/", 1)[-1])
        for marque in tri.marques
        for iri in lexique.concepts[marque.iri].intentions
    ]
    nommes = any(champs.get(nom) for nom in ("types_acteur", "acteurs", "dispositifs"))
    permises = [dite for dite in dites if nommes or dite[1] in METHODE]
    return max(permises, key=lambda dite: dite[0])[1] if permises else "orientation"
