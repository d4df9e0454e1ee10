"""Importers: open data of other publishers converted into Turtle files of the corpus (`donnees/`)."""
