"""Comparators: what passes, what does not, and the words that the learner reads."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, namedtuple
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sparse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gradus.checks import compare
from gradus.checks.compare import Comparator, Difference

default = compare.close()


def kind(expected: Any, actual: Any, comparator: Comparator = default) -> str:
    """The kind of the difference, "" when they agree."""
    difference = comparator(expected, actual)
    if difference is None:
        return ""
    assert difference.headline.endswith("."), difference.headline
    assert difference.expected_text != difference.actual_text or difference.kind == "outside_band", difference
    return difference.kind


def said(expected: Any, actual: Any, comparator: Comparator = default) -> str:
    difference = comparator(expected, actual)
    assert difference is not None
    return difference.headline


# -------------------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("expected", "actual", "wanted"),
    [
        (1.0, 1.0, ""),
        (1.0, 1, ""),  # an equal int stands for a float
        (1, 1.0, "wrong_type"),  # a float does not stand for an int
        (1.0, True, "wrong_type"),
        (1, True, "wrong_type"),
        (True, 1, "wrong_type"),
        (True, np.True_, ""),
        (1.0, np.float64(1.0), ""),
        (1, np.int64(1), ""),
        (1.0, np.array(1.0), ""),
        (1.0, np.float32(1.00001), ""),  # float32 has seven digits
        (1.0, 1.00001, "wrong_value"),
        (1.0, 1.0 + 1e-9, ""),
        (0.0, 1e-10, ""),
        (0.0, 1e-6, "wrong_value"),
        (1e-10, 2e-10, "wrong_value"),  # small answers are not all alike
        (1e-17, 0.0, ""),  # what rounding leaves of zero is zero
        (float("nan"), float("nan"), ""),
        (float("inf"), float("inf"), ""),
        (1.0, float("nan"), "not_finite"),
        (float("inf"), 1.0, "wrong_value"),
        (2.5, 2, "integer_result"),
        (2.5, 9, "wrong_value"),
        (1 + 2j, 1 + 2j, ""),
        (1 + 2j, 1.0, "wrong_value"),
        (10**30, 10**30, ""),
        (1.0, 10**400, "wrong_value"),
        (1.0, "1.0", "wrong_type"),
        (1.0, None, "returned_none"),
        (None, None, ""),
        (None, 0, "wrong_type"),
        ([1.0], None, "returned_none"),
    ],
)
def test_scalars(expected: Any, actual: Any, wanted: str) -> None:
    assert kind(expected, actual) == wanted


def test_words_for_scalars() -> None:
    assert said(0.5, 0.25) == "Your answer is 0.25; 0.5 is expected."
    assert said(1, 2.0) == "Your answer is 2.0, a float; a whole number (an int) is expected."
    assert said(2.5, 2) == "Your answer is the whole number 2; 2.5 is expected."
    assert said(1, True) == "Your answer is True; a number is expected, not True or False."
    assert said(0.123456789, 0.123457999) == "Your answer is 0.123458; 0.123457 is expected."
    opposite = default(2.0, -2.0)
    assert opposite is not None
    assert opposite.detail == "It has the opposite sign."


# --------------------------------------------------------------------------------------------------------- arrays


@pytest.mark.parametrize(
    ("expected", "actual", "wanted"),
    [
        (np.eye(2), np.eye(2), ""),
        (np.eye(2), np.eye(2, dtype=np.float32), ""),
        (np.eye(2), np.eye(2, dtype=int), "integer_result"),
        (np.eye(2, dtype=int), np.eye(2), "wrong_dtype"),
        (np.eye(2, dtype=bool), np.eye(2, dtype=int), "wrong_dtype"),
        (np.eye(2, dtype=int), np.eye(2, dtype=bool), "wrong_dtype"),
        (np.eye(2, dtype=np.int64), np.eye(2, dtype=np.uint8), ""),
        (np.eye(2), np.eye(2).tolist(), "wrong_type"),
        (np.zeros(3), np.zeros((3, 1)), "wrong_shape"),
        (np.zeros((0, 3)), np.zeros((0, 3)), ""),
        (np.zeros((0, 3)), np.zeros((3, 0)), "wrong_shape"),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), ""),
        (np.array([1.0, 2.0]), np.array([1.0, np.nan]), "not_finite"),
        (np.array([1.0, np.nan]), np.array([1.0, 2.0]), "wrong_value"),
        (np.array([1e6, 0.0]), np.array([1e6, 1e-10]), ""),
        (np.array(["a", "b"]), np.array(["a", "b"]), ""),
        (np.array(["a", "b"]), np.array(["a", "c"]), "wrong_value"),
        (np.array(["2020-01-01", "NaT"], dtype="M8[D]"), np.array(["2020-01-01", "NaT"], dtype="M8[D]"), ""),
        (np.array([1, "a", None], dtype=object), np.array([1, "a", None], dtype=object), ""),
        (np.array([1 + 1j]), np.array([1 + 1j]), ""),
        (np.array([1 + 1j]), np.array([1 + 2j]), "wrong_value"),
    ],
)
def test_arrays(expected: Any, actual: Any, wanted: str) -> None:
    assert kind(expected, actual) == wanted


def test_a_float64_answer_gets_no_more_room_than_it_needs() -> None:
    many = np.full(5000, 1.0)
    assert kind(many, many * (1 + 1e-4)) == "wrong_value", "ddof=1 with 5,000 rows is 1e-4 off"
    assert kind(many, many.astype(np.float32) * np.float32(1 + 1e-3)) == "wrong_value"


def test_words_for_arrays() -> None:
    wanted = np.array([[-1.0], [1.0]])
    difference = default(wanted, wanted * 0.70710678)
    assert difference == Difference(
        headline="Your answer at [0, 0] is -0.707; -1.0 is expected.",
        kind="wrong_value",
        detail="Every value is 0.7071 times the expected one.",
        expected_text="[[-1.0], [1.0]]",
        actual_text="[[-0.707], [0.707]]",
        where=((0, 0), (1, 0)),
    )
    column = default(np.zeros(3), np.zeros((3, 1)))
    assert column is not None
    assert column.headline == "Your answer has shape (3, 1); shape (3,) is expected."
    assert column.detail == "The values are right; only their arrangement is not."
    square = default(np.zeros(3), np.zeros((3, 3)))
    assert square is not None
    assert "broadcast" in square.detail
    turned = default(np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(2, 3).T)
    assert turned is not None
    assert turned.detail == "The values are right, but rows and columns are exchanged."


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda a: -a, "Every value has the opposite sign."),
        (lambda a: a[::-1], "The values are right, but they stand in another order."),
        (lambda a: a + 2, "Every value is 2.0 too large."),
        (lambda a: a * 3, "Every value is 3.0 times the expected one."),
        (lambda a: np.where(a > 5, 0, a), "1 of 5 values differs."),
        (lambda a: np.where(a > 3, 0, a), "2 of 5 values differ."),
    ],
)
def test_simple_relations_are_named(change: Any, detail: str) -> None:
    wanted = np.array([1.0, 2.5, 3.0, 5.0, 7.0])
    difference = default(wanted, change(wanted))
    assert difference is not None
    assert difference.detail == detail


def test_a_difference_far_down_a_long_array_is_seen() -> None:
    wanted = np.arange(500.0)
    given_ = wanted.copy()
    given_[250] = 1
    difference = default(wanted, given_)
    assert difference is not None
    assert difference.expected_text == "[248:253] is [248.0, 249.0, 250.0, 251.0, 252.0]"
    assert difference.actual_text == "[248:253] is [248.0, 249.0, 1.0, 251.0, 252.0]"
    assert difference.where == ((250,),)


def test_no_more_cells_are_kept_than_a_page_can_mark() -> None:
    difference = default(np.zeros((100, 100)), np.ones((100, 100)))
    assert difference is not None
    assert len(difference.where) == 400
    assert len(difference.expected_text) <= 400


@given(arrays.arrays(np.float64, arrays.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6)))
def test_an_array_equals_itself_whatever_it_holds(array: Any) -> None:
    assert kind(array, array.copy()) == ""
    assert kind(array, array * (1 + 1e-12)) == ""


@given(
    arrays.arrays(np.float64, (3, 2), elements=st.floats(-1e3, 1e3)),
    st.integers(0, 2),
    st.integers(0, 1),
    st.floats(1e-2, 1e3),
)
def test_one_cell_off_is_found_and_named(array: Any, row: int, column: int, step: float) -> None:
    other = array.copy()
    other[row, column] += step
    difference = default(array, other)
    assert difference is not None
    assert difference.where == ((row, column),)


# ------------------------------------------------------------------------------------------- cheats by type


class Agreeable(np.ndarray):
    """An array that is equal to everything."""

    def __eq__(self, other: object) -> Any:
        return np.ones(self.shape, dtype=bool)


def test_a_subclass_is_not_an_array() -> None:
    assert kind(np.ones(3), np.zeros(3).view(Agreeable)) == "wrong_type"


# ----------------------------------------------------------------------------------------------------- containers

Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("expected", "actual", "wanted"),
    [
        ([1, 2], [1, 2], ""),
        ([1, 2], (1, 2), "wrong_type"),
        ((1, 2), [1, 2], "wrong_type"),
        ((1, 2), Point(1, 2), ""),
        ([1, 2], np.array([1, 2]), "wrong_type"),
        ([1, 2], [1, 2, 3], "wrong_length"),
        ([1, 2], [2, 1], "wrong_value"),
        ([[1], [2]], [[1], [3]], "wrong_value"),
        ([], [], ""),
        ({"a": 1}, {"a": 1}, ""),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, ""),
        ({"a": 1}, {"a": 2}, "wrong_value"),
        ({"a": 1}, {"A": 1}, "wrong_keys"),
        ({1: "x"}, {"1": "x"}, "wrong_keys"),
        ({1: "x"}, {True: "x"}, "wrong_keys"),
        ({"a": 1}, [("a", 1)], "wrong_type"),
        ({"a": [1]}, defaultdict(list, {"a": [1]}), ""),
        ({"a": 1}, Counter("a"), ""),
        ({"a": 1}, OrderedDict(a=1), ""),
        ({1, 2}, {1, 2}, ""),
        ({1, 2}, {1, 3}, "wrong_items"),
        ({1, 2}, [1, 2], "wrong_type"),
        ("abc", "abc", ""),
        ("abc", "abd", "wrong_text"),
        ("abc", b"abc", "wrong_type"),
        (b"abc", b"abc", ""),
        ([float(i) for i in range(200)], [float(i) for i in range(200)], ""),
        ([float(i) for i in range(200)], [*map(float, range(199)), 0.0], "wrong_value"),
        ([float(i) for i in range(200)], [*map(float, range(199)), 199], ""),
        ([float(i) for i in range(200)], [*map(float, range(199)), True], "wrong_type"),
        ([1.0, [2.0, {"k": (3, np.ones(2))}]], [1.0, [2.0, {"k": (3, np.ones(2))}]], ""),
        ([1.0, [2.0, {"k": (3, np.ones(2))}]], [1.0, [2.0, {"k": (3, np.zeros(2))}]], "wrong_value"),
    ],
)
def test_containers(expected: Any, actual: Any, wanted: str) -> None:
    assert kind(expected, actual) == wanted


def test_words_for_containers() -> None:
    assert said({"mean": 2.0, "n": 3}, {"mean": 1.5, "n": 3}) == 'Your answer\'s ["mean"] is 1.5; 2.0 is expected.'
    assert said([[1], [2]], [[1], [3]]) == "Your answer's [1][0] is 3; 2 is expected."
    assert said({"a": 1}, {"A": 1}) == 'Your answer has the key "A"; "a" is expected.'
    assert said({"a": 1, "b": 2}, {"a": 1}) == 'Your answer lacks the key "b".'
    assert said("Hello, you", "hello, you") == 'Your answer is "hello, you"; "Hello, you" is expected.'
    text = default("Hello", "hello ")
    assert text is not None
    assert text.detail == ""
    capitals = default("Hello", "hello")
    assert capitals is not None
    assert capitals.detail == "Only capital letters differ."
    spaces = default("a b", "a  b\n")
    assert spaces is not None
    assert spaces.detail == "Only spaces or line breaks differ."
    keys = default({1: 2}, {"1": 2})
    assert keys is not None
    assert "different types" in keys.detail


# --------------------------------------------------------------------------------------------------------- sparse


def test_sparse_matrices_are_compared_by_what_they_hold() -> None:
    matrix = sparse.csr_matrix(np.array([[0.0, 1.0], [2.0, 0.0]]))
    assert kind(matrix, matrix.tocoo()) == ""
    assert kind(matrix, matrix.tocsc()) == ""
    assert kind(matrix, matrix.toarray()) == "wrong_type"
    assert kind(matrix, matrix * 2) == "wrong_value"
    assert kind(matrix, sparse.csr_matrix((2, 3))) == "wrong_shape"
    stored_zero = sparse.coo_matrix(([1.0, 2.0, 0.0], ([0, 1, 1], [1, 0, 1])), shape=(2, 2))
    assert kind(matrix, stored_zero) == ""
    huge = sparse.coo_matrix(([1.0], ([5], [7])), shape=(10**6, 10**6))
    assert kind(huge, huge.tocsr()) == ""
    assert kind(huge, huge * 2) == "wrong_value"


# --------------------------------------------------------------------------------------------------------- pandas

frame_ = pd.DataFrame({"a": [1, 2, 3], "b": [0.5, np.nan, 1.5], "c": ["x", None, "z"]})


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda df: df.copy(), ""),
        (lambda df: df[["b", "a", "c"]], "wrong_columns"),
        (lambda df: df[["a", "b"]], "wrong_columns"),
        (lambda df: df.assign(d=1), "wrong_columns"),
        (lambda df: df.iloc[:2], "wrong_shape"),
        (lambda df: df.set_axis([3, 4, 5]), "wrong_index"),
        (lambda df: df.astype({"a": float}), "wrong_dtype"),
        (lambda df: df.assign(b=[1, 2, 3]), "integer_result"),
        (lambda df: df.fillna({"b": 0.0}), "wrong_value"),
        (lambda df: df.assign(b=np.nan), "not_finite"),
        (lambda df: df.assign(c=["x", None, "y"]), "wrong_value"),
        (lambda df: df["a"], "wrong_type"),
        (lambda df: df.to_numpy(), "wrong_type"),
        (lambda df: None, "returned_none"),
    ],
)
def test_frames(change: Any, wanted: str) -> None:
    assert kind(frame_, change(frame_)) == wanted


def test_frames_without_what_does_not_count() -> None:
    shuffled = frame_.iloc[[2, 0, 1]]
    assert kind(frame_, shuffled) == "wrong_index"
    assert kind(frame_, shuffled, compare.frame(order=False)) == ""
    assert kind(frame_, shuffled.reset_index(drop=True), compare.frame(order=False, index=False)) == ""
    assert kind(frame_, frame_.set_axis([3, 4, 5]), compare.frame(index=False)) == ""
    assert kind(frame_, frame_[["b", "a", "c"]], compare.frame(columns=False)) == ""
    assert kind(frame_, frame_.astype({"a": float}), compare.frame(kinds=False)) == ""
    other = shuffled.assign(a=[1, 1, 2])
    assert kind(frame_, other, compare.frame(order=False, index=False)) == "wrong_value"


def test_series() -> None:
    series = pd.Series([1.0, 2.0], index=["u", "v"], name="mean")
    assert kind(series, series.copy()) == ""
    assert kind(series, series.rename("x")) == "wrong_columns"
    assert kind(series, series.rename("x"), compare.frame(names=False)) == ""
    assert kind(series, series.iloc[::-1]) == "wrong_index"
    assert kind(series, series.iloc[::-1], compare.frame(order=False)) == ""
    assert kind(series, series.to_numpy()) == "wrong_type"
    assert kind(series, series + 1) == "wrong_value"
    dates = pd.Series(pd.to_datetime(["2020-01-01", None]))
    assert kind(dates, dates.copy()) == ""
    assert kind(dates, dates + pd.Timedelta(days=1)) == "wrong_value"
    categories = pd.Series(["a", "b"], dtype="category")
    assert kind(categories, pd.Series(["a", "b"])) == ""
    assert kind(pd.Series([True, False]), pd.Series([1, 0])) == "wrong_dtype"


def test_words_for_frames() -> None:
    assert said(frame_, frame_.iloc[:2]) == "Your answer has 2 rows; 3 are expected."
    assert said(frame_, frame_[["a", "b"]]) == 'Your answer lacks the column "c".'
    difference = default(frame_, frame_.assign(a=[1, 5, 3]))
    assert difference is not None
    assert difference.headline == 'Your answer\'s ["a"] at [1] is 5; 2 is expected.'
    assert difference.where == ((1, "a"),)
    labels = default(frame_, frame_.set_axis([3, 4, 5]))
    assert labels is not None
    assert labels.detail == "The rows kept the labels they had before; the index is expected to count from 0."


# ---------------------------------------------------------------------------------------------------------- others


def test_unordered() -> None:
    loose = compare.unordered()
    assert kind([1, 2, 2], [2, 1, 2], loose) == ""
    assert kind([1, 2, 2], [2, 1, 1], loose) == "wrong_items"
    assert kind(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[3.0, 4.0], [1.0, 2.0]]), loose) == ""
    assert kind(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[3.0, 2.0], [1.0, 4.0]]), loose) == "wrong_value"


def test_up_to_sign() -> None:
    vectors = np.array([[0.6, 0.8], [0.8, -0.6]])
    by_column = compare.up_to_sign(axis=0)
    assert kind(vectors, vectors * [1, -1], by_column) == ""
    assert kind(vectors, vectors * -1, by_column) == ""
    assert kind(vectors, vectors * [[1], [-1]], by_column) == "wrong_value"
    assert kind(vectors, vectors * [[1], [-1]], compare.up_to_sign(axis=1)) == ""
    assert kind(vectors, -vectors, compare.up_to_sign()) == ""
    assert kind(vectors, vectors * [1, -1], compare.up_to_sign()) == "wrong_value"
    assert kind(vectors, vectors * [1, np.nan], by_column) == "not_finite"


def test_exact_has_no_tolerance() -> None:
    assert kind(1.0, 1.0 + 1e-12, compare.exact()) == "wrong_value"
    assert kind(np.ones(2), np.ones(2) + 1e-12, compare.exact()) == "wrong_value"
    assert kind(0.1 + 0.2, 0.1 + 0.2, compare.exact()) == ""


def test_satisfies_and_all_of() -> None:
    root = compare.satisfies(lambda expected, actual: abs(actual**2 - 2) < 1e-9, "The square of your answer is not 2.")
    assert kind(2**0.5, -(2**0.5), root) == ""
    assert said(2**0.5, 1.0, root) == "The square of your answer is not 2."
    assert kind(2**0.5, None, root) == "returned_none"
    assert kind(2**0.5, "x", root) == "wrong_type"
    both = compare.all_of(root, compare.close())
    assert kind(2**0.5, -(2**0.5), both) == "wrong_value"


# ---------------------------------------------------------------------------------------------------------- bands


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng, n: rng.normal(3, 2, size=n),
        lambda rng, n: rng.exponential(5, size=n),
        lambda rng, n: (rng.random(n) < 0.03).astype(float),
        lambda rng, n: rng.integers(1, 7, size=n),
        lambda rng, n: rng.standard_t(5, size=n),
    ],
    ids=["normal", "exponential", "rare", "dice", "heavy tails"],
)
def test_honest_samples_stay_inside_the_band(draw: Any) -> None:
    inside = compare.band()
    for seed in range(300):
        rng = np.random.default_rng(seed)
        assert inside(draw(rng, 400), draw(rng, 400)) is None


def test_wrong_samples_leave_the_band() -> None:
    inside = compare.band()
    rng = np.random.default_rng(7)
    wanted = rng.normal(0, 1, size=3000)
    assert kind(wanted, rng.normal(0.5, 1, size=3000), inside) == "outside_band"
    assert kind(wanted, rng.normal(0, 1.5, size=3000), inside) == "outside_band"
    assert kind(wanted, rng.choice([-1.0, 1.0], size=3000), inside) == "outside_band"
    assert kind(wanted, np.zeros(3000), inside) == "outside_band"
    assert kind(wanted, rng.normal(size=2000), inside) == "wrong_shape"
    assert kind(wanted, np.full(3000, np.nan), inside) == "not_finite"
    assert kind(wanted, wanted.tolist(), inside) == "wrong_type"
    assert kind(wanted.tolist(), None, inside) == "returned_none"
    assert kind(wanted.tolist(), rng.normal(size=3000).tolist(), inside) == ""


def test_a_band_wants_statistics_it_knows() -> None:
    with pytest.raises(ValueError, match="mean, spread, distribution"):
        compare.band(("median",))


def test_a_wrong_number_of_rows_says_where_rows_go_and_come_from() -> None:
    whole, part = pd.DataFrame({"a": [1, 2, 3]}), pd.DataFrame({"a": [1, 2]})
    fewer, more = compare.close()(whole, part), compare.close()(part, whole)
    assert fewer is not None
    assert more is not None
    assert fewer.headline == "Your answer has 2 rows; 3 are expected."
    assert "inner join" in fewer.detail
    assert more.headline == "Your answer has 3 rows; 2 are expected."
    assert "keys repeat" in more.detail
