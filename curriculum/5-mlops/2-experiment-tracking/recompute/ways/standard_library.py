"""Needs no library but Python's own, so that an audit can run where neither NumPy nor pandas is installed."""

import csv
import hashlib
import json
import math
from pathlib import Path


def recompute(run, model_path, data_path):
    model_bytes, data_bytes = Path(model_path).read_bytes(), Path(data_path).read_bytes()
    model = json.loads(model_bytes)
    report = {
        "artifact": hashlib.sha256(model_bytes).hexdigest() == run["artifact"]["sha256"],
        "data": hashlib.sha256(data_bytes).hexdigest() == run["data"]["sha256"],
        "logged": next(value for step, value in run["metrics"]["val_log_loss"] if step == run["artifact"]["step"]),
    }
    rows = csv.DictReader(data_bytes.decode().splitlines())
    losses = [loss(model, row) for row in rows if row["split"] == "val"]
    report["recomputed"] = math.fsum(losses) / len(losses)
    report["matches"] = report["artifact"] and report["data"] and abs(report["logged"] - report["recomputed"]) <= 1e-6
    return report


def loss(model, row):
    z = model["bias"]
    for name, mean, scale, weight in zip(
        model["columns"], model["mean"], model["scale"], model["weights"], strict=True
    ):
        z += weight * (float(row[name]) - mean) / scale
    margin = z if row["label"] == "1" else -z
    return max(-margin, 0.0) + math.log1p(math.exp(-abs(margin)))
