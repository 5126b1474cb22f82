"""A small road of its own, a clock that tests set, and a grader that says what the source asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gradus.grader.replies import Submission
from gradus.grader.verdict import Diagnosis, Finding, Verdict
from gradus.learner import Learner, Workspace
from gradus.roadmap import Exercise, Roadmap, load_roadmap

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday

EXERCISES = {
    "1-basics/1-first": (("add", 1, ["plus"]), ("double", 2, ["plus"]), ("negate", 3, ["minus"])),
    "1-basics/2-second": (("square", 1, ["times"]), ("cube", 2, ["times", "plus"])),
    "2-later/1-third": (("root", 1, ["roots"]),),
}
UNITS = {
    "1-basics/1-first": ("First", 120, "double", ("plus", "minus")),
    "1-basics/2-second": ("Second", 60, "square", ("times",)),
    "2-later/1-third": ("Third", 90, "root", ("roots",)),
    "2-later/2-fourth": ("Fourth", 90, None, ("fourths",)),
}
CARD = """
[[cards]]
id = "{id}"
outcome = "{outcome}"
question = "What is {id}?"
choices = [
  {{ text = "right", correct = true, why = "Because." }},
  {{ text = "wrong", why = "No: look again." }},
  {{ text = "also wrong", why = "Not this either." }},
]
"""
COMPUTED = """
from gradus.roadmap import Card, Choice

def sum_of_two(rng):
    a, b = rng.randint(1, 50), rng.randint(1, 50)
    return Card("sum_of_two", "{outcome}", f"{a_b}?", (
        Choice(str(a + b), True, "Added."), Choice(str(a + b + 1), False, "One too many."),
        Choice(str(a * b + 100), False, "Multiplied."),
    ))
""".replace("{a_b}", "{a} + {b}")


def write_curriculum(root: Path) -> Path:
    """A road of two stages; the last unit is still to come."""
    weights = 'weight = { 1 = 1.0, 2 = 1.0 }\nfocus = "f"\nmaths = "m"\nstack = ["s"]\nstarts_with = "all"\n'
    tracks = "".join(f'[[tracks]]\nid = "{t}"\ntitle = "{t}"\n{weights}' for t in ("ml-engineer", "ai-engineer"))
    _write(root / "roadmap.toml", f'title = "Road"\npromise = "p"\nstages = ["1-basics", "2-later"]\n{tracks}')
    for number, (name, weeks) in enumerate((("1-basics", "[4, 6]"), ("2-later", "[6, 8]")), start=1):
        _write(
            root / name / "stage.toml",
            f'title = "Stage {number}"\nsummary = "s"\nweeks = {weeks}\ncan_do = ["c"]\n'
            f'[milestone]\ntitle = "Milestone {number}"\nstatement = "Prove {number}."\n',
        )
    for place, (title, minutes, placement, outcomes) in UNITS.items():
        _write_unit(root / place, title, minutes, placement, outcomes)
        for name, difficulty, skills in EXERCISES.get(place, ()):
            _write_exercise(root / place / name, name, difficulty, skills)
    return root


def _write_unit(folder: Path, title: str, minutes: int, placement: str | None, outcomes: tuple[str, ...]) -> None:
    text = f'title = "{title}"\nsummary = "About {title}."\nminutes = {minutes}\n'
    text += f'placement = "{placement}"\n' if placement else ""
    text += "".join(f'[[outcomes]]\nid = "{o}"\ncan = "Do {o}."\n' for o in outcomes)
    if placement:
        text += "".join(CARD.format(id=f"{outcomes[0]}-card-{n}", outcome=outcomes[0]) for n in (1, 2))
        _write(folder / "lesson.md", f"# {title}\n\nRead.\n\n```python\nprint(1)\n```\n```output\n1\n```\n\nMore.\n")
        _write(folder / "figures" / "plot.png", "not really a picture")
        _write(folder / "cards.py", COMPUTED.replace("{outcome}", outcomes[0]))
    _write(folder / "unit.toml", text)


def _write_exercise(folder: Path, name: str, difficulty: int, skills: list[str]) -> None:
    _write(
        folder / "exercise.toml",
        f'title = "Do {name}"\ndifficulty = {difficulty}\nminutes = 10\nskills = {skills}\nprovides = ["{name}"]\n',
    )
    _write(folder / "task.md", f"Write `{name}(x)`.\n\n```python\n>>> {name}(1)\n\"\\n'''\"\n```\n")
    _write(
        folder / "starter.py",
        f"from __future__ import annotations\n\n\ndef {name}(x):\n    raise NotImplementedError\n",
    )
    _write(folder / "solution.py", f"def {name}(x):\n    return x\n")
    _write(
        folder / "checks.py", "from gradus.checks import cases\n\n@cases\ndef numbers(rng):\n    yield 1\n    yield 2\n"
    )
    _write(folder / "hints.md", "1. Nudge.\n2. Idea.\n3. Almost.\n")
    _write(folder / "ways" / "other.py", f'"""Shorter to read."""\n\n\ndef {name}(x):\n    return +x\n')
    if name == "add":
        _write(folder / "data.csv", "a,target\n1,0\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class FakeGrader:
    """Passes a source that says PASS; otherwise gives the outcome that it names, or not_yet."""

    def check(self, exercise: Exercise, submission: Submission, seed: int | None = None) -> Verdict:
        text = submission.source.decode("utf-8", "replace")
        named = ("unstarted", "broken", "over_limit", "grader_error")
        outcome: Any = "passed" if "PASS" in text else next((name for name in named if name in text), "not_yet")
        bad = outcome == "not_yet"
        return Verdict(
            exercise.id, outcome, 7 if seed is None else seed, hashlib.sha256(submission.source).hexdigest(), "So.",
            Diagnosis("wrong_sign", "The sign.") if bad else None, (Finding("numbers", "differs"),) if bad else (),
            1, 2, {"total": 3.0}, figures=("AAAA",),
        )  # fmt: skip


class Clock:
    """The time, as the test says it is."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


class Desk:
    """A learner at work: writes files, checks them, lets time pass."""

    def __init__(self, learner: Learner, clock: Clock) -> None:
        self.learner = learner
        self.clock = clock
        self.grader: Any = FakeGrader()

    def submit(self, name: str, text: str = "PASS", context: str = "work", **span: float) -> Verdict:
        self.clock.pass_(**(span or {"minutes": 5}))
        path = self.learner.workspace.file_for(self.learner.roadmap.exercise(name), context)
        path.write_text(f"# {text}\n", encoding="utf-8")
        return self.learner.check(name, path, grader=self.grader)

    def answer(self, card: str, right: bool = True, seed: int = 3, **span: float) -> Any:
        self.clock.pass_(**(span or {"minutes": 1}))
        question = self.learner.ask_card(card, seed)
        wanted = [i for i, text in enumerate(question.choices) if (text == "right") is right]
        return self.learner.answer_card(card, wanted[0], seed)

    def finish_stage_one(self) -> None:
        for name in ("add", "double", "negate", "square", "cube"):
            self.submit(name)

    def statuses(self) -> dict[str, str]:
        progress = self.learner.progress()
        units = [unit for stage in progress.stages for unit in stage.units]
        return {e.id: e.status for unit in units for e in unit.exercises} | {unit.id: unit.status for unit in units}


@pytest.fixture(scope="session")
def road(tmp_path_factory: pytest.TempPathFactory) -> Roadmap:
    return load_roadmap(write_curriculum(tmp_path_factory.mktemp("curriculum")))


@pytest.fixture
def workspace(road: Roadmap, tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "ml", road, git=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(workspace: Workspace, road: Roadmap, clock: Clock) -> Iterator[Desk]:
    with Learner.open(workspace, road, clock=clock, zone=UTC) as learner:
        yield Desk(learner, clock)


@pytest.fixture
def second_desk(road: Roadmap, tmp_path: Path, clock: Clock) -> Iterator[Callable[[str], Desk]]:
    """Another workspace (another machine, say) on the same road."""
    opened: list[Learner] = []

    def make(name: str) -> Desk:
        place = Workspace.create(tmp_path / name, road, git=False)
        opened.append(Learner.open(place, road, clock=clock, zone=UTC))
        return Desk(opened[-1], clock)

    yield make
    for learner in opened:
        learner.close()
