"""How sure the records are: what is due for review, who verified what, the quality score."""
