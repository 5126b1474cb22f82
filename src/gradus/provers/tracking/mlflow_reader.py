"""Write what an MLflow store holds to standard output, as JSON. Run in a process of its own, on a copy of the store.

``python -m gradus.provers.tracking.mlflow_reader URI``. Everything is asked from MLflow's documented client.
"""

from __future__ import annotations

import json
import sys
from typing import Any

_MOST_RUNS = 2000


def _history(client: Any, run: Any) -> dict[str, list[list[float]]]:
    return {
        name: [[value.step, value.value] for value in client.get_metric_history(run.info.run_id, name)]
        for name in run.data.metrics
    }


def _run(client: Any, run: Any) -> dict[str, Any]:
    return {
        "id": run.info.run_id,
        "group": run.info.experiment_id,
        "status": run.info.status,
        "artifacts": run.info.artifact_uri,
        "said": {**run.data.params, **run.data.tags},
        "metrics": run.data.metrics,
        "history": _history(client, run),
    }


def read(uri: str) -> dict[str, Any]:
    """What the store at ``uri`` holds: its runs, where logged models lie, and the registered versions."""
    from mlflow import MlflowClient
    from mlflow.entities import ViewType

    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    experiments = [found.experiment_id for found in client.search_experiments(view_type=ViewType.ALL)]
    runs = client.search_runs(experiments, run_view_type=ViewType.ALL, max_results=_MOST_RUNS) if experiments else []
    try:
        models = client.search_logged_models(experiments) if experiments else []
    except Exception:  # a store of an older kind knows no logged models
        models = []
    return {
        "runs": [_run(client, run) for run in runs],
        "models": [{"run": model.source_run_id, "artifacts": model.artifact_location} for model in models],
        "versions": [
            {"model": version.name, "version": str(version.version), "run": version.run_id}
            for version in client.search_model_versions()
        ],
    }


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout)
