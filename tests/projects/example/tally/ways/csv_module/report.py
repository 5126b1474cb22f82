"""Writes the number of rows to rows.txt."""

import csv
from pathlib import Path

with Path("data/rows.csv").open(newline="") as file:
    Path("rows.txt").write_text(str(len(list(csv.DictReader(file)))))
