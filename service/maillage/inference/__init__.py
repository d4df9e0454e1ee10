"""What follows from the asserted graphs: closures and search keys, in one named graph of their own.

The rules are the `CONSTRUCT` queries of requetes/inference, run in the order of their names; each sees
what the earlier ones derived. `Deductions` keeps their result up to date while the data change.
"""

from maillage.inference.deductions import Deductions, Derivation, deriver
from maillage.inference.regle import regles

__all__ = ["Deductions", "Derivation", "deriver", "regles"]
