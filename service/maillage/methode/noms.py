"""Territories and actors by the names and codes that a person writes in a field."""

from __future__ import annotations

from collections.abc import Iterable

from maillage.lexique import Lexique
from maillage.namespaces import compact, etendre, iri
from maillage.texte import mots

#: prefixes tried, in order, before a bare code.
NIVEAUX = ("commune", "departement", "epci", "region", "ancienne-region", "bassin", "pays")
#: homonyms that a message lists.
MONTRES = 6


class Noms:
    """Looks names up in the words of the service; nothing is guessed."""

    def __init__(self, lexique: Lexique) -> None:
        self._lexique = lexique

    def lieux(self, texte: str) -> tuple[str, ...]:
        """IRIs of the territories of that code, short form, IRI or name; several for homonyms."""
        short = texte.replace("/", ":", 1) if texte.partition("/")[0] in NIVEAUX else texte
        for candidate in (etendre(short), *(iri(kind, texte) for kind in NIVEAUX)):
            if candidate in self._lexique.lieux:
                return (candidate,)
        return tuple(dict.fromkeys(self._lexique.index_lieux[_plie(texte)]))

    def acteurs(self, texte: str) -> tuple[str, ...]:
        """IRIs of the actors of that code or name; failing that, of the kinds of actor."""
        known = self._lexique.acteurs
        for candidate in (etendre(texte), iri("acteur", texte), iri("type", texte)):
            if candidate in known or self._est_type(candidate):
                return (candidate,)
        folded = _plie(texte)
        found = {forme.iri for forme in self._lexique.formes if forme.mots == folded} if folded else set()
        bodies = tuple(sorted(one for one in found if one in known))
        return bodies or tuple(sorted(one for one in found if self._est_type(one)))

    def precis(self, iris: Iterable[str]) -> str:
        """Names with their short forms, for a message."""
        shown = [f"{self.nom(one)} ({compact(one)})" for one in iris]
        return ", ".join(shown[:MONTRES]) + ("…" if len(shown) > MONTRES else "")

    def nom(self, un: str, langue: str = "fr") -> str:
        """Name of a territory, an actor or a kind of actor; its short form where it has none."""
        lexique = self._lexique
        if un in lexique.lieux:
            return lexique.lieux[un].nom
        if un in lexique.acteurs:
            return lexique.acteurs[un].nom
        return lexique.concepts[un].libelle(langue) if un in lexique.concepts else compact(un)

    def _est_type(self, un: str) -> bool:
        concept = self._lexique.concepts.get(un)
        return concept is not None and concept.classe == "TypeActeur"


def _plie(texte: str) -> str:
    return " ".join(mot.forme for mot in mots(texte))
