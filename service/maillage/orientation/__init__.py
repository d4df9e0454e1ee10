"""Orientation: what is asked → kinds of actor and actors, ranked, explained, sourced."""

from maillage.orientation.acteurs import Page
from maillage.orientation.facettes import FACETTES, FiltreInconnu, Filtres
from maillage.orientation.orienteur import Orienteur
from maillage.orientation.pagination import CurseurRefuse, Curseurs
from maillage.orientation.reponse import Reponse

__all__ = [
    "FACETTES",
    "CurseurRefuse",
    "Curseurs",
    "FiltreInconnu",
    "Filtres",
    "Orienteur",
    "Page",
    "Reponse",
]
