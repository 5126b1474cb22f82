"""Honest, with MLflow's own scoring server; only the address that says what is running is ours."""

import os

import mlflow.pyfunc
from mlflow.pyfunc import scoring_server

loaded = mlflow.pyfunc.load_model("packaged")
app = scoring_server.init(loaded)


@app.get("/about")
def about() -> dict:
    return {"model": loaded.metadata.model_uuid, "revision": os.environ["GIT_REVISION"]}
