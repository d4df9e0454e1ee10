"""The sentence that says what was understood, composed from the vocabulary `messages`."""

from __future__ import annotations

from maillage.comprehension import Comprehension
from maillage.lexique import Lexique

#: order in which a sentence says what was understood.
ORDRE = (
    "types", "acteurs", "roles", "themes", "evenements", "etapes", "publics", "secteurs", "dispositifs",
    "familles", "territoires", "exclus",
)  # fmt: skip
_CHAMP = {"types": "types_acteur"}


class Phrases:
    """Messages of a lexicon."""

    def __init__(self, lexique: Lexique) -> None:
        """Gather the messages by code."""
        self._messages = {c.code: c for c in lexique.concepts.values() if c.classe == "Message"}
        self._lexique = lexique

    def dire(self, comprehension: Comprehension) -> str:
        """One sentence in the language of the question."""
        langue = comprehension.langue
        if comprehension.hors_sujet:
            portes = [self._lexique.concepts[iri].libelle(langue) for iri in comprehension.renvois]
            if portes:
                return self._message("phrase-hors-sujet-renvoi", langue, quoi=", ".join(portes))
            return self._message("phrase-hors-sujet", langue)
        if comprehension.a_preciser:
            return self._message("phrase-a-preciser", langue)
        morceaux = list(self._morceaux(comprehension))
        quoi = " ; ".join(morceaux) or self._message("quoi-soutien", langue)
        return self._message(f"phrase-{comprehension.intention}", langue, quoi=quoi)

    def _morceaux(self, comprehension: Comprehension) -> list[str]:
        morceaux = []
        for nom in ORDRE:
            entites = comprehension.champs.get(_CHAMP.get(nom, nom), ())
            dits = [e for e in entites if not e.deduit or nom == "etapes"]
            if dits:
                liste = ", ".join(dict.fromkeys(e.libelle for e in dits))
                morceaux.append(self._message(f"quoi-{nom}", comprehension.langue, liste=liste))
        return morceaux

    def _message(self, code: str, langue: str, **valeurs: str) -> str:
        texte = self._messages[code].libelle(langue)
        for nom, valeur in valeurs.items():
            texte = texte.replace("{" + nom + "}", valeur)
        return texte
