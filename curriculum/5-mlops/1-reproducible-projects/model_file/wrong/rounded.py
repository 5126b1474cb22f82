"""The floats are rounded.

expects: every_digit
Six digits look enough, and a row near the threshold is answered differently.
"""

import json

import numpy as np


def save(model):
    plain = {
        key: np.round(value, 6).tolist() if isinstance(value, np.ndarray) else value for key, value in model.items()
    }
    return json.dumps(plain, sort_keys=True)


def load(text):
    model = json.loads(text)
    labels = {int(number): name for number, name in model["labels"].items()}
    return model | {name: np.array(model[name]) for name in ("mean", "scale", "weights", "bias")} | {"labels": labels}
