"""A verification is written in the right file, in the style of the project, and conforms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import corpus_essai
from maillage.commande.cli import main
from maillage.config import Settings
from maillage.corpus.corpus import read_corpus
from maillage.namespaces import iri
from maillage.qualite.verification import Verification, VerificationRefusee, enregistrer
from maillage.turtle.formatage import formater
from maillage.validation import valider
from maillage.versions.instantane import construire

RACINE = Path(__file__).parents[2]
JOUR = date(2026, 11, 15)
ACTEUR = """
acteur:un a mlg:Acteur ; skos:prefLabel "Acteur d'essai"@fr ; org:classification type:crib ;
    mlg:territoireServi departement:29 ; schema:url "https://exemple.test/"^^xsd:anyURI ;
    dcterms:source source:guide-2013 ; mlg:constat "2026"^^xsd:gYear ; mlg:statut statut:declare .
"""
TERRITOIRE = """
departement:29 a igeo:Departement ; igeo:codeINSEE "29" ; skos:prefLabel "Finistère"@fr ;
    igeo:subdivisionDe region:53 .
region:53 a igeo:Region ; igeo:codeINSEE "53" ; skos:prefLabel "Bretagne"@fr ;
    igeo:subdivisionDe pays:france .
pays:france a igeo:Pays ; skos:prefLabel "France"@fr .
"""


def poser(racine: Path) -> Path:
    """One actor, with the product's ontology, sources and queries."""
    for name in ("ontologie", "requetes"):
        (racine / name).symlink_to(RACINE / name)
    corpus_essai.ecrire(racine, "donnees/acteurs/29/essai.ttl", ACTEUR)
    corpus_essai.ecrire(racine, "donnees/territoires/essai.ttl", TERRITOIRE)
    (racine / "donnees/sources.ttl").symlink_to(RACINE / "donnees/sources.ttl")
    return racine


@pytest.fixture
def racine(tmp_path: Path) -> Path:
    return poser(tmp_path)


def dite(
    acteur: str = "un", par: str = "intendance", moyen: str = "telephone", jour: date = JOUR
) -> Verification:
    return Verification(
        iri("acteur", acteur),
        iri("verificateur", par),
        iri("moyen", moyen),
        jour,
        iri("resultat", "confirmee"),
    )


def test_written_beside_the_actor_and_conform(racine: Path) -> None:
    path, nom = enregistrer(racine, dite(), JOUR)
    assert (path.relative_to(racine), nom) == (
        Path("donnees/acteurs/29/verifications.ttl"),
        "verification:un-2026-11-15",
    )
    written = path.read_text(encoding="utf-8")
    assert written.endswith(
        "verification:un-2026-11-15 a mlg:Verification ;\n"
        "    mlg:moyen moyen:telephone ;\n"
        "    mlg:resultat resultat:confirmee ;\n"
        "    mlg:verifie acteur:un ;\n"
        '    mlg:verifieLe "2026-11-15"^^xsd:date ;\n'
        "    mlg:verifiePar verificateur:intendance .\n"
    )
    constats = valider(read_corpus(racine)).constats
    assert [one for one in constats if "verifications.ttl" in one.lieu.fichier] == []


def test_a_second_one_is_added_and_comments_stay(racine: Path) -> None:
    path, _ = enregistrer(racine, dite(), JOUR)
    path.write_text("# Tenu par l'intendance.\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    _, second = enregistrer(racine, dite(moyen="site"), JOUR)
    _, other = enregistrer(racine, dite(jour=date(2026, 11, 14)), JOUR)
    text = path.read_text(encoding="utf-8")
    assert (second, other) == ("verification:un-2026-11-15-2", "verification:un-2026-11-14")
    assert text.startswith("# Tenu par l'intendance.\n") and text.count("a mlg:Verification") == 3
    assert formater(text.encode()) == text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (dite(acteur="personne"), "Acteur « acteur:personne »"),
        (dite(par="dupont"), "Vérificateur « verificateur:dupont »"),
        (dite(moyen="pigeon"), "Moyen « moyen:pigeon »"),
        (dite(jour=date(2026, 11, 16)), "2026-11-16"),
    ],
)
def test_what_does_not_hold_is_refused_and_nothing_is_written(
    racine: Path, wrong: Verification, said: str
) -> None:
    with pytest.raises(VerificationRefusee, match=said):
        enregistrer(racine, wrong, JOUR)
    assert not (racine / "donnees/acteurs/29/verifications.ttl").exists()


@pytest.fixture(scope="module")
def publiee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small corpus with one verification, published."""
    racine = poser(tmp_path_factory.mktemp("publiee"))
    enregistrer(racine, dite(par="acteur-lui-meme", moyen="courriel", jour=date(2026, 1, 31)), JOUR)
    construire(Settings(racine=racine))
    return racine


@pytest.fixture
def maillage(
    publiee: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., tuple[int, str, str]]:
    """Runs the command in this process: exit code, output, errors."""
    monkeypatch.setenv("MAILLAGE_RACINE", str(publiee))

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        out, err = capsysbinary.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out.decode(), err.decode()

    return call


Commande = Callable[..., tuple[int, str, str]]


def test_what_is_due_follows_the_verification(maillage: Commande) -> None:
    line = "2027-01-28  Acteur d'essai (déclaré, vérifiée le 2026-01-31 par l'acteur lui-même, courriel)"
    due = maillage("relire", "--territoire", "departement:29", "--jusqu-au", "2027-01-28")
    assert due[0] == 0 and line in due[1]
    assert "aucune fiche à revoir" in maillage("relire", "--jusqu-au", "2027-01-27")[1]


def test_calendar_in_a_file(maillage: Commande, tmp_path: Path) -> None:
    agenda = tmp_path / "revues.ics"
    done = maillage("relire", "--jusqu-au", "2027-12-31", "--format", "ics", "--sortie", str(agenda))
    assert done[0] == 0 and done[1] == ""
    assert agenda.read_bytes().count(b"BEGIN:VEVENT") == 1


def test_quality_of_a_territory(maillage: Commande) -> None:
    assert "Bretagne : note moyenne" in maillage("qualite", "--territoire", "region:53")[1]
    assert "Acteur d'essai;" in maillage("qualite", "--format", "csv")[1]


def test_table_tells_the_day_the_record_changed(maillage: Commande) -> None:
    table = maillage("relire", "--jusqu-au", "2027-12-31", "--format", "csv")[1].splitlines()
    assert table[0].removeprefix("\ufeff").split(";")[4] == "Modifiée le"
    assert date.fromisoformat(table[1].split(";")[4]) <= datetime.now(UTC).date()


def test_verify_from_the_command_line(
    racine: Path, maillage: Commande, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLAGE_RACINE", str(racine))
    code, out, _ = maillage("verifier", "un", "--par", "acteur:un", "--comment", "site", "--le", "2026-02-01")
    assert code == 0
    assert "verification:un-2026-02-01 écrite dans donnees/acteurs/29/verifications.ttl" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("relire", "--territoire", "departement:99"), "« departement:99 » inconnu"),
        (("relire", "--territoire", "Finistère"), "il faut un nom court"),
        (("relire", "--jusqu-au", "demain"), "« demain » n'est pas un jour"),
        (("verifier", "un", "--par", "voisin", "--comment", "site"), "Vérificateur « verificateur:voisin »"),
        (("verifier", "un", "--par", "x:y", "--comment", "site"), "n'est pas un nom court"),
    ],
)
def test_wrong_arguments_are_a_sentence(maillage: Commande, arguments: tuple[str, ...], said: str) -> None:
    code, _, err = maillage(*arguments)
    assert code == 2 and said in err
