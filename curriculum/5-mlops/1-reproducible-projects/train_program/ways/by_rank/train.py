"""Train as a configuration says: `python train.py --config config.json --out metrics.json`."""

import argparse
import csv
import hashlib
import json
from pathlib import Path

import numpy as np


def digest(seed, visit):
    """Where a visit stands in line to be held out: as good as random, and the same in every process."""
    return hashlib.sha256(f"{seed}/{visit}".encode()).hexdigest()


def run(config, folder):
    with (folder / config["data"]).open(newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: digest(config["seed"], row["visit"]))
    k = round(config["holdout"] * len(rows))
    X = np.array([[float(row[name]) for name in config["features"]] for row in rows])
    y = np.array([float(row[config["target"]]) for row in rows])
    X = np.hstack([(X - X[k:].mean(axis=0)) / X[k:].std(axis=0), np.ones((len(y), 1))])
    w = np.zeros(X.shape[1])
    rng = np.random.default_rng(config["seed"])
    for _ in range(config["epochs"]):
        for part in np.array_split(rng.permutation(np.arange(k, len(y))), config["batches"]):
            w = w + config["rate"] * X[part].T @ (y[part] - 1 / (1 + np.exp(-X[part] @ w))) / len(part)
    p = 1 / (1 + np.exp(-X[:k] @ w))
    loss = -np.log(np.where(y[:k] == 1, p, 1 - p)).mean()
    return {"log_loss": loss, "accuracy": ((p >= 0.5) == y[:k]).mean(), "held_out": k}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    metrics = run(json.loads(given.config.read_text()), given.config.absolute().parent)
    given.out.write_text(json.dumps(metrics))
