"""IRIs of the project: one base, one prefix per kind of resource.

The base belongs to the corpus (its Turtle files write it), not to a server: IRIs are stable, addresses
are not. A fork with a base of its own says it in `MAILLAGE_BASE` and in its files.
"""

from __future__ import annotations

import os

BASE = os.environ.get("MAILLAGE_BASE", "https://w3id.org/maillage/")
MLG = BASE + "ontologie#"
GRAPHE = BASE + "graphe/"
GRAPHE_DERIVE = GRAPHE + "derive"
GRAPHE_REQUETES = GRAPHE + "requetes"

#: prefix → path under BASE, for every kind of resource the project mints.
CHEMINS: dict[str, str] = {
    "acteur": "acteur/",
    "activite": "activite/",
    "ancienne-region": "territoire/ancienne-region/",
    "arrondissement-municipal": "territoire/arrondissement-municipal/",
    "bassin": "territoire/bassin/",
    "commune": "territoire/commune/",
    "competence": "competence/",
    "consigne": "consigne/",
    "couverture": "etat-couverture/",
    "critere": "critere/",
    "degre": "degre/",
    "desaccord": "desaccord/",
    "demarche": "demarche/",
    "departement": "territoire/departement/",
    "dispositif": "dispositif/",
    "distribution": "distribution/",
    "epci": "territoire/epci/",
    "etape": "etape/",
    "etat": "etat-relation/",
    "evenement": "evenement/",
    "famille": "famille/",
    "fonction": "fonction/",
    "format": "format/",
    "forme": "forme/",
    "horschamp": "hors-champ/",
    "intention": "intention/",
    "intervention": "intervention/",
    "jeu": "jeu/",
    "manque": "type-manque/",
    "marqueur": "marqueur/",
    "message": "message/",
    "modalite": "modalite-succession/",
    "moyen": "moyen-verification/",
    "nature": "nature-relation/",
    "niveau": "niveau/",
    "objectif": "objectif/",
    "outil": "outil/",
    "passage": "passage/",
    "pays": "territoire/pays/",
    "place": "place-activite/",
    "portee": "portee/",
    "position": "position-competence/",
    "prefixe": "prefixe/",
    "public": "public/",
    "qualite": "critere-qualite/",
    "rapprochement": "rapprochement/",
    "region": "territoire/region/",
    "relation": "relation/",
    "requete": "requete/",
    "resultat": "resultat-verification/",
    "role": "role/",
    "schema-demarche": "schema-demarche/",
    "seance": "seance/",
    "secteur": "secteur/",
    "service": "service/",
    "source": "source/",
    "statut": "statut/",
    "succession": "succession/",
    "theme": "theme/",
    "type": "type-acteur/",
    "verificateur": "verificateur/",
    "verification": "verification/",
    "voc": "vocabulaire/",
}

_EXTERNES: dict[str, str] = {
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "igeo": "http://rdf.insee.fr/def/geo#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

#: every prefix used in the project's Turtle and SPARQL.
PREFIXES: dict[str, str] = {
    "mlg": MLG,
    **_EXTERNES,
    **{prefix: BASE + path for prefix, path in CHEMINS.items()},
}


def iri(prefix: str, code: str) -> str:
    """Full IRI of `prefix:code`.

    Raises KeyError where the prefix is not one of PREFIXES.
    """
    return PREFIXES[prefix] + code


def compact(full: str) -> str:
    """`prefix:code` of an IRI, by the longest matching namespace; the IRI itself where none fits."""
    best = max(
        ((prefix, space) for prefix, space in PREFIXES.items() if full.startswith(space)),
        key=lambda pair: len(pair[1]),
        default=None,
    )
    return f"{best[0]}:{full[len(best[1]) :]}" if best else full


def etendre(short: str) -> str:
    """The IRI of `prefix:code`; the text itself where its prefix is not one of PREFIXES."""
    prefix, colon, code = short.partition(":")
    known = colon and prefix in PREFIXES and not code.startswith("//")
    return PREFIXES[prefix] + code if known else short


def local_name(full: str) -> str:
    """Last part of an IRI, after its `#` or its last `/`."""
    return full.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
