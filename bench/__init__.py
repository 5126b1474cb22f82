"""Benchmarks: ``python -m bench`` measures everything and writes ``bench/RESULTS.md``."""
