"""The three tools as forms: prefilled, in both languages, without JavaScript; answers are never kept."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from client_http import Client
from maillage.classeur import fichiers_csv, xlsx
from maillage.classeur.etat import Etat
from maillage.classeur.lecture import lire
from maillage.classeur.noms import NomInconnu
from maillage.classeur.reponses import en_turtle
from maillage.lexique import Lexique
from maillage.namespaces import compact
from maillage.outils.guichet import Guichet
from maillage.requetes.recueil import Requetes
from maillage.versions.instantane import LEXIQUE, REQUETES, charger_courant

FORMULAIRE = {"Content-Type": "application/x-www-form-urlencoded"}
#: an answer to tool 1, as a browser sends it.
PUBLICS = [
    ("acteur", "cdos-29"),
    ("intervention.0.publics", "public:petites"),
    ("intervention.0.publics", "public:benevoles"),
    ("intervention.0.roles", "role:conseil"),
    ("intervention.0.condition_fr", "Adhésion demandée.\r\nSur rendez-vous."),
    ("intervention.0.resume_fr", "Conseille les bénévoles."),
    ("intervention.0.resume_en", "Advises volunteers."),
]


class Champs(HTMLParser):
    """The fields of the form that is sent, as a browser without JavaScript would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.envoyes: list[tuple[str, str]] = []
        self._poste, self._choix, self._zone = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {nom: valeur or "" for nom, valeur in attrs}
        if tag == "form":
            self._poste = said.get("method") == "post"
        elif not self._poste:
            return
        elif tag == "input" and (said.get("type") != "checkbox" or "checked" in said):
            self.envoyes.append((said["name"], said.get("value", "")))
        elif tag == "select":
            self._choix = said["name"]
        elif tag == "option" and self._choix and "selected" in said:
            self.envoyes.append((self._choix, said["value"]))
        elif tag == "textarea":
            self._zone = said["name"]

    def handle_data(self, data: str) -> None:
        if self._zone:
            self.envoyes.append((self._zone, data.removeprefix("\n")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._zone = ""
        elif tag == "select":
            self._choix = ""


def poster(client: Client, numero: int, champs: list[tuple[str, str]], langue: str = "fr") -> httpx.Response:
    corps = urlencode(champs)
    chemin = f"/outils/{numero}?langue={langue}"
    return client.demander("POST", chemin, content=corps, headers=FORMULAIRE)


@pytest.fixture(scope="module")
def guichet(racine_finistere: Path) -> Guichet:
    """What the running service knows."""
    dossier, entrepot, _ = charger_courant(racine_finistere / "var" / "instantanes")
    return Guichet(entrepot, Requetes(dossier / REQUETES), Lexique.lire(dossier / LEXIQUE))


@pytest.fixture(scope="module")
def etat(racine_finistere: Path) -> Etat:
    """What the stewards' commands know."""
    return Etat.lire(racine_finistere)


def telecharger(client: Client, forme: str, champs: list[tuple[str, str]], numero: int = 1) -> httpx.Response:
    answer = poster(client, numero, [*champs, ("forme", forme)])
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    return answer


@pytest.mark.parametrize(
    ("langue", "mots"),
    [
        ("fr", ("petites associations", "Conditions d'intervention")),
        ("en", ("small associations", "Audience")),
    ],
)
def test_a_form_is_asked_in_the_language_of_the_reader(client: Client, langue: str, mots: tuple[str]) -> None:
    page = unescape(client.get("/outils/1?acteur=cdos-29", "text/html", langue).text)
    assert all(mot in page for mot in mots)
    assert "<script" not in page


def test_the_model_is_the_one_of_the_workbook(guichet: Guichet, etat: Etat) -> None:
    assert guichet.modele == etat.modele


@pytest.mark.parametrize(
    ("dit", "attendu"),
    [
        ("Quimper", "commune:29232"), ("29232", "commune:29232"), ("Quimper (29232)", "commune:29232"),
        ("commune:29232", "commune:29232"), ("Finistère (departement/29)", "departement:29"),
        ("departement/29", "departement:29"), ("Bretagne", "« Bretagne » désigne plusieurs choses"),
        ("Atlantide", "« Atlantide » n'est pas connu"), ("Brest (29232)", "ne vont pas ensemble"),
    ],
)  # fmt: skip
def test_places_are_named_as_in_the_workbook(guichet: Guichet, etat: Etat, dit: str, attendu: str) -> None:
    servi = guichet.modele.feuille("Acteurs").par_cle["territoires_servis"]
    for registre in (guichet.registre, guichet.registre.copie(), etat.registre):
        try:
            found = compact(registre.trouver(servi, dit))
        except NomInconnu as error:
            found = str(error)
        assert attendu in found


def test_what_is_known_of_the_actor_is_there_and_its_kind_is_only_proposed(client: Client) -> None:
    page = client.get("/outils/2?acteur=cdos-29", "text/html").text
    sent = Champs(page).envoyes
    assert ("intervention.0.code", "quimper-cdos-29") in sent
    assert ("intervention.0.roles", "role:accompagnement") in sent
    assert any(nom.endswith(".propose") for nom, _ in sent)
    assert not any(nom.endswith(".garder") for nom, _ in sent)
    turtle = telecharger(client, "ttl", sent, numero=2).text
    assert turtle.count(" a mlg:Intervention") == 1 and "intervention:quimper-cdos-29 " in turtle


def test_a_proposal_is_taken_once_confirmed_and_is_the_actor_s(client: Client) -> None:
    sent = Champs(client.get("/outils/1?acteur=cdos-29", "text/html").text).envoyes
    assert poster(client, 1, sent).status_code == 400
    turtle = telecharger(client, "ttl", [*sent, ("intervention.0.garder", "oui")]).text
    assert "mlg:acteur acteur:cdos-29 ;" in turtle
    assert "mlg:typeActeur" not in turtle and "source:guide-2013" not in turtle
    assert "mlg:statut statut:declare" in turtle


def test_answers_come_back_as_valid_turtle_and_rows(client: Client) -> None:
    page = unescape(poster(client, 1, PUBLICS).text)
    assert 'class="verdict conforme"' in page
    assert "Erreurs : 0 · avertissements : 0" in page
    assert "intervention:cdos-29-benevoles-petites-conseil a mlg:Intervention ;" in page
    assert '<dd class="replie" lang="fr">petites associations</dd>' in page


def test_a_record_that_is_corrected_is_judged_in_the_place_of_the_old_one(client: Client) -> None:
    sent = Champs(client.get("/outils/2?acteur=cdos-29", "text/html").text).envoyes
    changed = {"intervention.0.degre": "degre:informer", "intervention.0.resume_fr": "Informe les bénévoles."}
    page = unescape(poster(client, 2, [(nom, changed.get(nom, texte)) for nom, texte in sent]).text)
    assert 'class="verdict conforme"' in page and "Erreurs : 0 · avertissements : 0" in page
    assert "mlg:degre degre:informer ;" in page


def test_files_taken_away_say_the_same_as_the_turtle(client: Client, etat: Etat) -> None:
    turtle = telecharger(client, "ttl", PUBLICS).text
    tables = xlsx.lire_octets("reponses.xlsx", telecharger(client, "xlsx", PUBLICS).content)
    csv = fichiers_csv.lire_octets("publics.csv", telecharger(client, "csv", PUBLICS).content, etat.modele)
    for read in (lire(tables, etat), lire(csv, etat)):
        assert read.defauts == []
        assert en_turtle(read.lignes) == turtle


def test_a_new_actor_is_described_in_the_same_form(client: Client) -> None:
    champs = [
        ("acteur.0.nom", "Maison d'exemple"), ("acteur.0.types", "maison des associations"),
        ("acteur.0.commune", "Quimper"), ("acteur.0.territoires_servis", "departement/29"),
        ("relation.0.nature", "nature:orientation"), ("relation.0.vers", "cdos-29"),
        ("relation.0.etat", "etat:souhaitee"),
    ]  # fmt: skip
    turtle = telecharger(client, "ttl", champs, numero=3).text
    assert "mlg:de acteur:maison-d-exemple-29232 ;" in turtle
    assert "mlg:vers acteur:cdos-29 ;" in turtle
    assert "mlg:declarePar acteur:maison-d-exemple-29232" in turtle


@pytest.mark.parametrize(
    ("langue", "inconnu", "vide"),
    [("fr", "n'est pas connu", "cellule à remplir"), ("en", "is not known", "To be filled in")],
)
def test_faults_stand_beside_their_field(client: Client, langue: str, inconnu: str, vide: str) -> None:
    answer = poster(client, 1, [("acteur", "cdos-29"), ("intervention.0.publics", "licornes")], langue)
    page = unescape(answer.text)
    assert answer.status_code == 400
    for champ, phrase in (("publics", inconnu), ("roles", vide)):
        assert phrase in page.split(f'id="erreur-intervention.0.{champ}"')[1].split("</span>")[0]
    assert "Vouliez-vous" not in page or langue == "fr"


def test_a_row_is_added_without_losing_what_was_typed(client: Client) -> None:
    page = poster(client, 1, [*PUBLICS, ("ajouter", "intervention")]).text
    assert 'name="intervention.1.roles"' in page
    sent = Champs(page).envoyes
    assert ("intervention.0.condition_fr", "Adhésion demandée.\nSur rendez-vous.") in sent


def test_hostile_text_is_text_and_no_formula(client: Client) -> None:
    champs = [*PUBLICS[:4], ("intervention.0.condition_fr", '=HYPERLINK("x")<script>alert(1)</script>')]
    page = poster(client, 1, [*champs, ("ajouter", "intervention")]).text
    assert "<script>alert" not in page
    table = telecharger(client, "csv", champs).content.decode("utf-8-sig")
    assert "'=HYPERLINK" in table and ";=HYPERLINK" not in table


def test_requests_are_bounded_and_nothing_is_stored(client: Client, racine_finistere: Path) -> None:
    before = _fichiers(racine_finistere)
    assert poster(client, 1, [("intervention.0.condition_fr", "x" * 1_100_000)]).status_code == 413
    autre = client.demander("POST", "/outils/1", content=b"{}", headers={"Content-Type": "application/json"})
    assert autre.status_code == 415
    telecharger(client, "xlsx", PUBLICS)
    assert _fichiers(racine_finistere) == before


def _fichiers(racine: Path) -> dict[Path, int]:
    """The files of a corpus with their last change; those that the service makes for itself aside."""
    found = (path for path in racine.rglob("*") if path.is_file() and "var" not in path.parts)
    return {path: path.stat().st_mtime_ns for path in found}


def test_an_unknown_actor_is_said_at_its_field_with_names_near(client: Client) -> None:
    answer = client.get("/outils/1?acteur=olympique", "text/html", "fr")
    assert answer.status_code == 400
    assert 'id="erreur-acteur"' in answer.text and "acteur=cdos-29" in answer.text
    assert client.get("/outils/4", "text/html").status_code == 404
