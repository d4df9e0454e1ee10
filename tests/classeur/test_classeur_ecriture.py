"""What an import writes, where, and that it writes nothing when anything is wrong."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from maillage.classeur.etat import Etat
from maillage.classeur.importation import Bilan, importer
from maillage.commande.cli import main
from maillage.turtle.formatage import formater

Retoucher = Callable[..., Path]

RELATION = {
    "Code": "essai-oriente", "De": "type:maison-des-associations", "Vers": "cdos-29", "Nature": "orientation",
    "État": "souhaitée", "Source": "source:dossier-quimper", "Constaté le": "2026", "Statut": "déclaré",
    "En une phrase": "La Maison souhaite orienter les clubs.",
    "En une phrase (en anglais)": "The Maison wishes to refer clubs.",
}  # fmt: skip


def contenu(racine: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (racine / "donnees").rglob("*") if path.is_file()}


def prendre(racine: Path, path: Path, essai: bool = False) -> Bilan:
    return importer(path, Etat.lire(racine), essai)


def test_trial_says_what_would_change_and_writes_nothing(
    corpus: Path, retoucher: Retoucher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAILLAGE_RACINE", str(corpus))
    nouveau = {
        "Nom": "Maison d'exemple", "Type d'acteur 1": "maison des associations", "Commune": "29019",
        "Territoires servis": "29019", "Site web": "https://exemple.fr", "Source": "source:dossier-quimper",
        "Constaté le": "2026", "Statut": "déclaré",
    }  # fmt: skip
    retoucher("Acteurs", "", nouveau)
    retoucher("Relations", "", {**RELATION, "De": "Maison d'exemple"})
    path = retoucher("Acteurs", "cdos-29", {"Nom": "CDOS 29 renommé", "Téléphone": None})
    before = contenu(corpus)
    with pytest.raises(SystemExit) as end:
        main(["tableur", "importer", str(path), "--essai"])
    out = capsys.readouterr().out
    assert end.value.code == 0
    assert "Nom : « Comité départemental olympique et sportif du Finistère » → « CDOS 29 renommé »" in out
    assert "Téléphone : « 02 98 98 75 52 » → vide" in out
    assert "À savoir : acteur:cdos-29 vient de « maillage importer annuaire »" in out
    assert "De : « Maison d'exemple »" in out
    assert "+ Relations, ligne 2 : relation:essai-oriente" in out
    assert "Relations : ajoutées 1, modifiées 0, retirées 0, inchangées 0." in out
    assert "Essai : rien n'est écrit." in out
    assert contenu(corpus) == before


def test_nothing_is_written_while_a_problem_remains(
    corpus: Path, retoucher: Retoucher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAILLAGE_RACINE", str(corpus))
    retoucher("Relations", "", RELATION)
    path = retoucher("Acteurs", "cdos-29", {"Statut": "sûr"})
    before = contenu(corpus)
    with pytest.raises(SystemExit) as end:
        main(["tableur", "importer", str(path)])
    assert end.value.code == 2
    assert "(Statut) : « sûr » n'est pas connu" in capsys.readouterr().err
    assert contenu(corpus) == before


def test_an_error_that_only_the_shapes_see_is_said_at_its_row(corpus: Path, retoucher: Retoucher) -> None:
    """A skill without step, activity or theme: no cell is wrong by itself."""
    competence = {
        "Acteur": "cdos-29", "Force ou besoin": "besoin de renforcement", "Source": "source:dossier-quimper",
        "Constaté le": "2026", "Statut": "déclaré",
    }  # fmt: skip
    before = contenu(corpus)
    bilan = prendre(corpus, retoucher("Forces et besoins", "", competence))
    assert [(one.feuille, one.ligne) for one in bilan.defauts] == [("Forces et besoins", 2)]
    assert "au moins une étape, une activité ou un thème" in bilan.defauts[0].message
    assert not bilan.ecrit
    assert contenu(corpus) == before


def test_an_imported_record_is_taken_over(corpus: Path, retoucher: Retoucher) -> None:
    """Its block moves to the stewards' file, and the importer is told not to write it again."""
    bilan = prendre(corpus, retoucher("Acteurs", "cij-29019-01", {"Nom": "Info jeunesse Brest"}))
    assert bilan.defauts == []
    ours = (corpus / "donnees/acteurs/29/classeur.ttl").read_text(encoding="utf-8")
    assert 'skos:prefLabel "Info jeunesse Brest"@fr' in ours
    assert formater(ours.encode()) == ours
    theirs = (corpus / "donnees/acteurs/29/annuaire-2019.ttl").read_text(encoding="utf-8")
    assert "acteur:cij-29019-01 a" not in theirs
    assert theirs.startswith("# ") and "acteur:cij-29020-01 a mlg:Acteur ;" in theirs
    rows = list(csv.reader((corpus / "donnees/institutions/equivalences.csv").read_text().splitlines()))
    assert ["annuaire", "cij-29019-01", "cij-29019-01"] in [row[:3] for row in rows]


def test_a_record_that_only_gains_values_is_completed(corpus: Path, retoucher: Retoucher) -> None:
    theirs = corpus / "donnees/acteurs/29/annuaire-2019.ttl"
    before = theirs.read_bytes()
    bilan = prendre(corpus, retoucher("Acteurs", "cij-29019-01", {"Autres noms": "BIJ"}))
    assert bilan.fichiers == ["donnees/acteurs/29/classeur.ttl"]
    assert theirs.read_bytes() == before
    ours = (corpus / "donnees/acteurs/29/classeur.ttl").read_text(encoding="utf-8")
    assert 'acteur:cij-29019-01 skos:altLabel "BIJ"@fr .' in ours


def test_a_stewards_file_is_edited_in_place_with_its_comments(corpus: Path, retoucher: Retoucher) -> None:
    path = corpus / "donnees/acteurs/29/a-moi.ttl"
    text = path.with_name("dossier-quimper.ttl").read_text(encoding="utf-8").splitlines(keepends=True)
    mine = "# Mes fiches.\n" + "".join(text[3:]).replace(
        "acteur:cosmos a", "# Vérifié au téléphone.\nacteur:cosmos a"
    )
    path.with_name("dossier-quimper.ttl").unlink()
    path.write_text(mine, encoding="utf-8")
    bilan = prendre(corpus, retoucher("Acteurs", "cosmos", {"Téléphone": "01 02 03 04 05"}))
    assert bilan.fichiers == ["donnees/acteurs/29/a-moi.ttl"]
    after = path.read_text(encoding="utf-8")
    assert '    schema:telephone "01 02 03 04 05" ;\n' in after
    assert "# Mes fiches." in after and "# Vérifié au téléphone.\nacteur:cosmos a" in after


def test_a_comment_inside_the_block_stops_everything(corpus: Path, retoucher: Retoucher) -> None:
    path = corpus / "donnees/acteurs/29/a-moi.ttl"
    text = path.with_name("dossier-quimper.ttl").read_text(encoding="utf-8").splitlines(keepends=True)
    body = "".join(text[3:]).replace("acteur:cosmos a mlg:Acteur ;", "acteur:cosmos a mlg:Acteur ; # sûr")
    path.with_name("dossier-quimper.ttl").unlink()
    path.write_text(body, encoding="utf-8")
    bilan = prendre(corpus, retoucher("Acteurs", "cosmos", {"Téléphone": "01 02 03 04 05"}))
    (defaut,) = bilan.defauts
    assert "donnees/acteurs/29/a-moi.ttl:" in defaut.message and "un commentaire" in defaut.message
    assert path.read_text(encoding="utf-8") == body


def test_removed_intervention_goes_and_its_actor_stays(corpus: Path, retoucher: Retoucher) -> None:
    bilan = prendre(corpus, retoucher("Activités", "quimper-cdos-29", {"Retirer": "oui"}))
    assert bilan.fichiers == ["donnees/acteurs/29/dossier-quimper-interventions.ttl"]
    text = (corpus / bilan.fichiers[0]).read_text(encoding="utf-8")
    assert "intervention:quimper-cdos-29" not in text and "intervention:quimper-cosmos" in text
    assert any("maillage importer quimper" in avis for avis in bilan.avis)


@pytest.mark.longue
def test_an_address_is_changed_made_and_taken_away(corpus: Path, retoucher: Retoucher) -> None:
    retoucher(
        "Acteurs",
        "cosmos",
        {"Adresse : voie": None, "Adresse : code postal": None, "Adresse : localité": None},
    )
    retoucher("Acteurs", "afdas", {"Adresse : localité": "Paris", "Adresse : code postal": 1000})
    path = retoucher("Acteurs", "cdos-29", {"Adresse : voie": "1 rue d'Essai"})
    assert prendre(corpus, path).defauts == []
    etat = Etat.lire(corpus)
    feuille = etat.modele.feuille("Acteurs")
    shown = {
        code: {
            cle: [
                one.value
                for one in etat.valeurs(feuille, f"https://w3id.org/maillage/acteur/{code}").get(cle, ())
            ]
            for cle in ("voie", "code_postal", "localite")
        }
        for code in ("cosmos", "afdas", "cdos-29")
    }
    assert shown == {
        "cosmos": {"voie": [], "code_postal": [], "localite": []},
        "afdas": {"voie": [], "code_postal": ["01000"], "localite": ["Paris"]},
        "cdos-29": {"voie": ["1 rue d'Essai"], "code_postal": ["29000"], "localite": ["Quimper"]},
    }


@pytest.mark.longue
def test_the_same_workbook_twice_changes_nothing_more(corpus: Path, retoucher: Retoucher) -> None:
    path = retoucher("Relations", "", {**RELATION, "Code": None})
    assert prendre(corpus, path).fichiers == ["donnees/relations/classeur-29.ttl"]
    assert prendre(corpus, path).fichiers == []
