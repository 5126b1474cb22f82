"""The runner for trusted code shares a process with the host, so it must leave nothing behind."""

from typing import Any


def test_a_reference_that_draws_leaves_no_figure_open() -> None:
    import matplotlib.pyplot as plt

    from gradus.grader.local import LocalRunner
    from gradus.grader.replies import Returned

    def draw(values: list[float]) -> Any:
        _, axes = plt.subplots()
        axes.hist(values)
        return axes

    reply = LocalRunner({"draw": draw}).call("draw", ([1.0, 2.0, 2.0],), {})
    assert isinstance(reply, Returned)
    assert len(reply.value.axes[0].bars) == 10
    assert plt.get_fignums() == []
