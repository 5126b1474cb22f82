"""The mutation engine: what it edits, what it leaves alone, and how its ids behave."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.author.mutants import mutate


def edits(source: str) -> set[tuple[str, str]]:
    """Each mutant's operator and the changed line."""
    return {(mutant.id.split(":")[1].split("#")[0], mutant.after) for mutant in mutate(source)}


def lines(source: str) -> set[str]:
    return {mutant.after for mutant in mutate(source)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return a + b", "return a - b"),
        ("return a * b", "return a / b"),
        ("return a @ b", "return b @ a"),
        ("return a @ b", "return a * b"),
        ("return a ** 2", "return a ** 3"),
        ("return a < b", "return a <= b"),
        ("return a < b", "return a >= b"),
        ("return a == b", "return a != b"),
        ("return a in b", "return a not in b"),
        ("return a and b", "return a or b"),
        ("return a and b", "return a"),
        ("return not a", "return a"),
        ("return -a", "return a"),
        ("return a.mean(axis=0)", "return a.mean(axis=1)"),
        ("return a.mean(axis=1)", "return a.mean(axis=0)"),
        ("return a.mean(axis=0)", "return a.mean()"),
        ("return a.mean(axis=0)", "return a.sum(axis=0)"),
        ("return a.std(ddof=1)", "return a.std(ddof=0)"),
        ("return a.sum(keepdims=True)", "return a.sum(keepdims=False)"),
        ("return pd.merge(a, b, how='left')", "return pd.merge(a, b, how='inner')"),
        ("return pd.merge(a, b, how='left')", "return pd.merge(b, a, how='left')"),
        ("return a.between(0, b, inclusive='left')", "return a.between(0, b, inclusive='right')"),
        ("return np.searchsorted(a, b, side='left')", "return np.searchsorted(a, b, side='right')"),
        ("return a[1:b]", "return a[2:b]"),
        ("return a[1:b]", "return a[0:b]"),
        ("return a[1:b]", "return a[1:b - 1]"),
        ("return a[::2]", "return a[:]"),
        ("return a[-1]", "return a[1]"),
        ("return list(range(b))", "return list(range(b - 1))"),
        ("return list(range(b))", "return list(range(b + 1))"),
        ("return list(range(b))", "return list(range(1, b))"),
        ("return max(a, b)", "return min(a, b)"),
        ("return any(a)", "return all(a)"),
        ("return sorted(a)", "return list(a)"),
        ("return a.copy()", "return a"),
        ("return a.T", "return a"),
        ("return a.iloc[0]", "return a.loc[0]"),
        ("return np.where(a, b, 3)", "return np.where(a, 3, b)"),
        ("return a, b", "return (b, a)"),
        ("return a + b", "return"),
        ("return a + b", "return a"),
        ("return a * 1.5", "return a * 3.0"),
        ("return a * True", "return a * False"),
        ("return a['n']", "return a['n~']"),
        ("return [x for x in a if x > b]", "return [x for x in a if not x > b]"),
        ("return [x for x in a if x > b]", "return [x for x in a if True]"),
        ("return a[a > 0]", "return a"),
        ("return a[~a.isna()]", "return a"),
        ("return a.get(b, 0)", "return a[b]"),
        ("return [x for x in a]", "return [x for x in list(a)[1:]]"),
        ("for x in a: b.append(x)", "for x in list(a)[:-1]:"),
        ("a += b", "a = b"),
        ("a += b", "a -= b"),
        ("a += b", "pass"),
        ("a.sort()", "pass"),
        ("return a if b else 0", "return a if not b else 0"),
    ],
)
def test_makes_the_mistakes_people_make(line: str, expected: str) -> None:
    assert expected in lines(f"def f(a, b):\n    {line}\n")


def test_leaves_alone_what_no_check_can_see() -> None:
    source = '''
"""A docstring with 3 numbers."""
from __future__ import annotations
import numpy as np
__all__ = ["f"]

def f(a: "np.ndarray | None" = None) -> "tuple[int, 1]":
    """Another."""
    if a is None:
        raise ValueError("needs " + str(2))
    print("seen", 1)
    plot(a, color="red", alpha=0.5)

if __name__ == "__main__":
    f(1)
'''
    made = lines(source)
    assert made == {"if not a is None:", "if True:", "if False:", "pass"}


def test_a_statement_is_left_out_only_where_that_is_not_a_name_error() -> None:
    source = "def f(a):\n    b = a.copy()\n    a = 3\n    b[0] = 1\n    return a, b\n"
    left_out = [mutant.before for mutant in mutate(source) if mutant.after == "pass"]
    assert left_out == ["a = 3", "b[0] = 1"]


def test_guards_are_removed_rather_than_doubled() -> None:
    assert "return a / (b + 0.0)" in lines("def f(a, b):\n    return a / (b + 1e-12)\n")


def test_a_loop_is_not_made_endless_by_its_condition() -> None:
    source = "def f(a):\n    while a:\n        a -= 1\n    return a\n"
    assert "while False:" in lines(source)
    assert "while True:" not in lines(source)


def test_ids_are_unique_and_survive_reformatting() -> None:
    source = "def f(a, b):\n    return (a + b) * 2 - b\n\nclass C:\n    def g(self, x):\n        return x < 1\n"
    spaced = (
        "# a comment\n\n\ndef f(a,\n      b):\n    return (\n        (a + b)\n        * 2 - b)\n\n\n"
        + source.split("\n\n")[1]
    )
    ids = [mutant.id for mutant in mutate(source)]
    assert len(ids) == len(set(ids))
    assert ids == [mutant.id for mutant in mutate(spaced)]
    assert any(name.startswith("C.g:boundary#") for name in ids)


def test_an_edit_in_one_function_keeps_the_ids_of_another() -> None:
    before = "def f(a):\n    return a + 1\n\ndef g(b):\n    return b * 2\n"
    after = before.replace("a + 1", "a + 1 - a * 3")
    of_g = [mutant.id for mutant in mutate(before) if mutant.id.startswith("g:")]
    assert of_g
    assert of_g == [mutant.id for mutant in mutate(after) if mutant.id.startswith("g:")]


def test_says_where_and_what() -> None:
    mutant = next(m for m in mutate("def f(a):\n\n    return a + 1\n") if m.id == "f:arithmetic#1")
    assert mutant.line == 3
    assert mutant.diff == "line 3: return a + 1  ->  return a - 1"


EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", "0", "1", "2.5", "True", "'text'", "a[0]", "a[1:]", "len(a)", "sum(b)"]),
    lambda inner: st.builds(
        "({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "@", "<", "==", "and", "or", "in"]), inner
    ),
    max_leaves=6,
)


@settings(deadline=None)  # how long it takes says how busy the machine is
@given(st.lists(EXPRESSIONS, min_size=1, max_size=4))
def test_every_mutant_is_new_and_compiles(parts: list[str]) -> None:
    source = "def f(a, b):\n" + "".join(f"    x = {part}\n" for part in parts) + "    return x\n"
    mutants = mutate(source)
    texts = [mutant.source for mutant in mutants]
    assert len(set(texts)) == len(texts)
    original = ast.dump(ast.parse(source))
    assert all(ast.dump(ast.parse(text)) != original for text in texts)
    assert all(mutant.before != mutant.after for mutant in mutants)
