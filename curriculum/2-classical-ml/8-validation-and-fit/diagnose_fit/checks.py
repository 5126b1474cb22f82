"""diagnose_fit(train, valid, floor, tol): what a pair of learning curves says, measured from what is possible."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception
from gradus.checks import valid as precondition  # the exercise has an argument of that name


@precondition
def curves_off_the_boundary(train, valid, floor, tol):
    if train.ndim != 1 or train.shape != valid.shape or len(train) < 2 or tol <= 0 or floor < 0:
        return False
    far = [train[-1] - floor, valid[-1] - train[-1], valid[-2] - valid[-1], valid[-1] - floor, train[-1]]
    return all(abs(x - tol) > 1e-4 for x in far) and bool((train >= 0).all() and (valid >= 0).all())


@cases
def generated_curves(rng):
    """Every pair of training error and gap, with a floor that is high or low, still falling or flat."""
    for bias in (0.2, 3.0):
        for gap in (0.3, 4.0):
            for falling in (0.1, 2.5):
                yield _curves(rng, bias, gap, falling, early=1.5 if bias == 3.0 else 0.0)
    yield _curves(rng, 0.1, 0.4, 3.0)[:2] + (0.0, 0.9)
    yield _curves(rng, -1.5, 2.2, 0.5)


def _curves(rng, bias, gap, falling, early=0.3):
    """Curves that end with the given training error above the floor, gap, and falls, in units of the tolerance."""
    s = int(rng.integers(3, 6))
    tol, floor = float(rng.uniform(0.02, 0.05)), float(rng.uniform(0.1, 0.4))
    jitter = rng.uniform(0.85, 1.15, size=3)
    end = floor + bias * tol * jitter[0]
    top = end + gap * tol * jitter[1]
    back = np.arange(s)[::-1]  # how many doublings before the end
    train = np.maximum(end - 0.8 * tol * back, 0.0)
    valid = top + falling * tol * jitter[2] * back + early * tol * np.maximum(back - 1, 0)
    return train, valid, floor, tol


def _named(underfits, overfits):
    return {(True, True): "both", (True, False): "underfits", (False, True): "overfits"}.get(
        (bool(underfits), bool(overfits)), "fits"
    )


def _under(train, floor, tol):
    return train[-1] > floor + tol


def _over(train, valid, tol):
    return valid[-1] > train[-1] + tol


def _help(train, valid, tol):
    return bool(_over(train, valid, tol) and valid[-2] > valid[-1] + tol)


@misconception
def floor_forgotten(train, valid, floor, tol):
    """A model that is as good as can be is called underfitting.

    You measured the training error from 0. Where labels are noisy or experts disagree, nothing gets to 0, and a larger
    model only learns the noise. Measure from the floor."""
    return _named(_under(train, 0.0, tol), _over(train, valid, tol)), _help(train, valid, tol)


@misconception
def judged_by_validation_error(train, valid, floor, tol):
    """Models with a small training error are called underfitting.

    You compared the *validation* error with the floor. It is also high when the model overfits, and the two need
    opposite medicine. Underfitting shows on the rows the model was trained on."""
    return _named(_under(valid, floor, tol), _over(train, valid, tol)), _help(train, valid, tol)


@misconception
def gap_from_the_floor(train, valid, floor, tol):
    """A model whose two errors are equally high is called overfitting.

    You measured the validation error from the floor. Overfitting is what gets lost between rows seen and rows not seen:
    the gap between the two *curves*."""
    return _named(_under(train, floor, tol), valid[-1] > floor + tol), _help(train, valid, tol)


@misconception
def one_or_the_other(train, valid, floor, tol):
    """A model that underfits and overfits is called underfitting only.

    The two do not exclude each other: a model can miss the pattern and learn noise in its place. Ask both questions
    before you answer."""
    name = _named(_under(train, floor, tol), _over(train, valid, tol))
    return "underfits" if name == "both" else name, _help(train, valid, tol)


@misconception
def every_gap_counts(train, valid, floor, tol):
    """Every gap is called overfitting, however small.

    The error on new rows is nearly always a little higher. A gap below `tol` is one you said you do not care about."""
    return _named(_under(train, floor, tol), valid[-1] > train[-1]), _help(train, valid, tol)


@misconception
def read_at_the_start(train, valid, floor, tol):
    """The curves are read where they begin.

    With few rows every flexible model fits what it saw and misses the rest. That says little about the model with all
    rows: read the curves at their end."""
    return _named(_under(train[:1], floor, tol), _over(train[:1], valid[:1], tol)), _help(train, valid, tol)


@misconception
def more_rows_always_help(train, valid, floor, tol):
    """More rows are recommended whenever the model overfits.

    More rows do narrow a gap, but how fast can be read from the curve. If the last doubling brought nothing that
    matters, the next one will hardly bring more."""
    over = _over(train, valid, tol)
    return _named(_under(train, floor, tol), over), bool(over)


@misconception
def more_rows_if_falling(train, valid, floor, tol):
    """More rows are recommended to a model that has no gap.

    A falling curve ends where the training curve is. Without a gap to close, more rows only make both errors known more
    exactly."""
    return _named(_under(train, floor, tol), _over(train, valid, tol)), bool(valid[-2] > valid[-1] + tol)


@misconception
def fall_since_the_start(train, valid, floor, tol):
    """The fall of the validation error is measured over the whole curve.

    Every curve falls steeply in the beginning. What the next doubling may bring is best told by the last one."""
    over = _over(train, valid, tol)
    return _named(_under(train, floor, tol), over), bool(over and valid[0] > valid[-1] + tol)


@behaviour("only differences count")
def shift_invariant(student, rng):
    """The same number was added to both curves and to the floor. If noise makes everything harder alike, the model is
    no worse
    than before."""
    train, valid, floor, tol = _curves(rng, 0.2, 4.0, 2.5)
    before, after = (
        student.diagnose_fit(train, valid, floor, tol),
        student.diagnose_fit(train + 1, valid + 1, floor + 1, tol),
    )
    if list(before) != list(after):
        fail("Adding 1 to both curves and the floor changes the diagnosis.", expected=before, actual=after)
