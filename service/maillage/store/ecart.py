"""What changes between two states of the data, quad by quad."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode, Quad, Store


@dataclass
class Ecart:
    """Quads that come and quads that go, from one state of the data to another."""

    ajouts: set[Quad] = field(default_factory=set)
    retraits: set[Quad] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.ajouts) + len(self.retraits)

    def __or__(self, autre: Ecart) -> Ecart:
        """The two together; they speak of different quads."""
        return Ecart(self.ajouts | autre.ajouts, self.retraits | autre.retraits)

    @property
    def quads(self) -> set[Quad]:
        """All of them."""
        return self.ajouts | self.retraits

    @property
    def solde(self) -> int:
        """How many more quads there are after."""
        return len(self.ajouts) - len(self.retraits)

    def ressources(self, store: Store) -> set[str] | None:
        """What the change is about, as N-Triples writes it: a blank node stands for who holds it.

        `store`: the data after the change. None where a blank node has several holders, or none.
        """
        links: dict[BlankNode, set[Quad]] = {}
        for quad in self.quads:
            if isinstance(quad.object, BlankNode):
                links.setdefault(quad.object, set()).add(quad)
        found = set[str]()
        for start in {quad.subject for quad in self.quads} | links.keys():
            node: object = start
            seen = set[object]()
            while isinstance(node, BlankNode) and node not in seen:
                seen.add(node)
                holding = links.get(node, set()) | set(store.quads_for_pattern(None, None, node, None))
                node = next(iter(holding)).subject if len(holding) == 1 else None
            if not isinstance(node, NamedNode):
                return None
            found.add(str(node))
        return found
