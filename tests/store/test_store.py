"""The embedded and the remote store: same questions, same terms, same refusals."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryResultsFormat, RdfFormat, Triple

from maillage.store import entrepot as store
from maillage.store.acces import Acces
from maillage.store.distant import EntrepotDistant
from maillage.store.entrepot import Entrepot, EntrepotEmbarque, EntrepotIndisponible, RequeteRefusee
from serveur_sparql import ServeurSparql

EX = "https://exemple.test/"
A, B, P = NamedNode(EX + "a"), NamedNode(EX + "b"), NamedNode(EX + "p")
G1, G2 = NamedNode(EX + "g1"), NamedNode(EX + "g2")
NOEUD = BlankNode("n0")
QUADS = [
    Quad(A, P, Literal("paie", language="fr"), G1),
    Quad(A, P, B, G2),
    Quad(B, P, Literal("3", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")), G2),
    Quad(B, NamedNode(EX + "adresse"), NOEUD, G2),
    Quad(NOEUD, P, Literal("29000 « Quimper »\n\\"), G2),
]


def rempli() -> EntrepotEmbarque:
    entrepot = EntrepotEmbarque()
    entrepot.ajouter(QUADS)
    return entrepot


@pytest.fixture(params=["embarqué", "distant"])
def entrepot(request: pytest.FixtureRequest) -> Entrepot:
    embedded = rempli()
    if request.param == "embarqué":
        return embedded
    serveur: ServeurSparql = request.getfixturevalue("serveur_sparql")
    serveur.remplir(embedded.exporter(RdfFormat.N_QUADS))
    return EntrepotDistant(Acces(serveur.requetes))


def test_rows_span_all_graphs_and_leave_unbound_variables_out(entrepot: Entrepot) -> None:
    rows = entrepot.lignes(
        f"SELECT ?o ?rien WHERE {{ <{EX}a> <{EX}p> ?o OPTIONAL {{ ?o <{EX}absent> ?rien }} }} ORDER BY ?o"
    )
    assert rows == [{"o": B}, {"o": Literal("paie", language="fr")}]


def test_literals_keep_datatype_language_and_every_character(entrepot: Entrepot) -> None:
    rows = entrepot.lignes(f"SELECT ?s ?o WHERE {{ ?s <{EX}p> ?o FILTER(isLiteral(?o)) }}")
    assert {row["o"] for row in rows} == {quad.object for quad in QUADS if isinstance(quad.object, Literal)}


def test_construct_gives_triples(entrepot: Entrepot) -> None:
    triples = entrepot.graphe(
        f"CONSTRUCT {{ ?o <{EX}inverse> ?s }} WHERE {{ ?s <{EX}p> ?o FILTER(isIRI(?o)) }}"
    )
    assert triples == [Triple(B, NamedNode(EX + "inverse"), A)]


def test_blank_nodes_stay_joined(entrepot: Entrepot) -> None:
    triples = entrepot.graphe(
        f"CONSTRUCT {{ <{EX}b> <{EX}adresse> ?n . ?n <{EX}p> ?v }} "
        f"WHERE {{ <{EX}b> <{EX}adresse> ?n . ?n <{EX}p> ?v }}"
    )
    nodes = {node for one in triples for node in (one.subject, one.object) if isinstance(node, BlankNode)}
    assert (len(triples), len(nodes)) == (2, 1)


def test_ask(entrepot: Entrepot) -> None:
    assert entrepot.demande(f"ASK {{ <{EX}a> ?p <{EX}b> }}") is True
    assert entrepot.demande(f"ASK {{ <{EX}b> ?p <{EX}a> }}") is False


def test_a_header_that_says_ask_changes_nothing(entrepot: Entrepot) -> None:
    header = (
        "#+ resume: Construct, ask: what is asked.\n\n#+ summary: x\nPREFIX ex: <https://exemple.test/#>\n"
    )
    assert entrepot.lignes(f"{header}SELECT ?s WHERE {{ ?s <{EX}p> <{EX}b> }}") == [{"s": A}]


@pytest.mark.parametrize("method", ["lignes", "graphe", "demande"])
@pytest.mark.parametrize("query", ["SELECT * WHERE { ?s ?p", "ASK { ?s }"])
def test_bad_syntax_is_refused(entrepot: Entrepot, method: str, query: str) -> None:
    with pytest.raises(RequeteRefusee):
        getattr(entrepot, method)(query)


@pytest.mark.parametrize(
    ("method", "query"), [("lignes", "ASK {}"), ("demande", "SELECT * {}"), ("graphe", "SELECT * {}")]
)
def test_another_query_form_is_refused(entrepot: Entrepot, method: str, query: str) -> None:
    with pytest.raises(RequeteRefusee):
        getattr(entrepot, method)(query)


def test_remote_server_down_is_said_with_its_address() -> None:
    with pytest.raises(EntrepotIndisponible, match=r"127\.0\.0\.1:9/query"):
        EntrepotDistant(Acces("http://127.0.0.1:9/query", delai=2)).lignes("SELECT * {}")


def test_remote_answer_that_is_no_result_is_said(serveur_sparql: ServeurSparql) -> None:
    with pytest.raises(EntrepotIndisponible):
        EntrepotDistant(Acces(f"{serveur_sparql.adresse}/")).lignes("SELECT * {}")


def test_remote_store_serves_several_threads(serveur_sparql: ServeurSparql) -> None:
    serveur_sparql.remplir(rempli().exporter(RdfFormat.N_QUADS))
    remote, answers = EntrepotDistant(Acces(serveur_sparql.requetes)), []
    query = f"SELECT ?o WHERE {{ <{EX}b> <{EX}p> ?o }}"
    threads = [threading.Thread(target=lambda: answers.append(remote.lignes(query))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert all(answer == answers[0] for answer in answers)


def test_written_file_loads_to_the_same_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, path = rempli(), tmp_path / "graphes.nq"
    monkeypatch.setattr(store, "BLOC", 1)  # one line a block: what blank nodes suffer from
    assert first.ecrire(path) == len(QUADS)
    second = EntrepotEmbarque()
    second.charger(path)
    assert {quad for name in second.graphes() for quad in second.quads(name)} == set(QUADS)


def test_written_file_is_sorted_with_blank_nodes_last(tmp_path: Path) -> None:
    rempli().ecrire(tmp_path / "g.nq")
    lines = (tmp_path / "g.nq").read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if "_:" not in line]
    assert lines[: len(named)] == sorted(named)


def test_one_graph_is_written_with_its_name(tmp_path: Path) -> None:
    assert rempli().ecrire(tmp_path / "g.nq", G1.value) == 1
    assert (tmp_path / "g.nq").read_text(encoding="utf-8") == f'<{EX}a> <{EX}p> "paie"@fr <{EX}g1> .\n'


def test_cut_file_is_not_loaded_silently(tmp_path: Path) -> None:
    rempli().ecrire(tmp_path / "g.nq")
    content = (tmp_path / "g.nq").read_bytes()
    (tmp_path / "g.nq").write_bytes(content[: len(content) // 2])
    with pytest.raises(SyntaxError):
        EntrepotEmbarque().charger(tmp_path / "g.nq")


def test_export_without_named_graphs_merges_them() -> None:
    merged = rempli().exporter(RdfFormat.N_TRIPLES).decode().splitlines()
    assert len(merged) == len(QUADS)
    turtle = rempli().exporter(RdfFormat.TURTLE, G1.value).decode()
    assert turtle.endswith(f'<{EX}a> <{EX}p> "paie"@fr .\n')
    assert "@prefix mlg: <https://w3id.org/maillage/ontologie#> ." in turtle


def test_results_are_serialised_by_the_engine() -> None:
    csv = rempli().serialise(f"SELECT ?s WHERE {{ ?s <{EX}p> <{EX}b> }}", QueryResultsFormat.CSV)
    assert csv == f"s\r\n{EX}a\r\n".encode()


def test_two_stores_share_nothing() -> None:
    rempli()
    assert len(EntrepotEmbarque()) == 0


textes = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=60, deadline=None)
@given(st.lists(textes, max_size=8))
def test_any_text_survives_writing_and_loading(
    tmp_path_factory: pytest.TempPathFactory, values: list[str]
) -> None:
    path = tmp_path_factory.mktemp("texte") / "g.nq"
    first, second = EntrepotEmbarque(), EntrepotEmbarque()
    first.ajouter(Quad(A, P, Literal(value), G1) for value in values)
    assert first.ecrire(path) == len(set(values))
    second.charger(path)
    assert {quad.object.value for quad in second.quads(G1.value)} == set(values)
