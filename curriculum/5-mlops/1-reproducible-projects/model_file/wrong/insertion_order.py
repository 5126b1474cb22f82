"""The text depends on the order in which the keys were put in.

expects: equal_models_equal_texts
Two equal models then have two hashes.
"""

import json

import numpy as np


def save(model):
    plain = {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in model.items()}
    return json.dumps(plain)


def load(text):
    model = json.loads(text)
    labels = {int(number): name for number, name in model["labels"].items()}
    return model | {name: np.array(model[name]) for name in ("mean", "scale", "weights", "bias")} | {"labels": labels}
