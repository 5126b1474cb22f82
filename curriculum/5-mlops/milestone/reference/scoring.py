"""Load the model: only the bytes that training wrote, only under the library that wrote them."""

import hashlib
import io
import json
from pathlib import Path

import joblib
import sklearn


class Unusable(Exception):
    """The model on disk is missing or is not the one that was registered."""


def load(folder: Path) -> tuple[object, dict]:
    """The model and what model.json says about it. Raises Unusable; nothing is unpickled before the hash agrees."""
    try:
        claim = json.loads((folder / "model.json").read_text())
        content = (folder / "model.joblib").read_bytes()
    except OSError as error:
        raise Unusable(f"{error.filename} is missing") from None
    if hashlib.sha256(content).hexdigest() != claim["sha256"]:
        raise Unusable("model.joblib is not the file that was registered")
    if sklearn.__version__ != claim["scikit-learn"]:
        raise Unusable(f"made with scikit-learn {claim['scikit-learn']}, this is {sklearn.__version__}")
    return joblib.load(io.BytesIO(content)), claim
