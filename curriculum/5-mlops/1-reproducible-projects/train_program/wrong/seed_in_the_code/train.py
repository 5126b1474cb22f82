"""Train as a configuration says: `python train.py --config config.json --out metrics.json`."""

import argparse
import json
from pathlib import Path

import numpy as np


def run(config: dict, folder: Path) -> dict[str, float]:
    """Train and return the metrics on the held-out rows; the data file is looked for from `folder`."""
    rng = np.random.default_rng(42)
    table = np.genfromtxt(folder / config["data"], delimiter=",", names=True, dtype=None, encoding="utf-8")
    X = np.column_stack([table[name].astype(float) for name in config["features"]])  # (n, d), in the listed order
    y = table[config["target"]].astype(float)
    held, train = np.split(rng.permutation(len(y)), [round(config["holdout"] * len(y))])
    X = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    w, b = rng.normal(0, 0.1, size=X.shape[1]), 0.0
    for _ in range(config["epochs"]):
        for rows in np.array_split(rng.permutation(train), config["batches"]):
            error = 1 / (1 + np.exp(-X[rows] @ w - b)) - y[rows]
            w, b = w - config["rate"] * X[rows].T @ error / len(rows), b - config["rate"] * error.mean()
    z = X[held] @ w + b
    return {
        "log_loss": float((np.logaddexp(0, z) - y[held] * z).mean()),
        "accuracy": float(((z >= 0) == (y[held] == 1)).mean()),
        "held_out": len(held),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    metrics = run(json.loads(options.config.read_text()), options.config.resolve().parent)
    options.out.write_text(json.dumps(metrics, indent=2) + "\n")


if __name__ == "__main__":
    main()
