"""Understanding: the text of a question → what is asked (deterministic, offline, explained)."""

from maillage.comprehension.interprete import QUESTION_MAXIMALE, Interprete
from maillage.comprehension.resultat import Ambiguite, Comprehension, Entite
from maillage.comprehension.verdict import METHODE

__all__ = ["METHODE", "QUESTION_MAXIMALE", "Ambiguite", "Comprehension", "Entite", "Interprete"]
