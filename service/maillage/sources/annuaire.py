"""The official directory of local public services (« base de données locales », DILA), format of 2022.

A file `AAAA-MM-JJ_HHMMSS-data.gouv_local.json`, in the archive `all_latest.tar.bz2` or alone: an object
whose field `service` lists the bodies; or the list that the directory's API exports, where `pivot`,
`adresse`, `telephone` and `site_internet` are texts of JSON.

The format was read in public code and its fixtures (acceslibre, `erp/imports`, record `00007e4d-264c-…`);
its specification is « Specifications-datagouv-base-de-donnees-locales-Service-public » V1.2 of the DILA.
Fields read: `id`, `ancien_code_pivot`, `siret`, `nom`, `pivot` (type and communes served),
`code_insee_commune`, `adresse`, `telephone`, `site_internet`, `adresse_courriel`, `url_service_public`.
Persons (`affectation_personne`) are never read. Which category is kept, as what, is in
donnees/institutions/classement-annuaire.csv.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from maillage.importation import tables
from maillage.importation.acteur import Fiche, slug
from maillage.importation.ecriture import ref
from maillage.importation.geographie import Geographie
from maillage.importation.lecture import Enregistrement, cle
from maillage.importation.publication import Ecart
from maillage.sources import normalisation
from maillage.sources.lecteur import Lecteur
from maillage.sources.notice import Edition, Notice
from maillage.sources.personnes import Gardien

LISTE = "service"
_UUID = re.compile(r"[0-9a-fA-F-]{8,64}")
_ANCIEN = re.compile(r"[a-z0-9_]{2,60}-[0-9A-Z]{5}-\d{2,3}")
_SIRET = re.compile(r"\d{14}")
_ADRESSE = "Adresse"


class LecteurAnnuaire(Lecteur):
    """Records of the directory turned into notices; `ecarts` says what was left out on the way."""

    def __init__(self, racine: Path, geo: Geographie, edition: Edition) -> None:
        super().__init__(edition)
        self.geo = geo
        self.regles = tables.regles_annuaire(racine)
        self.gardien = Gardien(racine, edition.importateur)
        self.lieux = geo.cles()
        self.entiers = normalisation.par_departement(geo)

    def _notice(self, e: Enregistrement) -> Notice | None:
        pivots = _liste(e, "pivot")
        categories = [str(p.get("type_service_local") or "") for p in pivots]
        identifiant = e.code("id", _UUID.pattern, "00007e4d-264c-43a0-b0b7-7f3b7dd995ab")
        classement = self._classement(e, categories)
        if classement is None:
            return None
        self._une_fois(e, "id", identifiant)
        adresse = _adresse(_liste(e, "adresse"))
        commune = self._commune(e, pivots)
        ancien = e.facultatif("ancien_code_pivot")
        fiche = Fiche(
            slug=slug(ancien or f"{categories[0]}-{commune}-{identifiant[:8]}"),
            nom=e.texte("nom"),
            autres_noms=self._autres_noms(e, classement),
            types=classement.types,
            secteurs=classement.secteurs,
            commune=commune,
            rue=_rue(adresse),
            code_postal=_texte(adresse, "code_postal"),
            localite=_texte(adresse, "nom_commune"),
            source=self.edition.source,
            constat=self.edition.jour,
            statut=classement.statut,
            remarque=classement.remarque,
            preuve=self._site(e, "url_service_public", e.facultatif("url_service_public")),
        )
        self._ressort(fiche, classement, commune, pivots, e)
        self._contacts(fiche, e, adresse)
        autres = [
            *([ancien] if _ANCIEN.fullmatch(ancien) else []),
            *([s] if _SIRET.fullmatch(s := e.facultatif("siret")) else []),
        ]
        notice = Notice(identifiant, fiche, self.geo.communes[commune], autres)
        fiche.identifiants = notice.identifiants
        return notice

    def _classement(self, e: Enregistrement, categories: list[str]) -> tables.Classement | None:
        gardes: list[tables.Classement] = []
        for categorie in categories:
            regles = self.regles.get(categorie)
            if regles is None:
                continue
            classement = tables.classe(e.texte("nom"), regles)
            if classement.ecarte:
                self.ecarts.append(Ecart(e.texte("id"), f"{categorie} : {classement.ecarte}"))
            else:
                gardes.append(classement)
        if not gardes:
            return None
        premier = gardes[0]
        for autre in gardes[1:]:
            premier.types.extend(t for t in autre.types if t not in premier.types)
        return premier

    def _autres_noms(self, e: Enregistrement, classement: tables.Classement) -> list[str]:
        # « Crib - Comité olympique de l'Ain » names its bearer; « Crib - Metz » only says a place.
        separateur = classement.porteur_apres
        _, _, porteur = e.texte("nom").partition(separateur) if separateur else ("", "", "")
        porte = [porteur.strip()] if porteur and cle(porteur) not in self.lieux else []
        return [*porte, *([e.facultatif("sigle")] if e.facultatif("sigle") else [])]

    def _commune(self, e: Enregistrement, pivots: list[dict[str, Any]]) -> str:
        servies = _communes_servies(pivots)
        code = e.facultatif("code_insee_commune") or (servies[0] if len(servies) == 1 else "")
        commune = self.geo.commune(code)
        if commune is None:
            raise e.erreur("code_insee_commune", f"la commune « {code} » n'est pas dans donnees/territoires.")
        return commune

    def _ressort(
        self,
        fiche: Fiche,
        regle: tables.Classement,
        commune: str,
        pivots: list[dict[str, Any]],
        e: Enregistrement,
    ) -> None:
        """Territory served: as the table says, or (`servi`) the communes that the directory lists."""
        departement = self.geo.communes[commune]
        if regle.ressort == "servi":
            actuelles = {c for code in _communes_servies(pivots) if (c := self.geo.commune(code))}
            if len(actuelles) > 1:
                fiche.territoires = normalisation.territoires(actuelles, self.geo, self.entiers)
                fiche.remarque = ""
                return
        region = self.geo.region_de.get(departement, "")
        codes = {
            "commune": ref("commune", commune),
            "departement": ref("departement", departement),
            "servi": ref("departement", departement),
            # An overseas collectivity has no region above it: it is its own.
            "region": ref("region", region)
            if region in self.geo.regions
            else ref("departement", departement),
        }
        if regle.ressort not in codes:
            raise e.erreur("pivot", f"le ressort « {regle.ressort} » de classement-annuaire.csv est inconnu.")
        fiche.territoires = [codes[regle.ressort]]

    def _contacts(self, fiche: Fiche, e: Enregistrement, adresse: dict[str, Any]) -> None:
        if faute := normalisation.coordonnees(_texte(adresse, "longitude"), _texte(adresse, "latitude")):
            self._laisse(e, f"champ « adresse », {faute}")
        for dit in _liste(e, "telephone"):
            valeur = self._telephone(fiche.slug, e, _texte(dit, "valeur"))
            fiche.telephone = fiche.telephone or valeur
        for dit in _liste(e, "site_internet"):
            fiche.url = fiche.url or self._site(e, "site_internet", _texte(dit, "valeur"))
        noms = f"{fiche.nom} {' '.join(fiche.autres_noms)} {normalisation.hote(fiche.url)} {fiche.localite}"
        for brut in _textes(e, "adresse_courriel"):
            refus = self.gardien.courriel(brut, noms) or self.gardien.retire(fiche.slug, brut)
            if refus:
                self._laisse(e, f"champ « adresse_courriel », {refus.valeur} : {refus.raison}")
            else:
                fiche.courriel = fiche.courriel or brut

    def _telephone(self, acteur: str, e: Enregistrement, brut: str) -> str:
        valeur = normalisation.telephone(brut)
        if brut and not valeur:
            self._laisse(e, f"champ « telephone », « {brut} » : numéro illisible, laissé de côté")
        refus = self.gardien.telephone(valeur) or self.gardien.retire(acteur, valeur) if valeur else None
        if refus:
            self._laisse(e, f"champ « telephone », {refus.valeur} : {refus.raison}")
            return ""
        return valeur


def _liste(e: Enregistrement, champ: str) -> list[dict[str, Any]]:
    """Objects of a field that is a list, or (export of the API) the text of one."""
    valeur = e.valeurs.get(champ) or []
    if isinstance(valeur, str):
        try:
            valeur = json.loads(valeur)
        except (json.JSONDecodeError, RecursionError):
            raise e.erreur(champ, "ce texte devrait être une liste en JSON.") from None
    if not isinstance(valeur, list) or not all(isinstance(x, dict) for x in valeur):
        raise e.erreur(champ, "une liste d'objets est attendue.")
    return valeur


def _textes(e: Enregistrement, champ: str) -> list[str]:
    valeur = e.valeurs.get(champ) or []
    dits = [valeur] if isinstance(valeur, str) else valeur
    if not isinstance(dits, list) or not all(isinstance(x, str) for x in dits):
        raise e.erreur(champ, "un texte, ou une liste de textes, est attendu.")
    return [x.strip() for x in dits if x.strip()]


def _texte(objet: dict[str, Any], champ: str) -> str:
    valeur = objet.get(champ)
    return " ".join(str(valeur).split()) if isinstance(valeur, str | int | float) else ""


def _communes_servies(pivots: list[dict[str, Any]]) -> list[str]:
    return [str(c) for p in pivots for c in (p.get("code_insee_commune") or ())]


def _adresse(adresses: list[dict[str, Any]]) -> dict[str, Any]:
    """The place where one is received, sooner than the postal address."""
    return next((a for a in adresses if a.get("type_adresse") == _ADRESSE), adresses[0] if adresses else {})


def _rue(adresse: dict[str, Any]) -> str:
    champs = ("complement1", "complement2", "numero_voie", "service_distribution")
    return " - ".join(v for v in (_texte(adresse, c) for c in champs) if v)
