"""A small sound exercise on disk, to be weakened by each test in one way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gradus.author.find import Found, find_exercises

FILES = {
    "exercise.toml": """title = "Center a column"
difficulty = 1
minutes = 10
skills = ["arrays"]
provides = ["center"]
""",
    "task.md": """Many methods want data around zero. Write `center(x)`: return a new float array in which the mean
of `x` is subtracted from every value. `x` has shape `(n,)` and n is at least 1.

```python
>>> center(np.array([1, 2, 3]))
array([-1.,  0.,  1.])
```
""",
    "starter.py": '''import numpy as np


def center(x: np.ndarray) -> np.ndarray:
    """Return x minus its mean. x: shape (n,). Returns: shape (n,), float."""
    raise NotImplementedError
''',
    "solution.py": '''import numpy as np


def center(x: np.ndarray) -> np.ndarray:
    """Return x minus its mean. x: shape (n,). Returns: shape (n,), float."""
    return x - x.mean()
''',
    "checks.py": '''"""center(x): the mean becomes 0."""

import numpy as np

from gradus.checks import cases, misconception


@cases
def columns(rng):
    yield rng.normal(5, 3, size=int(rng.integers(3, 20)))
    yield rng.exponential(4, size=7)


@misconception
def median(x):
    """The values lie around zero, but their mean is not zero.

    You subtracted the *median*. On skewed data it is not the mean."""
    return x - np.median(x)


@misconception
def first(x):
    """The first value is always 0.

    You subtracted the first value; the mean takes all of them into account."""
    return x - x[0]
''',
    "hints.md": """1. Which single number says where the values lie?
2. An array minus a number subtracts it from every value.
3. The method that gives the average of an array is called mean.
""",
    "ways/functions.py": '''"""np.subtract and np.mean as functions: they read like the formula."""

import numpy as np


def center(x: np.ndarray) -> np.ndarray:
    return np.subtract(x, np.mean(x))
''',
    "wrong/in_place.py": '''"""The array of the caller is changed.

expects: input_changed
"""

import numpy as np


def center(x: np.ndarray) -> np.ndarray:
    x -= x.mean()
    return x
''',
}

Build = Callable[..., Found]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Write the exercise ``center`` with some files replaced (None leaves one out) and find it."""

    def write(changes: dict[str, str | None] | None = None) -> Found:
        folder = tmp_path / "1-start" / "1-arrays" / "center"
        for name, text in (FILES | (changes or {})).items():
            if text is not None:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        (found,) = find_exercises(["center"], tmp_path)
        return found

    return write


@pytest.fixture
def files() -> dict[str, str]:
    """The sound files, by name."""
    return dict(FILES)
