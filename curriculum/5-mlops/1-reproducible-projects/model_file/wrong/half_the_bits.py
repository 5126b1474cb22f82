"""The floats have become half as long.

expects: every_digit
`float32` keeps about seven digits, and looks the same when printed.
"""

import json

import numpy as np


def save(model):
    plain = {
        key: value.astype("float32").tolist() if isinstance(value, np.ndarray) else value
        for key, value in model.items()
    }
    return json.dumps(plain, sort_keys=True)


def load(text):
    model = json.loads(text)
    labels = {int(number): name for number, name in model["labels"].items()}
    return model | {name: np.array(model[name]) for name in ("mean", "scale", "weights", "bias")} | {"labels": labels}
