"""The corpus: every Turtle file under `ontologie/` and `donnees/`, read, never judged."""
