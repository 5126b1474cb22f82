"""track(step, base, changes, steps, runs): a record for every run, failures included, params and ids its own."""

from gradus.checks import behaviour, cases, fail, misconception, valid
from gradus.checks.raised import LearnerRaised

KEYS = {"id", "params", "status", "metrics", "error"}


@valid
def records_and_changes(step, base, changes, steps, runs):
    return (
        type(base) is dict and steps >= 0 and all(type(change) is dict for change in changes)
        and {"rate", "fails", "kind"} <= set(base)
        and all(type(run) is dict and set(run) == KEYS and type(run["id"]) is int and run["id"] > 0 for run in runs)
        and len({run["id"] for run in runs}) == len(runs)
    )  # fmt: skip


def train(params, t):
    """A loss that falls, an accuracy at every second step; it raises at step `fails`."""
    if t == params["fails"]:
        kinds = {"value": ValueError, "float": OverflowError, "zero": ZeroDivisionError, "key": KeyError}
        raise kinds[params["kind"]](f"at rate {params['rate']}")
    metrics = {"loss": 1.0 / (1.0 + params["rate"] * (t + 1))}
    if t % 2 == 0:
        metrics["accuracy"] = 0.5 + 0.01 * t * params["rate"]
    return metrics


def _old(rng, numbers):
    return [
        {"id": int(number), "params": {"rate": float(rng.random())}, "status": "FINISHED", "metrics": {}, "error": None}
        for number in numbers
    ]


def _sweep(rng, kind="value"):
    """Four runs; the second changes two things, the third fails after two steps, the last changes nothing."""
    rates = [float(rate) for rate in rng.permutation([0.1, 0.3, 0.5, 1.0, 3.0])]
    base = {"rate": rates[0], "fails": -1, "kind": kind, "seed": int(rng.integers(100))}
    changes = [{"rate": rates[1]}, {"rate": rates[2], "depth": 3}, {"rate": rates[3], "fails": 2}, {}]
    return base, changes


@cases
def sweeps(rng):
    """Failures in the middle, at once and not at all; earlier runs with gaps in their ids, in any order."""
    for kind, earlier in (("value", []), ("float", [2, 7]), ("zero", [9, 3, 4])):
        base, changes = _sweep(rng, kind)
        yield train, base, changes, int(rng.integers(4, 6)), _old(rng, earlier)
    yield train, base, [{"fails": 0, "kind": "zero"}, {"rate": 2.0}, {"fails": 1}], 3, _old(rng, [1])
    yield train, base, [{"seed": 1}, {"rate": 0.25}], 0, []
    yield train, base, [], 3, _old(rng, [5])


def _tracked(step, base, changes, steps, runs, *, pile=False, one_dict=False, keep=True, told=True, last=False,
             number=None, partial=True, error="{type}: {text}", whole=True, go_on=True):  # fmt: skip
    """What the task asks; every option is somebody's mistake."""
    records, params = [dict(run) for run in runs], dict(base)
    for change in changes:
        params = (params if pile or one_dict else base) | change
        record = {
            "id": (number or _next)(records, runs),
            "params": (params if whole else change),
            "status": "FINISHED", "metrics": {}, "error": None,
        }  # fmt: skip
        try:
            for t in range(steps):
                for name, value in step(params, t).items():
                    if last:
                        record["metrics"][name] = [[t, value]]
                    else:
                        record["metrics"].setdefault(name, []).append([t, value])
        except Exception as problem:
            if told:
                record["status"] = "FAILED"
            record["error"] = error.format(type=type(problem).__name__, text=problem)
            if not partial:
                record["metrics"] = {}
            if not keep:
                continue
        records.append(record)
    if one_dict:
        for record in records[len(runs) :]:
            record["params"] = params
    return records


def _next(records, runs):
    return 1 + max((record["id"] for record in records), default=0)


@misconception
def one_dict_for_all_runs(step, base, changes, steps, runs):
    """All runs claim the parameters of the last one.

    Every record holds the same dict, which went on changing after it was recorded. A record is a statement about the
    past: it needs a copy of its own, taken before anything else can touch it."""
    params, records = dict(base), _tracked(step, base, changes, steps, runs)
    for change in changes:
        params |= change
    for record in records[len(runs) :]:
        record["params"] = params
    return records


@misconception
def changes_pile_up(step, base, changes, steps, runs):
    """Later runs still carry the changes of earlier ones.

    Each change was put on top of what the run before had left. The records then say truly what was trained; but it is
    not what was asked for, and two runs differ in more than you think. Start from `base` each time."""
    return _tracked(step, base, changes, steps, runs, pile=True)


@misconception
def only_the_changes(step, base, changes, steps, runs):
    """Only what differs from `base` is recorded.

    `base` will be edited tomorrow, and then nobody knows what the run was trained with. Record all parameters."""
    return _tracked(step, base, changes, steps, runs, whole=False)


@misconception
def failures_left_out(step, base, changes, steps, runs):
    """Runs that failed have no record.

    What is left looks as if every setting worked, and next month somebody tries the failing one again. A failure is a
    result."""
    return _tracked(step, base, changes, steps, runs, keep=False)


@misconception
def failed_but_finished(step, base, changes, steps, runs):
    """A run that failed is called `FINISHED`.

    The exception was noted, the status was not changed. Whoever looks for the best run takes it for a whole one."""
    return _tracked(step, base, changes, steps, runs, told=False)


@misconception
def metrics_lost_with_the_run(step, base, changes, steps, runs):
    """What a run had logged before it failed is gone.

    The steps up to the failure are what you need to see why it failed: the loss that grew, the step at which it did.
    Write each value into the record as it comes."""
    return _tracked(step, base, changes, steps, runs, partial=False)


@misconception
def last_value_only(step, base, changes, steps, runs):
    """Each metric has only its last value.

    The curve is lost, and with it the step at which the model was best. Keep every value with its step."""
    return _tracked(step, base, changes, steps, runs, last=True)


@misconception
def message_without_type(step, base, changes, steps, runs):
    """The error is recorded without its type.

    `KeyError('rate')` has the message `'rate'`, and that alone explains nothing. Record type and message."""
    return _tracked(step, base, changes, steps, runs, error="{text}")


@misconception
def type_without_message(step, base, changes, steps, runs):
    """The error is recorded without its message.

    That it was a `ValueError` is half of what one wants to know. Record type and message."""
    return _tracked(step, base, changes, steps, runs, error="{type}")


@misconception
def counted_ids(step, base, changes, steps, runs):
    """An id is used a second time.

    You count the records. As soon as an earlier one has been deleted, the count lags behind, and the new run takes an
    id that exists: in a store that is indexed by ids it overwrites evidence. Go on from the largest."""
    return _tracked(step, base, changes, steps, runs, number=lambda records, _: len(records) + 1)


@misconception
def ids_start_again(step, base, changes, steps, runs):
    """The ids start at 1 again, although there are earlier runs.

    In a store that is indexed by ids, the new runs overwrite the old ones. Go on from the largest id there is."""
    return _tracked(step, base, changes, steps, runs, number=lambda records, old: len(records) - len(old) + 1)


@misconception
def after_the_last_id(step, base, changes, steps, runs):
    """The id is one more than that of the *last* record, not of the largest.

    The records need not be in the order of their ids. Where a larger one stands further up, it is soon used twice."""
    return _tracked(step, base, changes, steps, runs, number=lambda records, _: (records or [{"id": 0}])[-1]["id"] + 1)


@misconception
def new_ones_alone(step, base, changes, steps, runs):
    """The earlier records are missing from the answer.

    What is returned replaces what there was. The old runs are evidence; put the new ones after them."""
    return _tracked(step, base, changes, steps, runs)[len(runs) :]


@behaviour("a run that fails does not end the others")
def failures_are_caught(student, rng):
    """One run raised, and with it the whole sweep ended. The runs that had finished are lost, too, and those after it
    never began. Runs fail in more ways than one expects (a key that is missing, a division by zero, an overflow), so
    catch `Exception`, note it, and go on with the next."""
    for kind in ("value", "key", "zero", "float"):
        base, changes = _sweep(rng, kind)
        try:
            student.track(train, base, changes, 4, [])
        except LearnerRaised as raised:
            if raised.type in ("ValueError", "KeyError", "ZeroDivisionError", "OverflowError"):
                fail(f"The {raised.type} of one run ends all of them.", case=changes)
            raise
