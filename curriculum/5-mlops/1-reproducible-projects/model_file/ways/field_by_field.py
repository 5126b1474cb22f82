"""Names every field on both sides: longer, and a field that is forgotten or new is noticed at once."""

import json

import numpy as np


def save(model: dict) -> str:
    return json.dumps(
        {
            "format": 1,
            "columns": model["columns"],
            "mean": list(map(float, model["mean"])),
            "scale": list(map(float, model["scale"])),
            "weights": [list(map(float, row)) for row in model["weights"]],
            "bias": list(map(float, model["bias"])),
            "labels": sorted(model["labels"].items()),
            "fill": sorted(model["fill"].items()),
        }
    )


def load(text: str) -> dict:
    stored = json.loads(text)
    if stored["format"] != 1:
        raise ValueError(f"unknown format {stored['format']}")
    return {
        "columns": stored["columns"],
        "mean": np.array(stored["mean"]),
        "scale": np.array(stored["scale"]),
        "weights": np.array(stored["weights"]),
        "bias": np.array(stored["bias"]),
        "labels": dict(stored["labels"]),
        "fill": dict(stored["fill"]),
    }
