"""Fit model.json to data/train.csv. Reads the parameter train.ridge."""

import json
from pathlib import Path

import yaml
from features import load

ridge = yaml.safe_load(Path("params.yaml").read_text())["train"]["ridge"]
X, y = load("data/train.csv")
w = [0.0] * len(X[0])
for _ in range(500):
    errors = [sum(a * b for a, b in zip(row, w, strict=True)) - target for row, target in zip(X, y, strict=True)]
    slopes = [
        (sum(e * row[k] for e, row in zip(errors, X, strict=True)) + ridge * w[k]) / len(y) for k in range(len(w))
    ]
    w = [a - 0.5 * slope for a, slope in zip(w, slopes, strict=True)]
Path("model.json").write_text(json.dumps([round(a, 6) for a in w]))
