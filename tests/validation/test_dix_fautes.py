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


@pytest.fixture(scope="module")
def suivi(tmp_path_factory: pytest.TempPathFactory) -> Suivi:
    return Suivi(read_corpus(petit_corpus.ecrire(tmp_path_factory.mktemp("fautes"))))


@pytest.fixture(scope="module")
def sain(suivi: Suivi) -> tuple[Corpus, tuple[Constat, ...]]:
    return suivi.corpus, suivi.rapport.constats


def with_text(corpus: Corpus, text: str) -> Corpus:
    files = (from_bytes(FICHIER, text.encode()) if f.chemin == FICHIER else f for f in corpus.fichiers)
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
