"""SHACL-SPARQL constraints: the SELECT of `sh:sparql`, run on the store (SHACL §5).

`$this` is pre-bound node by node; a flat query over many focus nodes runs once instead, joined with the
pattern of the shape's targets, which gives the same answers hundreds of times faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from maillage.namespaces import PREFIXES, compact
from maillage.validation.chemins import Noeud, Terme, first, objects, path_text, sh
from maillage.validation.formes import Forme, Resultat, is_class, is_true, literals, subclasses

_COMPOSANT = "SPARQL"
_PEU = 20
#: nodes asked one by one as long as the target has so many times more: one by one, each costs about as much.
_PART = 6
_OUVERTURE = re.compile(r"\bWHERE\s*\{", re.IGNORECASE)
_GROUPE = re.compile(r"(\w+)?\s*\{")
_FLAT_BEFORE = ("where", "exists", "minus", "optional")
_BOUND = re.compile(r"\b(GROUP|HAVING|LIMIT|COUNT)\b", re.IGNORECASE)
_OPAQUE = re.compile(
    r'"""(?s:.)*?"""|\'\'\'(?s:.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^>\s]*>|#[^\n]*'
)
#: what leaves the store, and the escape that could spell it.
_AILLEURS = re.compile(r"(?<![?$:\w-])SERVICE(?![\w:-])|\\", re.IGNORECASE)
_CITE = re.compile(r"\{[?$](\w+)\}")
_IMPORTS = ox.NamedNode(PREFIXES["owl"] + "imports")
_THIS = ox.Variable("this")
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@dataclass(frozen=True, slots=True)
class RequeteShacl:
    """One `sh:sparql` constraint, ready to run."""

    shapes: ox.Store
    data: ox.Store
    noeud: Noeud
    texte: str
    messages: tuple[ox.Literal, ...]
    active: bool

    def run(self, forme: Forme, focus: set[Terme]) -> Iterator[Resultat]:
        """The results of this constraint for those focus nodes of a shape."""
        if not self.active or not focus:
            return
        text = self.texte
        if forme.chemin is not None:
            text = re.sub(r"[$?]PATH\b", lambda _: path_text(self.shapes, forme.chemin), text)  # type: ignore[arg-type]
        rows = self._together(forme, text, focus) if len(focus) > _PEU else None
        if rows is None:
            rows = ((node, row) for node in focus for row in self._alone(text, forme, node))
        for node, row in rows:
            yield self._result(forme, node, row)

    def _alone(self, text: str, forme: Forme, node: Terme) -> Iterable[dict[str, Terme]]:
        bound = {_THIS: node}
        if re.search(r"[$?]currentShape\b", text):
            bound[ox.Variable("currentShape")] = forme.noeud
        return _rows(self.data.query(text, use_default_graph_as_union=True, substitutions=bound))

    def _together(
        self, forme: Forme, text: str, focus: set[Terme]
    ) -> Iterator[tuple[Terme, dict[str, Terme]]] | None:
        """The rows of all focus nodes in one query, None where that could mean something else."""
        opening = _OUVERTURE.search(text)
        patterns = list(self._target_patterns(forme.noeud))
        if opening is None or not patterns or not is_flat(text[opening.start() :]):
            return None
        if self._exceeds(patterns, _PART * len(focus)):
            return None
        return self._batches(text, opening.end(), patterns, focus)

    def _exceeds(self, patterns: list[str], number: int) -> bool:
        """Whether target patterns are met more than so many times."""
        for pattern in patterns:
            some = f"SELECT $this WHERE {{ {pattern} }} LIMIT {number + 1}"
            query = f"SELECT (COUNT(*) AS ?nombre) WHERE {{ {{ {some} }} }}"
            for row in _rows(self.data.query(query, use_default_graph_as_union=True)):
                number -= int(getattr(row["nombre"], "value", 0))
            if number < 0:
                break
        return number < 0

    def _batches(
        self, text: str, place: int, patterns: list[str], focus: set[Terme]
    ) -> Iterator[tuple[Terme, dict[str, Terme]]]:
        seen = set()
        for pattern in patterns:
            whole = f"{text[:place]} {pattern} {text[place:]}"
            for row in _rows(self.data.query(whole, use_default_graph_as_union=True)):
                node = row["this"]
                key = tuple(sorted((name, str(value)) for name, value in row.items()))
                if node in focus and key not in seen:
                    seen.add(key)
                    yield node, row

    def _target_patterns(self, shape: Noeud) -> Iterator[str]:
        if objects(self.shapes, shape, sh("targetNode")) or objects(self.shapes, shape, sh("target")):
            return
        classes = objects(self.shapes, shape, sh("targetClass"))
        if is_class(self.shapes, shape):
            classes.append(shape)
        for top in classes:
            for each in sorted(subclasses(self.data, top), key=str):
                yield f"$this {_TYPE} {each} ."
        for each in objects(self.shapes, shape, sh("targetSubjectsOf")):
            yield f"$this {each} ?cible__ ."
        for each in objects(self.shapes, shape, sh("targetObjectsOf")):
            yield f"?cible__ {each} $this ."

    def _result(self, forme: Forme, node: Terme, row: dict[str, Terme]) -> Resultat:
        value = row.get("value")
        if value is None and forme.suivre is None:
            value = node
        messages = self.messages or forme.messages
        filled = tuple(_fill(message, {**row, "this": node}) for message in messages)
        path = row.get("path", forme.chemin)
        return Resultat(node, path, value, _COMPOSANT, forme.noeud, forme.gravite, filled, self.noeud)


def read_query(shapes: ox.Store, data: ox.Store, constraint: Noeud) -> RequeteShacl:
    """The query of a `sh:sparql` node, its prefixes written out.

    Raises ValueError where the SELECT asks another service: validation fetches nothing.
    """
    select = first(shapes, constraint, sh("select"))
    text = select.value if isinstance(select, ox.Literal) else ""
    if _AILLEURS.search(_bare(text)):
        raise ValueError("SERVICE")
    whole = "\n".join([*_prefixes(shapes, constraint), text])
    active = not is_true(shapes, constraint, sh("deactivated"))
    return RequeteShacl(shapes, data, constraint, whole, literals(shapes, constraint, sh("message")), active)


def is_flat(where: str) -> bool:
    """Whether every group of a WHERE clause is its own, EXISTS, MINUS or OPTIONAL, and nothing is counted."""
    without = _bare(where)
    words = [(found[1] or "").lower() for found in _GROUPE.finditer(without)]
    return all(word in _FLAT_BEFORE for word in words) and not _BOUND.search(without)


def _bare(text: str) -> str:
    """A query without its strings, addresses and comments."""
    return _OPAQUE.sub('""', text)


def _prefixes(shapes: ox.Store, constraint: Noeud) -> Iterator[str]:
    waiting = objects(shapes, constraint, sh("prefixes"))
    seen: set[Terme] = set()
    while waiting:
        ontology = waiting.pop()
        if ontology in seen or not isinstance(ontology, ox.NamedNode | ox.BlankNode):
            continue
        seen.add(ontology)
        waiting += objects(shapes, ontology, _IMPORTS)
        for declared in objects(shapes, ontology, sh("declare")):
            if isinstance(declared, ox.NamedNode | ox.BlankNode):
                prefix = first(shapes, declared, sh("prefix"))
                space = first(shapes, declared, sh("namespace"))
                if isinstance(prefix, ox.Literal) and isinstance(space, ox.Literal | ox.NamedNode):
                    yield f"PREFIX {prefix.value}: <{space.value}>"


def _rows(results: object) -> Iterator[dict[str, Terme]]:
    if isinstance(results, ox.QuerySolutions):
        names = [variable.value for variable in results.variables]
        for row in results:
            yield {name: row[name] for name in names if row[name] is not None}


def _fill(message: ox.Literal, row: dict[str, Terme]) -> ox.Literal:
    def value(found: re.Match[str]) -> str:
        term = row.get(found[1])
        if isinstance(term, ox.NamedNode):
            return compact(term.value)
        return found[0] if term is None else getattr(term, "value", str(term))

    filled = _CITE.sub(value, message.value)
    return ox.Literal(filled, language=message.language) if message.language else ox.Literal(filled)
