"""Turtle as stewards read it: one stable layout, blank nodes in their owner, only the prefixes that serve."""
