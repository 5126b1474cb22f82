"""best(runs, metric, direction): finished runs, finite validation values, the stated direction, ties to the first."""

import math

from gradus.checks import cases, misconception, valid


@valid
def runs_with_ids(runs, metric, direction):
    return (
        isinstance(metric, str) and isinstance(direction, str)
        and all(type(run) is dict and {"id", "status", "metrics"} == set(run) for run in runs)
        and all(type(run["id"]) is int and type(run["metrics"]) is dict for run in runs)
        and len({run["id"] for run in runs}) == len(runs)
    )  # fmt: skip


def _runs(rng, n, name="val_auc", test="test_auc"):
    """Ids in no order; the test value and the training value each have another winner."""
    ids = [int(number) for number in rng.permutation(60)[:n]]
    values = [round(float(value), 3) for value in rng.permutation(900)[:n] / 1000 + 0.05]
    others = [round(float(value), 3) for value in rng.permutation(900)[:n] / 1000 + 0.05]
    kin = name.replace("val_", "train_")
    return [
        {"id": number, "status": "FINISHED", "metrics": {kin: 1.0 - value, test: other, name: value}}
        for number, value, other in zip(ids, values, others, strict=True)
    ]


def _place(runs, metric, sign, position):
    """Put the best run at this position of the list."""
    order = sorted(runs, key=lambda run: sign * run["metrics"][metric])
    rest = [run for run in runs if run is not order[0]]
    return [*rest[:position], order[0], *rest[position:]]


@cases
def tables(rng):
    """A failed, a running and a killed run that would win; one without the metric; `nan` first, in the middle, last."""
    for direction, sign, top in (("max", -1, 0.999), ("min", 1, 0.001)):
        name = str(rng.choice(["val_auc", "val_loss"]))
        runs = _place(_runs(rng, 7, name), name, sign, int(rng.integers(1, 6)))
        for status in ("FAILED", "RUNNING", "KILLED"):
            extra = {"id": 60 + int(rng.integers(30)), "status": status, "metrics": {name: top, "test_auc": 0.5}}
            yield [*runs[:4], extra, *runs[4:]], name, direction
        for value in (math.nan, math.inf, -math.inf):
            for position in (0, 4, 7):
                extra = {"id": 70, "status": "FINISHED", "metrics": {name: value, "test_auc": 0.5}}
                yield [*runs[:position], extra, *runs[position:]], name, direction
        for name in ("val_auc", "val_loss"):
            runs = _place(_runs(rng, 6, name), name, sign, int(rng.integers(1, 5)))
            yield runs, name, direction
        yield [{"id": 90, "status": "FINISHED", "metrics": {"test_auc": 0.5}}, *runs], "val_loss", direction


@cases
def below_zero(rng):
    """Values below 0, as R² and log-likelihoods have them."""
    for direction in ("max", "min"):
        runs = _runs(rng, 5, "val_r2")
        for run in runs:
            run["metrics"]["val_r2"] -= 1.5
        yield [*runs, {"id": 80, "status": "FINISHED", "metrics": {"val_loss": 0.1}}], "val_r2", direction


@cases
def ties(rng):
    """Equally good runs in any order of their ids."""
    for direction in ("max", "min"):
        for order in ((8, 3, 5), (3, 8, 5), (5, 8, 3)):
            value = round(float(rng.uniform(0.3, 0.7)), 2)
            worse = value - 0.1 if direction == "max" else value + 0.1
            runs = [{"id": number, "status": "FINISHED", "metrics": {"val_auc": value}} for number in order]
            yield [{"id": 1, "status": "FINISHED", "metrics": {"val_auc": worse}}, *runs], "val_auc", direction


@cases
def nothing_to_choose(rng):
    yield [], "val_auc", "max"
    yield [{"id": 1, "status": "FAILED", "metrics": {"val_auc": 0.8}}], "val_auc", "max"
    yield [{"id": 1, "status": "FINISHED", "metrics": {"val_auc": math.nan}}], "val_auc", "min"
    yield [{"id": 1, "status": "FINISHED", "metrics": {"val_loss": 0.8}}], "val_auc", "min"


@cases
def not_allowed(rng):
    runs = _runs(rng, 4)
    for metric in ("test_auc", "train_auc", "auc", "interval_auc"):
        yield runs, metric, "max"
    for direction in ("maximize", "down", ""):
        yield runs, "val_auc", direction
    yield [], "test_auc", "max"
    yield [], "val_auc", "up"


def _best(runs, metric, direction, statuses=("FINISHED",), counts=math.isfinite, tie=min, prefix="val_", empty=None):
    if not metric.startswith(prefix) or direction not in ("max", "min"):
        raise ValueError
    values = [(run["metrics"].get(metric), run["id"]) for run in runs if not statuses or run["status"] in statuses]
    values = [(value, number) for value, number in values if value is not None and counts(value)]
    if not values:
        raise LookupError
    choose = max if direction == "max" else min
    top = choose(value for value, _ in values)
    return tie(number for value, number in values if value == top or (value != value and top != top))


@misconception
def test_score_allowed(runs, metric, direction):
    """A run is chosen by its test score.

    Of forty runs the one with the best test score is also the luckiest on the test rows, and that luck will not be met
    again. The test set has become a second validation set, and there is none left to measure with. Refuse the name."""
    return _best(runs, metric, direction, prefix="")


@misconception
def unfinished_runs_count(runs, metric, direction):
    """A run wins that did not finish.

    Its last value was logged before it crashed or was stopped; of its model there is half a file, or none. Only
    finished runs have something to deploy."""
    return _best(runs, metric, direction, statuses=())


@misconception
def all_but_failed_ones(runs, metric, direction):
    """A run wins that is still running or was killed.

    `FAILED` is not the only way of not being finished. Ask for the one status that is wanted, rather than against one
    that is not."""
    return _best(runs, metric, direction, statuses=("FINISHED", "RUNNING", "KILLED"))


@misconception
def always_the_largest(runs, metric, direction):
    """The largest value wins, whatever the direction.

    For a loss that is the worst run."""
    _best(runs, metric, direction)
    return _best(runs, metric, "max")


@misconception
def direction_from_the_name(runs, metric, direction):
    """The direction is guessed from the metric's name.

    Names lie: `val_score` may be an error. The caller says which values are good."""
    _best(runs, metric, direction)
    return _best(runs, metric, "min" if "loss" in metric or "error" in metric else "max")


@misconception
def larger_magnitude(runs, metric, direction):
    """Values below 0 are compared by their size.

    An R² of −1.2 is worse than one of −0.6."""
    _best(runs, metric, direction)
    sized = [run | {"metrics": {name: abs(value) for name, value in run["metrics"].items()}} for run in runs]
    return _best(sized, metric, direction)


@misconception
def missing_counts_as_zero(runs, metric, direction):
    """A run without the metric counts as if it had 0.

    For an error, 0 is the best there is, and the run that never measured wins. It has no value; leave it out."""
    filled = [run | {"metrics": {metric: 0.0} | run["metrics"]} for run in runs]
    return _best(filled, metric, direction)


@misconception
def infinity_counts(runs, metric, direction):
    """An infinite value wins.

    A loss of minus infinity is no miracle but an overflow, or a log of 0. Finite values count."""
    return _best(runs, metric, direction, counts=lambda value: value == value)


@misconception
def nan_counts(runs, metric, direction):
    """A run with `nan` wins when it stands in the right place of the list.

    Every comparison with `nan` is false, so `max` and `min` keep it if it comes first and pass over it elsewhere: the
    answer depends on the order of the runs. Sort it out before comparing."""
    return _best(runs, metric, direction, counts=lambda value: not math.isinf(value))


@misconception
def first_in_the_list(runs, metric, direction):
    """Of equally good runs the first of the list is returned, not the one with the smallest id.

    Stores return runs in an order of their own, newest first for instance, so the choice would depend on it."""
    return _best(runs, metric, direction, tie=lambda numbers: next(iter(numbers)))


@misconception
def last_id(runs, metric, direction):
    """Of equally good runs the largest id is returned.

    `max` over pairs `(value, id)` prefers the larger id as well. Asked for is the smallest."""
    return _best(runs, metric, direction, tie=max if direction == "max" else min)


@misconception
def newest_of_the_best(runs, metric, direction):
    """Of equally good runs the newest is returned; asked for is the smallest id."""
    return _best(runs, metric, direction, tie=max)


@misconception
def the_value_itself(runs, metric, direction):
    """You return the best value; asked for is the id of the run that has it."""
    number = _best(runs, metric, direction)
    return next(run["metrics"][metric] for run in runs if run["id"] == number)


@misconception
def none_when_empty(runs, metric, direction):
    """Where no run counts you return `None`.

    It is passed on, and fails somewhere else with a message that explains nothing. Raise `LookupError` here."""
    try:
        return _best(runs, metric, direction)
    except LookupError:
        return None
