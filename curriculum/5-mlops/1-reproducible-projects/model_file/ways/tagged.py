"""Marks each array and each dict with int keys in the text itself, so `load` need not know the model's fields."""

import json

import numpy as np


def save(model: dict) -> str:
    return json.dumps(encode(model))


def load(text: str) -> dict:
    return decode(json.loads(text))


def encode(value):
    if isinstance(value, np.ndarray):
        return {"array": [float(x).hex() for x in value.ravel()], "shape": list(value.shape)}
    if isinstance(value, dict):
        return {"items": [[key, encode(item)] for key, item in sorted(value.items())]}
    return value


def decode(value):
    if isinstance(value, dict) and "array" in value:
        return np.array([float.fromhex(x) for x in value["array"]]).reshape(value["shape"])
    if isinstance(value, dict):
        return {key: decode(item) for key, item in value["items"]}
    return value
