"""Folds the preprocessing into one linear map, and answers all rows with a single product."""

import json

import numpy as np


def predict(package, running, rows):
    model = json.loads(package)
    columns = model["columns"]
    mean, scale, weights = (np.array(model[name], dtype=float) for name in ("mean", "scale", "weights"))
    if model["format"] != 1 or not len(columns) == len(mean) == len(scale) == len(weights):
        raise ValueError("this is not a model that can be read here")
    made, now = (tuple(map(int, version.split(".")[:2])) for version in (model["made_with"], running))
    if made != now:
        raise ValueError(f"made with {made}, running {now}")
    X = np.array([[row[name] for name in columns] for row in rows], dtype=float).reshape(len(rows), len(columns))
    slope = weights / scale  # (d,)
    return (X @ slope + model["bias"] - mean @ slope).tolist()
