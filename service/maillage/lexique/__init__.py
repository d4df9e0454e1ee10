"""The lexicon: every word the service understands, compiled from the labels of the graph."""

from maillage.lexique.compilation import Compilation, compiler
from maillage.lexique.contenu import Concept, Forme, Lexique, Lieu, NomActeur, Passage

__all__ = ["Compilation", "Concept", "Forme", "Lexique", "Lieu", "NomActeur", "Passage", "compiler"]
