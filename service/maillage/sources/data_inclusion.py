"""data.inclusion, schema v1: structures (CSV or JSON), and the services that tell where they act.

Fields are those of https://github.com/gip-inclusion/data-inclusion-schema (schemas/v1, version 1.0.8).
Kept: the structures of a network that ontologie/alignements/data-inclusion.ttl says is exactly one of our
kinds. The name of a person to contact (`contact_nom_prenom`) is never read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph

from maillage.importation.acteur import Fiche, slug
from maillage.importation.ecriture import ref
from maillage.importation.geographie import Geographie
from maillage.importation.lecture import Enregistrement, ErreurImport
from maillage.importation.publication import Ecart
from maillage.namespaces import PREFIXES, compact
from maillage.sources import normalisation
from maillage.sources.lecteur import Lecteur
from maillage.sources.notice import Edition, Notice
from maillage.sources.personnes import Gardien

LISTE = "structures"
COLONNES = ("id", "source", "nom", "date_maj")
COLONNES_SERVICES = ("structure_id", "zone_eligibilite")
_ALIGNEMENT = "ontologie/alignements/data-inclusion.ttl"
_RESEAU = "reseaux-porteurs-"
_CODES = re.compile(r"[0-9A-Za-z-]+")
_FRANCE = ("france", "99100")


class LecteurDataInclusion(Lecteur):
    """Structures turned into notices; `ecarts` says what was left out on the way."""

    def __init__(
        self, racine: Path, geo: Geographie, edition: Edition, services: Iterable[Enregistrement] = ()
    ) -> None:
        super().__init__(edition)
        self.geo = geo
        self.types = reseaux(racine)
        self.gardien = Gardien(racine, edition.importateur)
        self._zones: dict[str, set[str]] = defaultdict(set)
        for e in services:
            self._zones[str(e.valeurs.get("structure_id") or "")].update(_codes(e, "zone_eligibilite"))

    def _notice(self, e: Enregistrement) -> Notice | None:
        identifiant = e.texte("id")
        types = sorted({self.types[r] for r in _codes(e, "reseaux_porteurs") if r in self.types})
        if not types:
            self.ecarts.append(Ecart(identifiant, "aucun réseau porteur qui soit un de nos types d'acteur"))
            return None
        self._une_fois(e, "id", identifiant)
        commune = self.geo.commune(e.facultatif("code_insee"))
        if commune is None:
            raise e.erreur(
                "code_insee", f"« {e.facultatif('code_insee')} » n'est pas dans donnees/territoires."
            )
        siret = e.facultatif("siret")
        autres = [siret] if re.fullmatch(r"\d{14}", siret) else []
        fiche = Fiche(
            slug=slug(identifiant),
            nom=e.texte("nom").rstrip("."),
            types=types,
            commune=commune,
            territoires=self._zone(identifiant, commune),
            rue=" - ".join(v for c in ("complement_adresse", "adresse") if (v := e.facultatif(c))),
            code_postal=e.facultatif("code_postal"),
            localite=e.facultatif("commune"),
            identifiants=[identifiant, *autres],
            source=self.edition.source,
            constat=self.edition.jour,
            preuve=self._site(e, "lien_source", e.facultatif("lien_source")),
        )
        self._contacts(fiche, e)
        return Notice(identifiant, fiche, self.geo.communes[commune], autres)

    def _contacts(self, fiche: Fiche, e: Enregistrement) -> None:
        if faute := normalisation.coordonnees(_nombre(e, "longitude"), _nombre(e, "latitude")):
            self._laisse(e, f"champ {faute}")
        brut = e.facultatif("telephone")
        fiche.telephone = normalisation.telephone(brut)
        if brut and not fiche.telephone:
            self._laisse(e, f"champ « telephone », « {brut} » : numéro illisible, laissé de côté")
        fiche.url = self._site(e, "site_web", e.facultatif("site_web"))
        fiche.courriel = e.facultatif("courriel")
        noms = f"{fiche.nom} {normalisation.hote(fiche.url)} {fiche.localite}"
        for champ, refus in (
            ("telephone", self.gardien.telephone(fiche.telephone)),
            ("courriel", self.gardien.courriel(fiche.courriel, noms) if fiche.courriel else None),
        ):
            refuse = refus or self.gardien.retire(fiche.slug, getattr(fiche, champ))
            if refuse:
                setattr(fiche, champ, "")
                self._laisse(e, f"champ « {champ} », {refuse.valeur} : {refuse.raison}")

    def _zone(self, identifiant: str, commune: str) -> list[str]:
        """Where its services act; the département of the structure where they do not say."""
        rendus: list[str] = []
        for code in sorted(self._zones.get(identifiant, ())):
            if code in _FRANCE:
                return ["pays:france"]
            if code in self.geo.departements:
                rendus.append(ref("departement", code))
            elif code in self.geo.epci:
                rendus.append(ref("epci", code))
            elif actuelle := self.geo.commune(code):
                rendus.append(ref("commune", actuelle))
        return rendus or [ref("departement", self.geo.communes[commune])]


def reseaux(racine: Path) -> dict[str, str]:
    """Network of data.inclusion → our kind, where the alignment says they are exactly the same.

    Raises ErreurImport where the alignment cannot be read.
    """
    exact = PREFIXES["skos"] + "exactMatch"
    try:
        quads: Iterable[pyoxigraph.Quad] = pyoxigraph.parse(path=str(racine / _ALIGNEMENT))
        dits = [(str(q.subject), q.object) for q in quads if q.predicate.value == exact]
    except (SyntaxError, OSError) as erreur:
        raise ErreurImport(f"{_ALIGNEMENT} illisible ({erreur}).") from None
    return {
        sujet.strip("<>").rpartition(_RESEAU)[2]: compact(objet.value)
        for sujet, objet in dits
        if _RESEAU in sujet and isinstance(objet, pyoxigraph.NamedNode)
    }


def _codes(e: Enregistrement, champ: str) -> Sequence[str]:
    """Codes of a list: a list in JSON, its text in CSV."""
    valeur: Any = e.valeurs.get(champ) or ()
    if isinstance(valeur, str):
        return _CODES.findall(valeur)
    if not isinstance(valeur, list | tuple) or not all(isinstance(v, str) for v in valeur):
        raise e.erreur(champ, "une liste de codes est attendue.")
    return valeur


def _nombre(e: Enregistrement, champ: str) -> str:
    valeur = e.valeurs.get(champ)
    return "" if valeur is None else str(valeur)
