"""What gate.py and deploy.py share: held-out rows, answers, losses."""

import csv
import json
import math


def held_out() -> list[dict[str, float]]:
    with open("data/holdout.csv", newline="") as stream:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(stream)]


def answers(rows: list[dict[str, float]]) -> list[float]:
    with open("model/candidate.json") as stream:
        model = json.load(stream)
    scores = (model["offset"] + sum(w * row[name] for name, w in model["weights"].items()) for row in rows)
    return [1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) for score in scores]


def losses(rows: list[dict[str, float]], chances: list[float]) -> list[float]:
    chances = [min(max(p, 1e-6), 1 - 1e-6) for p in chances]
    return [-math.log(p if row["bought"] else 1 - p) for row, p in zip(rows, chances, strict=True)]
