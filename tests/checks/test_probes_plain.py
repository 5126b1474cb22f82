"""The probes as plain functions: on objects with fit and predict here, and on proxies of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gradus.checks import call
from gradus.checks.probes.calibration import calibration_test, error_bound
from gradus.checks.probes.fit_spy import watching_fits
from gradus.checks.probes.future_cut import lookahead
from gradus.checks.probes.heldout import heldout_edit_leak
from gradus.checks.probes.null_labels import null_scores
from gradus.checks.probes.resampling import ece_null
from gradus.checks.probes.split_audit import audit_split
from gradus.checks.probes.tables import fit_predict, held_out, is_classes, moved, noisy, of_rows, relabeled
from gradus.grader import Grader, Submission

SOURCE = '''
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def build():
    return make_pipeline(StandardScaler(), LogisticRegression())


class Batch:
    """Scales the rows it predicts by themselves."""

    def fit(self, X, y):
        self.model = LogisticRegression().fit((X - X.mean(axis=0)) / X.std(axis=0), y)

    def predict(self, X):
        return self.model.predict_proba((X - X.mean(axis=0)) / X.std(axis=0))[:, 1]


def leaky(X, y, train, test):
    Z = StandardScaler().fit_transform(X)
    return RandomForestClassifier(5, random_state=0).fit(Z[train], y[train]).predict(Z[test])


def honest(X, y, train, test):
    model = build().fit(X[train], y[train])
    said = model.predict(X[test])
    build().fit(X, y)
    return said
'''


@pytest.fixture(scope="module")
def student() -> Iterator[Any]:
    with Grader() as grader, grader.session(Submission(SOURCE.encode(), "work.py", {})) as opened:
        yield opened


def table(seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(60) % 2)
    order = rng.permutation(60)
    return rng.normal(size=(60, 4)) + y[:, None], y, order[:40], order[40:], rng


def test_held_out_edit_of_objects_in_the_sandbox(student: Any) -> None:
    X, y, train, test, rng = table()
    assert heldout_edit_leak(fit_predict(student.build, train, test), X, y, test, rng) is None
    found = heldout_edit_leak(fit_predict(student.Batch, train, test), X, y, test, rng)
    assert found is not None
    assert found.edit == "features"
    assert set(found.edited) <= set(test)


def test_the_spy_watches_the_sandbox(student: Any) -> None:
    X, y, train, test, _ = table()
    with watching_fits(X, y, student) as log:
        student.honest(X, y, train, test)
    assert [fit.name for fit in log.fits] == ["Pipeline"]
    assert log.fits[0].places == set(train.tolist())
    assert not log.leaks([test], 60)
    with watching_fits(X, y, student) as log:
        student.leaky(X, y, train, test)
    assert [fit.name for fit in log.leaks([test], 60)] == ["StandardScaler"]
    edited = heldout_edit_leak(lambda X, y: student.leaky(X, y, train, test), X, y, test, np.random.default_rng(0))
    assert edited is None, "the edit cannot see a scaler before a forest"


def test_the_spy_leaves_nothing_behind() -> None:
    from sklearn.preprocessing import StandardScaler

    before = StandardScaler.fit

    def stopped() -> None:
        with watching_fits(np.eye(3)):
            assert StandardScaler.fit is not before
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stopped()
    assert StandardScaler.fit is before


def test_the_spy_recognizes_rows() -> None:
    from sklearn.linear_model import LinearRegression
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    frame = pd.DataFrame(X, columns=list("abc"), index=[f"r{i}" for i in range(20)])
    words = pd.DataFrame({"town": ["x", "y"] * 10, "size": np.arange(20) // 2})
    some = np.array([7, 3, 11])

    def seen(table: Any, fit: Any, labels: Any = None) -> Any:
        with watching_fits(table, labels) as log:
            fit()
        return log.fits[0].places

    assert seen(X, lambda: StandardScaler().fit(X[some])) == {3, 7, 11}
    assert seen(X, lambda: StandardScaler().fit(X[some][:, 1:2])) == {3, 7, 11}
    assert seen(X, lambda: LinearRegression().fit(X[some] * 2, y[some]), y) == {3, 7, 11}
    assert seen(frame, lambda: StandardScaler().fit(frame.iloc[some] * 2)) == {3, 7, 11}
    assert seen(frame, lambda: StandardScaler().fit(frame.iloc[some].reset_index(drop=True))) == {3, 7, 11}
    assert seen(words, lambda: StandardScaler().fit(words.iloc[some][["size"]])) == {3, 7, 11}
    assert seen(X, lambda: StandardScaler().fit(X[some] * 2)) is None


def test_null_scores_of_objects_and_of_single_numbers() -> None:
    from sklearn.neighbors import KNeighborsClassifier

    X, y, train, test, rng = table()
    honest = null_scores(fit_predict(KNeighborsClassifier, train, test), X, y, test, rng)
    assert not honest.above_chance()
    assert abs(honest.excess) < 0.15
    memory = null_scores(lambda X, y: KNeighborsClassifier(1).fit(X, y).score(X, y), X, y, test, rng, chance=0.5)
    assert memory.above_chance()
    with pytest.raises(ValueError, match="chance level"):
        null_scores(lambda X, y: 0.5, X, y, test, rng)


def test_null_scores_keep_the_kind_of_the_labels() -> None:
    X, y, _, test, rng = table()
    kinds = []
    for labels in (y.tolist(), pd.Series(y, name="y"), y):
        null_scores(lambda X, y: (kinds.append(type(y)), np.zeros(60))[1], X, labels, test, rng, repeats=2)
    assert kinds == [list, list, pd.Series, pd.Series, np.ndarray, np.ndarray]


def test_audit_names_partners() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=40), "b": rng.choice(["x", "y"], size=40), "c": rng.normal(size=40)})
    frame.iloc[35] = frame.iloc[4]
    train, test = np.arange(30), np.arange(30, 40)
    found = audit_split(frame, train, test)
    assert [(shared.what, shared.test, shared.train) for shared in found] == [("copies", (35,), (4,))]
    who = np.arange(40)
    who[39] = 2
    found = audit_split(frame.drop(index=35), train, test[:-1], units=np.delete(who, 35))
    assert [(shared.what, shared.test, shared.train) for shared in found] == [("entities", (38,), (2,))]
    assert [shared.what for shared in audit_split(frame[:30], np.arange(20), np.arange(19, 30))] == ["rows"]


def test_lookahead_knows_calendars_and_time() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"sales": rng.normal(size=40), "holiday": rng.integers(2, size=40)})

    def ahead(frame: Any) -> Any:
        return frame["holiday"].shift(-1, fill_value=0).to_numpy()

    assert lookahead(ahead, [frame], rng) is not None
    assert lookahead(ahead, [frame], rng, known=["holiday"]) is None
    days = rng.permutation(40)

    def last(values: Any) -> Any:
        order = np.argsort(days)
        return values[order][np.maximum(np.argsort(order) - 1, 0)]

    assert lookahead(last, [rng.normal(size=40)], rng, time=days) is None
    assert lookahead(last, [rng.normal(size=40)], rng) is not None
    with pytest.raises(ValueError, match="answers for"):
        lookahead(lambda x: x[:3], [rng.normal(size=40)], rng)


def test_calibration_is_held_against_its_null() -> None:
    rng = np.random.default_rng(0)
    p = rng.random(400)
    right = calibration_test(rng.random(400) < p, p, rng)
    assert right.p > 0.001
    wrong = calibration_test(rng.random(400) < p**3, p, rng)
    assert not wrong.calibrated
    assert wrong.p < 0.01
    assert wrong.rows == 400
    for chances in (p, np.full(50, 0.01), np.full(3, 0.5), rng.random(30) ** 4):
        null = ece_null(chances, rng, many=2000)
        assert null.max() < error_bound(chances)
        assert np.quantile(null, 0.99) < error_bound(chances, false_alarm=0.01)


def test_held_out_rows_in_every_form() -> None:
    test = np.array([1, 3])
    train = np.array([0, 2, 4])
    mask = np.isin(np.arange(5), test)
    for value in ([(train, test)], mask, test, mask.tolist()):
        assert [rows.tolist() for rows in held_out(call(0, 0, value), 2, 5)] == [[1, 3]]
    folds = held_out(call(0, 0, np.array([4, 9, 4, 9, 9])), 2, 5)
    assert [rows.tolist() for rows in folds] == [[0, 2], [1, 3, 4]]
    assert held_out(call(0), None, 3)[0].tolist() == [0, 1, 2]
    assert held_out(call(0), lambda case: [2], 5)[0].tolist() == [2]
    assert of_rows(np.arange(5) * 10, test, 5).tolist() == [10, 30]
    assert of_rows([7, 8], test, 5).tolist() == [7, 8]
    with pytest.raises(ValueError, match="3 predictions for 2 held-out rows"):
        of_rows([1, 2, 3], test, 5)


def test_edits_touch_their_rows_alone() -> None:
    rng = np.random.default_rng(0)
    rows = np.array([2, 5])
    rest = np.setdiff1d(np.arange(30), rows)
    X = np.column_stack([rng.normal(size=30), rng.random(30), rng.integers(3, size=30)])
    frame = pd.DataFrame({"x": X[:, 0], "count": rng.integers(1000, size=30), "word": list("abc") * 10})
    for table in (X, frame, pd.Series(X[:, 0]), X.tolist()):
        changed = noisy(table, rows, rng)
        assert type(changed) is type(table)
        before, after = np.asarray(table), np.asarray(changed)
        assert (before[rest] == after[rest]).all()
        assert (before[rows] != after[rows]).any()
    assert (noisy(X, rows, rng)[:, 1] >= 0).all(), "a column without negative values stays so"
    assert set(noisy(X, rows, rng)[:, 2]) <= {0, 1, 2}
    assert (noisy(frame, rows, rng).dtypes == frame.dtypes).all()
    assert (noisy(frame, rows, rng, keep=["x"])["x"] == frame["x"]).all()
    for y in (np.arange(30) % 3, list("ab" * 15), pd.Series(rng.normal(size=30))):
        other = relabeled(y, rows, rng)
        assert type(other) is type(y)
        assert (np.asarray(y)[rest] == np.asarray(other)[rest]).all()
        assert (np.asarray(y)[rows] != np.asarray(other)[rows]).any()
    assert is_classes(np.arange(30) % 3)
    assert not is_classes(rng.normal(size=30))


def test_moved_counts_rows() -> None:
    a = np.array([[0.1, 0.9], [0.5, 0.5], [np.nan, 1.0]])
    b = a.copy()
    b[1, 0] = 0.4
    assert moved(a, a.copy()).many == 0
    assert (moved(a, b).many, moved(a, b).of) == (1, 3)
    assert moved(np.array(["x", "y"]), np.array(["x", "z"])).many == 1
    assert moved(np.zeros(3), np.zeros(2)).many == 3
