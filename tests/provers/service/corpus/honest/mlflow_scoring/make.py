"""Package the model the way MLflow does, with a signature."""

import os

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

import mlflow.pyfunc
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

columns = [ColSpec("double", name) for name in ("age", "income", "visits")]
columns += [ColSpec("string", name) for name in ("region", "plan")]
mlflow.pyfunc.save_model(
    "packaged",
    python_model="packaged_model.py",
    artifacts={"model": "model/model.json"},
    code_paths=["model.py"],
    signature=ModelSignature(Schema(columns), Schema([ColSpec("double")])),
    pip_requirements=[],
)
