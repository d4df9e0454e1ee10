"""Benchmarks, run by `make mesures`; never part of the tests."""
