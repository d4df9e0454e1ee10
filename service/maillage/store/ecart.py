"""What changes between two states of the data, quad by quad."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyoxigraph import Quad


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
