"""Runs the pipeline with real DVC, changes one thing at a time, and looks which stages ran."""

import json
import re

from gradus.projects import Workbench, fail, mistake, probe

NAMES = ("prepare", "train", "evaluate")

#: Runs in the project's folder. Each step is a few files to write, then `dvc repro`; one process, as importing DVC
#: takes longer than any stage.
STEPS = """
import json, sys
from dvc.repo import Repo
told = []
for files in json.load(sys.stdin):
    for name, text in files.items():
        with open(name, "w") as file:
            file.write(text)
    try:
        with Repo() as repo:
            told.append([stage.addressing for stage in repo.reproduce()])
    except Exception as error:
        told.append(f"{type(error).__name__}: {error}")
        break
print("\\nTOLD " + json.dumps(told))
"""


@mistake
def one_stage():
    """The pipeline has a single stage.

    A stage runs as a whole or not at all. With everything in one, a change of the last line trains the model
    again, and you are back at a script. Give each program a stage of its own."""


@mistake
def always_runs():
    """Nothing has changed, and stages run all the same.

    `always_changed`, or an output that differs each time, makes a stage stale forever. It looks safe, and it gives
    up what a pipeline is for: then nobody can say any more whether a new number has a reason."""


@mistake
def parameter_not_declared():
    """A parameter changes, and the stage that reads it does not run.

    DVC does not look into your programs. A stage that reads `params.yaml` without naming its parameters under
    `params` keeps its old result, and the file says one thing while the model was made with another."""


@mistake
def data_not_declared():
    """A row of the raw data changes, and the stage that reads them does not run.

    The data are an input like any other: they belong under `deps`. Otherwise a corrected table lies beside a model
    that never saw it, and everything reports success."""


@mistake
def code_not_declared():
    """A program, or a file that it imports, changes, and the stage does not run.

    Code decides a result as much as data do. List the stage's own program and every file beside it that it
    imports; the imported ones are easily forgotten."""


@mistake
def link_missing():
    """A stage keeps its result although a file that another stage writes, and that it reads, has changed.

    Stages are linked by files alone: what one writes under `outs` and another reads under `deps`. A stage with two
    sources needs both of them in its list. The number in `metrics.json` belongs to another test set now."""


@mistake
def too_much_declared():
    """A stage runs that does not depend on what changed.

    Usually the whole `params.yaml` stands under `deps`, or a program that the stage does not use: then a plot's
    title trains the model again. Name single parameters under `params`, and as dependencies only what is read."""


def repro(work: Workbench, steps):
    """The sets of stages that ran, one for each step; fails where DVC refuses."""
    ended = work.run(["python", "-c", STEPS], seconds=40, stdin=json.dumps(steps).encode())
    found = re.findall(r"^TOLD (.*)$", ended.stdout, re.M)
    if not found:
        ended.require("`dvc repro` cannot be run.")
        fail("`dvc repro` cannot be run.", actual=ended.said[-400:])
    told = json.loads(found[-1])
    if isinstance(told[-1], str):
        fail("`dvc repro` fails.", actual=f"{told[-1]} {ended.said[-300:]}")
    return [{name for name in ran if name in NAMES} for ran in told]


def listed(names):
    return ", ".join(name for name in NAMES if name in names) or "nothing"


@probe("runs all three stages from a clean folder")
def first_run(work: Workbench, rng):
    """`dvc repro` does not run `prepare`, `train` and `evaluate` one after the other.

    Each needs a stage of that name in `dvc.yaml`, with its command, and with what it writes under `outs`: DVC
    removes a stage's old outputs and expects new ones. Try `dvc repro` in your folder and read its last lines."""
    for name in ("dvc.lock", "data/train.csv", "data/test.csv", "model.json", "metrics.json"):
        work.remove(name)
    (ran,) = repro(work, [{}])
    if len(ran) < 3 and sum(line.strip().startswith("cmd:") for line in work.text("dvc.yaml").splitlines()) == 1:
        fail(one_stage, expected=listed(NAMES), actual=listed(ran))
    if ran != set(NAMES):
        fail("Not all three stages ran.", expected=listed(NAMES), actual=listed(ran))
    assert work.exists("metrics.json"), "`metrics.json` was not written."
    assert "metrics.json" in work.text("dvc.lock"), "`metrics.json` is declared by no stage."


@probe("runs exactly what a change makes stale")
def reruns(work: Workbench, rng):
    """After a change `dvc repro` runs another set of stages than the one that is stale.

    Compare, for each stage, what it declares with what its program reads and writes."""
    raw, params = work.text("data/raw.csv"), work.text("params.yaml")
    in_test = work.text("data/test.csv").splitlines()[1:]
    in_train = [row for row in work.text("data/train.csv").splitlines()[1:] if row not in in_test]

    def edited(rows):
        """The raw data with one of the rows changed, by more than any rounding hides."""
        nonlocal raw
        row = str(rng.choice([row for row in rows if raw.count(row + "\n") == 1]))
        age, ward, days = row.split(",")
        raw = raw.replace(row + "\n", f"{age},{ward},{float(days) + int(rng.integers(20, 60)):.1f}\n")
        return {"data/raw.csv": raw}

    def parameter(name, value):
        nonlocal params
        params = re.sub(rf"(?m)^(\s*){name}:.*$", rf"\g<1>{name}: {value}", params)
        return {"params.yaml": params}

    def comment(name):
        return {name: work.text(name) + f"\n# {int(rng.integers(10**6))}\n"}

    everything = {"prepare", "train", "evaluate"}
    steps = [
        ("nothing at all", {}, set(), always_runs),
        ("the plot's title, which no stage reads", parameter("title", f"Days {rng.integers(99)}"), set(), None),
        ("train.ridge", parameter("ridge", float(rng.integers(5, 50))), {"train", "evaluate"}, parameter_not_declared),
        ("a row that goes into the test part", edited(in_test), {"prepare", "evaluate"}, data_not_declared),
        ("a row that goes into the training part", edited(in_train), everything, data_not_declared),
        ("a comment in features.py", comment("features.py"), {"train", "evaluate"}, code_not_declared),
        ("a comment in evaluate.py", comment("evaluate.py"), {"evaluate"}, code_not_declared),
        ("a comment in train.py", comment("train.py"), {"train"}, code_not_declared),
        ("prepare.seed", parameter("seed", int(rng.integers(100, 999))), everything, parameter_not_declared),
    ]
    for (what, _, expected, wrong), ran in zip(steps, repro(work, [files for _, files, _, _ in steps]), strict=True):
        told = {"case": f"changed: {what}", "expected": listed(expected), "actual": listed(ran)}
        late = expected - ran
        if late:
            first = next(name for name in NAMES if name in expected)
            fail(wrong if first in late or wrong is code_not_declared else link_missing, **told)
        if ran - expected:
            fail(always_runs if wrong is always_runs else too_much_declared, **told)
