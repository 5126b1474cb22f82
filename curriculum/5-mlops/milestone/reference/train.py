"""Train, track every candidate, choose by validation, register the chosen model, write metrics.json and model/."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "1")

import joblib
import mlflow
import sklearn
import yaml
from mlflow.exceptions import MlflowException
from sklearn.metrics import roc_auc_score

import pipeline

HERE = Path(__file__).parent.resolve()
MODEL = HERE / "model" / "model.joblib"
NAME = "affairs"
DATA = ["data/train.csv", "data/valid.csv", "data/holdout.csv"]
CODE = ["prepare.py", "pipeline.py", "train.py", "evaluate.py", "params.yaml"]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def revision() -> str:
    """The commit of the code, with "+changes" when the files are not the committed ones."""
    try:
        commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=HERE, text=True, stderr=subprocess.DEVNULL)
        changes = subprocess.check_output(["git", "status", "--porcelain", "--", *CODE], cwd=HERE, text=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit.strip() + ("+changes" if changes.strip() else "")


def main() -> None:
    settings = yaml.safe_load((HERE / "params.yaml").read_text())["train"]
    train, valid, holdout = (pipeline.read(HERE / path) for path in DATA)
    MODEL.parent.mkdir(exist_ok=True)
    mlflow.set_tracking_uri(f"sqlite:///{HERE / 'mlflow.db'}")
    if mlflow.get_experiment_by_name(NAME) is None:
        mlflow.create_experiment(NAME, artifact_location=(HERE / "mlruns").as_uri())
    mlflow.set_experiment(NAME)

    # The run says which files it was made of: whoever doubts it later compares hashes.
    made_of = {f"sha256/{path}": sha256(HERE / path) for path in CODE + DATA} | {"revision": revision()}
    best = None
    for candidate in settings["candidates"]:
        with mlflow.start_run(tags=made_of) as run:
            mlflow.log_params({"seed": settings["seed"], **candidate})
            model = pipeline.build(settings["seed"], **candidate).fit(*train)
            score = roc_auc_score(valid[1], model.predict_proba(valid[0])[:, 1])
            mlflow.log_metric("valid_roc_auc", score)
            if best is None or score > best[0]:
                best = (score, run.info.run_id, model)

    score, run_id, model = best
    joblib.dump(model, MODEL)
    # The holdout rows are looked at once, for the model that was chosen already.
    metrics = {
        "valid_roc_auc": float(score),
        "holdout_roc_auc": float(roc_auc_score(holdout[1], model.predict_proba(holdout[0])[:, 1])),
    }
    with mlflow.start_run(run_id):
        mlflow.log_metric("holdout_roc_auc", metrics["holdout_roc_auc"])
        mlflow.log_artifact(str(MODEL), "model")
        mlflow.set_tag("sha256/model/model.joblib", sha256(MODEL))
    registry = mlflow.MlflowClient()
    try:
        registry.create_registered_model(NAME)
    except MlflowException:
        pass  # it is there already
    source = f"{registry.get_run(run_id).info.artifact_uri}/model"
    version = registry.create_model_version(NAME, source, run_id, tags={"sha256": sha256(MODEL)}).version

    claim = {
        "name": NAME,
        "version": str(version),
        "run": run_id,
        "revision": made_of["revision"],
        "sha256": sha256(MODEL),
        "scikit-learn": sklearn.__version__,
    }
    (MODEL.parent / "model.json").write_text(json.dumps(claim, indent=2) + "\n")
    (HERE / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    print(f"{NAME} version {version}: {', '.join(f'{name} {value:.4f}' for name, value in metrics.items())}")


if __name__ == "__main__":
    main()
