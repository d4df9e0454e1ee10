"""What is understood of a question, on the shipped corpus: for each rule, one that is and one that is not."""

from __future__ import annotations

import pytest

from maillage.comprehension import Comprehension
from maillage.orientation import Orienteur


def comprendre(orienteur: Orienteur, question: str, langue: str = "fr", **options: object) -> Comprehension:
    return orienteur.interprete.comprendre(question, langue, **options)  # type: ignore[arg-type]


def codes(compris: Comprehension, champ: str) -> set[str]:
    return {entite.code for entite in compris.champs.get(champ, ())}


def test_la_question_de_quimper(orienteur: Orienteur) -> None:
    compris = comprendre(orienteur, "qui accompagne une première embauche dans le sport à Quimper ?")
    assert codes(compris, "evenements") == {"premiere-embauche"}
    assert codes(compris, "secteurs") == {"sport"}
    assert codes(compris, "territoires") == {"29232"}
    assert codes(compris, "etapes") == {"4"}
    assert "accompagnement" in codes(compris, "roles")


def test_une_entite_dit_de_quels_mots_elle_vient(orienteur: Orienteur) -> None:
    question = "Aide pour la fiche de paie à Rennes"
    compris = comprendre(orienteur, question)
    (paie,) = (e for e in compris.champs["themes"] if e.code == "paie")
    assert question[paie.debut : paie.fin] == paie.mots == "fiche de paie"


@pytest.mark.parametrize(
    "question", ["diagnostik de lassoc", "diagnositc de notre asso", "un D.L.A. pour un diagnostic"]
)
def test_fautes_et_sigles_pointes(orienteur: Orienteur, question: str) -> None:
    assert "diagnostic" in codes(comprendre(orienteur, question), "roles")


@pytest.mark.parametrize("question", ["mézon des asociations à Limoges", "mezon des assosiassions"])
def test_ce_qui_s_entend_pareil_se_lit_pareil(orienteur: Orienteur, question: str) -> None:
    assert codes(comprendre(orienteur, question), "types_acteur") == {"maison-des-associations"}


@pytest.mark.parametrize(
    ("question", "champ", "code"),
    [
        ("nous embauchons notre premier salarié", "evenements", "premiere-embauche"),
        ("je tiens les comptes du club", "themes", "comptabilite"),
    ],
)
def test_un_verbe_conjugue_est_celui_du_libelle(
    orienteur: Orienteur, question: str, champ: str, code: str
) -> None:
    assert code in codes(comprendre(orienteur, question), champ)


def test_un_sigle_de_trois_lettres_n_est_pas_le_debut_d_un_mot(orienteur: Orienteur) -> None:
    assert codes(comprendre(orienteur, "un RAM cherche à embaucher"), "secteurs") == {"petite-enfance"}
    assert not codes(comprendre(orienteur, "on rame pour embaucher"), "secteurs")


def test_sans_correction_la_faute_reste(orienteur: Orienteur) -> None:
    compris = comprendre(orienteur, "diagnostik de notre association", corriger=False)
    assert "diagnostic" not in codes(compris, "roles")
    assert "diagnostik" in compris.non_reconnus


@pytest.mark.parametrize(
    ("question", "langue", "exclu"),
    [
        ("Trouver un financement sans passer par une banque", "fr", "banque"),
        ("a loan, but no bank please", "en", "banque"),
        ("Autre qu'un avocat pour un conflit ?", "fr", "avocat"),
        (
            "Notre expert-comptable nous revient trop cher, qui pour la comptabilité ?",
            "fr",
            "cabinet-comptable",
        ),
        ("We are not members of any federation, who knows our contracts?", "en", "federation"),
        ("Nous avons déjà vu le DLA, qui d'autre pour la convention collective ?", "fr", "dla"),
    ],
)
def test_ce_que_la_question_ecarte(orienteur: Orienteur, question: str, langue: str, exclu: str) -> None:
    compris = comprendre(orienteur, question, langue)
    assert exclu in codes(compris, "exclus")
    assert exclu not in codes(compris, "types_acteur")


def test_une_negation_d_une_langue_ne_se_lit_pas_dans_l_autre(orienteur: Orienteur) -> None:
    """« à part » rules out what follows; "a part" of an English sentence does not."""
    assert codes(comprendre(orienteur, "à part le conseil, qui ?"), "exclus") == {"conseil"}
    anglais = comprendre(orienteur, "Does France Travail play a part in referring associations?", "en")
    assert "orientation" in codes(anglais, "roles") and not codes(anglais, "exclus")
    # Asked on the English pages, a French sentence is still read as French.
    francais = comprendre(orienteur, "qui aide, sans passer par une banque ?", "en")
    assert codes(francais, "exclus") == {"banque"}


def test_une_exception_ecarte_toute_l_enumeration(orienteur: Orienteur) -> None:
    hors = comprendre(orienteur, "hors Pôle emploi et mission locale, qui aide à recruter ?")
    assert codes(hors, "exclus") == {"pole-emploi", "mission-locale"}
    suite = comprendre(orienteur, "sans passer par une banque et avec une fédération")
    assert codes(suite, "exclus") == {"banque"}


def test_une_locution_ne_nomme_rien(orienteur: Orienteur) -> None:
    assert not codes(comprendre(orienteur, "notre association est prête à embaucher"), "themes") & {"pret"}
    assert "pret" in codes(comprendre(orienteur, "un prêt pour notre association"), "themes")


def test_ne_pas_savoir_faire_n_ecarte_rien(orienteur: Orienteur) -> None:
    compris = comprendre(orienteur, "on ne sait pas faire les bulletins de salaire")
    assert "paie" in codes(compris, "themes")
    assert not codes(compris, "exclus")


@pytest.mark.parametrize(
    ("question", "langue", "attendu"),
    [
        ("un diagnostic à Sens", "fr", {"89387"}),
        ("ce projet a-t-il du sens pour notre diagnostic ?", "fr", set()),
        ("Qui aide à l'embauche dans la Somme ?", "fr", {"80"}),
        ("Quelle somme prévoir pour une embauche ?", "fr", set()),
        ("a nice way to run payroll", "en", set()),
        ("payroll help in Nice", "en", {"06088"}),
        ("embauche dans le 29", "fr", {"29"}),
        ("75013, un point sur la paie", "fr", {"75113"}),
        ("la paie à Kimper", "fr", {"29232"}),
        ("enbauché a kimper", "fr", {"29232"}),
        ("un CRIB, pas à Brest, plutôt Morlaix", "fr", {"29151"}),
    ],
)
def test_les_lieux_se_reconnaissent_au_contexte(
    orienteur: Orienteur, question: str, langue: str, attendu: set[str]
) -> None:
    assert codes(comprendre(orienteur, question, langue), "territoires") == attendu


def test_un_lieu_homonyme_est_laisse_au_choix(orienteur: Orienteur) -> None:
    compris = comprendre(orienteur, "un CRIB à Saint-Denis")
    (ambigu,) = compris.ambiguites
    assert {"93066", "97411"} <= {choix.code for choix in ambigu.choix}
    assert not codes(compris, "territoires")


@pytest.mark.parametrize(
    ("question", "territoire"),
    [
        ("un CRIB à Saint-Denis (93)", None),
        ("un CRIB à Saint-Denis", "https://w3id.org/maillage/territoire/departement/93"),
        ("93200 Saint-Denis, un CRIB", None),
    ],
)
def test_un_homonyme_est_tranche_par_le_departement(
    orienteur: Orienteur, question: str, territoire: str | None
) -> None:
    compris = comprendre(orienteur, question, territoire=territoire)
    assert codes(compris, "territoires") == {"93066"}
    assert not compris.ambiguites


def test_l_article_d_un_departement_n_est_pas_le_debut_d_un_nom_de_commune(orienteur: Orienteur) -> None:
    assert codes(comprendre(orienteur, "une association dans la Creuse"), "territoires") == {"23"}
    assert codes(comprendre(orienteur, "une association à La Creuse"), "territoires") == {"70186"}


def test_un_numero_apres_un_sigle_est_un_departement(orienteur: Orienteur) -> None:
    assert codes(comprendre(orienteur, "DDVA 35"), "territoires") == {"35"}
    assert not codes(comprendre(orienteur, "le DLA 35 salariés"), "territoires")


def test_qui_precise_un_nom_ne_demande_pas_une_relation(orienteur: Orienteur) -> None:
    question = "la DIRECCTE : conseillère des employeurs ou institution qui prescrit ?"
    assert not comprendre(orienteur, question).liaison.vers
    assert comprendre(orienteur, "qui prescrit le DLA ?").liaison.vers


def test_qui_oriente_vers_n_est_pas_que_fait(orienteur: Orienteur) -> None:
    relation = comprendre(orienteur, "Qui oriente vers le CRIB ?")
    assert relation.intention == "relation"
    assert [iri.rsplit("/", 1)[-1] for iri in relation.liaison.vers] == ["crib"]
    definition = comprendre(orienteur, "Que fait le CRIB ?")
    assert definition.intention == "definition"
    assert not definition.liaison.vers


@pytest.mark.parametrize(
    ("question", "langue"),
    [
        ("recette de crêpes pour huit", "fr"),
        ("best pancake recipe", "en"),
        ("bonjour", "fr"),
        ("asdf qwer", "fr"),
    ],
)
def test_hors_sujet(orienteur: Orienteur, question: str, langue: str) -> None:
    assert comprendre(orienteur, question, langue).hors_sujet


def test_hors_sujet_avec_la_bonne_porte(orienteur: Orienteur) -> None:
    compris = comprendre(orienteur, "Je cherche un emploi de comptable à Rennes")
    assert compris.hors_sujet
    assert any("france-travail" in iri or "pole-emploi" in iri for iri in compris.renvois)


def test_une_association_qui_embauche_un_comptable_reste_dans_le_champ(orienteur: Orienteur) -> None:
    compris = comprendre(orienteur, "Notre association veut embaucher un comptable à Rennes")
    assert not compris.hors_sujet


@pytest.mark.parametrize("question", ["emploi", "Quimper", "notre salarié"])
def test_trop_vague_est_dit(orienteur: Orienteur, question: str) -> None:
    compris = comprendre(orienteur, question)
    assert compris.a_preciser and not compris.hors_sujet


def test_une_question_de_methode_trouve_son_passage(orienteur: Orienteur) -> None:
    compris = comprendre(orienteur, "Combien de participants dans un groupe de travail ?")
    assert compris.intention == "demarche"
    assert compris.passages[0][0].endswith("/nombre-participants")


@pytest.mark.parametrize(
    "question",
    [
        "",
        " ",
        "?!…",
        "\x00\x01\x02",
        "🙂" * 500,
        "א" * 3000,
        "a" * 20_000,
        "' OR 1=1; DROP TABLE --",
        "(" * 5000,
    ],
)
def test_aucun_texte_ne_fait_tomber(orienteur: Orienteur, question: str) -> None:
    compris = comprendre(orienteur, question)
    assert compris.hors_sujet or compris.a_preciser or not compris.champs.get("types_acteur")


def test_chaque_mot_examine_est_explique(orienteur: Orienteur) -> None:
    compris = comprendre(orienteur, "Quelle somme pour une embauche ?")
    somme = [e for e in compris.explications if e.mots == "somme"]
    assert somme and not somme[0].retenu
    assert "mot-courant" in {code for code, _ in somme[0].motifs}


def test_un_mot_du_passage_qui_repond_n_est_pas_inconnu(orienteur: Orienteur) -> None:
    assert "séances" not in comprendre(orienteur, "quel délai entre deux séances ?").non_reconnus
    assert "zorglub" in comprendre(orienteur, "quel délai entre deux séances de zorglub ?").non_reconnus


def test_un_ou_deux_mots_du_champ_sont_a_preciser(orienteur: Orienteur) -> None:
    assert comprendre(orienteur, "la convention").a_preciser
    assert comprendre(orienteur, "la girafe").hors_sujet
