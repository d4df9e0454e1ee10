"""What a server keeps of the version before answers as what it makes anew from the next one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import corpus_essai
from maillage.assemblage import assembler
from maillage.config import Settings
from maillage.namespaces import iri
from maillage.orientation.acteurs import Page
from maillage.routes.contexte import Service
from maillage.versions.atelier import Atelier
from maillage.versions.etapes import proprietes

ACTEURS, THEMES = "donnees/acteurs/29/annuaire-2019.ttl", "ontologie/vocabulaires/themes.ttl"
QUESTIONS = ("qui peut nous aider pour la paie à Quimper ?", "médiation dans le Finistère", "ma commune")


@pytest.fixture
def settings(racine_finistere: Path, tmp_path: Path) -> Settings:
    racine = Path(shutil.copytree(racine_finistere, tmp_path / "corpus", symlinks=True))
    (racine / "ontologie").unlink()
    shutil.copytree(racine_finistere / "ontologie", racine / "ontologie")
    return Settings(racine=racine)


def reponses(service: Service) -> list[Any]:
    orienteur, couverture = service.orienteur, service.territoires.couverture
    return [
        *(orienteur.repondre(question, page=Page(100)).en_json() for question in QUESTIONS),
        *(service.suggestions.suggerer(mots, "fr", 20) for mots in ("essai", "qu", "acc", "cap s", "29000")),
        couverture.de(iri("departement", "29")),
    ]


@pytest.mark.longue
def test_parts_kept_answer_as_parts_made_anew(settings: Settings) -> None:
    atelier = Atelier(settings)
    atelier.reprendre()
    service = assembler(settings)
    for chemin, avant, apres in (
        (
            ACTEURS,
            "acteur:cg-29232-01 a",
            'acteur:cg-29232-01 mlg:remarque "Dit."@fr .\nacteur:cg-29232-01 a',
        ),
        (ACTEURS, "acteur:cg-29232-01 a", 'acteur:cg-29232-01 skos:altLabel "Essai"@fr ; a'),
        (ACTEURS, "mlg:territoireServi departement:29", "mlg:territoireServi commune:29232"),
        (THEMES, "theme:paie a", 'theme:paie skos:hiddenLabel "essai de paie"@fr ; a'),
        ("donnees/territoires/epci.ttl", 'skos:prefLabel "', 'skos:prefLabel "Essai '),
    ):
        path = settings.racine / chemin
        text = path.read_text(encoding="utf-8")
        assert avant in text
        path.write_text(text.replace(avant, apres), encoding="utf-8")
        before, version = service, atelier.construire()
        assert proprietes(before.dossier.name, version)
        service = assembler(settings, version=version, ancien=before)
    assert reponses(service) == reponses(assembler(settings, version=version))


def test_what_leads_from_a_version_to_another_is_told_where_it_is_known(tmp_path: Path) -> None:
    settings = corpus_essai.poser(tmp_path)
    atelier = Atelier(settings)
    first, text = atelier.construire(), corpus_essai.BON
    for statement in ('mlg:remarque "Dit."@fr', 'schema:email "a@exemple.fr"'):
        text += f"acteur:un {statement} .\n"
        corpus_essai.ecrire(settings.racine, "donnees/acteurs/essai.ttl", text)
        last = atelier.construire()
    names = {one.rpartition("#")[2].rpartition("/")[2] for one in proprietes(first.name, last) or ()}
    assert {"remarque", "email"} <= names
    assert proprietes(last.name, last) == set()
    assert proprietes("000000-inconnue", last) is None
