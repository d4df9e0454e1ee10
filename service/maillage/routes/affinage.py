"""What refines an answer: filters, pages, spelling; each with the address that adds it or takes it away."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from rapidfuzz.process import extract

from maillage import tableur
from maillage.comprehension.entites import Nommage
from maillage.comprehension.resultat import CHAMPS_RENDUS
from maillage.donnees_liees.negociation import Variante, choose
from maillage.lexique import Lexique
from maillage.namespaces import compact, etendre
from maillage.orientation import FACETTES, CurseurRefuse, Curseurs, FiltreInconnu, Filtres, Page
from maillage.problemes import Champ, Probleme
from maillage.routes import explications
from maillage.routes.contexte import Service, adresse_publique, langue_de, service
from maillage.textes import Langue

JSON = Variante("json", "application/json")
CSV = Variante("csv", "text/csv")
FORMATS = (JSON, CSV)
#: parameters that refine, as the API documents them; filters may be repeated.
PARAMETRES = (*FACETTES, "sans", "corriger", "expliquer", "curseur")
#: rows of a table, where nothing says how many.
LIGNES = 100

Json = dict[str, Any]
Paires = list[tuple[str, str]]


@dataclass(frozen=True)
class Demande:
    """What is asked, refinements included; `curseur` is the text of the page's cursor."""

    question: str
    langue: Langue
    territoire: str | None
    filtres: Filtres
    sans: frozenset[str]
    corriger: bool
    expliquer: bool
    curseur: str

    def en_texte(self) -> str:
        """The same text for the same request: a cursor belongs to one request."""
        filtres, sans = self.filtres.en_texte(), sorted(self.sans)
        return json.dumps([self.question, self.langue, self.territoire, filtres, sans, self.corriger])


def repondre(
    request: Request, question: str, limite: int, territoire: str | None, page: bool = False
) -> Json:
    """The refined answer with its links. `territoire` is an IRI.

    For a page it is always explained, and its links stay on the address that was called. Raises
    Probleme 400 for an unknown filter, something unknown to take away, a refused cursor, or another word than
    « oui » or « non ».
    """
    parts = service(request)
    demande = _lire(request, question, territoire)
    curseurs = _curseurs(parts)
    depart = _depart(curseurs, demande)
    trouvee = parts.orienteur.repondre(
        question,
        demande.langue,
        limite,
        territoire,
        Page(limite, depart, demande.filtres),
        demande.corriger,
        demande.sans,
    )
    reponse = trouvee.en_json()
    if page or demande.expliquer:
        reponse["explications"] = explications.rendre(parts, trouvee.comprehension, demande.langue)
    if depart + limite < reponse["total"]:
        reponse["suivant"] = curseurs.ecrire(depart + limite, demande.en_texte())
    _relier(request, reponse, demande, page)
    _rendre_retirable(request, reponse, demande, page)
    _compter(parts, reponse)
    return reponse


def _lire(request: Request, question: str, territoire: str | None) -> Demande:
    donnes = request.query_params
    corriger, expliquer = _oui(request, "corriger", "oui"), _oui(request, "expliquer", "non")
    filtres = _filtres(service(request), {nom: donnes.getlist(nom) for nom in FACETTES})
    lexique = service(request).orienteur.lexique
    sans = frozenset(_connu(lexique, texte) for texte in donnes.getlist("sans") if texte)
    curseur = donnes.get("curseur", "")
    return Demande(question, langue_de(request), territoire, filtres, sans, corriger, expliquer, curseur)


def _connu(lexique: Lexique, texte: str) -> str:
    """IRI of a concept, a place or an actor given by its IRI or by its short form (`secteur:sport`)."""
    complete = etendre(texte)
    if complete in lexique.concepts or complete in lexique.lieux or complete in lexique.acteurs:
        return complete
    raise _refus("sans", "sans", valeur=texte[:80])


def _oui(request: Request, nom: str, defaut: str) -> bool:
    valeur = request.query_params.get(nom, defaut)
    if valeur not in ("oui", "non"):
        raise _refus(nom, "invalide", attendu="oui, non")
    return valeur == "oui"


def _filtres(parts: Service, valeurs: Mapping[str, Iterable[str]]) -> Filtres:
    facettes = parts.orienteur.facettes
    try:
        return facettes.lire({nom: [v for v in donnees if v] for nom, donnees in valeurs.items()})
    except FiltreInconnu as error:
        codes = facettes.codes(error.facette)
        proches = [code for code, _, _ in extract(error.valeur[:80], codes, limit=3)]
        raise _refus(error.facette, "filtre", valeur=error.valeur[:80], proches=", ".join(proches)) from error


def _curseurs(parts: Service) -> Curseurs:
    """A ranking depends on the data, on the queries and, for the age of sources, on the year."""
    version = f"{parts.manifeste.version} {parts.manifeste.recette} {parts.orienteur.annee}"
    return Curseurs(version, parts.settings.cle)


def _depart(curseurs: Curseurs, demande: Demande) -> int:
    if not demande.curseur:
        return 0
    try:
        return curseurs.lire(demande.curseur, demande.en_texte())
    except CurseurRefuse as error:
        raise _refus("curseur", f"curseur-{error.raison}") from error


def _refus(nom: str, raison: str, **valeurs: str) -> Probleme:
    return Probleme("parametre-refuse", 400, champs=(Champ(nom, raison, valeurs),))


def _compter(parts: Service, reponse: Json) -> None:
    """Count the words that were not understood."""
    compris = reponse["comprehension"]
    if parts.echecs is not None and compris["non_reconnus"]:
        repondu = not (compris["hors_sujet"] or compris["a_preciser"])
        parts.echecs.noter(reponse["question"], compris["non_reconnus"], repondu)


def _relier(request: Request, reponse: Json, demande: Demande, page: bool) -> None:
    """Put addresses on the values of facets, and beside the answer; those of a page have no host."""
    paires = _sans(request.query_params.multi_items(), "curseur")
    racine = _racine(request, page)
    adresse = racine + request.url.path
    for nom, facette in reponse["facettes"].items():
        for valeur in facette["valeurs"]:
            siennes = ((nom, valeur["code"]), (nom, valeur["iri"]))
            autres = [paire for paire in paires if paire not in siennes]
            valeur["lien"] = _lien(adresse, autres if valeur["actif"] else [*paires, (nom, valeur["code"])])
    sans_filtre, sans_correction = _sans(paires, *FACETTES), _sans(paires, "corriger")
    corrige = bool(reponse["comprehension"]["corrections"])
    reponse["liens"] = {
        "premier": _lien(adresse, paires) if demande.curseur else None,
        "suivant": _lien(adresse, [*paires, ("curseur", reponse["suivant"])]) if reponse["suivant"] else None,
        "sans_filtre": _lien(adresse, sans_filtre) if demande.filtres else None,
        "sans_correction": _lien(adresse, [*sans_correction, ("corriger", "non")]) if corrige else None,
        "avec_correction": None if demande.corriger else _lien(adresse, sans_correction),
        "csv": _lien(f"{racine}/api/orientation", [*_sans(paires, "format", "limite"), ("format", "csv")]),
        "json": _lien(f"{racine}/api/orientation", _sans(paires, "format")),
    }


def _rendre_retirable(request: Request, reponse: Json, demande: Demande, page: bool) -> None:
    """Put on each thing understood the address that asks again without it, on each thing taken away the one
    that takes it back, on each homonym the one that chooses it."""
    paires = _sans(request.query_params.multi_items(), "curseur")
    adresse = _racine(request, page) + request.url.path
    compris = reponse["comprehension"]
    for entite in (entite for champ in CHAMPS_RENDUS for entite in compris[champ]):
        entite["retirer"] = _lien(adresse, [*paires, ("sans", compact(entite["iri"]))])
    for entite in compris["retires"]:
        siennes = (("sans", entite["iri"]), ("sans", compact(entite["iri"])))
        entite["remettre"] = _lien(adresse, [paire for paire in paires if paire not in siennes])
    ailleurs = _sans(paires, "territoire")
    for choix in (choix for ambiguite in compris["ambiguites"] for choix in ambiguite["choix"]):
        choix["choisir"] = _lien(adresse, [*ailleurs, ("territoire", compact(choix["iri"]))])
    compris["territoire"] = None
    if demande.territoire:
        orienteur = service(request).orienteur
        nommage = Nommage(orienteur.lexique, orienteur.interprete.geographie, demande.langue)
        choisi = nommage.entite(demande.territoire).en_json()
        compris["territoire"] = choisi | {"retirer": _lien(adresse, ailleurs)}


def adresse_de(request: Request, chemin: str, *sauf: str, page: bool = True) -> str:
    """Address of another page for the same request, without some parameters and from its first part; with its
    host where it is not for a page."""
    paires = _sans(request.query_params.multi_items(), "curseur", *sauf)
    return _lien(_racine(request, page) + chemin, paires)


def dans_langue(request: Request, langue: Langue) -> str:
    """Address of this page in a language, from its first part: a cursor belongs to one language."""
    paires = _sans(request.query_params.multi_items(), "langue", "curseur")
    return _lien(_racine(request, page=True) + request.url.path, [*paires, ("langue", langue)])


def _racine(request: Request, page: bool) -> str:
    """Where addresses start: the public address, or only its path."""
    adresse = adresse_publique(request)
    return urlsplit(adresse).path.rstrip("/") if page else adresse


def _sans(paires: Iterable[tuple[str, str]], *noms: str) -> Paires:
    return [paire for paire in paires if paire[0] not in noms]


def _lien(adresse: str, paires: Paires) -> str:
    return f"{adresse}?{urlencode(paires)}"


def variante(request: Request) -> Variante:
    """JSON or CSV, by `format` or by Accept; JSON for whoever accepts neither by name.

    Raises Probleme 400 for another format.
    """
    demande = request.query_params.get("format", "")
    nommees = [une for une in FORMATS if une.suffixe == demande]
    if demande and not nommees:
        raise _refus("format", "invalide", attendu=", ".join(une.suffixe for une in FORMATS))
    return nommees[0] if nommees else choose(request.headers.get("accept", ""), FORMATS) or JSON


def en_csv(request: Request, reponse: Json) -> bytes:
    """The actors of an answer for a spreadsheet, headings in the reader's language."""
    return tableur.acteurs(reponse, service(request).textes, langue_de(request))
