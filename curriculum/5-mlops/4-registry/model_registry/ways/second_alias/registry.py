"""The models that predict stays, in MLflow's registry (mlflow.db in this folder)."""

import hashlib
import json
from pathlib import Path

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

NAME = "stay"
KEPT = Path("models")


def client():
    """The registry, with a registered model called NAME in it."""
    registry = MlflowClient(registry_uri="sqlite:///mlflow.db", tracking_uri="sqlite:///mlflow.db")
    try:
        registry.create_registered_model(NAME)
    except MlflowException:
        pass  # it is there already
    return registry


def register(file):
    """Keep a model file as a version of NAME and return the version's number; the same content is the same version."""
    registry, content = client(), Path(file).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    for known in registry.search_model_versions(f"name = '{NAME}'"):
        if known.tags["sha256"] == digest:
            return known.version
    kept = KEPT / f"{digest}.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(content)  # a copy: the caller's file may change
    tags = {"sha256": digest, "mae": str(json.loads(content)["mae"])}
    return registry.create_model_version(NAME, source=str(kept), tags=tags).version


def promote(version):
    """Point the alias "production" to a version, if its "mae" is below that of the current one. ValueError if not."""
    registry = client()
    new, old = registry.get_model_version(NAME, version), current(registry)
    if old is not None and float(new.tags["mae"]) >= float(old.tags["mae"]):
        raise ValueError(f"version {version} is not better than version {old.version}")
    if old is not None:
        registry.set_registered_model_alias(NAME, "previous", old.version)
    registry.set_registered_model_alias(NAME, "production", version)


def production():
    """The bytes of the model in production. ValueError if they are not what was registered."""
    version = current(client())
    content = Path(version.source).read_bytes()
    if hashlib.sha256(content).hexdigest() != version.tags["sha256"]:
        raise ValueError(f"the file of version {version.version} has been changed")
    return content


def rollback():
    """Point "production" to the version that it meant before the last promotion. ValueError if there is none."""
    registry = client()
    try:
        version = registry.get_model_version_by_alias(NAME, "previous")
    except MlflowException:
        raise ValueError("there is nothing to go back to") from None
    registry.set_registered_model_alias(NAME, "production", version.version)
    registry.delete_registered_model_alias(NAME, "previous")


def current(registry):
    """The version that the alias means, or None."""
    try:
        return registry.get_model_version_by_alias(NAME, "production")
    except MlflowException:
        return None
