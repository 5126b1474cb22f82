"""A misconception becomes a submission with every helper that it needs, and nothing of the authoring vocabulary."""

from __future__ import annotations

import pytest

from gradus.author.imposters import imposter
from gradus.checks.authoring import Misconception

SOLUTION = "def half(x):\n    return x / 2\n"


def made(checks: str, name: str = "wrong") -> dict:
    """The names of the imposter's module."""
    idea = Misconception(name=name, implementation=lambda x: x, message="No.", of="half")
    names: dict = {}
    exec(compile(imposter(SOLUTION, checks, idea, "half"), "half.py", "exec"), names)
    return names


@pytest.mark.parametrize("word", ["valid", "compare", "fail", "cases"])
@pytest.mark.parametrize(
    "helper",
    [
        "def helper(x, {w}=0.0):\n    return x + {w}",
        "def helper(x):\n    {w} = 0.0\n    return x + {w}",
        "def helper(x):\n    return x + sum(0.0 for {w} in range(3))",
        "helper = lambda x, {w}=0.0: x + {w}",
        "class helper(float):\n    def times(self, {w}):\n        return {w}",
    ],
)
def test_a_helper_may_call_its_own_variables_as_it_likes(helper: str, word: str) -> None:
    checks = (
        "from gradus.checks import cases, compare, fail, misconception, valid\n\n"
        f"{helper.format(w=word)}\n\n\n"
        '@misconception\ndef wrong(x):\n    """No."""\n    return helper(x) + 1\n'
    )
    assert made(checks)["half"](3) == 4


def test_what_uses_the_vocabulary_itself_stays_behind() -> None:
    checks = (
        "from gradus.checks import cases, compare, misconception\n\n"
        "TOLERANT = compare.close(rtol=1e-3)\nSTEP = 2\n\n\n"
        "@cases(compare=TOLERANT)\ndef numbers(rng):\n    yield STEP\n\n\n"
        '@misconception\ndef wrong(x):\n    """No."""\n    return x - STEP\n'
    )
    names = made(checks)
    assert names["half"](5) == 3
    assert not {"TOLERANT", "numbers", "cases"} & set(names)


NESTED = """
import math


def outer(x):
    return inner(x) + math.floor(0.5)


def inner(x):
    return STEP * x


STEP = 3


class wrong:
    def __new__(cls, x):
        return outer(x)
"""


def test_helpers_of_helpers_come_along_in_their_order() -> None:
    assert made(NESTED)["half"](2) == 6
