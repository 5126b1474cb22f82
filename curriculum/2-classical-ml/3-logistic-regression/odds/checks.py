"""odds_ratio(w, step) and shifted(p, ratio): coefficients multiply odds, not probabilities."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid(of="odds_ratio")
def same_length(w, step):
    return w.ndim == 1 and w.shape == step.shape and len(w) >= 1 and np.abs(w * step).max() < 50


@valid(of="shifted")
def probabilities(p, ratio):
    return p.ndim == 1 and len(p) >= 1 and bool(((p >= 0) & (p <= 1)).all()) and ratio > 0


@cases(of="odds_ratio")
def coefficients(rng):
    """Both signs, steps other than 1, a coefficient of 0, and whole numbers."""
    for d in (1, 3, 5):
        signs = rng.permutation(np.tile([-1.0, 1.0], d)[:d])
        yield signs * rng.uniform(0.3, 1.5, size=d), rng.uniform(1.5, 3, size=d) * rng.choice([-1, 1], size=d)
    yield np.array([0.0, 0.5]), np.array([3.0, 0.0])
    yield np.array([2, -1]), np.array([1, 3])


@cases(of="shifted")
def starting_points(rng):
    n = int(rng.integers(3, 7))
    for ratio in (float(rng.uniform(1.5, 6)), float(rng.uniform(0.1, 0.7)), 1.0):
        yield rng.uniform(0.05, 0.95, size=n), ratio
    yield np.concatenate([rng.permutation(np.array([0.0, 1.0, 0.5])), rng.uniform(0.2, 0.8, size=2)]), 3.0
    yield np.array([0.5, 0.25]), 9.0


@misconception(of="odds_ratio")
def log_odds(w, step):
    """You give what is added to the log-odds, not the factor of the odds.

    Log-odds add up, and that is where the model is linear. To speak about the odds themselves, take the logarithm
    away."""
    return w * step * 1.0


@misconception(of="odds_ratio")
def step_ignored(w, step):
    """All factors are for a step of 1.

    One year more and ten years more are not the same. The step multiplies the coefficient before it becomes a
    factor."""
    return np.exp(w) + 0 * step


@misconception(of="odds_ratio")
def step_as_factor(w, step):
    """Ten steps are taken for ten times the factor of one.

    Each step multiplies the odds again: a factor of 2 per year is 1,024 in ten years, not 20."""
    return np.exp(w) * step


@misconception(of="odds_ratio")
def percent(w, step):
    """A coefficient of 0.7 is read as "70 % more".

    Near 0 that is a fair approximation, as $e^{0.05}$ is about 1.05. For 0.7 the factor is 2.01, and for −1.2 yours is
    negative."""
    return 1 + w * step


@misconception(of="odds_ratio")
def sigmoid_of_coefficient(w, step):
    """You put the coefficient through the sigmoid, as if it were a score.

    The sigmoid makes a probability of a whole score, $Xw + b$. A single term of it has no probability."""
    return 1 / (1 + np.exp(-w * step))


@misconception(of="odds_ratio")
def inverted(w, step):
    """Every factor is upside down.

    Features with positive coefficients raise the odds, so their factors are above 1."""
    return np.exp(-w * step)


@misconception(of="odds_ratio")
def all_together(w, step):
    """All factors are the same: that of all steps taken together.

    Each feature rises *alone*. `w @ step` is what they do to the log-odds as one."""
    return np.exp(w @ step) * np.ones(len(w))


@misconception(of="shifted")
def probability_multiplied(p, ratio):
    """You multiplied the probability, and it may leave the range from 0 to 1.

    "Twice the odds" is not "twice as probable". For rare events the two nearly agree, and so they are easily mixed
    up; at 0.5, odds of three times as much mean 0.75, not 1.5."""
    return p * ratio


@misconception(of="shifted")
def probability_multiplied_and_cut(p, ratio):
    """You multiplied the probability and cut off what went above 1.

    That it went above 1 is the sign that something else is multiplied: the odds."""
    return np.minimum(p * ratio, 1.0)


@misconception(of="shifted")
def left_as_odds(p, ratio):
    """You give odds; probabilities are asked for.

    Odds of 3 mean three yes for each no, a probability of 0.75. The way back is missing."""
    with np.errstate(all="ignore"):
        return ratio * p / (1 - p)


@misconception(of="shifted")
def certain_becomes_nan(p, ratio):
    """Where `p` is 1 you get `nan`.

    The odds of a certainty are infinite, and infinity over infinity is no number. What is certain stays certain."""
    with np.errstate(all="ignore"):
        odds = ratio * p / (1 - p)
        return odds / (1 + odds)


@misconception(of="shifted")
def added_to_log_odds(p, ratio):
    """The ratio was added to the log-odds as it is.

    Multiplying the odds adds the *logarithm* of the ratio. A ratio of 1 has to change nothing."""
    with np.errstate(all="ignore"):
        return p * np.exp(ratio) / (p * np.exp(ratio) + 1 - p)


@misconception(of="shifted")
def divided(p, ratio):
    """The odds were divided by the ratio.

    A ratio above 1 raises the probability."""
    return p / (p + (1 - p) * ratio)


@behaviour("swapping the names of yes and no turns everything round")
def labels_swapped(student, rng):
    """Call the other class 1, and every coefficient changes its sign, every factor becomes its inverse, and every
    probability becomes what is missing to 1. Nothing else can change: it is the same model."""
    w, step, p = rng.normal(size=3), rng.uniform(1, 2, size=3), rng.uniform(0.1, 0.9, size=4)
    there, back = np.asarray(student.odds_ratio(w, step)), np.asarray(student.odds_ratio(-w, step))
    if not np.allclose(there * back, 1):
        fail("A coefficient and its negative give factors that do not cancel.", case=(w, step), actual=there * back)
    expected = 1 - np.asarray(student.shifted(p, 4.0))
    actual = np.asarray(student.shifted(1 - p, 0.25))
    if not np.allclose(actual, expected):
        fail("With yes and no swapped, the probabilities do not add up to 1.", case=p, expected=expected, actual=actual)
