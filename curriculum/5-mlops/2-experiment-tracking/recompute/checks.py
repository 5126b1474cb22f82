"""recompute(run, model, data): hashes of bytes, the value of the artifact's own step, the validation rows, 1e-6."""

import csv
import hashlib
import json
import math
from pathlib import Path

import numpy as np

from gradus.checks import File, behaviour, cases, fail, misconception, valid

NAMES = ["age", "height", "pulse", "iron", "zinc", "lead"]


@valid
def a_run_with_its_files(run, model, data):
    try:
        curve = dict(run["metrics"]["val_log_loss"])
        fields = json.loads(model.data)
        rows = _rows(data.data)
        width = len(fields["columns"])
        return (
            run["artifact"]["step"] in curve and len(curve) == len(run["metrics"]["val_log_loss"])
            and width >= 1 and all(len(fields[name]) == width for name in ("mean", "scale", "weights"))
            and all(scale > 0 for scale in fields["scale"]) and {*fields["columns"], "label", "split"} <= set(rows[0])
            and any(row["split"] == "val" for row in rows) and all(row["label"] in ("0", "1") for row in rows)
            and len(run["artifact"]["sha256"]) == len(run["data"]["sha256"]) == 64
            and all(math.isfinite(float(row[name])) for row in rows for name in fields["columns"])
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, AttributeError, IndexError):
        return False


def _rows(data):
    return list(csv.DictReader(data.decode().splitlines()))


def _log_loss(model, rows, split="val", names=None, scaled=True):
    rows = [row for row in rows if split in (None, row["split"])]
    X = np.array([[float(row[name]) for name in names or model["columns"]] for row in rows])
    y = np.array([float(row["label"]) for row in rows])
    if scaled:
        X = (X - model["mean"]) / model["scale"]
    z = X @ np.array(model["weights"]) + model["bias"]
    return float((np.logaddexp(0, z) - y * z).mean())


def _hash(data):
    return hashlib.sha256(data).hexdigest()


def _world(rng, n=30, indent=None, far=1.0):
    """A model of three columns, in another order than in the table; the run's best, last and saved steps differ."""
    names = [str(name) for name in rng.permutation(NAMES)[:4]]
    columns = [names[2], names[0], names[3]]
    table = {name: (rng.normal(size=n) * 3 + 5 * j).round(4).tolist() for j, name in enumerate(names)}
    table["split"] = rng.permutation(np.resize(["train", "val", "test"], n)).tolist()
    table["label"] = rng.permutation(np.arange(n) % 2).tolist()
    header = [str(name) for name in rng.permutation(list(table))]
    lines = [header, *zip(*(table[name] for name in header), strict=True)]
    data = "".join(",".join(map(str, line)) + "\n" for line in lines).encode()
    model = {
        "columns": columns, "mean": rng.normal(4, 3, size=3).round(3).tolist(),
        "scale": rng.uniform(1, 4, size=3).round(3).tolist(), "weights": (far * rng.normal(size=3)).tolist(),
        "bias": round(float(rng.normal()), 3),
    }  # fmt: skip
    model_bytes = json.dumps(model, indent=indent).encode()
    truth = _log_loss(model, _rows(data))
    steps = sorted(int(step) for step in rng.choice(np.arange(1, 90), size=5, replace=False))
    values = [truth + 0.5, truth + 0.2, truth, truth - 0.01, truth + 0.1]
    curve = [[step, value] for step, value in zip(steps, values, strict=True)]
    run = {
        "id": int(rng.integers(99)), "metrics": {"train_log_loss": [[steps[2], 0.1]], "val_log_loss": curve},
        "artifact": {"step": steps[2], "sha256": _hash(model_bytes)}, "data": {"sha256": _hash(data)},
    }  # fmt: skip
    return run, model_bytes, data


def _files(run, model, data):
    return run, File("model.json", model), File("data.csv", data)


def _with(run, position, value):
    """The run with another value in one place of its curve."""
    curve = [list(point) for point in run["metrics"]["val_log_loss"]]
    curve[position][1] = value
    return run | {"metrics": run["metrics"] | {"val_log_loss": curve}}


@cases
def honest_runs(rng):
    """Everything belongs together; the curve in order and out of it; values that are off by much less than 1e-6."""
    run, model, data = _world(rng)
    yield _files(run, model, data)
    run, model, data = _world(rng, 31, indent=2)
    curve = run["metrics"]["val_log_loss"]
    yield _files(run | {"metrics": {"val_log_loss": [curve[k] for k in (3, 1, 4, 2, 0)]}}, model, data)
    yield _files(_with(run, 2, curve[2][1] + float(rng.choice([6e-7, -6e-7]))), model, data)


@cases
def something_is_off(rng):
    """The logged value, the model, the data or both are others; a value that is `nan`."""
    run, model, data = _world(rng)
    logged = run["metrics"]["val_log_loss"][2][1]
    for value in (logged + 2e-6, logged + 0.2, logged - 0.2, math.nan):
        yield _files(_with(run, 2, value), model, data)
    spaced, with_returns = model.replace(b", ", b",  ", 1), data.replace(b"\n", b"\r\n")
    for other in ((spaced, data), (model, with_returns), (spaced, with_returns)):  # the same content in other bytes
        yield _files(run, *other)
    other_model = _world(rng)[1]
    fields = json.loads(other_model) | {"columns": json.loads(model)["columns"]}
    yield _files(run, json.dumps(fields).encode(), data)
    yield _files(run, model, b"\n".join([*data.split(b"\n")[:20], b""]))


def _report(run, model_path, data_path, *, value=None, hashed=True, both=all, agree=None, **how):
    """What the task asks; every option is somebody's mistake."""
    model_bytes, data = Path(model_path).read_bytes(), Path(data_path).read_bytes()
    curve = run["metrics"]["val_log_loss"]
    artifact, same_data = _hash(model_bytes) == run["artifact"]["sha256"], _hash(data) == run["data"]["sha256"]
    logged = value(curve) if value else dict(curve)[run["artifact"]["step"]]
    again = _log_loss(json.loads(model_bytes), _rows(data), **how)
    near = agree(again, logged) if agree else abs(again - logged) <= 1e-6
    return {
        "artifact": artifact, "data": same_data, "logged": logged, "recomputed": again,
        "matches": bool(near and (not hashed or both((artifact, same_data)))),
    }  # fmt: skip


@misconception
def last_logged_value(run, model_path, data_path):
    """The last value of the curve is taken for the artifact's.

    Training went on after the model was saved. The file holds the weights of one step, and the last value is about
    others: an honest run then looks like a false one. The artifact says at which step it was made."""
    return _report(run, model_path, data_path, value=lambda curve: curve[-1][1])


@misconception
def value_of_the_last_step(run, model_path, data_path):
    """The value of the last *step* is taken for the artifact's.

    The file holds the weights of the step at which it was saved, and training went on after that."""
    return _report(run, model_path, data_path, value=lambda curve: max(curve)[1])


@misconception
def best_value_of_the_curve(run, model_path, data_path):
    """The best value of the curve is taken for the artifact's.

    So dashboards report a run. But the best step's weights were not saved, so nobody has the model of that value."""
    return _report(run, model_path, data_path, value=lambda curve: min(value for _, value in curve))


@misconception
def all_rows(run, model_path, data_path):
    """The metric is computed on all rows, those of training and test included.

    `val_log_loss` is about the rows whose split is `val`."""
    return _report(run, model_path, data_path, split=None)


@misconception
def test_rows(run, model_path, data_path):
    """The metric is computed on the test rows.

    What was logged is the loss on validation rows, so the two cannot agree."""
    return _report(run, model_path, data_path, split="test")


@misconception
def training_rows(run, model_path, data_path):
    """The metric is computed on the training rows.

    What was logged is the loss on validation rows, so the two cannot agree."""
    return _report(run, model_path, data_path, split="train")


@misconception
def preprocessing_forgotten(run, model_path, data_path):
    """The rows reach the weights unscaled.

    Mean and scale are part of the model. Weights that were trained on standardized columns say nothing about raw
    ones."""
    return _report(run, model_path, data_path, scaled=False)


@misconception
def columns_by_position(run, model_path, data_path):
    """The columns are taken in the order in which they stand in the file.

    The first weight belongs to the first name in `columns`. Taken by position every weight meets another column, and
    the loss comes out wrong without a word."""
    columns = json.loads(Path(model_path).read_text())["columns"]
    names = [name for name in _rows(Path(data_path).read_bytes())[0] if name in columns]
    return _report(run, model_path, data_path, names=names)


@misconception
def hashes_ignored(run, model_path, data_path):
    """`matches` is true although a file is not the one that the run names.

    Equal values are not enough. Another file that happens to give this loss, or gives it on these rows only, is not
    what was tested. The hashes tell; they belong into the verdict."""
    return _report(run, model_path, data_path, hashed=False)


@misconception
def one_hash_is_enough(run, model_path, data_path):
    """`matches` is true although one of the two files is not the one that the run names.

    Both must be: a metric is a statement about a model *and* data."""
    return _report(run, model_path, data_path, both=any)


@misconception
def to_the_last_bit(run, model_path, data_path):
    """The values must agree to the last bit.

    Sums in another order differ in the last digits, and trackers store what they are given with their own precision.
    Agree within a stated tolerance, here 1e-6."""
    return _report(run, model_path, data_path, agree=lambda a, b: a == b)


@misconception
def generous(run, model_path, data_path):
    """Values count as equal that differ by more than 1e-6.

    A tolerance as wide as the difference between two models shows nothing any more. `np.isclose` with its defaults, or
    a comparison of rounded values, is wider than it looks."""
    return _report(run, model_path, data_path, agree=lambda a, b: bool(np.isclose(a, b)))


@misconception
def better_is_fine(run, model_path, data_path):
    """A recomputed loss that is *lower* than the logged one counts as a match.

    Better than promised is still not what was promised: it is another model, or other rows. Compare the distance."""
    return _report(run, model_path, data_path, agree=lambda again, logged: again - logged <= 1e-6)


@misconception
def nan_matches(run, model_path, data_path):
    """A logged `nan` counts as a match.

    Nothing is larger than `nan`, so `not difference > 1e-6` lets it pass. A value that is no number was not kept."""
    return _report(run, model_path, data_path, agree=lambda a, b: not abs(a - b) > 1e-6)


@behaviour("the bytes of the file are hashed")
def bytes_are_hashed(student, rng):
    """A model file that was never touched is taken for another one. Reading JSON and writing it again changes spaces
    and the order of keys; decoding a text may change its line ends. A hash of a file is a hash of its bytes as they lie
    on the disk."""
    run, model, data = _world(rng, indent=1)
    answer = student.recompute(run, File("model.json", model), File("data.csv", data))
    if isinstance(answer, dict) and answer.get("artifact") is False:
        fail("The untouched model file is said to be another one.", expected=True, actual=False)


@behaviour("scores far out give a finite loss")
def far_scores(student, rng):
    """With large weights some scores are far from 0. Their probability rounds to 0 or 1, and the logarithm of 0 is
    minus infinity. The loss of a score can be computed from the score itself: the logarithm of `1 + exp(z)`."""
    for _ in range(4):
        run, model, data = _world(rng, far=40_000.0)
        answer = student.recompute(run, File("model.json", model), File("data.csv", data))
        value = answer.get("recomputed") if isinstance(answer, dict) else 0.0
        if isinstance(value, float) and not math.isfinite(value):
            expected = _log_loss(json.loads(model), _rows(data))
            fail("The recomputed loss is not finite.", expected=expected, actual=value)
