"""The lexicon: every word the service understands, compiled from the labels of the graph."""

from maillage.lexique.compilation import compiler
from maillage.lexique.contenu import Concept, Forme, Lexique, Lieu, NomActeur, Passage

__all__ = ["Concept", "Forme", "Lexique", "Lieu", "NomActeur", "Passage", "compiler"]
