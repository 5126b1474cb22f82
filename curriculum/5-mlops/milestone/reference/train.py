"""Train, track and register every candidate, choose by validation, deploy the chosen one, write metrics.json."""

import hashlib
import json
import os
import subprocess
import tempfile
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
from promote import HERE, NAME, STORE, promote

DATA = ["data/train.csv", "data/valid.csv", "data/holdout.csv"]
CODE = ["prepare.py", "pipeline.py", "train.py", "params.yaml"]


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


def area(model, rows) -> float:
    features, target = rows
    return float(roc_auc_score(target, model.predict_proba(features)[:, 1]))


def track(settings: dict, seed: int, train, valid, made_of: dict) -> tuple[float, str, object]:
    """One candidate: its run with parameters, metric and file, and its registered version."""
    registry = mlflow.MlflowClient()
    with mlflow.start_run(tags=made_of) as run, tempfile.TemporaryDirectory() as place:
        mlflow.log_params({"seed": seed, **settings})
        model = pipeline.build(seed, **settings).fit(*train)
        score = area(model, valid)
        mlflow.log_metric("valid_roc_auc", score)
        file = Path(place) / "model.joblib"
        joblib.dump(model, file)
        mlflow.log_artifact(str(file), "model")
        mlflow.set_tag("sha256/model/model.joblib", sha256(file))
        facts = {"sha256": sha256(file), "scikit-learn": sklearn.__version__, "revision": made_of["revision"]}
    version = registry.create_model_version(NAME, f"{run.info.artifact_uri}/model", run.info.run_id, tags=facts)
    return score, str(version.version), model


def main() -> None:
    settings = yaml.safe_load((HERE / "params.yaml").read_text())["train"]
    train, valid, holdout = (pipeline.read(HERE / path) for path in DATA)
    mlflow.set_tracking_uri(STORE)
    if mlflow.get_experiment_by_name(NAME) is None:
        mlflow.create_experiment(NAME, artifact_location=(HERE / "mlruns").as_uri())
    mlflow.set_experiment(NAME)
    try:
        mlflow.MlflowClient().create_registered_model(NAME)
    except MlflowException:
        pass  # it is there already

    # The run says which files it was made of: whoever doubts it later compares hashes.
    made_of = {f"sha256/{path}": sha256(HERE / path) for path in CODE + DATA} | {"revision": revision()}
    tried = [track(candidate, settings["seed"], train, valid, made_of) for candidate in settings["candidates"]]
    score, version, model = max(tried, key=lambda found: found[0])
    claim = promote(version)

    # The holdout rows are looked at once, for the model that was chosen already.
    metrics = {"valid_roc_auc": score, "holdout_roc_auc": area(model, holdout)}
    with mlflow.start_run(claim["run"]):
        mlflow.log_metric("holdout_roc_auc", metrics["holdout_roc_auc"])
    (HERE / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    print(f"{NAME} version {version}: {', '.join(f'{name} {value:.4f}' for name, value in metrics.items())}")


if __name__ == "__main__":
    main()
