"""predict_risk(X, y, X_new, l2): standardize by the training rows, fit, predict; new rows do not touch one another."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid


@cache
def _samples():
    """569 samples with 30 measurements, and whether each was malignant. Read without importing scikit-learn."""
    path = Path(find_spec("sklearn").origin).parent / "datasets" / "data" / "breast_cancer.csv"
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    return table[:, :-1], (table[:, -1] == 0).astype(int)


def _clinic(rng, n, m, columns):
    """n old samples, both outcomes in them, and m new ones, in which malignant ones are more frequent."""
    X, y = _samples()
    sick, well = (rng.permutation(np.flatnonzero(y == label)) for label in (1, 0))
    old = rng.permutation(np.concatenate([sick[: n // 3], well[: n - n // 3]]))
    new = rng.permutation(np.concatenate([sick[n : n + m - 1], well[n : n + 1]]))
    return X[np.ix_(old, columns)], y[old], X[np.ix_(new, columns)]


@valid
def trainable(X, y, X_new, l2):
    fits = X.ndim == X_new.ndim == 2 and X.shape[1] == X_new.shape[1] >= 1 and y.shape == (len(X),)
    if not (fits and len(X_new) >= 1 and set(np.unique(y)) == {0, 1} and 0.3 <= l2 <= 10):
        return False
    return bool((X.std(axis=0) > 1e-3 * np.abs(X).max(axis=0)).all())


@cases(compare=compare.close(rtol=1e-3, atol=1e-3))
def clinics(rng):
    """A radius, a texture, an area, a smoothness: units from 0.1 to 1,000."""
    for n, m, columns, l2 in ((16, 4, [1, 3], 1.0), (24, 6, [0, 1, 4], 2.0), (21, 5, [3, 4, 8, 9], 0.5)):
        yield *_clinic(rng, n, m, columns), l2 * float(rng.uniform(0.9, 1.1))


def _sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def _fit(Z, y, l2, on_intercept=0.0):
    Z = np.column_stack([Z, np.ones(len(Z))])
    penalty = np.append(np.full(Z.shape[1] - 1, float(l2)), on_intercept)
    theta = np.zeros(len(penalty))
    for _ in range(20):
        p = _sigmoid(Z @ theta)
        curvature = (Z.T * (p * (1 - p))) @ Z + np.diag(penalty)
        theta = theta - np.linalg.solve(curvature, Z.T @ (p - y) + penalty * theta)
    return theta[:-1], theta[-1]


def _scores(X, y, X_new, l2, on_intercept=0.0):
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    w, b = _fit((X - mean) / deviation, y, l2, on_intercept)
    return (X_new - mean) / deviation @ w + b


@misconception
def new_samples_by_their_own_mean(X, y, X_new, l2):
    """The new samples were standardized by their own mean and deviation.

    `fit_transform` on new data learns a second, different transformation. If the new patients are sicker than the old
    ones, it makes average patients of them; and for a single patient it makes nothing but zeros."""
    w, b = _fit((X - X.mean(axis=0)) / X.std(axis=0), y, l2)
    deviation = X_new.std(axis=0)
    return _sigmoid((X_new - X_new.mean(axis=0)) / np.where(deviation == 0, 1, deviation) @ w + b)


@misconception
def scaled_together(X, y, X_new, l2):
    """Old and new samples were standardized together.

    Then the new samples take part in the training, by way of mean and deviation. On paper that is a small leak; in the
    clinic it is impossible, as the next patient is not there yet when the model is trained."""
    everyone = np.vstack([X, X_new])
    mean, deviation = everyone.mean(axis=0), everyone.std(axis=0)
    w, b = _fit((X - mean) / deviation, y, l2)
    return _sigmoid((X_new - mean) / deviation @ w + b)


@misconception
def new_samples_not_scaled(X, y, X_new, l2):
    """The new samples reach the model in their raw units.

    It was trained on standardized columns, where 2 is a lot. An area of 650 is then beyond everything, and all risks
    are 0 or 1."""
    w, b = _fit((X - X.mean(axis=0)) / X.std(axis=0), y, l2)
    return _sigmoid(X_new @ w + b)


@misconception
def not_standardized(X, y, X_new, l2):
    """Nothing was standardized, so the penalty weighs the columns by their units.

    A column of small numbers needs a large coefficient, and pays for it. The smoothness is near 0.1 and is punished
    out of the model; the area, near 650, is hardly charged at all."""
    center = X.mean(axis=0)
    w, b = _fit(X - center, y, l2)
    return _sigmoid((X_new - center) @ w + b)


@misconception
def sample_deviation(X, y, X_new, l2):
    """All risks are slightly off: the columns were divided by the *sample* deviation.

    With `ddof=1`, what pandas does, the columns are a little smaller, so the same penalty weighs a little more. The
    task asks for the population deviation."""
    mean, deviation = X.mean(axis=0), X.std(axis=0, ddof=1)
    w, b = _fit((X - mean) / deviation, y, l2)
    return _sigmoid((X_new - mean) / deviation @ w + b)


@misconception
def probability_of_benign(X, y, X_new, l2):
    """These are the probabilities of *benign*.

    `predict_proba` has one column for each class, in the order of `classes_`. The first belongs to label 0."""
    return _sigmoid(-_scores(X, y, X_new, l2))


@misconception
def verdicts(X, y, X_new, l2):
    """You give verdicts, 0 or 1; risks are asked for.

    `predict` cuts at 0.5, which is a decision. Whether a risk of 0.3 calls for another test is not for the model to
    decide."""
    return (_scores(X, y, X_new, l2) > 0).astype(float)


@misconception
def scores(X, y, X_new, l2):
    """These are scores, not probabilities.

    The last step, the sigmoid, is missing."""
    return _scores(X, y, X_new, l2)


@misconception
def intercept_penalized(X, y, X_new, l2):
    """The intercept is charged for, too, so all risks are drawn toward one half.

    Give its place in the vector of penalties a 0."""
    return _sigmoid(_scores(X, y, X_new, l2, on_intercept=l2))


@misconception
def penalty_as_c(X, y, X_new, l2):
    """The larger `l2` is, the weaker the penalty.

    scikit-learn's `C` is its inverse: it says how much the data count."""
    return _sigmoid(_scores(X, y, X_new, 1 / l2))


@behaviour("a patient's risk does not depend on the other new patients")
def others_play_no_part(student, rng):
    """The first new sample is asked about alone, and then beside another one with huge values. Nothing about the
    model can have changed between the two. If the answer has, something was learned from the samples to be
    predicted."""
    X, y, X_new = _clinic(rng, 18, 3, [0, 1])
    alone = float(np.asarray(student.predict_risk(X, y, X_new[:1], 1.0))[0])
    beside = np.vstack([X_new[:1], X_new[1:2] * 20])
    actual = float(np.asarray(student.predict_risk(X, y, beside, 1.0))[0])
    if not np.isclose(actual, alone, atol=1e-6):
        fail("Another new sample changes the first one's risk.", case=beside, expected=alone, actual=actual)
