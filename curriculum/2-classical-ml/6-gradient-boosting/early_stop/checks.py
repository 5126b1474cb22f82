"""early_stop(curve, patience): what a run would do that sees one round after the other."""

import numpy as np

from gradus.checks import cases, misconception, valid


@valid
def a_run(curve, patience):
    return len(curve) >= 1 and patience >= 1 and bool(np.isfinite(curve).all())


def _somewhere(rng, curve):
    """The same shape on another scale, in steps that floats hold exactly."""
    scale, shift = int(rng.integers(1, 5)) / 8, int(rng.integers(0, 4)) / 4
    return [float(value) * scale + shift for value in curve]


@cases
def curves(rng):
    """A later minimum that is never reached, plateaus, sawteeth, a run that is never stopped, one round."""
    yield _somewhere(rng, [9, 7, 5, 6, 6, 7, 8, 1]), int(rng.integers(2, 5))
    yield _somewhere(rng, [9, 6, 6, 6, 6, 5, 4]), 3
    yield _somewhere(rng, [9, 8, 9, 7, 9, 6, 9, 5, 9, 4]), int(rng.integers(2, 4))
    yield _somewhere(rng, [9, 5, 8, 7, 6, 8, 7, 6, 9]), int(rng.integers(3, 5))
    yield _somewhere(rng, range(9, 3, -1)), 1
    yield _somewhere(rng, [4, 5, 6]), 3
    yield _somewhere(rng, [4, 5, 6, 7]), 3
    yield _somewhere(rng, [3]), 2
    for _ in range(4):
        valley = np.abs(np.arange(12) - rng.integers(3, 9)) + rng.integers(0, 4, size=12)
        yield _somewhere(rng, valley.tolist()), int(rng.integers(1, 5))


def _run(curve, patience, better=lambda loss, best: loss < best):
    best = 0
    for k in range(len(curve)):
        if k and better(curve[k], curve[best]):
            best = k
        if k - best >= patience:
            return best, k + 1
    return best, len(curve)


@misconception
def sees_the_whole_curve(curve, patience):
    """The best round lies behind the point where training stopped.

    `argmin` of the whole curve knows the future. A run that has stopped never sees what would have come; that is the
    price of stopping, and a larger patience is how it is bargained down."""
    return int(np.argmin(curve)), len(curve)


@misconception
def stops_after_the_very_best(curve, patience):
    """Training went on until the best round of the whole curve, and waited only there.

    You looked for the minimum first and counted the patience from it. Seen round by round, a run may have given up
    long before."""
    best = int(np.argmin(curve))
    return best, min(len(curve), best + patience + 1)


@misconception
def keeps_the_last_round(curve, patience):
    """The round returned is the last one trained, not the best.

    By the time training stops, the model has been getting worse, or no better, for `patience` rounds. Those trees are
    what you want to be rid of."""
    _, trained = _run(curve, patience)
    return trained - 1, trained


@misconception
def compared_with_the_round_before(curve, patience):
    """Each loss was compared with the one before it, not with the best so far.

    A curve that zigzags upward improves on its last value every second time, and such a run is never stopped. Only a
    new best resets the waiting."""
    best = waited = 0
    for k in range(1, len(curve)):
        if curve[k] < curve[best]:
            best = k
        waited = 0 if curve[k] < curve[k - 1] else waited + 1
        if waited >= patience:
            return best, k + 1
    return best, len(curve)


@misconception
def equal_counts_as_better(curve, patience):
    """A loss equal to the best was taken for a new best.

    On a plateau training then goes on as long as nothing gets worse, and of two equally good models the larger one is
    kept. "Below all before it" is `<`."""
    return _run(curve, patience, lambda loss, best: loss <= best)


@misconception
def one_round_too_patient(curve, patience):
    """Training goes on for one round too many.

    The round that completes the waiting is the last one: with a patience of 1, the first round without a new best
    ends the run."""
    return _run(curve, patience + 1)


@misconception
def one_round_too_hasty(curve, patience):
    """Training stops one round too early.

    A patience of 2 is used up when *two* rounds have passed without a new best."""
    return _run(curve, max(patience - 1, 1))


@misconception
def waiting_never_reset(curve, patience):
    """Rounds without a new best were counted over the whole run, not in a row.

    A new best means that the run is still getting somewhere, so the waiting starts anew. Set the counter back to 0."""
    best = waited = 0
    for k in range(1, len(curve)):
        if curve[k] < curve[best]:
            best = k
        else:
            waited += 1
        if waited >= patience:
            return best, k + 1
    return best, len(curve)


@misconception
def best_counted_from_one(curve, patience):
    """The best round is one too high: it was counted from 1.

    Rounds are counted from 0, as XGBoost's `best_iteration` is. The number of *trees* up to that round is one more;
    mixing up the two costs or adds a tree."""
    best, trained = _run(curve, patience)
    return best + 1, trained


@misconception
def trained_is_last_index(curve, patience):
    """The number of rounds trained is one too low.

    If round 3 is the last, and rounds are counted from 0, there were four."""
    best, trained = _run(curve, patience)
    return best, trained - 1
