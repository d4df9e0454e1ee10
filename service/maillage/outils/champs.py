"""The fields of a tool's form, made from the columns of its sheets: how each is asked, in what words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from maillage.classeur.cellules import Cellules
from maillage.classeur.modele import Colonne, Feuille
from maillage.classeur.noms import NomInconnu, Registre, classes_de
from maillage.namespaces import compact
from maillage.outils.guichet import Connu

#: a list this short is shown whole: boxes where several may be ticked, else a choice; longer, it is proposed.
CASES, CHOIX = 16, 40
#: columns shown at once in a row; the others are folded away.
VISIBLES = 8

#: label of a thing in the reader's language, "" where it has none.
Nommer = Callable[[str], str]
Dites = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Champ:
    """One question: `genre` is cases, choix, liste, zone, date, ouinon or texte; `nombre` of inputs.

    `options`: (value, label) of the things that may be chosen. `liste`: name of the shared list of words.
    """

    cle: str
    nom: str
    genre: str
    libelle: str
    aide: str
    obligatoire: bool
    options: tuple[tuple[str, str], ...] = ()
    liste: str = ""
    nombre: int = 1
    valeurs: tuple[str, ...] = ()
    erreur: str = ""

    @property
    def dites(self) -> str:
        """What is said, as people read it."""
        labels = dict(self.options)
        return ", ".join(labels.get(one, one) for one in self.valeurs)


@dataclass(frozen=True)
class Rangee:
    """One answer: `code` of the record it completes, or "" ; `propose` where it waits to be confirmed."""

    nom: str
    code: str
    propose: bool
    gardee: bool
    visibles: tuple[Champ, ...]
    repliees: tuple[Champ, ...]

    @property
    def fautive(self) -> bool:
        """Whether a folded field is at fault."""
        return any(one.erreur for one in self.repliees)


@dataclass(frozen=True)
class Saisie:
    """What one row says: texts by column; see `Rangee`. `erreurs` by column."""

    valeurs: Dites
    code: str = ""
    propose: bool = False
    gardee: bool = True
    erreurs: Mapping[str, str] = field(default_factory=dict)


class Formulaire:
    """Makes fields in one language from the sheets of a tool."""

    def __init__(
        self, registre: Registre, langue: str, nommer: Nommer, sous_entendues: Collection[str] = ()
    ) -> None:
        """`sous_entendues`: columns that take a value of their own where they are left empty."""
        self._registre, self._langue, self._nommer = registre, langue, nommer
        self._sous_entendues = sous_entendues
        self._cellules = Cellules(registre)
        self.listes: dict[str, tuple[str, ...]] = {}
        """Words proposed, by name of list; filled as fields are made."""

    def rangee(self, feuille: Feuille, rang: int, saisie: Saisie, sans: Sequence[str] = ()) -> Rangee:
        """A row of fields; columns in `sans` are not asked."""
        name = f"{feuille.prefixe}.{rang}"
        asked = [one for one in feuille.colonnes if one.cle not in sans]
        fields = [
            self._champ(colonne, f"{name}.{colonne.cle}", saisie.valeurs.get(colonne.cle, ()), saisie)
            for colonne in asked
        ]
        shown = [one for rank, one in enumerate(fields) if rank < VISIBLES or one.obligatoire]
        folded = tuple(one for one in fields if one not in shown)
        return Rangee(name, saisie.code, saisie.propose, saisie.gardee, tuple(shown), folded)

    def ecrire(self, connu: Connu) -> dict[str, list[str]]:
        """A known record as a form would say it, each value such that it is read back."""
        found = {}
        for colonne in connu.feuille.colonnes:
            values = sorted(connu.valeurs.get(colonne.cle, ()), key=lambda one: one.value)
            texts = [self._texte(colonne, one) for one in values]
            if texts:
                found[colonne.cle] = texts
        return found

    def _texte(self, colonne: Colonne, terme: NamedNode | Literal) -> str:
        if isinstance(terme, Literal):
            return self._cellules.ecrire(colonne, [terme])[0]
        if self._genre(colonne) in ("cases", "choix"):
            return compact(terme.value)
        label = self._nommer(terme.value)
        try:
            if label and self._registre.trouver(colonne, label) == terme.value:
                return label
        except NomInconnu:
            pass
        return compact(terme.value)

    def _champ(self, colonne: Colonne, nom: str, valeurs: Sequence[str], saisie: Saisie) -> Champ:
        english = self._langue == "en"
        genre = self._genre(colonne)
        options, liste = self._options(colonne, genre)
        given = tuple(valeurs)
        return Champ(
            colonne.cle,
            nom,
            genre,
            colonne.en if english else colonne.fr,
            colonne.aide_en if english else colonne.aide_fr,
            colonne.obligatoire and colonne.cle not in self._sous_entendues,
            options,
            liste,
            max(colonne.fois, len(given)) if genre == "liste" else 1,
            given,
            saisie.erreurs.get(colonne.cle, ""),
        )

    def _genre(self, colonne: Colonne) -> str:
        if colonne.genre in ("concept", "source"):
            number = len(self._registre.choix(colonne))
            several = colonne.fois > 1 or colonne.plusieurs
            if several and number <= CASES:
                return "cases"
            return "liste" if several or number > CHOIX else "choix"
        if colonne.genre in ("date", "ouinon"):
            return colonne.genre
        return "zone" if colonne.genre == "texte" and colonne.entre == "\n" else "texte"

    def _options(self, colonne: Colonne, genre: str) -> tuple[tuple[tuple[str, str], ...], str]:
        """The things that may be chosen, or the name of the list where their words are."""
        if genre not in ("cases", "choix", "liste"):
            return (), ""
        name = "liste-" + compact(classes_de(colonne)[0]).replace(":", "-")
        choices = [(one.iri, self._nommer(one.iri) or one.libelle) for one in self._registre.choix(colonne)]
        if genre == "liste":
            self.listes.setdefault(name, tuple(label for _, label in choices))
            return (), name
        return tuple((compact(iri), label) for iri, label in choices), ""
