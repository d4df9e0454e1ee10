"""A small corpus that the product can build: two classes, one shape, two actors that do not exist."""

from __future__ import annotations

from pathlib import Path

from maillage.config import Settings
from maillage.namespaces import PREFIXES

REQUETES = Path(__file__).parents[1] / "requetes"
ENTETE = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
FICHIERS = {
    "ontologie/essai.ttl": """
mlg:Acteur a owl:Class ; rdfs:subClassOf org:Organization .
mlg:TypeActeur a owl:Class ; rdfs:subClassOf skos:Concept .
type:crib a mlg:TypeActeur ; skos:notation "crib" ; skos:prefLabel "CRIB"@fr , "CRIB"@en .
""",
    "ontologie/formes/acteur.ttl": """
forme:acteur a sh:NodeShape ; sh:targetClass mlg:Acteur ; sh:property forme:acteur-libelle .
forme:acteur-libelle a sh:PropertyShape ; sh:path skos:prefLabel ; sh:minCount 1 ;
    sh:message "Un acteur a un nom."@fr , "An actor has a name."@en .
""",
    "donnees/territoires/essai.ttl": """
commune:29232 a igeo:Commune ; igeo:codeINSEE "29232" ; skos:prefLabel "Quimper"@fr ;
    mlg:population 64385 ; igeo:subdivisionDe departement:29 .
departement:29 a igeo:Departement ; igeo:codeINSEE "29" ; skos:prefLabel "Finistère"@fr .
""",
    "donnees/acteurs/essai.ttl": """
acteur:un a mlg:Acteur ; skos:prefLabel "Acteur d'essai"@fr ; org:classification type:crib ;
    mlg:territoireServi departement:29 ; mlg:commune commune:29232 ;
    schema:address [ a schema:PostalAddress ; schema:addressLocality "Quimper" ] .
""",
}
BON = FICHIERS["donnees/acteurs/essai.ttl"]
#: a missing dot, then a missing name.
SANS_POINT = BON.replace("] .", "]") + "\nacteur:deux a mlg:Acteur .\n"
SANS_NOM = BON + '\nacteur:deux a mlg:Acteur ; dcterms:identifier "2" .\n'


def ecrire(racine: Path, chemin: str, texte: str) -> None:
    """Write one file of the corpus, its prefixes first."""
    path = racine / chemin
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ENTETE + texte, encoding="utf-8")


def poser(racine: Path) -> Settings:
    """Write the corpus under `racine`, with the product's queries; the settings to build it."""
    for chemin, texte in FICHIERS.items():
        ecrire(racine, chemin, texte)
    (racine / "requetes").symlink_to(REQUETES)
    return Settings(racine=racine)
