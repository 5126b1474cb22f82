"""delayed(predictions, outcomes, now, horizon): join by id, wait until due, keep the unknown unknown."""

from gradus.checks import cases, misconception, valid


@valid
def a_log(predictions, outcomes, now, horizon):
    ids = [row["id"] for row in predictions]
    return len(set(ids)) == len(ids) and horizon >= 0


@cases
def logs(rng):
    """Reports out of order, twice, late, never, of strangers; nothing due; nothing known."""
    for n in (6, 12, 25):
        ids = [f"r{k}" for k in rng.permutation(3 * n)[:n].tolist()]
        made = [{"id": i, "at": int(rng.integers(0, 20)), "p": float(rng.integers(1, 20)) / 20} for i in ids]
        told = []
        for row in made:
            for _ in range(int(rng.choice([0, 1, 1, 1, 2, 3]))):
                told.append({"id": row["id"], "at": row["at"] + int(rng.integers(0, 14)), "y": int(rng.integers(0, 2))})
        told += [{"id": f"x{k}", "at": int(rng.integers(0, 20)), "y": 1} for k in range(3)]
        told = [told[k] for k in rng.permutation(len(told)).tolist()]
        for now, horizon in ((20, 8), (14, 5), (30, 10)):
            yield made, told, now, horizon
    row = {"id": "a", "at": 3, "p": 0.25}
    yield [row], [{"id": "a", "at": 5, "y": 1}], 10, 7
    yield [row], [{"id": "a", "at": 5, "y": 1}], 10, 8
    yield [row], [{"id": "a", "at": 11, "y": 1}], 10, 7
    yield [row], [{"id": "a", "at": 10, "y": 1}, {"id": "a", "at": 10, "y": 0}], 10, 0
    yield [row, {"id": "b", "at": 4, "p": 0.75}], [{"id": "b", "at": 9, "y": 0}, {"id": "a", "at": 8, "y": 1}], 20, 5
    yield [row], [{"id": "a", "at": 8, "y": 1}, {"id": "a", "at": 5, "y": 0}], 10, 7
    yield [row], [], 10, 2
    yield [], [{"id": "a", "at": 5, "y": 1}], 10, 7


def _known(outcomes, now, take="last"):
    known = {}
    for report in sorted(outcomes, key=lambda report: report["at"]):
        if report["at"] <= now and not (take == "first" and report["id"] in known):
            known[report["id"]] = report["y"]
    return known


def _answer(losses, due, predictions):
    return {
        "scored": len(losses),
        "missing": len(due) - len(losses),
        "waiting": len(predictions) - len(due),
        "brier": sum(losses) / len(losses) if losses else None,
    }


def _due(predictions, now, horizon):
    return [row for row in predictions if row["at"] + horizon <= now]


def _losses(due, known):
    return [(row["p"] - known[row["id"]]) ** 2 for row in due if row["id"] in known]


@misconception
def joined_by_position(predictions, outcomes, now, horizon):
    """Predictions and outcomes are paired by their place in the lists, not by id.

    Outcomes come in the order in which they are reported. Paired by position, everybody gets somebody else's."""
    due = _due(predictions, now, horizon)
    pairs = [(row, report) for row, report in zip(due, outcomes, strict=False) if report["at"] <= now]
    return _answer([(row["p"] - report["y"]) ** 2 for row, report in pairs], due, predictions)


@misconception
def missing_is_zero(predictions, outcomes, now, horizon):
    """Outcomes that are not known count as 0.

    “Nothing reported” may mean that nothing happened, or that the report is lost. As zeros they make every low
    probability look right. Count them apart."""
    known = _known(outcomes, now)
    due = _due(predictions, now, horizon)
    losses = [(row["p"] - known.get(row["id"], 0)) ** 2 for row in due]
    answer = _answer(losses, due, predictions)
    return answer | {"missing": len(due) - len(_losses(due, known)), "scored": len(_losses(due, known))}


@misconception
def missing_is_zero_and_scored(predictions, outcomes, now, horizon):
    """Outcomes that are not known count as 0, and as scored.

    “Nothing reported” may mean that nothing happened, or that the report is lost. As zeros they make every low
    probability look right. Count them apart."""
    known = _known(outcomes, now)
    due = _due(predictions, now, horizon)
    return _answer([(row["p"] - known.get(row["id"], 0)) ** 2 for row in due], due, predictions)


@misconception
def early_ones_scored(predictions, outcomes, now, horizon):
    """Predictions that are not due yet are scored when something has been reported.

    Bad outcomes are known early, good ones only at the end. What is there before the day is a sample of the bad."""
    known = _known(outcomes, now)
    due = _due(predictions, now, horizon)
    losses = _losses(predictions, known)
    return {
        "scored": len(losses),
        "missing": len(due) - len(_losses(due, known)),
        "waiting": len(predictions) - len(due),
        "brier": sum(losses) / len(losses) if losses else None,
    }


@misconception
def no_horizon(predictions, outcomes, now, horizon):
    """Every prediction is taken as due at once: the horizon is not used.

    Then the youngest are missing or scored on the first, bad news. Wait until each is due."""
    due = [row for row in predictions if row["at"] <= now]
    return _answer(_losses(due, _known(outcomes, now)), due, predictions)


@misconception
def reports_multiply(predictions, outcomes, now, horizon):
    """A prediction with two reports is scored twice.

    A merge multiplies rows whose key is there several times. Keep one report for each id before you join."""
    due = _due(predictions, now, horizon)
    told = [report for report in outcomes if report["at"] <= now]
    losses = [(row["p"] - report["y"]) ** 2 for row in due for report in told if report["id"] == row["id"]]
    answer = _answer(losses, due, predictions)
    return answer | {"missing": len(due) - len(_losses(due, _known(outcomes, now)))}


@misconception
def corrections_ignored(predictions, outcomes, now, horizon):
    """The first report counts, and corrections are ignored.

    Who corrects a report knows more than who made it. The latest day counts."""
    due = _due(predictions, now, horizon)
    return _answer(_losses(due, _known(outcomes, now, "first")), due, predictions)


@misconception
def last_in_the_list(predictions, outcomes, now, horizon):
    """Of several reports the last in the list counts, not the one of the latest day.

    The list is in no order. Look at `at`."""
    known = {report["id"]: report["y"] for report in outcomes if report["at"] <= now}
    due = _due(predictions, now, horizon)
    return _answer(_losses(due, known), due, predictions)


@misconception
def reads_the_future(predictions, outcomes, now, horizon):
    """Reports of days after `now` are used.

    On the day itself nobody had them. A score that uses them cannot be had when it is needed."""
    due = _due(predictions, now, horizon)
    return _answer(_losses(due, _known(outcomes, 10**9)), due, predictions)


@misconception
def due_a_day_late(predictions, outcomes, now, horizon):
    """A prediction is taken as due one day too late.

    `at + horizon <= now`: on the day itself it is due."""
    due = [row for row in predictions if row["at"] + horizon < now]
    return _answer(_losses(due, _known(outcomes, now)), due, predictions)


@misconception
def mean_over_all_due(predictions, outcomes, now, horizon):
    """The sum of the losses is divided by all that are due, missing ones included.

    A missing outcome then counts as a perfect prediction."""
    due = _due(predictions, now, horizon)
    losses = _losses(due, _known(outcomes, now))
    return _answer(losses, due, predictions) | {"brier": sum(losses) / len(due) if due else None}


@misconception
def zero_for_none(predictions, outcomes, now, horizon):
    """With nothing to score your Brier score is 0, the best there is.

    “Nobody knows” and “perfect” must not look alike. Return None."""
    due = _due(predictions, now, horizon)
    answer = _answer(_losses(due, _known(outcomes, now)), due, predictions)
    return answer | {"brier": answer["brier"] or 0.0}
