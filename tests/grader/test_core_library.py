"""The core library set in a real sandbox: numbers, tables, models and drawings come back as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gradus.grader.libraries import library_set
from gradus.grader.pool import LimitHit, Pool, Returned
from gradus.grader.zygote_pool import ZygotePool
from tests.grader.conftest import started


@pytest.fixture(scope="module")
def core() -> Iterator[Pool]:
    with ZygotePool(library_set("core"), fallback=False).start() as pool:
        yield pool


def value(reply: Any) -> Any:
    assert isinstance(reply, Returned), reply
    return reply.value


def test_nothing_is_missing(core: Pool) -> None:
    assert core.wait_ready(60)
    assert core.missing == ()


def test_arrays_and_frames_cross_both_ways(core: Pool) -> None:
    source = """
        import numpy as np, pandas as pd
        def mean(x): return x.mean(axis=0)
        def table(t): return t.groupby("k", as_index=False)["v"].mean()
        """
    with started(core, source) as runner:
        np.testing.assert_array_equal(value(runner.call("mean", [np.eye(3)])), np.full(3, 1 / 3))
        table = pd.DataFrame({"k": ["a", "b", "a"], "v": [1.0, 2.0, 3.0]})
        pd.testing.assert_frame_equal(
            value(runner.call("table", [table])), pd.DataFrame({"k": ["a", "b"], "v": [2.0, 2.0]})
        )


def test_a_fitted_model_stays_and_predicts(core: Pool) -> None:
    source = """
        from sklearn.linear_model import LinearRegression
        def fit(X, y): return LinearRegression().fit(X, y)
        """
    with started(core, source, seconds=10) as runner:
        X = np.arange(6.0)[:, None]
        model = value(runner.call("fit", [X, 2 * X[:, 0]]))
        assert model.type.endswith("LinearRegression")
        assert value(runner.invoke(model, "method", ["predict", [[10.0]]])) == pytest.approx([20.0])
        assert value(runner.invoke(model, "get", ["coef_"])) == pytest.approx([2.0])


def test_several_jobs_do_not_need_processes(core: Pool) -> None:
    source = """
        from sklearn.model_selection import cross_val_score
        from sklearn.linear_model import LinearRegression
        import numpy as np
        def f(jobs):
            X = np.arange(20.0)[:, None]
            return cross_val_score(LinearRegression(), X, X[:, 0], cv=4, n_jobs=jobs)
        """
    with started(core, source, seconds=20) as runner:
        for jobs in (1, 2, -1):
            assert value(runner.call("f", [jobs])) == pytest.approx([1.0] * 4)


def test_numpy_s_hidden_state_follows_the_seed(core: Pool) -> None:
    source = "import numpy as np\ndef f(): return np.random.rand(3)"
    drawn = []
    for _ in range(2):
        with started(core, source) as runner:
            drawn.append(value(runner.call("f")))
    np.testing.assert_array_equal(drawn[0], drawn[1])


def test_a_large_array_is_a_memory_limit(core: Pool) -> None:
    with started(core, "import numpy as np\ndef f(): return np.ones(10**9).sum()", memory_mb=128) as runner:
        reply = runner.call("f")
    assert isinstance(reply, LimitHit)
    assert reply.kind == "memory"


DRAW = """
    import matplotlib.pyplot as plt
    import numpy as np
    def axes():
        figure, ax = plt.subplots()
        ax.plot([1, 2, 3], [1, 4, 9], "--", label="squares")
        ax.bar(["a", "b"], [3, 5], label="bars")
        ax.scatter([1, 2], [3, 4], c=[0.1, 0.9])
        ax.hist([1, 1, 2], bins=2)
        ax.errorbar([1], [1], yerr=[0.5])
        ax.text(1, 2, "note")
        ax.set(title="Title", xlabel="x", ylabel="y", yscale="log", ylim=(1, 100))
        ax.legend()
        return ax
    def grid():
        figure, axs = plt.subplots(1, 2)
        axs[0].imshow(np.eye(2))
        axs[1].boxplot([1, 2, 3])
        figure.suptitle("Both")
        return figure
    def show():
        plt.plot([1, 2])
        plt.show()
    """


def test_axes_arrive_as_what_was_drawn(core: Pool) -> None:
    with started(core, DRAW, seconds=20) as runner:
        drawing = value(runner.call("axes"))
    axes = drawing.axes[0]
    assert drawing.of == "axes"
    assert (axes.title, axes.x_label, axes.y_label, axes.y_scale, axes.y_limits) == ("Title", "x", "y", "log", (1, 100))
    line = axes.lines[0]
    np.testing.assert_array_equal(line.y, [1, 4, 9])
    assert (line.style, line.label) == ("--", "squares")
    assert [bar.height for bar in axes.bars] == [3, 5, 2, 1]
    assert [bar.label for bar in axes.bars[:2]] == ["bars", "bars"]
    np.testing.assert_array_equal(axes.points[0].values, [0.1, 0.9])
    np.testing.assert_array_equal(axes.segments[0].ends, [[1, 0.5, 1, 1.5]])
    assert axes.texts[0].text == "note"
    assert axes.legend == ("squares", "bars")
    assert "2 lines" in drawing.summary()


def test_a_figure_arrives_with_all_its_axes(core: Pool) -> None:
    with started(core, DRAW, seconds=20) as runner:
        drawing = value(runner.call("grid"))
    assert (drawing.of, drawing.title, len(drawing.axes)) == ("figure", "Both", 2)
    np.testing.assert_array_equal(drawing.axes[0].images[0].values, np.eye(2))
    assert len(drawing.axes[1].lines) >= 5


def test_open_figures_become_pictures_within_bounds(core: Pool) -> None:
    with started(core, DRAW, seconds=20) as runner:
        for _ in range(3):
            runner.call("show")
        runner.call("grid")
        pictures = runner.figures(count=2)
        assert len(pictures) == 2
        assert all(picture.startswith(b"\x89PNG") for picture in pictures)
        assert runner.figures(count=2, size=10) == []
        assert runner.stderr() == ""
