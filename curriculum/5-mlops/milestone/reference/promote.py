"""Deploy a registered version, whether the newest or an old one: ``python promote.py 3``.

The newest version is not the deployed one by being newest. Somebody says so, here, and can take it back the same way.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "1")

import mlflow

HERE = Path(__file__).parent.resolve()
STORE = f"sqlite:///{HERE / 'mlflow.db'}"
NAME = "affairs"


def promote(version: str) -> dict:
    """Put the version's file into model/, and model.json to say what it is. The hash must be the registered one."""
    registry = mlflow.MlflowClient(tracking_uri=STORE, registry_uri=STORE)
    registered = registry.get_model_version(NAME, version)
    content = (HERE / "mlruns" / registered.run_id / "artifacts" / "model" / "model.joblib").read_bytes()
    if hashlib.sha256(content).hexdigest() != registered.tags["sha256"]:
        raise SystemExit(f"version {version} is not the file that was registered")
    claim = {"name": NAME, "version": str(version), "run": registered.run_id, **registered.tags}
    (HERE / "model").mkdir(exist_ok=True)
    # Each file is replaced whole. Between the two, the hash in model.json is the other file's, and nobody loads it.
    for name, new in (("model.joblib", content), ("model.json", (json.dumps(claim, indent=2) + "\n").encode())):
        (HERE / "model" / f".{name}").write_bytes(new)
        os.replace(HERE / "model" / f".{name}", HERE / "model" / name)
    registry.set_registered_model_alias(NAME, "deployed", version)
    return claim


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python promote.py VERSION")
    print("deployed:", ", ".join(f"{key} {value}" for key, value in promote(sys.argv[1]).items()))
