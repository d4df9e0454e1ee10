"""Understanding: the text of a question → what is asked (deterministic, offline, explained)."""

from maillage.comprehension.interprete import METHODE, QUESTION_MAXIMALE, Interprete
from maillage.comprehension.resultat import Ambiguite, Comprehension, Entite

__all__ = ["METHODE", "QUESTION_MAXIMALE", "Ambiguite", "Comprehension", "Entite", "Interprete"]
