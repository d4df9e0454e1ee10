"""The triple store: the one room that knows which engine answers."""
