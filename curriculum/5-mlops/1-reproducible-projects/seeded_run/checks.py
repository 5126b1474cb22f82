"""run(cfg, table): metrics decided by configuration and table alone; equal calls are equal, whatever came before."""

from itertools import permutations

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid

KEYS = ("seed", "features", "target", "holdout", "rate", "epochs", "batches")


@valid
def both_parts(cfg, table):
    if not set(KEYS) <= set(cfg) or not cfg["features"] or len(set(cfg["features"])) < len(cfg["features"]):
        return False
    if not {*cfg["features"], cfg["target"]} <= set(table) or cfg["target"] in cfg["features"]:
        return False
    if len({len(column) for column in table.values()}) != 1 or not np.isin(table[cfg["target"]], (0, 1)).all():
        return False
    n = len(table[cfg["target"]])
    held = round(cfg["holdout"] * n)
    if not (1 <= held < n and 1 <= cfg["batches"] <= n - held and cfg["epochs"] >= 0 and cfg["seed"] >= 0):
        return False
    columns = [np.asarray(table[name], dtype=float) for name in cfg["features"]]
    return all(len(np.unique(column)) == n and np.abs(column).max() < 1e4 for column in columns)


def _case(rng, names, n, epochs=2):
    """A table with one column that is no feature, and a configuration whose features stand in no order of any kind."""
    while list(names) in (sorted(names), sorted(names, reverse=True)):
        names = [str(name) for name in rng.permutation(names)]
    columns = {name: rng.normal(rng.uniform(-5, 5), rng.uniform(0.5, 4), size=n) for name in sorted(names)[::-1]}
    score = sum((k + 1) * (columns[name] - columns[name].mean()) for k, name in enumerate(names))
    ill = (score + rng.normal(size=n) > 0).astype(float)
    ill[:2] = 0, 1
    cfg = {
        "seed": int(rng.integers(1, 10_000)), "features": list(names), "target": "ill",
        "holdout": float(rng.choice([0.2, 0.25, 0.4])), "rate": float(rng.choice([0.3, 0.5, 0.8])),
        "epochs": epochs, "batches": int(rng.integers(2, 5)),
    }  # fmt: skip
    return cfg, {"ill": ill, "room": rng.normal(size=n), **columns}


@cases(compare=compare.close(rtol=1e-7))
def runs(rng):
    """Several columns, sizes and seeds; no epoch at all; batches of unequal size."""
    yield _case(rng, ["weight", "age", "pulse"], 23)
    yield _case(rng, ["height", "age", "iron", "zinc"], 30, epochs=4)
    cfg, table = _case(rng, ["salt", "age", "iron"], 17, epochs=0)
    yield cfg, table
    yield cfg | {"epochs": 3, "batches": 5, "holdout": 0.3}, table


@cases(compare=compare.close(rtol=1e-7))
def on_the_fence(rng):
    """Without an epoch the bias is 0; a held-out row at the mean of the training rows has exactly p = 0.5."""
    for truth in (0.0, 1.0):
        cfg = _case(rng, ["weight", "age", "pulse"], 11)[0] | {"features": ["age"], "holdout": 0.3, "epochs": 0}
        order = np.random.default_rng(cfg["seed"]).permutation(11)
        age = np.empty(11)
        age[order] = [0, 11, -13, *rng.permutation([-7, -5, -3, -1, 1, 3, 5, 7])]
        ill = np.arange(11.0) % 2
        ill[order[0]] = truth
        yield cfg, {"age": age, "ill": ill}


@cases
def with_a_key_missing(rng):
    cfg, table = _case(rng, ["weight", "age", "pulse"], 16)
    for name in ("rate", "batches", "holdout"):
        yield {key: value for key, value in cfg.items() if key != name}, table


def _train(rng, cfg, table, names=None, fit_on="train", score_on="held", draw=None):
    """The steps of the task; what is not the default is somebody's mistake."""
    draw = draw or (lambda: rng)
    X = np.column_stack([table[name] for name in (names or cfg["features"])])
    y = table[cfg["target"]]
    order = draw().permutation(len(y))
    k = round(cfg["holdout"] * len(y))
    part = {"held": order[:k], "train": order[k:], "all": order}
    fitted = X[part[fit_on]]
    X = (X - fitted.mean(axis=0)) / fitted.std(axis=0)
    w = np.append(draw().normal(0, 0.1, size=X.shape[1]), 0.0)
    X = np.column_stack([X, np.ones(len(y))])
    for _ in range(cfg["epochs"]):
        for rows in np.array_split(draw().permutation(part["train"]), cfg["batches"]):
            error = 1 / (1 + np.exp(-X[rows] @ w)) - y[rows]
            w = w - cfg["rate"] * X[rows].T @ error / len(rows)
    z, truth = X[part[score_on]] @ w, y[part[score_on]]
    loss = np.logaddexp(0, z) - truth * z
    right = (z >= 0) == (truth == 1)
    return {"log_loss": float(loss.mean()), "accuracy": float(right.mean()), "held_out": len(part[score_on])}


@misconception
def reseeded_for_each_draw(cfg, table):
    """Each draw starts the same stream again.

    `default_rng(seed)` a second time gives the same numbers a second time: every epoch shuffles in the same way, and
    the split and the first shuffle are one and the same. It repeats, so nobody notices. One run, one generator, handed
    from step to step."""
    return _train(None, cfg, table, draw=lambda: np.random.default_rng(cfg["seed"]))


@misconception
def global_generator(cfg, table):
    """The numbers are those of NumPy's global generator.

    `np.random.seed` sets a state that every library in the process shares. Whoever draws in between, a plot with
    jitter, another model, moves your numbers; and your seeding moves theirs. Asked for is a generator of the run's
    own."""
    return _train(np.random.RandomState(cfg["seed"]), cfg, table)


@misconception
def columns_sorted(cfg, table):
    """The columns stand in alphabetical order, not in that of the configuration.

    Sorting a set does make its order repeatable, and is the right cure where there is no order to keep. Here there is
    one: whoever reads the weights reads them by the list in the configuration."""
    return _train(np.random.default_rng(cfg["seed"]), cfg, table, sorted(cfg["features"]))


@misconception
def columns_of_the_table(cfg, table):
    """The columns stand in the order of the table, not in that of the configuration.

    The result then changes when somebody exports the same table with its columns in another order."""
    names = [name for name in table if name in cfg["features"]]
    return _train(np.random.default_rng(cfg["seed"]), cfg, table, names)


@misconception
def scaled_by_all_rows(cfg, table):
    """Mean and deviation are those of all rows, the held-out ones included.

    So the notebook did it, and it repeats perfectly: a result can be reproducible and wrong. What is held out must
    have no part in anything that is fitted."""
    return _train(np.random.default_rng(cfg["seed"]), cfg, table, fit_on="all")


@misconception
def scored_on_training_rows(cfg, table):
    """The metrics are those of the training rows.

    They say how well the model remembers. Report the rows that were held out."""
    metrics = _train(np.random.default_rng(cfg["seed"]), cfg, table, score_on="train")
    return metrics | {"held_out": round(cfg["holdout"] * len(table[cfg["target"]]))}


def _same(a, b):
    try:
        return set(a) == set(b) and all(abs(a[key] - b[key]) <= 1e-7 * max(1, abs(b[key])) for key in b)
    except (TypeError, KeyError, AttributeError):
        return False


def _right(cfg, table):
    return _train(np.random.default_rng(cfg["seed"]), cfg, table)


@behaviour("another seed gives other metrics")
def seed_decides(student, rng):
    """A seed that is written into the function makes every run equal, whatever the configuration says. Then nobody can
    tell how much of a result is luck of the split. The seed to use is `cfg["seed"]`."""
    cfg, table = _case(rng, ["weight", "age", "pulse"], 20)
    answers = [student.run(cfg | {"seed": cfg["seed"] + k}, table) for k in range(4)]
    if all(_same(answers[0], other) for other in answers[1:]):
        fail("Four different seeds give the same metrics.", case=cfg, expected="other metrics", actual=answers[0])


@behaviour("a run leaves nothing behind for the next one")
def nothing_left_behind(student, rng):
    """The same run was asked for again, after others, and its metrics were different. Something outlived the call: a
    generator made when the file was loaded, weights or statistics kept in a global. That is the notebook's hidden
    state, in a file. What a run needs, it makes itself."""
    cfg, table = _case(rng, ["lead", "zinc", "iron"], 20)
    first = student.run(cfg, table)
    for other in (cfg, cfg | {"seed": cfg["seed"] + 1}, cfg):
        last = student.run(other, table)
    if not _same(last, first):
        fail("The same run gives other metrics later on.", case=cfg, expected=first, actual=last)


@behaviour("the columns stand in the order of the configuration")
def columns_in_their_order(student, rng):
    """The metrics are right for the columns in another order than that of `cfg["features"]`. A set of strings is
    ordered by hashes, and Python draws the hash's key anew for each process, so the same file trains another model
    tomorrow. Keep lists as lists."""
    for names in (["weight", "age", "pulse"], ["salt", "iron", "zinc"], ["x9", "b", "kg"], ["lat", "lon", "alt"]):
        cfg, table = _case(rng, names, 20)
        actual = student.run(cfg, table)
        if _same(actual, _right(cfg, table)):
            continue
        for other in permutations(cfg["features"]):
            if _same(actual, _train(np.random.default_rng(cfg["seed"]), cfg, table, other)):
                fail(
                    "The columns were taken in another order.",
                    case=cfg, expected=cfg["features"], actual=list(other),
                )  # fmt: skip
        return
