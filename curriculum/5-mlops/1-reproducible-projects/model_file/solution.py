import json

import numpy as np

ARRAYS = ("mean", "scale", "weights", "bias")


def save(model: dict) -> str:
    """Return the model as a JSON text; equal models give equal texts.

    model: columns (list of str), mean and scale (d,), weights (d, k), bias (k,), labels (int to str), fill (str to
    float or None).
    """
    plain = model | {name: model[name].tolist() for name in ARRAYS}
    return json.dumps(plain, sort_keys=True)


def load(text: str) -> dict:
    """Return the model that `save` made the text of: equal in every type, shape and digit."""
    model = json.loads(text)
    arrays = {name: np.array(model[name]) for name in ARRAYS}
    labels = {int(number): name for number, name in model["labels"].items()}  # JSON's keys are strings
    return model | arrays | {"labels": labels}
