"""Versions of the graph: built aside, swapped in at once, compared, watched, kept."""
