"""A sweep leaves one run each in the MLflow store: params, every value at its step, the best weights, the status."""

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gradus.projects import Workbench, fail, mistake, probe
from gradus.provers.tracking.mlflow_store import read_mlflow
from gradus.provers.tracking.runs import Unreadable

MODEL = '''
"""A model whose curves are known beforehand."""

CURVES = {curves}


def fit(params):
    key, _, _ = params.pop("key"), params.pop("depth"), params.pop("seed")
    for step, (val, test) in enumerate(CURVES[key]):
        if val is None:
            raise FloatingPointError(f"diverged at step {{step}}")
        yield step, {{"val_loss": val, "test_loss": test}}, [key + step / 10, val]
'''

OLDER = """
import mlflow
mlflow.set_experiment("older")
for k in range(2):
    with mlflow.start_run(run_name=f"of another {{k}}"):
        mlflow.log_metric("val_loss", 0.1 * k)
"""


@mistake
def params_lost():
    """A run lacks parameters that it was trained with.

    `fit` takes what it needs out of the dict that it is given, as functions may. What is logged after training is what
    was left over. Log before training, and hand over a copy: a record must not share anything with what goes on
    living."""


@mistake
def failed_called_finished():
    """A run whose training raised has the status `FINISHED`.

    MLflow notes a failure when an exception leaves the block of `start_run`. Caught inside, it never gets there, and
    half a training counts as a whole one, whatever it logged last. Let it pass through the block and catch it
    outside, or set the status yourself."""


@mistake
def sweep_ends():
    """After the run that failed, no further runs were made.

    One diverging setting then costs all those that stood behind it, and the best one may be among them. Catch the
    exception in the loop over the runs, once MLflow has noted it, and go on."""


@mistake
def failure_lost():
    """The run that failed has left no trace, or nothing of what it had logged.

    If the run is opened, or its metrics written, only when training is over, then a failure is exactly what the store
    never hears of. Open the run first, and log each step as it comes."""


@mistake
def steps_lost():
    """The values of a metric are all logged at step 0.

    Without `step=` MLflow takes 0, so the curve becomes a heap of values at one place, and nobody can say at which step
    the loss was lowest. Log each value with its step."""


@mistake
def last_weights():
    """`model.json` holds the weights of the last step, not those of the step with the lowest validation loss.

    The number beside them is then a promise that the file does not keep. Keep step, loss and weights together, at the
    moment when the loss is lowest."""


@mistake
def chosen_by_test():
    """The run in `best.json` is the one with the best *test* loss.

    The test rows were to tell how good the chosen run is. Once they choose, their number is the luckiest of all runs,
    and no row is left that can be asked. Choose by `val_loss`; the test loss is read once, for the run that was
    chosen."""


@mistake
def others_lost():
    """Runs that were in the store before are gone.

    The store is shared, and the runs in it are evidence. Add to it; the next experiment is a new run, not a new
    store."""


@functools.cache
def _older_store():
    """An MLflow store that holds two runs of somebody else."""
    with tempfile.TemporaryDirectory() as place:
        uri = f"sqlite:///{place}/mlflow.db"
        env = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1", "MLFLOW_TRACKING_URI": uri}
        command = [sys.executable, "-c", OLDER.format()]
        subprocess.run(command, cwd=place, env=env, check=True, capture_output=True, timeout=120)
        return Path(place, "mlflow.db").read_bytes()


def _curves(rng):
    """By key: `(val, test)` of each step. Run 2 is best by validation, 4 by test and by its last value; 3 fails."""
    up = lambda low: [low + 0.2, low + 0.1, low, low + 0.06, low + 0.15]  # noqa: E731
    low = 0.3 + float(rng.uniform(0, 0.1))
    val = {1: up(low + 0.1), 2: up(low), 4: [low + 0.3, low + 0.2, low + 0.1, low + 0.05, low + 0.04]}
    test = {1: 0.5, 2: 0.6, 4: 0.2}
    curves = {key: [(round(v, 4), round(test[key] + v / 10, 4)) for v in values] for key, values in val.items()}
    return curves | {3: [(round(low - 0.1, 4), 0.1), (round(low - 0.2, 4), 0.1), (None, None)]}


def _store(work):
    """What the store in the folder holds, read with MLflow's own client from a copy."""
    with tempfile.TemporaryDirectory() as place:
        for name in work.names():
            if name == "mlflow.db" or (name.startswith("mlruns/") and name.endswith(".json")):
                path = Path(place, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(work.read(name))
        if not Path(place, "mlflow.db").is_file():
            fail("There is no `mlflow.db` afterwards.", actual=", ".join(work.names())[:300])
        try:
            store = read_mlflow(Path(place), Path(place, "mlflow.db"))
        except Unreadable as error:
            fail(f"The store cannot be read. {error.message}")
        files = {run.id: {artifact.name: artifact.file.read_text() for artifact in run.artifacts} for run in store.runs}
    return store.runs, files


def _named(runs, name):
    found = [run for run in runs if run.said.get("mlflow.runName") == name]
    if len(found) > 1:
        fail(f"There are {len(found)} runs called “{name}”; one is expected.")
    return found[0] if found else None


def _same_curve(run, curve):
    """Check the history of a run against the curve that it had."""
    for position, metric in enumerate(("val_loss", "test_loss")):
        wanted = [(step, values[position]) for step, values in enumerate(curve) if values[0] is not None]
        logged = sorted((value.step, value.value) for value in run.history.get(metric, ()))
        if logged == wanted:
            continue
        if len(logged) > 1 and {step for step, _ in logged} == {0}:
            fail(steps_lost, case=metric, expected=wanted, actual=logged)
        if run.status == "FAILED" and not logged:
            fail(failure_lost, case=metric, expected=wanted, actual="nothing logged")
        fail(f"The store does not hold every value of `{metric}`.", expected=wanted, actual=logged)


@probe("leaves a record of every run, and chooses by validation")
def sweep(work: Workbench, rng):
    """The store does not hold what the task asks for.

    Look at it with `mlflow.search_runs(search_all_experiments=True)`, and at one run's curve with
    `MlflowClient().get_metric_history`."""
    curves = _curves(rng)
    names = [str(name) for name in rng.permutation(["ash", "birch", "cedar", "elm"])]
    keys = dict(zip(names, (1, 2, 3, 4), strict=True))
    params = {name: {"key": key, "depth": int(rng.integers(2, 9)), "seed": 5} for name, key in keys.items()}
    plan = {"experiment": "visits", "runs": [{"name": name, "params": params[name]} for name in names]}
    work.write("mlflow.db", _older_store())
    work.write("model.py", MODEL.format(curves=repr(curves)))
    work.write("sweep.json", json.dumps(plan))
    finished = work.run(["python", "train.py", "sweep.json"], seconds=120)
    if not work.exists("mlflow.db") or (not finished.ok and "diverged" not in finished.said):
        finished.require()
    runs, files = _store(work)
    found = {name: _named(runs, name) for name in names}
    if sum("of another" in run.said.get("mlflow.runName", "") for run in runs) < 2:
        fail(others_lost)
    if found[names[0]] is None:
        fail(f"There is no run called “{names[0]}”.", actual=[run.said.get("mlflow.runName") for run in runs])
    if found[names[2]] is None and found[names[3]] is not None:
        fail(failure_lost, case=f"“{names[2]}” raises at step 2", actual="no run of that name")
    if found[names[3]] is None or not finished.ok:
        fail(sweep_ends, case=f"“{names[2]}” raises at step 2", actual=finished.said[-300:])
    for name in names:
        run, key = found[name], keys[name]
        if run is None:
            fail(f"There is no run called “{name}”.")
        missing = [param for param in params[name] if run.said.get(param) != str(params[name][param])]
        if missing:
            fail(params_lost, case=f"run “{name}”", expected=params[name], actual=f"without {', '.join(missing)}")
        expected = "FAILED" if key == 3 else "FINISHED"
        if run.status != expected:
            if key == 3 and run.status == "FINISHED":
                fail(failed_called_finished, case=f"“{name}” raises at step 2", expected=expected, actual=run.status)
            fail(f"Run “{name}” has the status {run.status}.", expected=expected, actual=run.status)
        _same_curve(run, curves[key])
        if key != 3:
            _artifact(name, key, curves[key], files[run.id])
    _best(work, found, names)


def _artifact(name, key, curve, files):
    try:
        kept = json.loads(files["model.json"])
        step, loss, weights = kept["step"], kept["val_loss"], kept["weights"]
    except (KeyError, ValueError, TypeError) as error:
        fail(f"Run “{name}” has no artifact `model.json` as the task asks.", actual=f"{type(error).__name__}: {error}")
    lowest = min(range(len(curve)), key=lambda t: curve[t][0])
    wanted = {"step": lowest, "val_loss": curve[lowest][0], "weights": [key + lowest / 10, curve[lowest][0]]}
    last = len(curve) - 1
    if lowest != last and weights == [key + last / 10, curve[last][0]]:
        fail(last_weights, case=f"run “{name}”", expected=wanted, actual=kept)
    if [step, loss, weights] != list(wanted.values()):
        fail(f"The `model.json` of “{name}” is another one.", expected=wanted, actual=kept)


def _best(work, found, names):
    try:
        best = json.loads(work.text("best.json"))
        chosen = best["run_id"]
    except (KeyError, ValueError, TypeError) as error:
        fail(f"`best.json` does not name a run: {type(error).__name__}: {error}.")
    if chosen == found[names[3]].id:
        fail(chosen_by_test, expected=f"“{names[1]}”", actual=f"“{names[3]}”")
    if chosen != found[names[1]].id:
        name = next((name for name in names if found[name].id == chosen), chosen)
        fail("Another run is called the best one.", expected=f"“{names[1]}”", actual=f"“{name}”")
