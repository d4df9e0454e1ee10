"""The usual slips, each planted in a real file: located on its line, and repaired by its corrected line.

The corrected line is applied to the letter, once; the corpus must then be as sound as before the slip.
"""

from __future__ import annotations

import pytest

import petit_corpus
from maillage.corpus.corpus import Corpus, from_bytes, read_corpus
from maillage.validation import Constat, Suivi
from maillage.validation.correction import apply

FICHIER = "donnees/acteurs/29/annuaire-2019.ttl"

#: the slip, what is written in the file, what is written instead, the code that names it.
FAUTES = [
    ("point manquant", 'trouver sur place."@fr .', 'trouver sur place."@fr', "MLG-SYN-POINT"),
    ("point-virgule manquant", '"02 98 76 20 20" ;', '"02 98 76 20 20"', "MLG-SYN-POINT-VIRGULE"),
    ("préfixe mal écrit", "type:service-collectivite", "tipe:service-collectivite", "MLG-SYN-PREFIXE"),
    (
        "préfixe non déclaré",
        "@prefix statut: <https://w3id.org/maillage/statut/> .\n",
        "",
        "MLG-SYN-PREFIXE",
    ),
    ("espace dans un nom", "acteur:cg-29232-01 a", "acteur:cg 29232-01 a", "MLG-SYN-IRI"),
    (
        "espace dans une adresse",
        'schema:telephone "02 98 76 20 20" ;',
        'schema:telephone "02 98 76 20 20" ; schema:sameAs <http://a.fr/x y> ;',
        "MLG-SYN-IRI",
    ),
    ("espace dans un site", '"http://www.finistere.fr"', '"http://www.fini stere.fr"', "MLG-MOTIF"),
    ("accent dans un nom", "acteur:cg-29232-01 a", "acteur:cé-29232-01 a", "MLG-IRI-ACCENT"),
    ("texte non fermé", '- Finistère"@fr ;', "- Finistère@fr ;", "MLG-SYN-CHAINE"),
    (
        "texte non fermé dans un bloc",
        'schema:addressLocality "Quimper" ]',
        'schema:addressLocality "Quimper ]',
        "MLG-SYN-CHAINE",
    ),
    (
        "guillemets anglais",
        '"Conseil départemental - Finistère"',
        "“Conseil départemental - Finistère”",
        "MLG-SYN-GUILLEMETS",
    ),
    (
        "guillemets français",
        '"Conseil départemental - Finistère"',
        "« Conseil départemental - Finistère »",
        "MLG-SYN-GUILLEMETS",
    ),
    ("langue absente", '- Finistère"@fr', '- Finistère"', "MLG-LANGUE-ABSENTE"),
    (
        "code entre guillemets",
        "mlg:commune commune:29232",
        'mlg:commune "commune:29232"',
        "MLG-ADRESSE-TEXTE",
    ),
    (
        "adresse entre guillemets",
        "mlg:commune commune:29232",
        'mlg:commune "https://w3id.org/maillage/territoire/commune/29232"',
        "MLG-ADRESSE-TEXTE",
    ),
    ("code seul entre guillemets", "type:service-collectivite", '"service-collectivite"', "MLG-CLASSE"),
    (
        "nom à la place du code",
        "mlg:territoireServi departement:29",
        'mlg:territoireServi "Finistère"',
        "MLG-CLASSE",
    ),
    ("jour impossible", '"2019-09"^^xsd:gYearMonth', '"2019-09-31"^^xsd:date', "MLG-DATE"),
    ("mois impossible", '"2019-09"^^xsd:gYearMonth', '"2019-13"^^xsd:gYearMonth', "MLG-DATE"),
    ("date à la française", '"2019-09"^^xsd:gYearMonth', '"15/09/2019"^^xsd:date', "MLG-DATE"),
    ("date sans guillemets", '"2019-09"^^xsd:gYearMonth', "2019-09", "MLG-SYN-DATE"),
    (
        "crochet non fermé",
        'schema:addressLocality "Quimper" ]',
        'schema:addressLocality "Quimper"',
        "MLG-SYN-CROCHET",
    ),
    ("identifiant déjà pris", 'identifier "cg-29232-01"', 'identifier "29232S00"', "MLG-DOUBLON"),
    ("ressource déjà décrite", "acteur:cg-29232-01 a", "acteur:cdos-29 a", "MLG-DOUBLON"),
    ("commune inconnue", "mlg:commune commune:29232", "mlg:commune commune:29999", "MLG-INCONNU"),
    ("commune par son nom", "mlg:commune commune:29232", "mlg:commune commune:quimper", "MLG-INCONNU"),
    ("terme inconnu", "statut:a-confirmer", "statut:a-confirme", "MLG-INCONNU"),
    ("propriété inconnue", "mlg:statut statut", "mlg:status statut", "MLG-INCONNU"),
    ("téléphone sans espaces", '"02 98 76 20 20"', '"0298762020"', "MLG-MOTIF"),
    (
        "site sans son type",
        '"http://www.finistere.fr"^^xsd:anyURI',
        '"http://www.finistere.fr"',
        "MLG-LITTERAL",
    ),
]


QUIMPER = "donnees/acteurs/29/dossier-quimper.ttl"
INTERVENTIONS = "donnees/guide/interventions-famille-1.ttl"
SUCCESSIONS = "donnees/institutions/successions.ttl"
THEMES = "ontologie/vocabulaires/themes.ttl"
DEMARCHE = "donnees/demarches/bretagne/finistere.ttl"
SOURCES = "donnees/sources.ttl"
FORMES = "ontologie/formes/acteur.ttl"

#: the same in other files, of every kind, and slips beside the usual ones: the file, what is written in it,
#: what is written instead, the code that names it. Repaired as often as it takes, each time to the letter.
AILLEURS = [
    (SUCCESSIONS, 'connaissance générale"@fr .', 'connaissance générale"@fr', "MLG-SYN-POINT"),
    (INTERVENTIONS, "mlg:niveau niveau:technique ;", "mlg:niveau niveau:technique", "MLG-SYN-POINT-VIRGULE"),
    (INTERVENTIONS, "niveau:technique ;", "niveau:technique .", "MLG-SYN-POINT-EN-TROP"),
    (INTERVENTIONS, "niveau:technique ;", "niveau:technique ,", "MLG-SYN-POINT-VIRGULE"),
    (INTERVENTIONS, "niveau niveau:technique", "niveau niveautechnique", "MLG-SYN-MOT"),
    (INTERVENTIONS, "theme:fonction-employeur ;", "themes:fonction-employeur ;", "MLG-SYN-PREFIXE"),
    (SUCCESSIONS, '"2016-01-01"^^xsd:date', '"2016-01-01"^^xds:date', "MLG-SYN-PREFIXE"),
    (SUCCESSIONS, '"2016-01-01"^^xsd:date', '"2016-01-01"^^xsd:dat', "MLG-FORME"),
    (SUCCESSIONS, '"2016-01-01"^^xsd:date', '"2016-1-1"^^xsd:date', "MLG-DATE"),
    (SUCCESSIONS, '"Loi 2015-29"@fr', "«Loi 2015-29»@fr", "MLG-SYN-GUILLEMETS"),
    (SUCCESSIONS, '"2020-06-25"^^xsd:date', '"2020-06-31"^^xsd:date', "MLG-DATE"),
    (SUCCESSIONS, "cncres-2020 a mlg:", "cncres-2020 mlg:", "MLG-SYN-VERBE"),
    (SUCCESSIONS, "cncres-2020 a mlg:", "cncres-2020 à mlg:", "MLG-SYN-VERBE"),
    (SUCCESSIONS, "modalite:fusion ;", "modalite:fusion ; // fusion", "MLG-SYN-COMMENTAIRE"),
    (SUCCESSIONS, "@prefix statut:", "@prefix statut", "MLG-SYN-DECLARATION"),
    (SUCCESSIONS, "@prefix statut:", "prefix statut:", "MLG-SYN-DECLARATION"),
    (THEMES, "theme:recrutement a", "theme:recrutément a", "MLG-IRI-ACCENT"),
    (THEMES, 'Label "recrutement"@fr', 'Label "recrutement"', "MLG-LANGUE-ABSENTE"),
    (THEMES, 'Label "recrutement"@fr', 'Label "recrutement"@fra', "MLG-LANGUE"),
    (THEMES, 'Label "recrutement"@fr', 'Label "recrutement"@fr_FR', "MLG-SYN-LANGUE"),
    (THEMES, 'Label "recrutement"@fr', 'Label "recrutement"@français', "MLG-SYN-LANGUE"),
    (THEMES, '"recruter"@fr , "embauche"@fr', '"recruter"@fr "embauche"@fr', "MLG-SYN-VIRGULE"),
    (DEMARCHE, "objectif objectif:os1 ;", "objectif\u00a0objectif:os1 ;", "MLG-SYN-INVISIBLE"),
    (DEMARCHE, "objectif objectif:os1 ;", "objectif objectif:os1\u202f;", "MLG-SYN-INVISIBLE"),
    (DEMARCHE, "objectif objectif:os1 ;", "objectif \u200bobjectif:os1 ;", "MLG-SYN-INVISIBLE"),
    (DEMARCHE, "objectif objectif:os1 ;", "objectif objectif:os 1 ;", "MLG-SYN-IRI"),
    (DEMARCHE, "acteur:espace-associatif", "acteur:l’espace-associatif", "MLG-SYN-IRI"),
    (DEMARCHE, "acteur:espace-associatif", "acteur:l'espace-associatif", "MLG-SYN-IRI"),
    (SOURCES, "<http://rightsstatements.org/vocab/InC/1.0/>", '"http://rightsstatements.org/vocab/InC/1.0/"',
     "MLG-ADRESSE-TEXTE"),
    (SOURCES, 'Label "Avise"@fr ]', 'Label "Avise"@fr', "MLG-SYN-CROCHET"),
    (SOURCES, 'Label "Avise"@fr ]', 'Label "Avise"@fr ] ]', "MLG-SYN-FERMANT"),
    (FORMES, 'sh:languageIn ( "fr" )', 'sh:languageIn ( "fr"', "MLG-SYN-CROCHET"),
    (QUIMPER, '"2025-12-16"^^xsd:date', "16/12/2025", "MLG-SYN-DATE"),
    (QUIMPER, '"2025-12-16"^^xsd:date', '"16/12/2025"', "MLG-FORME"),
    (QUIMPER, '"CDOS du Finistère"@fr', '"CDOS "du" Finistère"@fr', "MLG-SYN-GUILLEMET-INTERNE"),
    (QUIMPER, '"http://www.finistereolympique.com"^^xsd:anyURI', "http://www.finistereolympique.com",
     "MLG-SYN-CHEVRONS"),
    (QUIMPER, "org:classification type:crib ,", "org:classification type:CRIB ,", "MLG-INCONNU"),
    (QUIMPER, "mlg:commune commune:29232", "mlg:commune 29232", "MLG-CLASSE"),
    (QUIMPER, "mlg:commune commune:29232", "mlg:commune commune:29000", "MLG-INCONNU"),
    (FICHIER, '"02 98 76 20 20"', "0298762020", "MLG-LITTERAL"),
    (FICHIER, "[ a schema:PostalAddress", "{ a schema:PostalAddress", "MLG-SYN-INATTENDU"),
]  # fmt: skip


@pytest.fixture(scope="module")
def suivi(tmp_path_factory: pytest.TempPathFactory) -> Suivi:
    return Suivi(read_corpus(petit_corpus.ecrire(tmp_path_factory.mktemp("fautes"))))


@pytest.fixture(scope="module")
def sain(suivi: Suivi) -> tuple[Corpus, tuple[Constat, ...]]:
    return suivi.corpus, suivi.rapport.constats


def with_text(corpus: Corpus, text: str, chemin: str = FICHIER) -> Corpus:
    files = (from_bytes(chemin, text.encode()) if f.chemin == chemin else f for f in corpus.fichiers)
    return Corpus(corpus.racine, tuple(files))


@pytest.mark.parametrize(("faute", "juste", "faux", "code"), FAUTES, ids=[each[0] for each in FAUTES])
def test_la_ligne_corrigee_appliquee_a_la_lettre_repare(
    suivi: Suivi,
    sain: tuple[Corpus, tuple[Constat, ...]],
    faute: str,
    juste: str,
    faux: str,
    code: str,
) -> None:
    corpus, before = sain
    text = next(f.texte for f in corpus.fichiers if f.chemin == FICHIER)
    place = text.index(juste)
    line = text.count("\n", 0, place) + 1
    wrong = text[:place] + faux + text[place + len(juste) :]

    found = [each for each in suivi.revalider(with_text(corpus, wrong)).constats if each not in before]
    named = [each for each in found if each.code == code and each.lieu.fichier == FICHIER]
    assert named, [(str(each.lieu), each.code) for each in found]
    assert faux == "" or named[0].lieu.ligne == line
    assert "^" in named[0].extrait
    assert named[0].correction is not None

    repaired = apply(wrong, named[0].correction)
    left = suivi.revalider(with_text(corpus, repaired)).constats
    assert {(each.code, each.message) for each in left} <= {(each.code, each.message) for each in before}


@pytest.mark.longue
@pytest.mark.parametrize(
    ("chemin", "juste", "faux", "code"), AILLEURS, ids=[f"{a[3]}-{a[2]}" for a in AILLEURS]
)
def test_ailleurs_aussi_jusqu_a_ce_que_rien_ne_reste(
    suivi: Suivi, sain: tuple[Corpus, tuple[Constat, ...]], chemin: str, juste: str, faux: str, code: str
) -> None:
    corpus, before = sain
    known = {(each.code, each.message) for each in before}
    text = next(f.texte for f in corpus.fichiers if f.chemin == chemin)
    place = text.index(juste)
    line, wrong = text.count("\n", 0, place) + 1, text[:place] + faux + text[place + len(juste) :]
    for tries in range(4):
        found = suivi.revalider(with_text(corpus, wrong, chemin)).constats
        new = [each for each in found if (each.code, each.message) not in known]
        if tries == 0:
            named = [each for each in new if each.code == code and each.lieu.fichier == chemin]
            assert named and named[0].lieu.ligne == line, [(str(each.lieu), each.code) for each in new]
            assert {each.lieu.fichier for each in new} == {chemin} or code == "MLG-IRI-ACCENT"
        if not new:
            break
        repair = next(each.correction for each in new if each.correction and each.lieu.fichier == chemin)
        wrong = apply(wrong, repair)
    assert new == []


def constats(suivi: Suivi, sain: tuple[Corpus, tuple[Constat, ...]], juste: str, faux: str) -> list[Constat]:
    """What a slip in the file brings, in the order of the report."""
    corpus, before = sain
    text = next(each.texte for each in corpus.fichiers if each.chemin == FICHIER)
    assert juste in text
    found = suivi.revalider(with_text(corpus, text.replace(juste, faux, 1))).constats
    return [each for each in found if each not in before]


def test_what_is_said_of_a_date_is_said_once(suivi: Suivi, sain: tuple[Corpus, tuple[Constat, ...]]) -> None:
    (found,) = constats(suivi, sain, '"2019-09"^^xsd:gYearMonth', '"2019-09-31"^^xsd:date')
    assert found.code == "MLG-DATE" and found.details == ()


def test_whoever_has_an_identifier_for_a_name_keeps_it(
    suivi: Suivi, sain: tuple[Corpus, tuple[Constat, ...]]
) -> None:
    wrong, right = constats(suivi, sain, 'identifier "cg-29232-01"', 'identifier "cij-29039-01"')
    assert wrong.correction and '"cg-29232-01"' in wrong.correction.texte
    assert right.correction is None and "acteur:cg-29232-01" in right.cause.fr


def test_a_name_with_a_space_and_an_accent_is_shown_whole_and_repaired_at_once(
    suivi: Suivi, sain: tuple[Corpus, tuple[Constat, ...]]
) -> None:
    (found,) = constats(suivi, sain, "acteur:cg-29232-01 a", "acteur:conseil départemental a")
    assert found.correction and found.correction.texte == "acteur:conseil-departemental a mlg:Acteur ;"
    assert found.lieu.fin_colonne - found.lieu.colonne == len("acteur:conseil départemental")
