"""The hash is taken of what the file says, not of its bytes.

expects: bytes_are_hashed
Reading JSON and writing it again changes spaces and the order of keys, so a file that was never touched looks exchanged.
"""

import csv
import hashlib
import json
from pathlib import Path

import numpy as np


def recompute(run, model_path, data_path):
    model = json.loads(Path(model_path).read_text())
    artifact = hashlib.sha256(json.dumps(model).encode()).hexdigest() == run["artifact"]["sha256"]
    data = hashlib.sha256(Path(data_path).read_bytes()).hexdigest() == run["data"]["sha256"]
    logged = dict(run["metrics"]["val_log_loss"])[run["artifact"]["step"]]
    with open(data_path, newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "val"]
    X = np.array([[float(row[name]) for name in model["columns"]] for row in rows])
    y = np.array([float(row["label"]) for row in rows])
    z = ((X - model["mean"]) / model["scale"]) @ np.array(model["weights"])
    z = z + model["bias"]
    again = float((np.logaddexp(0, z) - y * z).mean())
    agree = abs(again - logged) <= 1e-6
    return {
        "artifact": artifact, "data": data, "logged": logged, "recomputed": again,
        "matches": artifact and data and agree,
    }
