"""Values as the learner reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.checks import File, Folder
from gradus.checks.show import WIDTH, number, show, show_call, show_pair


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (3, "3"),
        (3.0, "3.0"),
        (0.1 + 0.2, "0.3"),
        (318.44444, "318.444"),
        (1e-12, "1e-12"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (-float("inf"), "-inf"),
        (1 + 2j, "(1.0+2.0j)"),
        (10**50, "1e+50"),
        ("a\nb", '"a\\nb"'),
        ("x" * 200, '"' + "x" * 60 + "…" + "x" * 15 + '"'),
        ([1, [2.5]], "[1, [2.5]]"),
        ((1,), "(1,)"),
        ({"a": 1}, '{"a": 1}'),
        ({2, 1}, "{1, 2}"),
        (set(), "set()"),
        (np.array([[0.0], [2.0]]), "[[0.0], [2.0]]"),
        (np.array([1, 2]), "[1, 2]"),
        (np.float32([1.5]), "[1.5] (float32)"),
        (np.zeros((0, 3)), "an empty array of shape (0, 3)"),
        (np.array(["a"]), '["a"]'),
        (np.arange(100), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …, 98, 99]"),
        (pd.Series([1.0, np.nan], name="x"), 'Series([1.0, nan], name="x")'),
        (pd.Series([1], index=["u"]), 'Series([1], index=["u"])'),
        (pd.DataFrame({"a": [1, 2], "b": ["x", None]}), 'DataFrame({"a": [1, 2], "b": ["x", nan]})'),
        (pd.to_datetime(["2020-01-01"]), "Index([2020-01-01])"),
        (np.random.default_rng(0), "rng"),
        (File("data.csv", "a,b"), '"data.csv"'),
        (Folder("store", {"a": "b"}), '"store"'),
        (len, "len"),
    ],
)
def test_show(value: Any, text: str) -> None:
    assert show(value) == text


def test_a_call_looks_as_it_is_typed() -> None:
    assert show_call("standardize", [np.array([[0.0], [2.0]])]) == "standardize([[0.0], [2.0]])"
    assert show_call("hist", [[1, 2]], {"bins": 5}) == "hist([1, 2], bins=5)"


def test_a_pair_has_the_digits_that_matter() -> None:
    assert show_pair(1.0, 0.70710678) == ("1.0", "0.707")
    assert show_pair(0.1234567, 0.1234999) == ("0.12346", "0.1235") or show_pair(0.1234567, 0.1234999) == (
        "0.123457",
        "0.1235",
    )
    assert show_pair(np.array([1.0]), np.array([-0.5])) == ("[1.0]", "[-0.5]")


@given(
    st.recursive(
        st.none() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_nothing_is_too_long_to_show(value: Any) -> None:
    assert len(show(value)) <= WIDTH


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_never_reads_like_an_int(value: float) -> None:
    assert any(mark in number(value) for mark in ".e")


class Grumpy:
    """An object that cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError


def test_an_object_that_cannot_be_shown_is_named() -> None:
    assert show(Grumpy()) == "<Grumpy>"
