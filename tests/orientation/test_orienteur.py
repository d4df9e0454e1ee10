"""Answers on the shipped corpus: who, in which order, and why."""

from __future__ import annotations

from typing import Any

import pytest

from maillage.orientation import Orienteur

QUIMPER = {
    "fr": "qui accompagne une première embauche dans le sport à Quimper ?",
    "en": "Who supports a first hire in sport in Quimper?",
}


def repondre(orienteur: Orienteur, question: str, langue: str = "fr", **options: Any) -> dict[str, Any]:
    return orienteur.repondre(question, langue, **options).en_json()


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_la_question_de_quimper_donne_les_bons_acteurs(orienteur: Orienteur, langue: str) -> None:
    premiers = [a["code"] for a in repondre(orienteur, QUIMPER[langue], langue)["acteurs"][:5]]
    assert {"cdos-29", "espace-associatif-quimper", "cosmos"} <= set(premiers)


def test_un_acteur_dit_pourquoi_d_ou_et_de_quand(orienteur: Orienteur) -> None:
    acteur = repondre(orienteur, QUIMPER["fr"])["acteurs"][0]
    criteres = {motif["critere"] for motif in acteur["motifs"]}
    assert {"type-classe", "secteur-exact", "proximite-departement", "declare"} <= criteres
    assert acteur["source"]["titre"] and acteur["constat"].startswith("20") and acteur["statut"]


def test_un_type_cite_le_guide_avec_sa_page(orienteur: Orienteur) -> None:
    (premier, *_) = repondre(orienteur, "qui fait un diagnostic complet d'une association ?")["types"]
    assert premier["code"] == "dla"
    (preuve,) = [m["preuve"] for m in premier["motifs"] if m["critere"] == "role"]
    assert preuve["page"] == 6 and preuve["resume"] and preuve["statut"] == "habituel"


def test_ce_qu_aucune_source_ne_dit_est_inconnu_et_non_absent(orienteur: Orienteur) -> None:
    types = repondre(orienteur, "formation et diagnostic")["types"]
    (dla,) = [t for t in types if t["code"] == "dla"]
    (formation,) = [m for m in dla["motifs"] if m["valeur"] == "formation"]
    assert formation["atteint"] is None and formation["poids"] == 0


def test_les_scores_ne_remontent_jamais(orienteur: Orienteur) -> None:
    scores = [t["score"] for t in repondre(orienteur, QUIMPER["fr"])["types"]]
    assert scores == sorted(scores, reverse=True)


def test_un_type_ecarte_n_est_pas_classe(orienteur: Orienteur) -> None:
    types = repondre(orienteur, "Trouver un financement sans passer par une banque")["types"]
    assert types and "banque" not in {t["code"] for t in types}


def test_ce_qui_a_ete_remplace_est_dit_avec_sa_date_et_sa_source(orienteur: Orienteur) -> None:
    dites = repondre(orienteur, "qui a remplacé la DIRECCTE ?")["successions"]
    assert {e["code"] for une in dites for e in une["nouveaux"]} == {"ddets", "dreets"}
    (une,) = repondre(orienteur, "les DREETS, ça s'appelait comment avant ?")["successions"]
    assert [e["code"] for e in une["anciens"]] == ["direccte"]
    assert une["date"] == "2021-04-01" and une["modalite"] and une["source"]["titre"]
    assert repondre(orienteur, QUIMPER["fr"])["successions"] == []


def test_un_ancien_nom_repond_avec_son_successeur(orienteur: Orienteur) -> None:
    types = [
        t["code"]
        for t in repondre(orienteur, "la DIRECCTE conseille-t-elle sur le droit du travail ?")["types"]
    ]
    assert types[0] == "direccte" and "dreets" in types[:3]


def test_un_acteur_d_un_autre_secteur_passe_apres_le_generaliste(orienteur: Orienteur) -> None:
    acteurs = repondre(orienteur, "première embauche dans la culture à Quimper")["acteurs"]
    codes = [a["code"] for a in acteurs]
    assert codes[0] == "espace-associatif-quimper" and "cosmos" not in codes
    (cdos,) = [a for a in acteurs if a["code"] == "cdos-29"]
    assert ("autre-secteur", False) in {(m["critere"], m["atteint"]) for m in cdos["motifs"]}


def test_hors_sujet_ne_classe_rien(orienteur: Orienteur) -> None:
    reponse = repondre(orienteur, "recette du kouign-amann")
    assert reponse["comprehension"]["hors_sujet"]
    assert not reponse["types"] and not reponse["acteurs"] and not reponse["passages"]


def test_plusieurs_besoins_ont_chacun_leur_reponse(orienteur: Orienteur) -> None:
    question = (
        "Bonjour, nous voudrions un diagnostic de notre crèche. Par ailleurs la trésorerie est vide. "
        "Enfin, deux salariées sont en conflit avec le bureau."
    )
    reponse = repondre(orienteur, question)
    premiers = [besoin["types"][0]["code"] for besoin in reponse["besoins"]]
    assert premiers[0] == "dla"
    assert len(reponse["besoins"]) == 3
    assert {"dla", "acteur-du-financement"} & {t["code"] for t in reponse["types"][:5]}


def test_une_question_simple_est_un_seul_besoin(orienteur: Orienteur) -> None:
    assert len(repondre(orienteur, "fiche de paie")["besoins"]) == 1


def test_le_parcours_ne_depend_pas_de_la_page_montree(orienteur: Orienteur) -> None:
    question = "qui accompagne une première embauche dans le sport en Bretagne ?"
    courte, longue = (repondre(orienteur, question, limite=limite)["parcours"] for limite in (2, 50))
    acteurs = [[m["acteur"] and m["acteur"]["iri"] for m in chemin] for chemin in (courte, longue)]
    commun = min(map(len, acteurs))
    assert commun and acteurs[0][:commun] == acteurs[1][:commun]


def test_le_parcours_va_du_generaliste_a_l_institution(orienteur: Orienteur) -> None:
    parcours = repondre(orienteur, QUIMPER["fr"])["parcours"]
    assert [m["portee"] for m in parcours][:2] == ["generaliste", "sectorielle"]
    noms = [m["acteur"]["iri"].rsplit("/", 1)[-1] for m in parcours if m["acteur"]]
    assert noms[:2] == ["espace-associatif-quimper", "cdos-29"]
    assert len(noms) == len(set(noms))
    assert all(maillon["raison"] for maillon in parcours)


def test_un_maillon_sans_acteur_connu_est_montre_vide(orienteur: Orienteur) -> None:
    parcours = repondre(orienteur, "première embauche")["parcours"]
    assert any(maillon["acteur"] is None for maillon in parcours)


def test_une_question_de_methode_cite_le_guide(orienteur: Orienteur) -> None:
    passages = repondre(orienteur, "Combien d'acteurs par groupe ?")["passages"]
    assert any("12 à 15" in bref for bref in passages[0]["en_bref"])
    assert passages[0]["source"]["page"] in (10, 11)


def test_la_meme_question_a_toujours_la_meme_reponse(orienteur: Orienteur) -> None:
    assert repondre(orienteur, QUIMPER["fr"]) == repondre(orienteur, QUIMPER["fr"])


def test_le_territoire_du_travailleur_sert_quand_la_question_n_en_dit_pas(orienteur: Orienteur) -> None:
    finistere = "https://w3id.org/maillage/territoire/departement/29"
    acteurs = repondre(orienteur, "première embauche dans le sport", territoire=finistere)["acteurs"]
    assert acteurs[0]["code"] == "cdos-29"


def test_toute_preuve_a_les_memes_champs(orienteur: Orienteur) -> None:
    champs: set[tuple[str, ...]] = set()
    for question in ("DLA à Quimper", "Qui informer en amont de la démarche ?", "Avec qui travaille le DLA"):
        types = repondre(orienteur, question)["types"]
        champs |= {tuple(m["preuve"]) for t in types for m in t["motifs"] if m["preuve"]}
    assert len(champs) == 1


def test_un_type_et_un_lieu_cherchent_un_organisme(orienteur: Orienteur) -> None:
    assert repondre(orienteur, "DLA Quimper")["comprehension"]["intention"] == "orientation"
    methode = repondre(orienteur, "La CRES de Bretagne est-elle partie prenante de l'expérimentation ?")
    assert methode["comprehension"]["intention"] in ("experimentation", "demarche")
