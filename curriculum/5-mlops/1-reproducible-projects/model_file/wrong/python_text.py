"""The text is Python code that `load` evaluates.

expects: is_json
`repr` and `eval` come back exactly, and `eval` runs whatever stands in the file.
"""

import numpy as np


def save(model):
    plain = {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in model.items()}
    ordered = {key: dict(sorted(value.items())) if isinstance(value, dict) else value for key, value in plain.items()}
    return repr(dict(sorted(ordered.items())))


def load(text):
    model = eval(text)
    return model | {name: np.array(model[name]) for name in ("mean", "scale", "weights", "bias")}
