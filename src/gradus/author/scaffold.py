"""``author new``: a folder whose files say what to write. Nothing in it passes the proof until it is written."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import Final

from gradus.author.find import find_exercises, unit_folders
from gradus.author.lint import PLACEHOLDER
from gradus.errors import UsageError

_NAME: Final = re.compile(r"^[a-z][a-z0-9_]{1,39}$")

_FILES: Final = {
    "exercise.toml": """title = "{placeholder}: what the learner does, in a few words"
difficulty = 2  # 1 (a line or two) to 5 (an afternoon)
minutes = 15
skills = []  # {placeholder}: outcome ids of the unit's unit.toml
provides = ["{name}"]
libraries = "core"

[limits]
seconds = 2.0
""",
    "task.md": """{placeholder}: why anybody wants this, in a sentence. Then: write `{name}(x)`, what goes in
(shapes, types), what comes out, and what happens at the edges (empty, constant, ties, missing).

```python
>>> {name}([1, 2, 3])
{placeholder}
```
""",
    "starter.py": '''def {name}(x: list[float]) -> float:
    """{placeholder}: what goes in and what comes out, with shapes."""
    raise NotImplementedError
''',
    "solution.py": '''def {name}(x: list[float]) -> float:
    """{placeholder}: the same docstring as the starter's."""
    raise NotImplementedError  # {placeholder}: what an expert would be content to see in a review
''',
    "checks.py": '''"""{name}(x): {placeholder}, what must hold, in a line."""

from gradus.checks import cases, misconception


@cases
def inputs(rng):
    """{placeholder}: fresh inputs for every attempt, on which every wrong idea below gives another answer."""
    yield list(rng.normal(size=int(rng.integers(1, 10))))


@misconception
def first_wrong_idea(x):
    """{placeholder}: what is seen, in one short sentence.

    {placeholder}: which idea went astray, and why it is tempting."""
    return 0.0


@misconception
def second_wrong_idea(x):
    """{placeholder}: what is seen, in one short sentence.

    {placeholder}: which idea went astray, and why it is tempting."""
    return 1.0
''',
    "hints.md": """1. {placeholder}: a nudge, as a question.
2. {placeholder}: the idea.
3. {placeholder}: almost there, without the line itself.
""",
    "ways/another.py": '''"""{placeholder}: what is good about this way."""


def {name}(x: list[float]) -> float:
    """{placeholder}"""
    raise NotImplementedError
''',
}


_PROJECT: Final = {
    "exercise.toml": """kind = "project"
title = "{placeholder}: what the learner builds, in a few words"
difficulty = 3  # 1 (a few lines) to 5 (an afternoon)
minutes = 45
skills = []  # {placeholder}: outcome ids of the unit's unit.toml
libraries = "mlops"  # or "core"

[limits]
seconds = 60
""",
    "task.md": """{placeholder}: why anybody wants this, in a sentence. Then: which files are to be written, how the
program is started, what it answers, and what happens at the edges.

```sh
python main.py
```

prints {placeholder}.
""",
    "hints.md": _FILES["hints.md"],
    "starter/main.py": '''"""{placeholder}: what this program does."""

raise NotImplementedError
''',
    "solution/main.py": '''"""{placeholder}: what this program does."""

print("{placeholder}")
''',
    "ways/another/way.toml": """good = "{placeholder}: what is good about this way."
""",
    "ways/another/main.py": '''"""{placeholder}: only the files that differ from the solution."""
''',
    "wrong/first/fault.toml": """expects = "first_mistake"
what = "{placeholder}: the mistake in a sentence."
""",
    "wrong/first/main.py": '''"""{placeholder}: only the files that differ from the solution."""
''',
    "probe.py": '''"""{placeholder}: what is tried, in a line."""

from gradus.projects import Workbench, fail, mistake, probe


@mistake
def first_mistake():
    """{placeholder}: what is seen, in one short sentence.

    {placeholder}: which idea went astray, why it is tempting, what to do instead."""


@probe("{placeholder}: completes the words “it …”")
def answers(work: Workbench, rng):
    """{placeholder}: what is seen when this does not hold.

    {placeholder}: what to do about it."""
    done = work.run(["python", "main.py"]).require()
    if not done.stdout:
        fail(first_mistake, actual=done.stdout)
''',
}


def scaffold(unit: str, name: str, curriculum: Path | None = None, project: bool = False) -> Path:
    """Make the folder of a new exercise, or of a new project.

    ``unit`` is ``STAGE/UNIT`` (folder names), a unit's id, or ``STAGE.UNIT``.

    Raises UsageError for a bad name, an unknown unit, and an exercise that exists anywhere in the curriculum.
    """
    if not _NAME.match(name) or keyword.iskeyword(name):
        what = f"“{name}” cannot be an exercise's name."
        raise UsageError(what, next_step="Use 2 to 40 lower-case letters, digits and _, as in `pairwise_distance`.")
    last = unit.rstrip("/").rsplit("/", 1)[-1]  # "2-numpy" of "1-python-and-maths/2-numpy"
    folder = unit_folders([re.sub(r"^\d+-", "", last)], curriculum)[0]
    for known in find_exercises((), curriculum):
        if known.id == name:
            raise UsageError(f"There is an exercise “{name}” already.", str(known.folder), "Choose another name.")
    target = folder / name
    if target.exists():
        raise UsageError("The folder exists already.", str(target), "Choose another name.")
    for file, text in (_PROJECT if project else _FILES).items():
        path = target / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{name}", name).replace("{placeholder}", PLACEHOLDER), encoding="utf-8")
    return target
