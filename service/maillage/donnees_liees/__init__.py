"""Linked data: one IRI, what is said of it, in the format and the language that were asked."""
