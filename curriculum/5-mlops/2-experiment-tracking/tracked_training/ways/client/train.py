"""Run a sweep and track it: `python train.py sweep.json`."""

import copy
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

import model
from mlflow import MlflowClient

client = MlflowClient(tracking_uri="sqlite:///mlflow.db")
sweep = json.loads(Path(sys.argv[1]).read_text())
known = client.get_experiment_by_name(sweep["experiment"])
experiment = known.experiment_id if known else client.create_experiment(sweep["experiment"])

scores = {}
for planned in sweep["runs"]:
    run = client.create_run(experiment, run_name=planned["name"]).info.run_id
    for key, value in planned["params"].items():
        client.log_param(run, key, value)
    kept = []
    try:
        for step, metrics, weights in model.fit(copy.deepcopy(planned["params"])):
            for name, value in metrics.items():
                client.log_metric(run, name, value, step=step)
            kept.append({"step": step, "val_loss": metrics["val_loss"], "weights": weights})
        best = min(kept, key=lambda one: one["val_loss"])
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "model.json").write_text(json.dumps(best))
            client.log_artifact(run, f"{folder}/model.json")
    except Exception:
        client.set_tag(run, "error", traceback.format_exc())
        client.set_terminated(run, "FAILED")
    else:
        client.set_terminated(run, "FINISHED")
        scores[run] = best["val_loss"]

winner = min(scores, key=scores.get)
Path("best.json").write_text(json.dumps({"run_id": winner, "val_loss": scores[winner]}))
