"""Understanding: the text of a question → what is asked (deterministic, offline, explained)."""

from maillage.comprehension.interprete import QUESTION_MAXIMALE, Interprete
from maillage.comprehension.resultat import Ambiguite, Comprehension, Entite

__all__ = ["QUESTION_MAXIMALE", "Ambiguite", "Comprehension", "Entite", "Interprete"]
