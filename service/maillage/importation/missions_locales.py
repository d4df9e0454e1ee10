"""Missions locales: structures and agencies of 2023, joined to the bodies of the 2019 directory.

The code of a structure opens with the code of its commune. One structure and one body of the directory in
the same commune are the same mission locale; an agency is that structure of its département which alone bears
the same name. Everything else stays apart, and says so.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from maillage.importation import tables
from maillage.importation.acteur import Fiche, slug
from maillage.importation.ecriture import Bloc, ref
from maillage.importation.france_travail import departement_de
from maillage.importation.geographie import charge
from maillage.importation.lecture import (
    Enregistrement,
    ErreurImport,
    cle,
    contient,
    lit_csv,
    lit_liste_json,
    verifie_nombre,
)
from maillage.importation.libelles import Graphies, modeles, remarques
from maillage.importation.publication import Bilan, Ecart, Fichier, publie
from maillage.importation.registre import Progres

COMMANDE = "missions-locales"
ARGUMENTS = ("structures.json", "agences.json", "annuaire_service_public.csv")
PERIMETRE = ("donnees/acteurs/*/missions-locales.ttl",)
_ANNUAIRE = "annuaire"
_CATEGORIE = "mission_locale"
_TYPE = "mission-locale"
_NUMERO = re.compile(r"^\s*(?:\d{1,3}|2[AB])\s*[-–]\s*")
#: a word borne by more than this share of the names says nothing of which body it is.
_PART_BANALE = 0.1


def importe(fichiers: Sequence[Path], racine: Path, essai: bool, progres: Progres) -> Bilan:
    """Write the missions locales, one file a département. Raises ErreurImport."""
    verifie_nombre(fichiers, ARGUMENTS)
    progres("Lecture des territoires et des tables")
    missions = _Missions(racine, lit_csv(fichiers[2], ("id_dila", "type_pivot", "insee_2026")))
    structures = sorted(lit_liste_json(fichiers[0]), key=lambda e: e.texte("id"))
    agences = sorted(lit_liste_json(fichiers[1]), key=lambda e: int(e.code("id", r"\d{1,9}", "51")))
    missions.prend(structures, agences)
    progres(f"{len(structures)} structures et {len(agences)} agences lues")
    resultat = [
        Fichier(
            f"donnees/acteurs/{code}/missions-locales.ttl",
            f"Missions locales : {missions.geo.departements.get(code, code)} ({code}).",
            blocs,
        )
        for code, blocs in sorted(missions.blocs().items())
    ]
    return publie(COMMANDE, resultat, PERIMETRE, racine, essai, missions.ecarts)


class _Missions:
    def __init__(self, racine: Path, annuaire: list[Enregistrement]) -> None:
        self.geo = charge(racine)
        self.edition = tables.edition(racine, COMMANDE)
        self.equivalences = tables.equivalences(racine, COMMANDE)
        self.exclusions = tables.exclusions(racine, COMMANDE)
        self.graphies = Graphies(racine, self.geo)
        self.remarques = remarques(racine, COMMANDE)
        self.modele = _modele(racine)
        self.annuaire = self._acteurs_annuaire(racine, annuaire)
        self.ecarts: list[Ecart] = []
        self._fiches: list[tuple[str, Fiche, str | None]] = []
        self._index: dict[tuple[str, frozenset[str]], set[int]] = defaultdict(set)
        self._banals: set[str] = set()

    def _acteurs_annuaire(self, racine: Path, lignes: list[Enregistrement]) -> dict[str, list[str]]:
        ailleurs = tables.equivalences(racine, _ANNUAIRE)
        par_commune: dict[str, list[str]] = defaultdict(list)
        for e in lignes:
            if e.texte("type_pivot") == _CATEGORIE:
                identifiant = e.texte("id_dila")
                commune = self.geo.commune(e.texte("insee_2026")) or ""
                par_commune[commune].append(ailleurs.get(identifiant, slug(identifiant)))
        return par_commune

    def prend(self, structures: list[Enregistrement], agences: list[Enregistrement]) -> None:
        """Take the records: structures first, then the agencies that are not one of them."""
        gardees = [e for e in structures if self._garde(e)]
        communes = Counter(self.geo.commune(e.texte("id")[:5]) for e in gardees)
        noms = [set(cle(_sans_numero(n)).split()) for e in gardees for n in _noms(e)]
        frequence = Counter(mot for nom in noms for mot in nom)
        self._banals = {mot for mot, n in frequence.items() if n > _PART_BANALE * len(noms)}
        for e in gardees:
            self._structure(e, communes)
        for e in agences:
            self._agence(e)

    def _garde(self, e: Enregistrement) -> bool:
        raison = next((r for m, r in self.exclusions if contient(e.texte("nom_officiel"), m)), "")
        if raison:
            self.ecarts.append(Ecart(e.texte("id"), raison))
        return not raison

    def _structure(self, e: Enregistrement, communes: Counter[str | None]) -> None:
        identifiant, departement = e.texte("id"), e.texte("code_departement")
        if departement not in self.geo.departements:
            raise e.erreur("code_departement", f"« {departement} » n'est pas dans donnees/territoires.")
        commune = self.geo.commune(identifiant[:5])
        if commune and self.geo.communes[commune] != departement:
            commune = None
        nom, autres = self._nom(e)
        fiche = self._fiche(identifiant, nom, [ref("departement", departement)], autres)
        fiche.identifiants = [identifiant]
        fiche.commune = commune
        fiche.remarque = self._remarque("commune") if commune else self._remarque()
        connus = self.annuaire.get(commune or "", [])
        jumeau = connus[0] if commune and len(connus) == 1 and communes[commune] == 1 else None
        self._fiches.append((departement, fiche, self.equivalences.get(identifiant, jumeau)))
        for libelle in _noms(e):
            for mots in self._cles(libelle):
                self._index[departement, mots].add(len(self._fiches) - 1)

    def _agence(self, e: Enregistrement) -> None:
        code, departements, territoire = departement_de(e, self.geo)
        libelle = e.texte("nom_agence")
        identifiant = f"pass-emploi-agence-{e.texte('id')}"
        if structure := self._structure_nommee(libelle, departements):
            structure.identifiants.append(identifiant)
            return
        nom = self.graphies.habille(" ".join(_sans_numero(libelle).split()))
        fiche = self._fiche(f"agence-{e.texte('id')}", nom, [territoire], [])
        fiche.identifiants = [identifiant]
        fiche.remarque = self._remarque("agence")
        self._fiches.append((code, fiche, None))

    def _fiche(self, identifiant: str, nom: str, territoires: list[str], autres: list[str]) -> Fiche:
        return Fiche(
            slug=f"{_TYPE}-{slug(identifiant)}",
            nom=nom,
            autres_noms=autres,
            types=[ref("type", _TYPE)],
            territoires=territoires,
            source=self.edition.source,
            constat=self.edition.constat,
        )

    def _nom(self, e: Enregistrement) -> tuple[str, list[str]]:
        """Usual name where it says it is a mission locale, else the official one; and the others."""
        lieu_du_modele = cle(self.modele.format(lieu=""))
        candidats = [self.graphies.habille(_sans_numero(n)) for n in reversed(_noms(e))]
        complets = [n for n in candidats if contient(n, lieu_du_modele) and cle(n) != lieu_du_modele]
        nom = complets[0] if complets else self.modele.format(lieu=candidats[-1])
        return nom, [c for c in candidats if cle(c) not in (cle(nom), lieu_du_modele)]

    def _remarque(self, *cas: str) -> str:
        return " ".join(self.remarques[c] for c in ("ressort", *cas))

    def _structure_nommee(self, libelle: str, departements: set[str]) -> Fiche | None:
        """The one structure of some départements that bears a name, first in full, then in telling words."""
        for mots in self._cles(libelle):
            trouves = {i for d in departements for i in self._index.get((d, mots), ())}
            if len(trouves) == 1:
                return self._fiches[trouves.pop()][1]
        return None

    def _cles(self, libelle: str) -> list[frozenset[str]]:
        mots = frozenset(cle(_sans_numero(libelle)).split())
        return [m for m in (mots, mots - self._banals) if m]

    def blocs(self) -> dict[str, list[Bloc]]:
        """Blocks by département; a body described elsewhere only gets what this source adds."""
        propres = set(self.equivalences.values())
        resultat: dict[str, list[Bloc]] = defaultdict(list)
        for departement, fiche, ailleurs in self._fiches:
            if ailleurs is None:
                bloc = fiche.bloc()
            else:
                bloc = fiche.complement(ailleurs, () if ailleurs in propres else [fiche.nom])
            resultat[departement].append(bloc)
        return resultat


def _modele(racine: Path) -> str:
    trouves = modeles(racine, COMMANDE)
    if not trouves:
        raise ErreurImport(f"libelles.csv : aucune ligne pour l'importateur « {COMMANDE} ».")
    return trouves[0][1]


def _noms(e: Enregistrement) -> list[str]:
    """Official name, then usual name where there is one."""
    usuel = e.facultatif("nom_usuel")
    return [e.texte("nom_officiel"), *([usuel] if usuel else [])]


def _sans_numero(nom: str) -> str:
    """A name without the number of its département in front (« 29-ML BREST »)."""
    return _NUMERO.sub("", nom)
