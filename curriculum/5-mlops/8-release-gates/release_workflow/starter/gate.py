"""Exits with 1 unless the candidate is not worse than the released model by 0.02 or more: row by row, bootstrapped."""

import csv
import random
import sys

from scoring import answers, held_out, losses

MARGIN = 0.02

rows = held_out()
with open("release/champion.csv", newline="") as stream:
    released = [float(row["chance"]) for row in csv.DictReader(stream)]
difference = [new - old for new, old in zip(losses(rows, answers(rows)), losses(rows, released), strict=True)]
rng = random.Random(0)
means = sorted(sum(rng.choices(difference, k=len(rows))) / len(rows) for _ in range(200))
high = means[195]
print(f"candidate minus released: {sum(difference) / len(rows):+.3f}, at most {high:+.3f}")
sys.exit(0 if high < MARGIN else 1)
