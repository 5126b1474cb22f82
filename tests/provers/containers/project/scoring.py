"""The model: a weight for each column."""

import json
import math
from pathlib import Path


def load(path: Path) -> dict | None:
    return json.loads(path.read_text()) if path.exists() else None


def score(model: dict, row: dict) -> float:
    total = model["bias"] + sum(weight * (row[name] or 0.0) for name, weight in model["weights"].items())
    return 1 / (1 + math.exp(-total))
