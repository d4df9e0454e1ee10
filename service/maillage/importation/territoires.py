"""Territories of the official geographical code (COG): communes up to regions, and the regions before 2016.

Source: npm @etalab/decoupage-administratif (COG, Licence Ouverte) and a table département → region in
2015 and in 2016. A merged, delegated or associated commune is no resource of its own: its name and code go
to the current commune, which is where associations are today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from maillage.importation.ecriture import Bloc, chaine, ref, texte
from maillage.importation.lecture import Enregistrement, cle, lit_csv, lit_liste_json, verifie_nombre
from maillage.importation.publication import Bilan, Ecart, Fichier, publie
from maillage.importation.registre import Progres

COMMANDE = "territoires"
ARGUMENTS = (
    "communes.json",
    "departements.json",
    "regions.json",
    "epci.json",
    "ept.json",
    "departement_region.csv",
)
DOSSIER = "donnees/territoires"
PERIMETRE = (f"{DOSSIER}/*.ttl", f"{DOSSIER}/communes/*.ttl")
_COMMUNE = (r"(?:\d[\dAB]\d{3})", "29232")
_DEPARTEMENT = (r"(?:\d{2}|2[AB]|9[78]\d)", "29")
_SIREN = (r"\d{9}", "200068120")
_FRANCE = ref("pays", "france")
_COLLECTIVITE = "com"


@dataclass(slots=True)
class Cog:
    """Records of the code, sorted by code, and what joins them."""

    communes: list[Enregistrement]
    arrondissements: list[Enregistrement]
    anciennes: dict[str, list[Enregistrement]]
    departements: list[Enregistrement]
    regions: list[Enregistrement]
    epci: list[Enregistrement]
    passage: list[Enregistrement]
    intercommunalites: dict[str, list[str]]


def importe(fichiers: Sequence[Path], racine: Path, essai: bool, progres: Progres) -> Bilan:
    """Write the territories. Files, in the order of ARGUMENTS. Raises ErreurImport."""
    verifie_nombre(fichiers, ARGUMENTS)
    progres("Lecture du code officiel géographique")
    cog = _lit(fichiers)
    progres(f"{len(cog.communes)} communes lues, écriture des fichiers")
    return publie(COMMANDE, list(_fichiers(cog)), PERIMETRE, racine, essai, _ecarts(cog))


def _lit(fichiers: Sequence[Path]) -> Cog:
    communes = lit_liste_json(fichiers[0])
    epci = _par_code([*lit_liste_json(fichiers[3]), *lit_liste_json(fichiers[4])])
    anciennes: dict[str, list[Enregistrement]] = defaultdict(list)
    for e in communes:
        if e.texte("type") in ("commune-deleguee", "commune-associee"):
            anciennes[e.texte("chefLieu")].append(e)
    intercommunalites: dict[str, list[str]] = defaultdict(list)
    for e in epci:
        for membre in _membres(e):
            intercommunalites[membre].append(e.code("code", *_SIREN))
    return Cog(
        communes=_par_code(e for e in communes if e.texte("type") == "commune-actuelle"),
        arrondissements=_par_code(e for e in communes if e.texte("type") == "arrondissement-municipal"),
        anciennes=anciennes,
        departements=_par_code(lit_liste_json(fichiers[1])),
        regions=_par_code(lit_liste_json(fichiers[2])),
        epci=epci,
        passage=lit_csv(
            fichiers[5], ("departement", "region_avant_2016_code", "region_avant_2016", "region_code")
        ),
        intercommunalites=intercommunalites,
    )


def _par_code(enregistrements: Iterable[Enregistrement]) -> list[Enregistrement]:
    return sorted(enregistrements, key=lambda e: e.texte("code"))


def _membres(epci: Enregistrement) -> list[str]:
    membres = epci.valeurs.get("membres")
    if not isinstance(membres, list) or not all(isinstance(m, dict) and "code" in m for m in membres):
        raise epci.erreur("membres", "une liste de communes, chacune avec son code, est attendue.")
    return [str(m["code"]) for m in membres]


def _ecarts(cog: Cog) -> list[Ecart]:
    actuelles = {e.texte("code") for e in cog.communes}
    return [
        Ecart(
            e.texte("code"), "commune déléguée ou associée dont le chef-lieu n'est pas une commune actuelle"
        )
        for chef_lieu, liste in cog.anciennes.items()
        if chef_lieu not in actuelles
        for e in liste
    ]


def _fichiers(cog: Cog) -> Iterable[Fichier]:
    yield Fichier(f"{DOSSIER}/pays.ttl", "La France.", [_pays()])
    metropole = [e for e in cog.regions if e.texte("zone") != _COLLECTIVITE]
    yield Fichier(f"{DOSSIER}/regions.ttl", "Régions.", [_region(e) for e in metropole])
    yield Fichier(
        f"{DOSSIER}/anciennes-regions.ttl",
        "Les 22 régions de métropole d'avant le 1er janvier 2016.",
        list(_anciennes_regions(cog.passage)),
    )
    avant = {e.texte("departement"): e.texte("region_avant_2016_code") for e in cog.passage}
    departements = [e for e in cog.departements if e.texte("zone") != _COLLECTIVITE]
    yield Fichier(
        f"{DOSSIER}/departements.ttl", "Départements.", [_departement(e, avant) for e in departements]
    )
    collectivites = [e for e in cog.departements if e.texte("zone") == _COLLECTIVITE]
    yield Fichier(
        f"{DOSSIER}/collectivites-outre-mer.ttl",
        "Collectivités et territoires d'outre-mer du code officiel géographique.",
        [_collectivite(e) for e in collectivites],
    )
    yield Fichier(
        f"{DOSSIER}/epci.ttl", "Intercommunalités à fiscalité propre et EPT du Grand Paris.", _epci(cog)
    )
    yield Fichier(
        f"{DOSSIER}/arrondissements-municipaux.ttl",
        "Arrondissements municipaux de Paris, Lyon et Marseille.",
        [_arrondissement(e) for e in cog.arrondissements],
        compact=True,
    )
    yield from _fichiers_communes(cog)


def _fichiers_communes(cog: Cog) -> Iterable[Fichier]:
    noms = {e.texte("code"): e.texte("nom") for e in cog.departements}
    postaux: dict[str, set[str]] = defaultdict(set)
    for e in cog.arrondissements:
        postaux[e.texte("commune")].update(e.liste("codesPostaux"))
    par_departement: dict[str, list[Bloc]] = defaultdict(list)
    for e in cog.communes:
        par_departement[e.code("departement", *_DEPARTEMENT)].append(_commune(e, cog, postaux))
    for code in sorted(par_departement):
        titre = f"Communes : {noms.get(code, code)} ({code})."
        yield Fichier(f"{DOSSIER}/communes/{code}.ttl", titre, par_departement[code], compact=True)


def _pays() -> Bloc:
    return Bloc(_FRANCE, "igeo:Pays").ajoute("skos:prefLabel", [texte("France"), texte("France", "en")])


def _territoire(e: Enregistrement, prefixe: str, classe: str, motif: tuple[str, str]) -> Bloc:
    code = e.code("code", *motif)
    bloc = Bloc(ref(prefixe, code), classe).ajoute("igeo:codeINSEE", chaine(code))
    return bloc.ajoute("skos:prefLabel", texte(e.texte("nom")))


def _region(e: Enregistrement) -> Bloc:
    bloc = _territoire(e, "region", "igeo:Region", (r"\d{2}", "53"))
    bloc.ajoute("igeo:subdivisionDe", _FRANCE)
    return bloc.ajoute("igeo:prefectureDeRegion", ref("commune", e.code("chefLieu", *_COMMUNE)))


def _departement(e: Enregistrement, avant: dict[str, str]) -> Bloc:
    bloc = _territoire(e, "departement", "igeo:Departement", _DEPARTEMENT)
    bloc.ajoute("igeo:subdivisionDe", ref("region", e.texte("region")))
    if ancienne := avant.get(e.texte("code")):
        bloc.ajoute("mlg:membreDe", ref("ancienne-region", ancienne))
    return bloc.ajoute("igeo:prefecture", ref("commune", e.code("chefLieu", *_COMMUNE)))


def _collectivite(e: Enregistrement) -> Bloc:
    # The code lists an overseas collectivity both as département and as region: one resource is enough.
    bloc = _territoire(e, "departement", "igeo:CollectiviteDOutreMer", _DEPARTEMENT)
    return bloc.ajoute("igeo:subdivisionDe", _FRANCE)


def _anciennes_regions(passage: list[Enregistrement]) -> Iterable[Bloc]:
    noms: dict[str, str] = {}
    nouvelles: dict[str, set[str]] = defaultdict(set)
    for e in passage:
        code = e.code("region_avant_2016_code", r"\d{2}", "82")
        noms[code] = e.texte("region_avant_2016")
        nouvelles[code].add(e.code("region_code", r"\d{2}", "84"))
    for code in sorted(noms):
        bloc = Bloc(ref("ancienne-region", code), "mlg:AncienneRegion").ajoute("igeo:codeINSEE", chaine(code))
        bloc.ajoute("skos:prefLabel", texte(noms[code]))
        if len(nouvelles[code]) == 1:
            bloc.ajoute("mlg:membreDe", ref("region", *nouvelles[code]))
        yield bloc


def _epci(cog: Cog) -> list[Bloc]:
    situation = {e.texte("code"): (e.texte("departement"), e.texte("region")) for e in cog.communes}
    return [_intercommunalite(e, situation) for e in cog.epci]


def _intercommunalite(e: Enregistrement, situation: dict[str, tuple[str, str]]) -> Bloc:
    code, nom = e.code("code", *_SIREN), e.texte("nom")
    bloc = Bloc(ref("epci", code), "igeo:Intercommunalite").ajoute("igeo:codeINSEE", chaine(code))
    bloc.ajoute("skos:prefLabel", texte(nom))
    # « CC Faucigny - Glières »: the legal form of the record opens its name; people say the rest.
    sans_forme = nom.removeprefix(e.facultatif("type") + " ")
    bloc.ajoute("skos:altLabel", texte(sans_forme) if sans_forme != nom else None)
    bloc.ajoute("mlg:population", str(e.entier("populationMunicipale") or ""))
    places = [situation[m] for m in _membres(e) if m in situation]
    departements, regions = {d for d, _ in places}, {r for _, r in places}
    if len(departements) == 1:
        bloc.ajoute("mlg:membreDe", ref("departement", *departements))
    elif len(regions) == 1:
        bloc.ajoute("mlg:membreDe", ref("region", *regions))
    return bloc


def _arrondissement(e: Enregistrement) -> Bloc:
    bloc = _territoire(e, "arrondissement-municipal", "igeo:ArrondissementMunicipal", _COMMUNE)
    # « Paris 1er Arrondissement » is said « Paris 1er ».
    bloc.ajoute("skos:altLabel", texte(e.texte("nom").rpartition(" ")[0]))
    bloc.ajoute("mlg:codePostal", [chaine(c) for c in e.liste("codesPostaux")])
    bloc.ajoute("mlg:population", str(e.entier("population") or ""))
    return bloc.ajoute("igeo:subdivisionDe", ref("commune", e.code("commune", *_COMMUNE)))


def _commune(e: Enregistrement, cog: Cog, postaux: dict[str, set[str]]) -> Bloc:
    code = e.code("code", *_COMMUNE)
    bloc = _territoire(e, "commune", "igeo:Commune", _COMMUNE)
    # A postal code of Paris, Lyon or Marseille names one arrondissement, which is in the commune.
    propres = [c for c in e.liste("codesPostaux") if c not in postaux[code]]
    bloc.ajoute("mlg:codePostal", [chaine(c) for c in propres])
    population = e.entier("population")
    bloc.ajoute("mlg:population", None if population is None else str(population))
    bloc.ajoute("igeo:subdivisionDe", ref("departement", e.texte("departement")))
    bloc.ajoute("mlg:membreDe", [ref("epci", c) for c in sorted(cog.intercommunalites[code])])
    return _passe(bloc, e, cog.anciennes[code])


def _passe(bloc: Bloc, e: Enregistrement, anciennes: list[Enregistrement]) -> Bloc:
    code, connus = e.texte("code"), {cle(e.texte("nom"))}
    codes = {*e.liste("anciensCodes"), *(a.texte("code") for a in anciennes)} - {code}
    bloc.ajoute("mlg:ancienCode", [chaine(c) for c in sorted(codes)])
    noms = []
    for nom in sorted(a.texte("nom") for a in anciennes):
        if cle(nom) not in connus:
            connus.add(cle(nom))
            noms.append(texte(nom))
    return bloc.ajoute("mlg:ancienNom", noms)
