"""Orientation: what is asked → kinds of actor and actors, ranked, explained, sourced."""

from maillage.orientation.orienteur import Orienteur
from maillage.orientation.reponse import Reponse

__all__ = ["Orienteur", "Reponse"]
