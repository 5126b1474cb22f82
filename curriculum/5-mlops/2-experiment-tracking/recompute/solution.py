import csv
import hashlib
import json
from pathlib import Path

import numpy as np


def recompute(run: dict, model_path: str, data_path: str) -> dict:
    """Compute the logged validation log loss again, from the saved model and the data, and say whether all agree.

    run: metrics, artifact (step, sha256), data (sha256). Returns: artifact, data, logged, recomputed, matches.
    """
    model_bytes, data_bytes = Path(model_path).read_bytes(), Path(data_path).read_bytes()
    artifact = hashlib.sha256(model_bytes).hexdigest() == run["artifact"]["sha256"]
    data = hashlib.sha256(data_bytes).hexdigest() == run["data"]["sha256"]
    logged = dict(run["metrics"]["val_log_loss"])[run["artifact"]["step"]]
    model = json.loads(model_bytes)
    rows = [row for row in csv.DictReader(data_bytes.decode().splitlines()) if row["split"] == "val"]
    X = np.array([[float(row[name]) for name in model["columns"]] for row in rows])  # (n, d)
    y = np.array([float(row["label"]) for row in rows])  # (n,)
    z = (X - model["mean"]) / model["scale"] @ model["weights"] + model["bias"]  # (n,)
    recomputed = float((np.logaddexp(0, z) - y * z).mean())
    agree = abs(recomputed - logged) <= 1e-6
    return {
        "artifact": artifact,
        "data": data,
        "logged": logged,
        "recomputed": recomputed,
        "matches": artifact and data and agree,
    }
