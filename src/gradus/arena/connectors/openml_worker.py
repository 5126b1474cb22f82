"""The part that speaks to OpenML: run by the interpreter that has OpenML's client, which need not be Gradus' own.

It reads one request as JSON from standard input and writes one answer as JSON to standard output. It imports nothing
of Gradus. The client reads its own key and server from its own configuration file; neither is read or written here.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

#: What a task is scored by when it does not say, by the kind of its answer.
USUAL = {"class": "predictive_accuracy", "number": "root_mean_squared_error"}
LOWER_IS_BETTER = ("error", "loss", "prior_entropy")
MOST_LINES = 200_000
FLOW = "gradus.predictions"


class Refused(Exception):  # noqa: N818
    """Something that is said to the learner; ``kind`` tells the connector which words to use."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def fetch(openml: Any, request: dict[str, Any]) -> dict[str, Any]:
    """A task's data, its test rows and a sample submission, written into ``folder``."""
    import pandas as pd

    task, frame, target = _task(openml, request["task"])
    labels = list(map(str, getattr(task, "class_labels", None) or ()))
    kind = "class" if labels else "number"
    folder = Path(request["folder"])
    pd.concat([pd.Series(range(len(frame)), name="row_id"), frame], axis=1).to_csv(folder / "data.csv", index=False)
    tested = _tested(task)
    usual = frame[target].astype(str).mode()[0] if labels else f"{frame[target].astype(float).mean():.6g}"
    with (
        (folder / "folds.csv").open("w", newline="", encoding="utf-8") as one,
        (folder / "sample_submission.csv").open("w", newline="", encoding="utf-8") as other,
    ):
        folds, sample = csv.writer(one, lineterminator="\n"), csv.writer(other, lineterminator="\n")
        folds.writerow(["id", "repeat", "fold", "row_id"])
        sample.writerow(["id", "prediction", *(f"confidence.{name}" for name in labels)])
        shares = [f"{1 / len(labels):.6f}"] * len(labels) if labels else []
        for repeat, fold, row in tested:
            folds.writerow([f"{repeat}-{fold}-{row}", repeat, fold, row])
            sample.writerow([f"{repeat}-{fold}-{row}", usual, *shares])
    metric = task.evaluation_measure or USUAL[kind]
    return {
        "title": str(task.get_dataset().name), "target": target, "classes": labels, "metric": metric,
        "higher": not any(word in metric for word in LOWER_IS_BETTER), "rows": len(tested), "data_rows": len(frame),
        "files": ["data.csv", "folds.csv", "sample_submission.csv"],
        "columns": ["id", "prediction", *(f"confidence.{name}" for name in labels)],
    }  # fmt: skip


def publish(openml: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Hand predictions in as a run: its number."""
    if not openml.config.apikey:
        raise Refused("no_key", "no key")
    task, frame, target = _task(openml, request["task"])
    labels = list(map(str, getattr(task, "class_labels", None) or ()))
    content = []
    with Path(request["file"]).open(newline="", encoding="utf-8-sig") as stream:
        for line in csv.DictReader(stream):
            repeat, fold, row = map(int, line["id"].split("-"))
            truth, given = frame[target].iloc[row], line["prediction"]
            if labels:
                chances = {name: float(line[f"confidence.{name}"]) for name in labels}
                content.append(
                    openml.runs.functions.format_prediction(
                        task, repeat, fold, row, given.strip(), str(truth), proba=chances
                    )
                )
            else:
                content.append(
                    openml.runs.functions.format_prediction(task, repeat, fold, row, float(given), float(truth))
                )
    flow = openml.flows.OpenMLFlow(
        name=FLOW, description="Predictions made by a learner's own script and handed in with Gradus.", model=None,
        components={}, parameters={}, parameters_meta_info={}, external_version="gradus==1", tags=[],
        language="English", dependencies="none", class_name=FLOW,
    )  # fmt: skip
    flow.publish()
    run = openml.runs.OpenMLRun(
        task_id=int(request["task"]), flow_id=flow.flow_id, dataset_id=int(task.dataset_id), parameter_settings=[],
        data_content=content, setup_string="gradus arena submit", run_details=request.get("note") or "from Gradus",
    )  # fmt: skip
    run.publish()
    return {"ref": str(run.run_id), **_score(openml, int(run.run_id), request["metric"])}


def score(openml: Any, request: dict[str, Any]) -> dict[str, Any]:
    """What a run scored, once the server evaluated it."""
    return _score(openml, int(request["run"]), request["metric"])


def standing(openml: Any, request: dict[str, Any]) -> dict[str, Any]:
    """What the runs scored, and where the best of them stands among all runs of the task."""
    runs = {str(run): _score(openml, int(run), request["metric"]) for run in request["runs"]}
    sign = 1 if request["higher"] else -1
    try:
        listed = openml.evaluations.list_evaluations(
            request["metric"], tasks=[int(request["task"])], size=10_000, output_format="object"
        )
        values = [sign * each.value for each in listed.values() if each.value is not None]
    except openml.exceptions.OpenMLServerNoResult:
        values = []
    own = [sign * each["score"] for each in runs.values() if each["score"] is not None]
    rank = 1 + sum(value > max(own) for value in values) if own and values else None
    return {"runs": runs, "rank": rank, "of": len(values) or None}


def _task(openml: Any, number: Any) -> tuple[Any, Any, str]:
    """A task that predicts classes or a number, its data, and its target's name."""
    try:
        task = openml.tasks.get_task(
            int(number), download_splits=True, download_data=True, download_qualities=False,
            download_features_meta_data=True,
        )  # fmt: skip
    except NotImplementedError:
        raise Refused("kind", "its type is not supported by the client") from None
    supervised = openml.tasks.OpenMLClassificationTask, openml.tasks.OpenMLRegressionTask
    if not isinstance(task, supervised) or isinstance(task, openml.tasks.OpenMLLearningCurveTask):
        raise Refused("kind", f"it is a task of the type {task.task_type}")
    frame, _, _, _ = task.get_dataset().get_data()
    return task, frame.reset_index(drop=True), str(task.target_name)


def _tested(task: Any) -> list[tuple[int, int, int]]:
    """Every prediction the task asks for: repeat, fold, row."""
    repeats, folds, _ = task.get_split_dimensions()
    found = []
    for repeat in range(repeats):
        for fold in range(folds):
            _, test = task.get_train_test_split_indices(fold=fold, repeat=repeat)
            found += [(repeat, fold, int(row)) for row in test]
            if len(found) > MOST_LINES:
                raise Refused("large", f"it asks for more than {MOST_LINES:,} predictions")
    return found


def _score(openml: Any, run: int, metric: str) -> dict[str, Any]:
    try:
        found = openml.runs.get_run(run, ignore_cache=True)
    except ValueError:  # a run that is not processed yet has no files or values
        return {"score": None, "status": "waiting"}
    value = (found.evaluations or {}).get(metric)
    return {
        "score": float(value) if value is not None else None,
        "status": "scored" if value is not None else "waiting",
    }


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, or ``error`` with its kind."""
    try:
        with tempfile.TemporaryDirectory() as cache:
            os.environ["OPENML_CACHE_DIR"] = cache
            os.environ["OPENML_SKIP_PARQUET"] = "true"
            import openml
            import requests

            if request["do"] == "about":
                return {"version": openml.__version__}
            openml.config.set_retry_policy("human", n_retries=2)
            try:
                return _ACTIONS[request["do"]](openml, request)
            except Refused as refused:
                return {"error": refused.kind, "message": str(refused)}
            except openml.exceptions.OpenMLNotAuthorizedError as error:
                return {"error": "key", "message": str(error)[:300]}
            except openml.exceptions.OpenMLServerException as error:
                return {"error": "server", "code": error.code, "message": str(error.message)[:300]}
            except (requests.exceptions.ConnectionError, requests.exceptions.Timeout):
                return {"error": "network", "message": ""}
            except openml.exceptions.PyOpenMLError as error:
                return {"error": "server", "code": None, "message": str(error)[:300]}
    except ImportError as error:
        return {"error": "client", "message": str(error)}
    except Exception as error:
        return {"error": "fault", "message": f"{type(error).__name__}: {error}"[:400]}


_ACTIONS = {"fetch": fetch, "publish": publish, "score": score, "standing": standing}


def main() -> None:
    """One request in, one answer out; what the client prints goes to standard error."""
    request = json.loads(sys.stdin.read())
    with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = answer(request)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
