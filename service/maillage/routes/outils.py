"""The three tools: a prefilled form each; answers given back as data and workbook rows. Nothing stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from maillage.classeur.defauts import ClasseurIllisible, Defaut
from maillage.classeur.modele import Colonne, Feuille
from maillage.methode.noms import Noms
from maillage.namespaces import compact, iri, local_name
from maillage.outils.champs import Formulaire, Saisie
from maillage.outils.emporter import en_tables, en_xlsx
from maillage.outils.guichet import Connu
from maillage.outils.jugement import a_juger, des_reponses, sujets
from maillage.outils.saisie import RANGEES, Lue, Rangees, comprendre, lire_rangees, tues
from maillage.problemes import Champ, Probleme, en_dict
from maillage.routes.constats import presenter
from maillage.routes.contexte import adresse_publique, langue_de, page, page_stable, service
from maillage.routes.validation import ENVOI

routeur = APIRouter()

NUMEROS = ("1", "2", "3")
ACTEURS = "Acteurs"
#: proposals of the kind shown for one sheet; names close to what was typed.
PROPOSES, PROCHES = 8, 6
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TELECHARGES = ("ttl", "xlsx", "csv")
FORMULAIRES = ("application/x-www-form-urlencoded", "multipart/form-data")


@routeur.get("/outils", name="outils", include_in_schema=False)
def outils(request: Request) -> Response:
    """The three tools, and the way to put a group's answers together."""
    return page_stable(request, "outils", "outils.html", outils=[_outil(request, one) for one in NUMEROS])


@routeur.get("/outils/{numero}", name="outil", include_in_schema=False)
def outil(request: Request, numero: str, acteur: str = "", nouveau: str = "") -> Response:
    """The form of a tool: first who answers, then its questions, with what is known."""
    feuilles = _feuilles(request, numero)
    if nouveau:
        return _formulaire(request, numero, feuilles, "", {})
    if not acteur.strip():
        return page_stable(request, f"outil-{numero}", "outil_acteur.html", **_choix(request, numero))
    try:
        found = _acteur(request, acteur)
    except Probleme as probleme:
        said = en_dict(probleme, service(request).textes, langue_de(request), "", "")["champs"]
        contexte = _choix(request, numero, acteur[:200]) | {"champs": said}
        return page(request, "outil_acteur.html", 400, **contexte)
    return _formulaire(request, numero, feuilles, found, _connues(request, feuilles, found))


@routeur.post("/outils/{numero}", name="outil_post", include_in_schema=False)
async def repondre(request: Request, numero: str) -> Response:
    """The answers as data and rows, with what the shapes say; or as a file; or the form with its faults."""
    feuilles = _feuilles(request, numero)
    champs = await _champs(request)
    said = dict(champs)
    acteur = _acteur(request, said["acteur"]) if said.get("acteur", "").strip() else ""
    asked = feuilles if acteur else (service(request).guichet.modele.feuille(ACTEURS), *feuilles)
    rangees = lire_rangees(champs, asked)
    if said.get("ajouter"):
        return _formulaire(request, numero, feuilles, acteur, rangees, ajoutee=said["ajouter"])
    lue = await asyncio.to_thread(_comprendre, request, asked, rangees, acteur)
    if lue.reponses.defauts or not lue.reponses.turtle:
        vide = () if lue.reponses.defauts else (_dire(request, "outils.vide"),)
        return _formulaire(
            request, numero, feuilles, acteur, lue.rangees, statut=400, hors=(*lue.hors, *vide)
        )
    forme = said.get("forme", "")
    if forme in TELECHARGES:
        return await asyncio.to_thread(_fichier, request, lue, forme, f"outil-{numero}")
    rendu = await _rendu(request, lue)
    return _formulaire(request, numero, feuilles, acteur, lue.rangees, **rendu)


async def _champs(request: Request) -> list[tuple[str, str]]:
    """Text fields of a form. Raises Probleme: 408 too slow, 415 another type, 400 unreadable."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in FORMULAIRES:
        raise Probleme("formulaire-type", 415, valeurs={"recu": media[:80]})
    try:
        async with asyncio.timeout(ENVOI), request.form(max_files=0, max_fields=10_000) as form:
            return [(nom, one) for nom, one in form.multi_items() if isinstance(one, str)]
    except TimeoutError:
        raise Probleme("envoi-trop-lent", 408, valeurs={"delai": f"{ENVOI:g}"}) from None
    except HTTPException as error:
        raise Probleme("requete-incorrecte", 400) from error


def _dire(request: Request, cle: str, **valeurs: object) -> str:
    return service(request).textes.dire(cle, langue_de(request), **valeurs)


def _feuilles(request: Request, numero: str) -> tuple[Feuille, ...]:
    """Raises Probleme 404 where there is no such tool."""
    found = service(request).guichet.outil(numero) if numero in NUMEROS else ()
    if not found:
        raise Probleme("introuvable", 404)
    return found


def _outil(request: Request, numero: str) -> dict[str, str]:
    """Name, title, purpose and page of a tool, from the graph."""
    parts = service(request)
    rows = parts.requetes.executer(parts.entrepot, "outils", {"langue": langue_de(request)})
    wanted = iri("outil", f"outil-{numero}")
    found = next(row for row in rows if row["outil"].value == wanted)
    return {"numero": numero, **{nom: terme.value for nom, terme in found.items()}}


def _choix(request: Request, numero: str, texte: str = "") -> dict[str, Any]:
    """What the page where an actor is chosen shows; names close to what was typed."""
    near = service(request).suggestions.suggerer(texte, langue_de(request), limite=30) if texte else []
    actors = [(local_name(one.iri), one.libelle) for one in near if one.genre == "acteur"]
    return {"outil": _outil(request, numero), "texte": texte, "champs": (), "proches": actors[:PROCHES]}


def _acteur(request: Request, texte: str) -> str:
    """IRI of a listed actor. Raises Probleme 400 with its field."""
    lexique = service(request).orienteur.lexique
    noms = Noms(lexique)
    found = [one for one in noms.acteurs(texte.strip()) if one in lexique.acteurs]
    if len(found) == 1:
        return found[0]
    raison = "nom-ambigu" if found else "acteur-inconnu"
    valeurs = {"valeur": texte[:80], "choix": noms.precis(found)}
    raise Probleme("parametre-refuse", 400, champs=(Champ("acteur", raison, valeurs),))


def _nommer(request: Request, un: str) -> str:
    """Label of a concept, name of an actor or place; "" where the service has none."""
    lexique, langue = service(request).orienteur.lexique, langue_de(request)
    if un in lexique.concepts:
        return lexique.concepts[un].libelle(langue)
    if un in lexique.acteurs:
        return lexique.acteurs[un].nom
    return lexique.lieux[un].nom if un in lexique.lieux else ""


def _outillage(request: Request) -> Formulaire:
    parts = service(request)
    return Formulaire(
        parts.guichet.registre, langue_de(request), lambda one: _nommer(request, one), _defauts()
    )


def _defauts() -> dict[str, str]:
    """What an answer says where it is silent: it is the actor's own, of today."""
    today = datetime.now(UTC).date().isoformat()
    return {"source": "source:reponses-outils", "statut": "statut:declare", "constat": today}


def _connues(request: Request, feuilles: Sequence[Feuille], acteur: str) -> Rangees:
    """What is known of an actor, as rows; what is usual for its kind waits to be confirmed."""
    made = _outillage(request)
    found: Rangees = {feuille.prefixe: [] for feuille in feuilles}
    shown: dict[str, int] = {}
    for connu in service(request).guichet.connus(acteur):
        nom = connu.feuille.nom
        if nom not in {feuille.nom for feuille in feuilles}:
            continue
        shown[nom] = shown.get(nom, 0) + connu.propose
        if shown[nom] <= PROPOSES:
            found[connu.feuille.prefixe].append(_saisie(made, connu))
    return found


def _saisie(made: Formulaire, connu: Connu) -> Saisie:
    hidden = () if connu.propose else tues(connu.feuille)
    values = {cle: texts for cle, texts in made.ecrire(connu).items() if cle not in hidden}
    return Saisie(values, local_name(connu.iri), connu.propose, not connu.propose)


def _comprendre(request: Request, feuilles: Sequence[Feuille], rangees: Rangees, acteur: str) -> Lue:
    guichet = service(request).guichet
    described = next((one.valeurs.get("nom", ()) for one in rangees.get("acteur", ())), ())

    def dire(defaut: Defaut, colonne: Colonne, dites: Sequence[str]) -> str:
        if langue_de(request) == "fr":
            return defaut.message
        if not dites:
            return _dire(request, "outils.defaut-remplir")
        code = "inconnu" if colonne.nommee else "forme"
        said = _dire(request, f"outils.defaut-{code}", valeur=", ".join(dites)[:80])
        return f"{said} {colonne.aide_en}"

    named = compact(acteur) if acteur else next(iter(described), "")
    return comprendre(guichet, feuilles, rangees, named, _defauts(), dire)


async def _rendu(request: Request, lue: Lue) -> dict[str, Any]:
    """The answers as data, with what the shapes say of them, and as rows."""
    parts, langue = service(request), langue_de(request)
    rendu: dict[str, Any] = {"turtle": lue.reponses.turtle, "rangees_rendues": _tables(request, lue)}
    iris = sujets(parts.guichet.modele, lue.reponses)
    chemin, octets = a_juger(parts.entrepot, parts.requetes, iris, lue.reponses)
    try:
        jugement = await parts.essais.essayer(octets, chemin, "json", langue)
    except Probleme as probleme:
        said = en_dict(probleme, parts.textes, langue, request.url.path, adresse_publique(request))
        return rendu | {"empeche": said["detail"]}
    rapport = json.loads(jugement.rapport)
    return rendu | {"rapport": presenter(des_reponses(rapport, iris) if chemin else rapport, langue)}


def _tables(request: Request, lue: Lue) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """By sheet, the filled cells of each row with their headings."""
    modele = service(request).guichet.modele
    found = []
    for nom, rows in lue.reponses.rangees.items():
        heads = [entete for entete, _ in modele.feuille(nom).entetes()]
        found.append((nom, [[pair for pair in zip(heads, row, strict=True) if pair[1]] for row in rows]))
    return found


def _fichier(request: Request, lue: Lue, forme: str, nom: str) -> Response:
    """The answers as a file to keep. Raises Probleme 400 for a text that no cell may hold."""
    modele, aide = service(request).guichet.modele, [_dire(request, "outils.lisezmoi")]
    try:
        if forme == "ttl":
            name, octets, media = f"{nom}.ttl", lue.reponses.turtle.encode(), "text/turtle; charset=utf-8"
        elif forme == "xlsx":
            name, octets, media = f"{nom}.xlsx", en_xlsx(modele, lue.reponses, aide), XLSX
        else:
            name, octets = en_tables(modele, lue.reponses, aide)
            media = "text/csv; charset=utf-8" if name.endswith(".csv") else "application/zip"
    except ClasseurIllisible as error:
        raise Probleme("requete-incorrecte", 400) from error
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(octets, media_type=media, headers=headers)


def _formulaire(
    request: Request,
    numero: str,
    feuilles: Sequence[Feuille],
    acteur: str,
    rangees: Mapping[str, Sequence[Saisie]],
    *,
    statut: int = 200,
    ajoutee: str = "",
    **contexte: Any,
) -> Response:
    """The form with these rows and an empty one, and what is said of them."""
    made, langue = _outillage(request), langue_de(request)
    blocs: list[dict[str, Any]] = []
    asked = feuilles if acteur else (service(request).guichet.modele.feuille(ACTEURS), *feuilles)
    for feuille in asked:
        rows, alone = list(rangees.get(feuille.prefixe, ())), feuille.nom == ACTEURS
        unsaid = all(one.propose for one in rows)
        if unsaid or (ajoutee == feuille.prefixe and len(rows) < RANGEES):
            rows.append(Saisie({}))
        made_rows = [made.rangee(feuille, rank, one, tues(feuille)) for rank, one in enumerate(rows)]
        said = feuille.en if langue == "en" else feuille.fr
        blocs.append({"feuille": feuille, "dit": said, "rangees": made_rows, "seule": alone})
    fields = [
        {"nom": champ.nom, "raison": f"{champ.libelle} : {champ.erreur}"}
        for bloc in blocs
        for row in bloc["rangees"]
        for champ in (*row.visibles, *row.repliees)
        if champ.erreur
    ]
    rendu = dict.fromkeys(("turtle", "rangees_rendues", "rapport", "empeche"))
    base = {
        "outil": _outil(request, numero),
        "acteur": local_name(acteur) if acteur else "",
        "acteur_iri": acteur,
        "acteur_nom": _nommer(request, acteur) if acteur else _dire(request, "outils.nouvel-acteur"),
        "blocs": blocs,
        "listes": made.listes,
        "champs": fields,
        "hors": contexte.pop("hors", ()),
    }
    return page(request, "outil.html", statut, **base, **(rendu | contexte))
