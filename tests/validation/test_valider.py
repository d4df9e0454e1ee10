"""The whole road on a small corpus: each finding at its file, line and column, and what it advises."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from maillage.corpus.corpus import Corpus, from_bytes, read_corpus
from maillage.validation import Constat, Correction, Gravite, Rapport, exit_code, valider
from maillage.validation.codes import catalogue

PREFIXES = """@prefix acteur: <https://w3id.org/maillage/acteur/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix forme: <https://w3id.org/maillage/forme/> .
@prefix mlg: <https://w3id.org/maillage/ontologie#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix theme: <https://w3id.org/maillage/theme/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
LIGNES_PREFIXES = PREFIXES.count("\n")

FORMES = """forme:acteur a sh:NodeShape ;
    sh:targetClass mlg:Organisme ;
    sh:property forme:nom , forme:theme , forme:adresse , forme:date , forme:site .
forme:nom a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ; sh:datatype rdf:langString .
forme:theme a sh:PropertyShape ; sh:path mlg:theme ; sh:class mlg:Theme .
forme:date a sh:PropertyShape ; sh:path mlg:constat ; sh:datatype xsd:date .
forme:site a sh:PropertyShape ; sh:path schema:url ; sh:nodeKind sh:IRI ; sh:severity sh:Warning .
forme:adresse a sh:PropertyShape ; sh:path schema:address ; sh:node forme:postale .
forme:postale a sh:NodeShape ; sh:property [ sh:path schema:postalCode ; sh:pattern "^[0-9]{5}$" ] .
"""
ONTOLOGIE = """mlg:Acteur rdfs:subClassOf mlg:Organisme .
theme:paie a mlg:Theme . theme:contrat a mlg:Theme .
"""
BON = """acteur:a a mlg:Acteur ;
    rdfs:label "A"@fr ;
    mlg:theme theme:paie .
"""


def ecrire(racine: Path, **textes: str) -> None:
    for name, text in textes.items():
        path = racine / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".ttl").write_text(PREFIXES + text, encoding="utf-8")


def rapport(racine: Path, **donnees: str) -> Rapport:
    ecrire(racine, ontologie__formes__acteur=FORMES, ontologie__maillage=ONTOLOGIE)
    ecrire(racine, **{f"donnees__{name}": text for name, text in donnees.items()})
    return valider(read_corpus(racine))


def seul(racine: Path, texte: str) -> Constat:
    (constat,) = rapport(racine, a=texte).constats
    return constat


def test_un_corpus_juste_est_conforme(tmp_path: Path) -> None:
    found = rapport(tmp_path, a=BON)
    assert found.constats == ()
    assert found.conforme and found.cibles == 1 and found.fichiers == 3
    assert exit_code(found, strict=True) == 0


@pytest.mark.parametrize(
    ("ligne", "code", "colonne", "suggestion"),
    [
        ("    mlg:theme theme:paye .", "MLG-INCONNU", 15, "theme:paie"),
        ('    rdfs:label "B" .', "MLG-LANGUE-ABSENTE", 16, '"B"@fr'),
        ('    mlg:constat "2026-02-30"^^xsd:date .', "MLG-DATE", 17, ""),
        ('    mlg:theme "theme:contrat" .', "MLG-ADRESSE-TEXTE", 15, "theme:contrat"),
        ('    schema:url "https://a.fr" .', "MLG-ADRESSE-TEXTE", 16, "<https://a.fr>"),
        ('    mlg:constat "hier" .', "MLG-LITTERAL", 17, ""),
        ('    schema:address [ schema:postalCode "29" ] .', "MLG-FORME", 40, ""),
    ],
)
def test_la_valeur_fautive_est_montree(
    tmp_path: Path, ligne: str, code: str, colonne: int, suggestion: str
) -> None:
    found = seul(tmp_path, BON.rstrip(" .\n") + f" ;\n{ligne}\n")
    assert found.code == code
    assert str(found.lieu) == f"donnees/a.ttl:{LIGNES_PREFIXES + 4}:{colonne}"
    assert found.suggestion == suggestion
    assert found.lieu_forme.fichier == "ontologie/formes/acteur.ttl"
    assert found.lieu_forme.ligne > LIGNES_PREFIXES
    assert found.extrait.split("\n")[1].index("^") == colonne - 1


def test_la_contrainte_imbriquee_est_dite(tmp_path: Path) -> None:
    found = seul(tmp_path, BON.rstrip(" .\n") + ' ;\n    schema:address [ schema:postalCode "29" ] .\n')
    (said,) = found.details
    place = f"donnees/a.ttl:{LIGNES_PREFIXES + 4}:40"
    assert said.fr == f"{place} : « 29 » n'a pas la forme attendue."
    assert said.en == f"{place} : “29” has not the expected form."


def test_une_adresse_accentuee_est_signalee(tmp_path: Path) -> None:
    found = seul(tmp_path, BON.replace("acteur:a", "acteur:fédération"))
    assert (found.code, found.gravite) == ("MLG-IRI-ACCENT", Gravite.AVERTISSEMENT)
    assert found.suggestion == "acteur:federation"
    assert found.correction == Correction(LIGNES_PREFIXES + 1, "acteur:federation a mlg:Acteur ;")


def test_un_manque_est_montre_sur_le_sujet(tmp_path: Path) -> None:
    found = seul(tmp_path, "acteur:a a mlg:Acteur ;\n    mlg:theme theme:paie .\n")
    assert (found.code, found.lieu.ligne, found.lieu.colonne) == ("MLG-ABSENT", LIGNES_PREFIXES + 1, 1)
    assert found.message.fr == "Il manque « rdfs:label »."
    assert (found.sujet, found.chemin, found.forme) == ("acteur:a", "rdfs:label", "forme:nom")


def test_les_avertissements_ne_bloquent_pas(tmp_path: Path) -> None:
    found = rapport(tmp_path, a=BON.rstrip(" .\n") + ' ;\n    schema:url "https://a.fr" .\n')
    assert [each.gravite for each in found.constats] == [Gravite.AVERTISSEMENT]
    assert found.conforme
    assert (exit_code(found), exit_code(found, strict=True)) == (0, 1)


def test_une_faute_de_syntaxe_ne_cache_ni_ses_voisines_ni_les_autres_fichiers(tmp_path: Path) -> None:
    broken = 'acteur:z rdfs:label .\nacteur:y a mlg:Acteur ; mlg:theme theme:paye ; rdfs:label "Y"@fr .\n'
    found = rapport(tmp_path, a=broken, b=BON.replace('"A"@fr', '"A"'))
    assert [(each.code, each.lieu.fichier) for each in found.constats] == [
        ("MLG-SYN-INATTENDU", "donnees/a.ttl"),
        ("MLG-INCONNU", "donnees/a.ttl"),
        ("MLG-LANGUE-ABSENTE", "donnees/b.ttl"),
    ]
    assert exit_code(found) == 2


def test_un_fichier_illisible_sort_en_trois(tmp_path: Path) -> None:
    (tmp_path / "donnees").mkdir()
    (tmp_path / "donnees" / "u.ttl").write_bytes(BON.encode("utf-16"))
    found = rapport(tmp_path, a=BON)
    assert [each.code for each in found.constats] == ["MLG-SYN-UTF16"]
    assert exit_code(found) == 3


def test_une_ressource_decrite_deux_fois_est_signalee(tmp_path: Path) -> None:
    one, two = rapport(tmp_path, a=BON, b=BON).constats
    assert (one.code, one.gravite) == ("MLG-DOUBLON", Gravite.AVERTISSEMENT)
    assert str(one.lieu).startswith("donnees/a.ttl:") and "donnees/b.ttl" in one.cause.fr
    assert str(two.lieu).startswith("donnees/b.ttl:") and "donnees/a.ttl" in two.cause.fr
    assert two.suggestion == "acteur:a-2"


def test_un_identifiant_pris_deux_fois_est_une_erreur(tmp_path: Path) -> None:
    text = BON.rstrip(" .\n") + ' ;\n    dcterms:identifier "x-1" .\n'
    found = rapport(tmp_path, a=text, b=text.replace("acteur:a", "acteur:b")).constats
    assert [(each.code, each.gravite) for each in found] == [("MLG-DOUBLON", Gravite.ERREUR)] * 2
    assert str(found[1].lieu) == f"donnees/b.ttl:{LIGNES_PREFIXES + 4}:24"
    assert found[1].correction == Correction(LIGNES_PREFIXES + 4, '    dcterms:identifier "x-1-2" .')


def test_rien_de_vise_est_dit(tmp_path: Path) -> None:
    (found,) = rapport(tmp_path, a='<http://a> rdfs:label "x"@fr .\n').constats
    assert found.code == "MLG-SANS-CIBLE"


def test_une_forme_illisible_n_empeche_pas_les_autres(tmp_path: Path) -> None:
    ecrire(
        tmp_path,
        ontologie__formes__casse="forme:casse a sh:NodeShape ; sh:targetClass mlg:Acteur ; "
        'sh:sparql [ sh:select "SELECT" ] .\n',
    )
    found = rapport(tmp_path, a=BON.replace("theme:paie", "theme:paye"))
    assert [each.code for each in found.constats] == ["MLG-INCONNU", "MLG-REGLE-ILLISIBLE"]
    assert found.constats[1].lieu.fichier == "ontologie/formes/casse.ttl"


def corruption(text: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(text))
    kind = chance.randrange(5)
    if kind == 0:
        return text[:place] + bytes([chance.randrange(256)]) + text[place + 1 :]
    if kind == 1:
        return text[:place]
    if kind == 2:
        lines = text.split(b"\n")
        chance.shuffle(lines)
        return b"\n".join(lines)
    if kind == 3:
        return (
            text[:place] + chance.choice([b'"', b"[", b"<", b"(", b"\\", b"\0", b"\r", b";"]) + text[place:]
        )
    return text[:place] + text[place + chance.randrange(1, 9) :]


def test_deux_cents_corruptions_finissent_en_message_situe_ou_en_turtle() -> None:
    source = (Path(__file__).resolve().parents[2] / "ontologie" / "maillage.ttl").read_bytes()[:6000]
    chance = random.Random(1901)
    for _ in range(200):
        damaged = corruption(source, chance)
        fichier = from_bytes("ontologie/x.ttl", damaged)
        found = valider(Corpus(Path(), (fichier,)))
        assert (fichier.anomalie is None) == (
            not any(each.code.startswith("MLG-SYN") for each in found.constats)
        )
        for each in found.constats:
            assert each.code in catalogue()
            if each.code.startswith("MLG-SYN") and fichier.lisible:
                assert 1 <= each.lieu.ligne <= damaged.count(b"\n") + 2 and each.lieu.colonne >= 1
