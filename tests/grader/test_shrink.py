"""The failing case is made as small as still fails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.grader.shrink import Budget, shrink
from gradus.grader.wire import Path


def shrunk(fails: Any, *args: Any, **kwargs: Any) -> Any:
    """The arguments that are left, without bounds that a busy machine could reach."""
    left, named = shrink((args, kwargs), lambda candidate: fails(*candidate[0], **candidate[1]), Budget(2000, 60.0))
    return (*left, named) if named else left if len(left) != 1 else left[0]


def test_arrays_lose_rows_and_columns_and_become_plain() -> None:
    rng = np.random.default_rng(3)
    small = shrunk(lambda X: X.shape[0] >= 2, rng.normal(size=(17, 5)))
    assert small.shape == (2, 1)
    assert set(small.ravel().tolist()) <= {0.0, 1.0}
    nan = shrunk(lambda X: bool(np.isnan(X).any()), np.array([[1.0, np.nan], [2.0, 3.0]]))
    assert nan.shape == (1, 1)


def test_arguments_of_one_length_lose_the_same_rows() -> None:
    X, y = np.arange(24.0).reshape(8, 3), np.arange(8) % 2

    def fails(X: Any, y: Any) -> bool:
        return len(X) == len(y) and len(set(y.tolist())) == 2

    left, labels = shrunk(fails, X, y)
    assert len(left) == len(labels) == 2
    assert sorted(labels.tolist()) == [0, 1]


def test_arguments_can_shrink_each_on_its_own() -> None:
    a, b = shrunk(lambda a, b: len(a) >= 1 and len(b) >= 3, list(range(6)), list(range(6)))
    assert (len(a), len(b)) == (1, 3)


def test_lists_dicts_sets_texts_numbers() -> None:
    assert shrunk(lambda xs: 7 in xs, [5, 3, 7, 9, 1]) == [7]
    assert shrunk(lambda d: "b" in d, {"a": 1, "b": 2, "c": 3}) == {"b": 2}
    assert shrunk(lambda s: 3 in s, {1, 2, 3, 4}) == {3}
    assert shrunk(lambda text: "fox" in text, "the quick brown fox jumps") == "fox "
    assert shrunk(lambda text: len(text.splitlines()) >= 2, "a\nb\nc\nd\n").count("\n") == 2
    assert shrunk(lambda name: bool(name), "customer") == "customer", "a name is left alone"
    assert shrunk(lambda n: n > 10, 1000) == 11
    assert shrunk(lambda x: x > 2.2, 7.83721) == 8.0
    assert shrunk(lambda xs: sum(map(len, xs)) >= 3, [[1, 2, 3, 4], [5], [6, 7]]) in ([[1, 2, 3]], [[2, 3, 4]])


def test_frames_series_sparse_and_files() -> None:
    df = pd.DataFrame({"a": range(9), "b": np.linspace(0, 1, 9), "c": list("uvwxyzuvw")})
    left = shrunk(lambda df: len(df) >= 2 and "c" in df.columns, df)
    assert left.shape == (2, 1)
    series = shrunk(lambda s: len(s) >= 3, pd.Series(np.linspace(0, 1, 9), index=list("abcdefghi")))
    assert len(series) == 3
    matrix = shrunk(lambda m: m.nnz >= 1, sparse.random(9, 9, 0.3, format="csr", random_state=3))
    assert matrix.shape == (1, 1)
    file = shrunk(lambda f: b"7" in f.content, Path("t.csv", b"a,b\n1,2\n7,8\n3,4\n5,6\n"))
    assert file.content == b"a,b\n7,8\n"


def test_keywords_shrink_too_and_what_cannot_shrink_stays() -> None:
    rng = np.random.default_rng(0)
    xs, named = shrunk(lambda xs, k: len(xs) >= 1 and k >= 5, [3, 4, 5], k=90)
    assert (xs, named) == ([2], {"k": 5}) or (len(xs), named) == (1, {"k": 5})
    assert shrunk(lambda g: True, rng) is rng


def test_the_budget_is_kept() -> None:
    tries = 0

    def fails(candidate: Any) -> bool:
        nonlocal tries
        tries += 1
        return True

    shrink((([*range(1000)],), {}), fails, Budget(10, 60.0))
    assert tries <= 10
    assert shrink((([1, 2, 3],), {}), lambda candidate: True, Budget(100, 0.0)) == (([1, 2, 3],), {})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-100, 100), min_size=1, max_size=40), st.integers(-100, 100))
def test_what_is_left_still_fails(values: list[int], bad: int) -> None:
    def fails(xs: list[int]) -> bool:
        return any(x >= bad for x in xs)

    if fails(values):
        left = shrunk(fails, values)
        assert fails(left)
        assert len(left) == 1
