import json
from collections.abc import Mapping, Sequence


def predict(package: bytes, running: str, rows: Sequence[Mapping[str, float]]) -> list[float]:
    """The model's answers for some rows, preprocessing included.

    package: the model as JSON. running: the version of the library that runs now. Raises ValueError if they do not fit,
    KeyError if a row lacks a column.
    """
    model = json.loads(package)
    if model["format"] != 1:
        raise ValueError(f"unknown format {model['format']}")
    if series(model["made_with"]) != series(running):
        raise ValueError(f"made with {model['made_with']}, and {running} is running")
    parts = list(zip(model["columns"], model["mean"], model["scale"], model["weights"], strict=True))
    return [
        model["bias"] + sum(weight * (row[name] - mean) / scale for name, mean, scale, weight in parts) for row in rows
    ]


def series(version: str) -> list[str]:
    """The first two numbers of a version."""
    return version.split(".")[:2]
