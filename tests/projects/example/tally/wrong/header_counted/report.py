"""Writes the number of rows to rows.txt."""

from pathlib import Path

lines = Path("data/rows.csv").read_text().splitlines()
Path("rows.txt").write_text(str(len(lines)))
