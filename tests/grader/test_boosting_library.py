"""The boosting library set in a real sandbox: forked children fit, with one thread and with more, and never hang."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gradus.checks import load_checks
from gradus.errors import UsageError
from gradus.grader.grader import Grader
from gradus.grader.libraries import library_set, smallest_set
from gradus.grader.pool import Pool, Returned, Submission
from gradus.grader.zygote_pool import ZygotePool
from gradus.roadmap import Exercise, Limits
from tests.grader.conftest import started

MODELS = """
    import numpy as np
    from lightgbm import LGBMClassifier, LGBMRegressor
    from xgboost import XGBClassifier, XGBRegressor

    def settings(name, jobs):
        kind = {"xgboost": XGBClassifier, "lightgbm": LGBMClassifier}[name]
        return kind(n_estimators=20, random_state=0, n_jobs=jobs, **({} if name == "xgboost" else {"verbose": -1}))

    def fit_and_predict(name, jobs, X, y):
        return settings(name, jobs).fit(X, y).predict_proba(X)[:, 1].astype(float)

    def fitted(name, X, y):
        return settings(name, 1).fit(X, y)
    """


@pytest.fixture(scope="module")
def boosting() -> Iterator[Pool]:
    with ZygotePool(library_set("boosting"), fallback=False).start() as pool:
        yield pool


@pytest.fixture
def table() -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).normal(size=(120, 3))
    return X, (X[:, 0] + X[:, 1] > 0).astype(int)


def test_nothing_is_missing(boosting: Pool) -> None:
    assert boosting.wait_ready(60)
    assert boosting.missing == ()


@pytest.mark.parametrize("jobs", [None, 1, 2])
@pytest.mark.parametrize("name", ["xgboost", "lightgbm"])
def test_a_forked_child_fits(boosting: Pool, table: tuple[np.ndarray, np.ndarray], name: str, jobs: int | None) -> None:
    X, y = table
    answers = []
    for _ in range(2):  # each in a child of its own
        with started(boosting, MODELS, seconds=20, memory_mb=512) as runner:
            reply = runner.call("fit_and_predict", [name, jobs, X, y])
            assert isinstance(reply, Returned), reply
            answers.append(reply.value)
    np.testing.assert_array_equal(answers[0], answers[1])
    assert ((answers[0] > 0.5) == y).mean() > 0.9


@pytest.mark.parametrize("name", ["xgboost", "lightgbm"])
def test_a_fitted_model_stays_and_predicts(boosting: Pool, table: tuple[np.ndarray, np.ndarray], name: str) -> None:
    X, y = table
    with started(boosting, MODELS, seconds=20, memory_mb=512) as runner:
        model = runner.call("fitted", [name, X, y])
        assert isinstance(model, Returned), model
        labels = runner.invoke(model.value, "method", ["predict", X])
        assert isinstance(labels, Returned), labels
        assert (labels.value == y).mean() > 0.9


def test_an_exercise_takes_no_more_than_it_imports() -> None:
    assert smallest_set("boosting", [b"import numpy as np"]) == "numpy"
    assert smallest_set("boosting", [b"from sklearn.tree import DecisionTreeRegressor"]) == "core"
    assert smallest_set("boosting", [b"import xgboost"]) == "boosting"
    assert smallest_set("core", [b"import xgboost"]) == "core"


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """One that needs XGBoost."""
    files = {
        "solution.py": "import xgboost\ndef f(x):\n    return x\n",
        "starter.py": "def f(x):\n    raise NotImplementedError\n",
        "checks.py": "from gradus.checks import cases\n@cases\ndef some(rng):\n    yield 1.0\n",
        "task.md": "Return `x`.\n",
        "hints.md": "1. One.\n2. Two.\n3. Three.\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return Exercise("f", "F", "boosting", 2, 1, 5, (), ("f",), "boosting", Limits(), (), tmp_path)


def test_a_library_that_is_not_installed_is_named_with_the_command(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_checks(exercise)
    monkeypatch.setitem(sys.modules, "xgboost", None)  # as good as not installed
    with pytest.raises(UsageError, match="needs xgboost, which is not installed") as caught:
        load_checks(exercise)
    assert f"{sys.executable} -m pip install xgboost" in caught.value.next_step
    with Grader(library="bare", isolation="spawn", parked=1) as grader:
        verdict = grader.check(exercise, Submission(b"def f(x): return x", "f.py", {}))
    assert verdict.outcome == "grader_error"
    assert verdict.diagnosis is not None
    assert "needs xgboost, which is not installed" in verdict.diagnosis.message
    assert "-m pip install xgboost" in verdict.diagnosis.message
