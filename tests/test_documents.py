"""What the documents say is true: settings, paths, commands, addresses, licences, examples.

A document is any Markdown file of the project. Code is what it writes between backquotes or in fenced blocks.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
import typer.main

from client_http import Client
from maillage.commande.cli import app
from maillage.config import Settings
from maillage.corpus.corpus import read_corpus
from maillage.importation import IMPORTATEURS
from maillage.namespaces import PREFIXES
from maillage.sources.chemin import SOURCES
from maillage.validation import valider
from maillage.validation.rapport_ecrit import rapport_en_texte

RACINE = Path(__file__).parents[1]
LISEZMOI = RACINE / "README.md"
INTENDANCE = RACINE / "donnees" / "LISEZMOI.md"
DOSSIERS = ("ontologie", "donnees", "requetes", "service", "tests")
DOCUMENTS = [
    LISEZMOI,
    RACINE / "CHANGELOG.md",
    *(
        path
        for folder in DOSSIERS
        for path in sorted((RACINE / folder).rglob("*.md"))
        if not {"w3c", "node_modules"} & set(path.parts)
    ),
]
#: read where the IRIs are made, before any setting.
HORS_SETTINGS = {"MAILLAGE_BASE"}
#: made by building, absent from a fresh clone.
FABRIQUES = ("var/", ".venv/")

_BLOC = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.M | re.S)
_EXTRAIT = re.compile(r"`([^`\n]+)`")
_LIEN = re.compile(r"\]\(([^)\s]+)\)")
_CHEMIN = re.compile(
    r"(?<![\w/.:<-])\.?[\w<][\w.<>*-]*(?:/[\w.<>*-]+)*(?:/|\.(?:md|ttl|rq|py|csv|toml|jsonl?|txt)\b)"
)
_FICHIERS = ("Makefile", "LICENSE")


def code(document: Path) -> list[str]:
    """Each backquoted extract, and each line of the fenced blocks that are shell commands or text."""
    text = document.read_text(encoding="utf-8")
    lines = [line for tag, body in _BLOC.findall(text) if tag == "" for line in body.splitlines()]
    return lines + _EXTRAIT.findall(_BLOC.sub("", text))


def blocs(document: Path, langue: str) -> list[str]:
    """The fenced blocks of one language."""
    return [body for tag, body in _BLOC.findall(document.read_text(encoding="utf-8")) if tag == langue]


def chemins(document: Path) -> set[str]:
    """Paths of files and folders of the project that a document names; a folder ends with a slash."""
    tops = tuple(f"{folder}/" for folder in (*DOSSIERS, ".ci"))
    named = {path for extract in code(document) for path in _CHEMIN.findall(extract)}
    named |= {extract for extract in code(document) if extract in _FICHIERS}
    return {
        path
        for path in named
        if path.startswith(tops) or ("/" not in path.rstrip("/") and document.parent != RACINE)
    } | {link for link in _LIEN.findall(document.read_text(encoding="utf-8")) if "://" not in link}


def existe(chemin: str, document: Path) -> bool:
    """Whether it is in the project, from its root or beside the document; <nom> stands for any name."""
    pattern = re.sub(r"<\w+>", "*", chemin).rstrip("/")
    beside = (document.parent / pattern.split("#")[0]).resolve()
    return beside.exists() or any(True for start in (RACINE, document.parent) for _ in start.glob(pattern))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(RACINE).as_posix())
def test_every_path_named_exists(document: Path) -> None:
    # names of files that a reader brings or makes, and of territories, not files of the project
    apportes = {argument for one in IMPORTATEURS.values() for argument in one.arguments}
    apportes |= {
        "donnees.ttl",
        "donnees/editions/",
        "donnees/rapprochements/",
        "revue.csv",
        "verifications.ttl",
        "departement/",
        "donnees/acteurs/<departement>/classeur.ttl",
    }
    named = {path for path in chemins(document) if not path.startswith(FABRIQUES)} - apportes
    assert [path for path in sorted(named) if not existe(path, document)] == []


@pytest.mark.parametrize("document", [LISEZMOI, INTENDANCE], ids=lambda path: path.name)
def test_the_guides_name_paths(document: Path) -> None:
    assert len(chemins(document)) > 10


def test_settings_table_is_the_settings() -> None:
    rows = re.findall(r"^\| `(MAILLAGE_\w+)` \|", LISEZMOI.read_text(encoding="utf-8"), re.M)
    known = {f"MAILLAGE_{name.upper()}" for name in Settings.model_fields}
    assert len(rows) == len(set(rows))
    assert set(rows) == known | HORS_SETTINGS
    for name in HORS_SETTINGS:
        assert name in (RACINE / "service/maillage/namespaces.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(RACINE).as_posix())
def test_every_command_named_exists(document: Path) -> None:
    wrong = [line for line in code(document) for said in _commandes(line) if not _commande_existe(said)]
    assert wrong == []


def _commandes(line: str) -> list[list[str]]:
    return [said.split() for said in re.findall(r"\bmaillage ((?:[a-z-]+|--aide)(?: [^`|()#;]*)?)", line)]


def _commande_existe(said: list[str]) -> bool:
    group = typer.main.get_command(app)
    commands = getattr(group, "commands")  # noqa: B009 (typer's own Group class hides it from types)
    name, *rest = said
    if name == "--aide":
        return True
    if name not in commands:
        return False
    if hasattr(commands[name], "commands"):
        if not rest:
            return True
        commands, (name, *rest) = commands[name].commands, rest
        if name not in commands:
            return False
    options = {text for one in commands[name].params for text in (*one.opts, *one.secondary_opts)} | {
        "--aide"
    }
    sources = {*IMPORTATEURS, *SOURCES, "liste"}
    source_known = name != "importer" or not rest or not rest[0].isalpha() or rest[0] in sources
    return source_known and all(word in options for word in rest if word.startswith("--"))


def test_readme_lists_every_command() -> None:
    rows = re.findall(r"^\| `maillage ([a-z-]+)", LISEZMOI.read_text(encoding="utf-8"), re.M)
    assert set(rows) == set(getattr(typer.main.get_command(app), "commands"))  # noqa: B009


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(RACINE).as_posix())
def test_every_make_target_named_exists(document: Path) -> None:
    makefile = (RACINE / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][\w.-]*):", makefile, re.M))
    named = {said for line in code(document) for said in re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)\b", line)}
    assert named <= targets
    assert document != LISEZMOI or {"servir", "test"} <= named


def test_every_address_named_answers(client: Client) -> None:
    text = LISEZMOI.read_text(encoding="utf-8")
    table = text.split("## Addresses")[1].split("## Settings")[0]
    addresses = [one for row in re.findall(r"^\| (`.*?`) \|", table, re.M) for one in _EXTRAIT.findall(row)]
    assert len(addresses) > 10
    statuses = {one: client.get(quote(one, safe="/?=&:+-")).status_code for one in addresses}
    assert {one: status for one, status in statuses.items() if status not in (200, 303)} == {}


def test_licences_are_those_of_the_sources() -> None:
    said = (RACINE / "donnees/LICENCE.md").read_text(encoding="utf-8")
    written = (RACINE / "donnees/sources.ttl").read_text(encoding="utf-8")
    blocks = re.split(r"\n\n(?=source:)", written)[1:]
    rows = dict(re.findall(r"^\| `(source:\S+)` \| (.*) \|$", said, re.M))
    assert set(rows) == {block.split()[0] for block in blocks}
    for block in blocks:
        attribution = re.findall(r'mlg:attribution "([^"]*)"@fr', block)
        title = re.findall(r'dcterms:title "([^"]*)"@fr', block)
        licence = _nom_de_licence(block)
        assert rows[block.split()[0]] == " | ".join([*title, licence, *attribution])


def _nom_de_licence(block: str) -> str:
    names = {
        "licence-ouverte-open-licence": "Licence Ouverte",
        "MIT": "MIT",
        "Apache-2.0": "Apache 2.0",
        "4.0": "CC BY 4.0",
        "1.0": "tous droits réservés",
    }
    found = re.findall(r"mlg:licence <([^>]*)>", block)
    return names[found[0].rstrip("/").rsplit("/", 1)[1]] if found else "à confirmer"


def test_quoted_extracts_are_in_the_data() -> None:
    data = "\n".join(
        path.read_text(encoding="utf-8") for path in (RACINE / "donnees/acteurs/29").glob("*.ttl")
    )
    quoted = [block for block in blocs(INTENDANCE, "text") if block.startswith(("acteur:", "# Fichier"))]
    assert len(quoted) == 3
    assert all(block.strip() in data for block in quoted)


@pytest.fixture
def exemple(racine_finistere: Path, tmp_path: Path) -> Path:
    """The small corpus with the examples of the stewards' guide, written as the guide says."""
    racine = tmp_path / "corpus"
    (racine / "donnees").mkdir(parents=True)
    (racine / "ontologie").symlink_to(RACINE / "ontologie")
    shutil.copytree(racine_finistere / "donnees", racine / "donnees", dirs_exist_ok=True)
    whole, *fragments = blocs(INTENDANCE, "turtle")
    header = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
    folder = racine / "donnees/acteurs/29"
    (folder / "maison-exemple.ttl").write_text(whole, encoding="utf-8")
    (folder / "autres-exemples.ttl").write_text(header + "\n".join(fragments), encoding="utf-8")
    return racine


def test_examples_of_the_guide_are_valid(exemple: Path) -> None:
    constats = valider(read_corpus(exemple)).constats
    assert [one for one in constats if "exemple" in one.lieu.fichier] == []


def test_the_error_shown_is_the_one_given(exemple: Path) -> None:
    path = exemple / "donnees/acteurs/29/maison-exemple.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("maison-des-associations ;", "maison-des-asociations ;"), encoding="utf-8")
    shown = [block for block in blocs(INTENDANCE, "text") if "MLG-INCONNU" in block]
    assert len(shown) == 1
    assert shown[0] in rapport_en_texte(valider(read_corpus(exemple)), "fr")
