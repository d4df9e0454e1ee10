"""What sources write in many ways, brought to one: telephones, web addresses, streets, served communes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from maillage.importation.ecriture import ref
from maillage.importation.geographie import Geographie
from maillage.importation.lecture import cle

_CHIFFRES = re.compile(r"\D")
_SCHEMA = re.compile(r"^https?://(?:www\.)?")
_OUTRE_MER = re.compile(r"(?:\+|00)(262|508|590|594|596|687|689|681)(\d{6,9})")


def telephone(brut: str) -> str:
    """A telephone in the form the corpus asks (groups parted by a space); empty where it is no number.

    Form: forme:acteur-telephone. « +33 (0)2 98… » becomes « 02 98… »; short numbers keep their four digits.
    """
    serre = re.sub(r"\(0\)|[\s.\-/()]", "", brut)
    if trouve := _OUTRE_MER.fullmatch(serre):
        return f"+{trouve.group(1)} {_groupes(trouve.group(2).removeprefix('0'))}"
    serre = re.sub(r"^(?:\+33|0033)0?", "0", serre)
    if not serre.isascii() or not serre.isdigit():
        return ""
    if len(serre) == 10 and serre.startswith("08"):
        return f"{serre[:4]} {serre[4:6]} {serre[6:8]} {serre[8:]}"
    if len(serre) == 10 and serre.startswith("0"):
        return " ".join(serre[i : i + 2] for i in range(0, 10, 2))
    return f"{serre[:2]} {serre[2:]}" if len(serre) == 4 and serre[0] in "13" else ""


def _groupes(chiffres: str) -> str:
    tete = len(chiffres) % 2 + 2 if len(chiffres) % 2 else 2
    reste = chiffres[tete:]
    return " ".join([chiffres[:tete], *(reste[i : i + 2] for i in range(0, len(reste), 2))])


def site(brut: str) -> str:
    """A web address with its scheme, without spaces."""
    serre = brut.strip()
    return serre if not serre or "://" in serre else f"https://{serre}"


def meme_valeur(predicat: str, une: str, autre: str) -> bool:
    """Whether two rendered objects say the same thing, whatever the writing."""
    return une == autre or empreinte(predicat, une) == empreinte(predicat, autre)


def empreinte(predicat: str, rendu: str) -> str:
    """What a rendered object is compared by: digits of a telephone, host and path of a site, folded words."""
    if predicat == "schema:telephone":
        return _CHIFFRES.sub("", rendu)
    if predicat == "schema:url":
        return _SCHEMA.sub("", rendu.split('"')[1]).rstrip("/").lower() if '"' in rendu else rendu
    if predicat == "schema:address":
        return cle(" ".join(re.findall(r'schema:\w+ "((?:[^"\\]|\\.)*)"', rendu)))
    if rendu.startswith('"'):
        return cle(rendu)
    return rendu


def hote(url: str) -> str:
    """Host of a web address, without « www. »; empty where there is none."""
    trouve = re.match(r"https?://(?:www\.)?([^/:?#]+)", url.lower())
    return trouve.group(1) if trouve else ""


def coordonnees(longitude: str, latitude: str) -> str:
    """What is wrong with a point written in degrees; empty where nothing is, or where there is no point."""
    for nom, valeur, borne in (("longitude", longitude, 180), ("latitude", latitude, 90)):
        try:
            if valeur and not -borne <= float(valeur) <= borne:
                return f"{nom} : « {valeur} » n'existe pas sur Terre"
        except ValueError:
            return f"{nom} : « {valeur} » n'est pas un nombre"
    return ""


def territoires(communes: Iterable[str], geo: Geographie, entiers: dict[str, set[str]]) -> list[str]:
    """The fewest territories that say a set of communes of today: départements, intercommunalités, communes.

    `entiers` holds the communes of each département.
    """
    reste = set(communes)
    rendus: list[str] = []
    par_departement: dict[str, set[str]] = defaultdict(set)
    for commune in reste:
        par_departement[geo.communes[commune]].add(commune)
    for departement, servies in sorted(par_departement.items()):
        if servies == entiers[departement]:
            rendus.append(ref("departement", departement))
            reste -= servies
    candidats = {e for e, membres in geo.epci.items() if membres <= reste} if reste else set()
    for epci in sorted(candidats):
        if geo.epci[epci] <= reste:
            rendus.append(ref("epci", epci))
            reste -= geo.epci[epci]
    return [*rendus, *(ref("commune", c) for c in sorted(reste))]


def par_departement(geo: Geographie) -> dict[str, set[str]]:
    """Communes of each département."""
    entiers: dict[str, set[str]] = defaultdict(set)
    for commune, departement in geo.communes.items():
        entiers[departement].add(commune)
    return entiers
