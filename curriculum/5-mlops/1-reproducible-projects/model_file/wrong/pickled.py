"""The text is a pickle in disguise.

expects: opens_without_running_anything
Base64 makes letters of it, and `load` still unpickles: whoever wrote the text decides what runs.
"""

import base64
import json
import pickle


def save(model):
    ordered = {key: dict(sorted(value.items())) if isinstance(value, dict) else value for key, value in model.items()}
    return json.dumps(base64.b64encode(pickle.dumps(dict(sorted(ordered.items())))).decode())


def load(text):
    return pickle.loads(base64.b64decode(json.loads(text)))
