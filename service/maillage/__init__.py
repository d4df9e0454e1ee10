"""Maillage: who supports small and medium employer associations, where, and why we say so."""
