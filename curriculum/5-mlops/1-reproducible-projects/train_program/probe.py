"""The program gives the same metrics in any process and place, and others for another seed or other data."""

import json
import math

from gradus.projects import Workbench, fail, mistake, probe

COMMAND = ["python", "train.py", "--config", "config.json", "--out", "metrics.json"]


@mistake
def hash_order():
    """With another hash seed the metrics are different.

    Python draws a new key for the hashes of strings in each process. The order of a set of strings, and `hash(...)`
    itself, change with it: the columns change places, or other rows are held out. Keep names in the list that they come
    in, sort where there is no order, and split with the seeded generator, or with a digest from `hashlib`. Setting
    `PYTHONHASHSEED` would only hide it."""


@mistake
def unseeded():
    """The same configuration, run in two equal places, gives different metrics.

    Something is drawn that the configuration's seed does not decide: a call of `np.random…` or `random…`, or a
    generator that was made without a seed. Make one generator from `config["seed"]` and draw everything from it."""


@mistake
def clock():
    """Some of what is written differs from run to run, though the metrics do not.

    A time, a duration or a temporary name makes two equal results unequal, so that neither `diff` nor a hash can say
    whether they are. Such things belong into a log, or into a file beside the metrics."""


@mistake
def left_behind():
    """A second run in the same folder gives other metrics than the first.

    The first one left something that the second one used: weights that are trained further, rows that were added, a
    cache. That is the notebook's hidden memory, in a file. A run starts from configuration and data, and from nothing
    else."""


@mistake
def working_folder():
    """Started from another folder, the program does not give the same metrics.

    A relative path is looked up from where the program is *started*, which is not where it lies. Paths in the
    configuration are relative to the configuration file; absolute paths exist on one machine only."""


@mistake
def seed_ignored():
    """Other seeds in the configuration give the same metrics.

    A seed that is written into the program makes it repeat, and nobody can find out how much of the result is the luck
    of one split. Take it from the configuration."""


@mistake
def holdout_ignored():
    """Another share of held-out rows in the configuration does not change how many are held out.

    Half a configuration is worse than none: whoever reads it believes what it says. Take every number from it."""


@mistake
def data_ignored():
    """With other labels in the data file, the metrics stay what they were.

    They were not computed from these data: a file from an earlier run was kept, or numbers were copied from the
    notebook. Metrics are the result of a run, each time."""


def _train(work, seed=0, command=None, out="metrics.json"):
    """Run it under a hash seed, and return what it wrote."""
    work.run(command or COMMAND, env={"PYTHONHASHSEED": str(seed)}).require()
    try:
        metrics = json.loads(work.text(out))
    except ValueError as error:
        fail(f"`{out}` is not JSON: {error}.", actual=work.text(out)[:200])
    if not isinstance(metrics, dict):
        fail(f"`{out}` holds no JSON object.", expected='{"log_loss": …}', actual=work.text(out)[:200])
    return metrics


def _number(value):
    return type(value) in (int, float) and math.isfinite(value)


def _equal(a, b):
    return _number(a) and _number(b) and abs(a - b) <= 1e-12 * max(1.0, abs(a))


def _differing(a, b):
    """The names whose values differ."""
    return sorted(name for name in {*a, *b} if not (a.get(name) == b.get(name) or _equal(a.get(name), b.get(name))))


def _measured(names):
    return [name for name in names if name in ("log_loss", "accuracy", "held_out")]


@probe("trains and writes its metrics")
def program(work: Workbench, rng):
    """The program does not write the metrics that the task asks for.

    `log_loss` and `accuracy` are finite numbers, `held_out` is the number of rows that were held out."""
    metrics = _train(work)
    for name in ("log_loss", "accuracy", "held_out"):
        if not _number(metrics.get(name)):
            fail(f"`metrics.json` has no number called `{name}`.", actual=metrics)
    if not 0 <= metrics["accuracy"] <= 1 or metrics["log_loss"] < 0 or metrics["held_out"] != 40:
        fail("These cannot be the metrics.", case="160 rows, a quarter held out", actual=metrics)


@probe("gives the same in another process")
def same_again(work: Workbench, rng):
    """Two runs of the same configuration differ.

    Run it twice and compare the two files with `diff`."""
    first = json.loads(work.text("metrics.json"))
    with work.fresh() as other:
        for seed in rng.integers(1, 10_000, size=2):
            second = _train(other, int(seed))
            if not _differing(first, second):
                continue
            with work.fresh() as third:
                again = _train(third, int(seed))
            if not _differing(first, again):
                fail(left_behind, expected=first, actual=second)
            if names := _differing(second, again):
                fail(unseeded if _measured(names) else clock, case=", ".join(names), expected=second, actual=again)
            fail(hash_order, case=f"PYTHONHASHSEED={seed}", expected=first, actual=second)


@probe("leaves nothing behind that changes the next run")
def twice_in_one_place(work: Workbench, rng):
    """A second run differs from the first.

    Look at the files that the program writes, and at which of them it reads."""
    first = json.loads(work.text("metrics.json"))
    second = _train(work)
    if _differing(first, second):
        fail(left_behind, expected=first, actual=second)


@probe("can be started from anywhere")
def elsewhere(work: Workbench, rng):
    """Started from another folder it does not do the same.

    Try `cd /` and start it with its whole path."""
    first = json.loads(work.text("metrics.json"))
    copy = (
        'here=$(pwd) && rm -rf "$TMPDIR/a copy" && cp -r . "$TMPDIR/a copy" && cd / && '
        'python "$TMPDIR/a copy/train.py" --config "$TMPDIR/a copy/config.json" --out "$here/elsewhere.json"'
    )
    finished = work.run(["sh", "-c", copy])
    if not finished.ok:
        fail(working_folder, case="cd / && python …/train.py --config …/config.json", actual=finished.said[-600:])
    metrics = json.loads(work.text("elsewhere.json"))
    if _differing(first, metrics):
        fail(working_folder, expected=first, actual=metrics)


@probe("does what the configuration says")
def configuration(work: Workbench, rng):
    """The configuration changes, and the metrics do not.

    Every name in `config.json` is read by the program, and no number of its kind stands in the code."""
    first = json.loads(work.text("metrics.json"))
    config = json.loads(work.text("config.json"))
    answers = []
    for seed in rng.choice(1000, size=2, replace=False):
        work.write("config.json", json.dumps(config | {"seed": 1000 + int(seed), "holdout": 0.4}))
        work.remove("metrics.json")
        answers.append(_train(work))
    if answers[0].get("held_out") != 64:
        fail(holdout_ignored, case='"holdout": 0.4', expected="64 of 160 rows", actual=answers[0].get("held_out"))
    if not _measured(_differing(answers[0], answers[1])):
        fail(seed_ignored, expected="other metrics for another seed", actual=answers[0])
    work.write("config.json", json.dumps(config))
    work.write("metrics.json", json.dumps(first))


@probe("learns from the data that it is given")
def data(work: Workbench, rng):
    """Other data give the same metrics.

    The metrics are computed in this run, from this file."""
    first = json.loads(work.text("metrics.json"))
    lines = work.text("data/visits.csv").split()
    labels = [line.rpartition(",")[2] for line in lines[1:]]
    dealt = [str(label) for label in rng.permutation(labels)]
    rows = [line.rpartition(",")[0] + "," + label for line, label in zip(lines[1:], dealt, strict=True)]
    work.write("data/visits.csv", "\n".join([lines[0], *rows]) + "\n")
    metrics = _train(work)
    if not _measured(_differing(first, metrics)):
        fail(data_ignored, case="the labels were dealt out anew", actual=metrics)
    if metrics.get("log_loss") == first.get("log_loss"):
        fail("With other labels the log loss is the same.", case="the labels were dealt out anew", actual=metrics)
