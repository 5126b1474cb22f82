"""What was drawn is compared, however it was drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

from gradus.checks import compare

mpl.use("Agg")

VALUES = np.array([1.0, 2.0, 2.5, 4.0, 4.2, 4.4, 6.0])
EDGES = np.linspace(0, 8, 5)


def drawing(paint: Callable[[Any], None], whole: bool = False) -> Any:
    """What a learner's axes look like to the judge."""
    import matplotlib.pyplot as plt

    from gradus.grader.wire import copy

    figure, axes = plt.subplots()
    paint(axes)
    result = copy(figure if whole else axes)
    plt.close(figure)
    return result


def histogram(axes: Any) -> None:
    axes.hist(VALUES, bins=EDGES)
    axes.set(xlabel="age", ylabel="count", title="7 values")


def difference(expected: Any, actual: Any, *parts: str) -> tuple[str, str]:
    found = compare.same_drawing(parts or ("bars", "lines", "points", "labels"))(expected, actual)
    return ("", "") if found is None else (found.kind, found.headline)


def test_bars_count_whoever_draws_them() -> None:
    def by_hand(axes: Any) -> None:
        counts, edges = np.histogram(VALUES, EDGES)
        axes.bar(edges[:-1], counts, width=np.diff(edges), align="edge", color="red", edgecolor="black")
        axes.set(xlabel="age", ylabel="count")

    assert difference(drawing(histogram), drawing(by_hand)) == ("", "")


def test_labeled_bars_count_whoever_labels_them() -> None:
    def by_hand(axes: Any) -> None:
        counts, edges = np.histogram(VALUES, EDGES)
        axes.bar(edges[:-1], counts, width=np.diff(edges), align="edge", label="ages")
        axes.legend()

    wanted = drawing(lambda axes: (axes.hist(VALUES, bins=EDGES, label="ages"), axes.legend()))
    assert difference(wanted, drawing(by_hand), "bars", "legend") == ("", "")


@pytest.mark.parametrize(
    ("paint", "headline"),
    [
        (lambda axes: axes.hist(VALUES, bins=3), "Your plot has 3 bars with a height; 4 are expected."),
        (
            lambda axes: axes.hist(VALUES, bins=EDGES, density=True),
            "Your plot has a bar of height 0.07143 at 0.0 to 2.0; 1.0 is expected.",
        ),
        (
            lambda axes: axes.hist(VALUES, bins=EDGES - 0.1),
            "Your plot has a bar from -0.1 to 1.9; one from 0.0 to 2.0 is expected.",
        ),
        (lambda axes: axes.plot(VALUES), "Your plot has no bars."),
        (
            lambda axes: axes.hist(VALUES, bins=EDGES, histtype="step"),
            'Your plot has no bars. Draw filled bars (`histtype="bar"`), not an outline.',
        ),
    ],
)
def test_words_for_bars(paint: Callable[[Any], None], headline: str) -> None:
    assert difference(drawing(histogram), drawing(paint), "bars") == ("wrong_drawing", headline)


def test_densities_and_shares_are_named() -> None:
    for options, word in (({"density": True}, "densities"), ({"weights": np.full(7, 1 / 7)}, "shares")):
        found = compare.same_drawing(("bars",))(
            drawing(histogram), drawing(lambda axes, options=options: axes.hist(VALUES, bins=EDGES, **options))
        )
        assert found is not None
        assert word in found.detail


def test_labels_title_legend_scales() -> None:
    def other(axes: Any) -> None:
        axes.hist(VALUES, bins=EDGES, label="all")
        axes.set(xlabel="Age", title="values")
        axes.legend()
        axes.set_yscale("log")

    wanted, given = drawing(histogram), drawing(other)
    assert difference(wanted, given, "labels") == ("wrong_drawing", 'Your plot\'s x label is "Age"; "age" is expected.')
    assert difference(wanted, given, "title")[1] == 'Your plot\'s title is "values"; "7 values" is expected.'
    assert difference(wanted, given, "legend")[1] == "Your plot has a legend, which is not expected."
    assert difference(given, wanted, "legend")[1] == "Your plot has no legend."
    assert difference(wanted, given, "scales")[1] == "Your plot's y axis is log; linear is expected."
    bare = drawing(lambda axes: axes.hist(VALUES, bins=EDGES))
    assert difference(wanted, bare, "labels")[1] == 'Your plot has no x label; "age" is expected.'


def test_lines_in_any_order_and_points_in_any_order() -> None:
    x = np.arange(5.0)

    def one(axes: Any) -> None:
        axes.plot(x, x**2, label="square")
        axes.plot(x, x, label="line")

    def other(axes: Any) -> None:
        axes.plot(x, x, "r--")
        axes.plot(x, x**2, "b:")

    assert difference(drawing(one), drawing(other), "lines") == ("", "")
    fewer = drawing(lambda axes: axes.plot(x, x))
    assert difference(drawing(one), fewer, "lines") == ("wrong_drawing", "Your plot has 1 line; 2 are expected.")
    wrong = drawing(lambda axes: (axes.plot(x, x, label="line"), axes.plot(x, x**3, label="square")))
    assert difference(drawing(one), wrong, "lines")[1] == (
        'Your plot draws the line "square" through other points than expected.'
    )
    scatter = drawing(lambda axes: axes.scatter(x, x**2))
    markers = drawing(lambda axes: axes.plot(x[::-1], (x**2)[::-1], "o"))
    assert difference(scatter, markers, "points", "lines") == ("", "")


def test_axes_are_not_a_figure_and_nothing_is_not_a_drawing() -> None:
    axes, figure = drawing(histogram), drawing(histogram, whole=True)
    assert difference(axes, figure) == ("wrong_type", "Your answer is a Matplotlib figure; the axes is expected.")
    assert difference(axes, None)[0] == "returned_none"
    assert difference(axes, 3)[0] == "wrong_type"
    assert difference(figure, figure) == ("", "")
    assert compare.close()(axes, drawing(histogram)) is None, "the default compares drawings, too"


def test_images_and_limits() -> None:
    matrix = np.arange(6.0).reshape(2, 3)
    shown = drawing(lambda axes: axes.imshow(matrix))
    assert difference(shown, drawing(lambda axes: axes.imshow(matrix)), "images") == ("", "")
    assert difference(shown, drawing(lambda axes: axes.imshow(matrix.T)), "images")[0] == "wrong_drawing"
    wide = drawing(lambda axes: axes.set_xlim(0, 5))
    assert difference(wide, drawing(lambda axes: axes.set_xlim(0, 6)), "limits")[1].startswith(
        "Your plot's x axis runs from 0.0 to 6.0"
    )


def test_unknown_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="parts are bars"):
        compare.same_drawing(("colors",))
