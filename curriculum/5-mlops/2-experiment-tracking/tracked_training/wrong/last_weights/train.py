"""Run a sweep and track it: `python train.py sweep.json`."""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

import mlflow

from model import fit


def track(name: str, params: dict) -> tuple[float, str]:
    """Train once inside a run of its own; the best validation loss and the run's id."""
    with mlflow.start_run(run_name=name) as run:
        mlflow.log_params(params)
        best = {"val_loss": float("inf")}
        for step, metrics, weights in fit(dict(params)):
            mlflow.log_metrics(metrics, step=step)
            if metrics["val_loss"] < best["val_loss"]:
                best = {"step": step, "val_loss": metrics["val_loss"], "weights": weights}
        best |= {"step": step, "weights": weights}
        mlflow.log_dict(best, "model.json")
    return best["val_loss"], run.info.run_id


def main(path: str) -> None:
    sweep = json.loads(Path(path).read_text())
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.set_experiment(sweep["experiment"])
    finished = []
    for planned in sweep["runs"]:
        try:
            finished.append(track(planned["name"], planned["params"]))
        except Exception as error:  # MLflow has noted the failure on the way out of the run
            print(f"{planned['name']} failed: {error}", file=sys.stderr)
    loss, run = min(finished)
    Path("best.json").write_text(json.dumps({"run_id": run, "val_loss": loss}))


if __name__ == "__main__":
    main(sys.argv[1])
