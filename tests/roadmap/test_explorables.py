"""Explorables: what a signature says, which values it takes, and the line that places one."""

from __future__ import annotations

import pytest

from gradus.roadmap.explorables import Choice, Explored, Slider, Toggle, describe, in_words, table_of


def curve(
    rate: Slider(0.01, 1.2, 0.01, "learning rate") = 0.1,  # type: ignore[valid-type]
    steps: Slider(1, 50, 1, "steps") = 20,  # type: ignore[valid-type]
    surface: Choice(("bowl", "valley"), "surface") = "bowl",  # type: ignore[valid-type]
    momentum: Toggle("momentum") = False,  # type: ignore[valid-type]
) -> Explored:
    """The loss falls
    step by step.

    Predict: What happens at a rate
    of 1.1?
    - It takes fewer steps
    - * It jumps away
    """
    raise NotImplementedError


def test_controls_follow_the_parameters() -> None:
    found = describe(curve)
    assert [name for name, _, _ in found.controls] == ["rate", "steps", "surface", "momentum"]
    assert found.title == "Curve"
    assert found.alt == "The loss falls step by step."
    assert found.prediction is not None
    assert found.prediction.question == "What happens at a rate of 1.1?"
    assert found.prediction.choices == ("It takes fewer steps", "It jumps away")
    assert found.prediction.right == 1


def test_values_are_put_on_a_step_and_within_the_range() -> None:
    found = describe(curve)
    assert found.read({}) == {"rate": 0.1, "steps": 20, "surface": "bowl", "momentum": False}
    read = found.read({"rate": 0.2549, "steps": "99", "surface": "valley", "momentum": True})
    assert read == {"rate": 0.25, "steps": 50, "surface": "valley", "momentum": True}
    assert type(found.read({"steps": 3.0})["steps"]) is int
    assert found.read({"rate": -5})["rate"] == 0.01
    assert found.read({"rate": float("inf")})["rate"] == 1.2


@pytest.mark.parametrize(
    "values",
    [{"rate": "x"}, {"rate": None}, {"rate": float("nan")}, {"rate": True}, {"rate": [1]}, {"surface": "cliff"},
     {"surface": 3}, {"momentum": "maybe"}, {"speed": 1}],
)  # fmt: skip
def test_senseless_values_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must be|no control"):
        describe(curve).read(values)


def test_what_is_missing_is_named() -> None:
    def plain(rate: float = 0.1) -> Explored:
        """Shows."""
        raise NotImplementedError

    def bare(rate: Slider(0, 1, 1, "rate")) -> Explored:  # type: ignore[valid-type]
        """Shows."""
        raise NotImplementedError

    def silent(rate: Slider(0, 1, 1, "rate") = 0) -> Explored:  # type: ignore[valid-type]
        raise NotImplementedError

    for function, words in ((plain, "needs a Slider"), (bare, "needs a default"), (silent, "what the picture shows")):
        with pytest.raises(ValueError, match=words):
            describe(function)
    with pytest.raises(ValueError, match="no room"):
        Slider(1, 0, 0.1, "rate")


def test_a_table_is_plain_data() -> None:
    import pandas as pd

    columns, rows = table_of(pd.DataFrame({"n": [1, 2], "share": [1 / 3, 2 / 3]}))
    assert (columns, rows) == (["n", "share"], [[1, 0.333333], [2, 0.666667]])
    assert table_of({"x": range(3), "y": [None, "a", True]}) == (["x", "y"], [[0, None], [1, "a"], [2, True]])
    with pytest.raises(ValueError, match="zip"):
        table_of({"x": [1], "y": [1, 2]})


def test_a_place_is_a_sentence_where_nothing_moves() -> None:
    text = "One.\n\n{{explore gradient_descent}}\n\nTwo {{explore inline}} stays."
    told = in_words(text)
    assert "*Gradient descent: move it yourself in the browser, with `gradus start`.*" in told
    assert "Two {{explore inline}} stays." in told
