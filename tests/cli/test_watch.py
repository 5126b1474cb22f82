"""Watch mode's state, driven without a terminal: saves, keys, answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradus.cli.keys import decode
from gradus.cli.page import Page
from gradus.cli.screen import Screen
from gradus.cli.term import Terminal
from gradus.cli.watch import Event, Watch
from gradus.errors import GradusError, UsageError


class Recorder(Page):
    """A page that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, Any]] = []

    def show_task(self, focus: Any) -> None:
        self.told.append(("task", focus["exercise"]))

    def show_verdict(self, focus: Any, verdict: Any, screen: Any) -> None:
        self.told.append(("verdict", verdict["outcome"]))

    def show_failure(self, error: GradusError) -> None:
        self.told.append(("failure", error.what))

    def body(self, lines: list[str], keep: bool = False) -> None:
        self.told.append(("body", "\n".join(lines)))


class Desk:
    """A learner's folder with two exercises, and answers as the service gives them."""

    def __init__(self, folder: Path) -> None:
        self.files = {name: folder / f"{name}.py" for name in ("doubled", "centered")}
        for file in self.files.values():
            file.write_text("start")
        self.passed: set[str] = set()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.page = Recorder()
        self.watch = Watch(self.ask, self.page, self.focus("doubled"))
        self.watch.open()

    def focus(self, name: str) -> dict[str, Any]:
        passed = name in self.passed
        return {
            "exercise": name,
            "file": str(self.files[name]),
            "passed": passed,
            "unit": {"id": "arrays"},
            "touched": False,
        }

    def ask(self, what: str, **args: Any) -> dict[str, Any]:
        self.asked.append((what, args))
        if what == "focus" and "path" in args:
            name = Path(args["path"]).stem
            if name not in self.files:
                raise UsageError("no such exercise")
            return self.focus(name)
        if what == "focus":
            return self.focus("centered")
        if what == "check":
            good = "good" in self.files[args["exercise"]].read_text()
            if good:
                self.passed.add(args["exercise"])
            verdict = {"outcome": "passed" if good else "not_yet", "exercise": args["exercise"]}
            return {"verdict": verdict, "screen": {}, "focus": self.focus(args["exercise"])}
        if what == "hint":
            return {"level": 1, "remaining": 2, "text": "think"}
        if what == "solution":
            return {"source": "return 2 * x", "aided": False}
        if what == "lesson":
            return {"text": "# Arrays", "file": "lesson.md"}
        raise AssertionError(what)

    def save(self, name: str, text: str) -> None:
        self.files[name].write_text(text)
        self.watch.handle(Event("save", {self.files[name]}))

    def settle(self) -> None:
        """Take what the check's thread answered."""
        self.watch.handle(self.watch.events.get(timeout=10))

    def checks(self) -> list[str]:
        return [args["exercise"] for what, args in self.asked if what == "check"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_it_opens_on_the_task_and_does_not_check_what_is_untouched(desk: Desk) -> None:
    assert desk.page.told == [("task", "doubled")]
    assert desk.checks() == []


def test_a_save_is_checked_and_shown(desk: Desk) -> None:
    desk.save("doubled", "bad")
    desk.settle()
    assert desk.page.told[-1] == ("verdict", "not_yet")
    desk.save("doubled", "good")
    desk.settle()
    assert desk.page.told[-1] == ("verdict", "passed")
    assert desk.watch.focus["passed"] is True


def test_an_event_without_a_change_is_no_save(desk: Desk) -> None:
    desk.save("doubled", "bad")
    desk.settle()
    desk.watch.handle(Event("save", {desk.files["doubled"]}))
    assert desk.checks() == ["doubled"]


def test_a_newer_save_supersedes_a_running_check(desk: Desk) -> None:
    desk.save("doubled", "bad")
    first = desk.watch.running
    desk.save("doubled", "good")
    answers = [desk.watch.events.get(timeout=10) for _ in range(2)]
    stale = next(event for event in answers if event.token == first)
    fresh = next(event for event in answers if event.token != first)
    desk.watch.handle(stale)
    assert desk.page.told == [("task", "doubled")]
    desk.watch.handle(fresh)
    assert desk.page.told[-1] == ("verdict", "passed")


def test_saving_another_exercise_moves_there(desk: Desk) -> None:
    desk.save("centered", "bad")
    desk.settle()
    assert desk.watch.focus["exercise"] == "centered"
    assert desk.checks() == ["centered"]


def test_saving_a_helper_checks_the_exercise_beside_it(desk: Desk, tmp_path: Path) -> None:
    helper = tmp_path / "helpers.py"
    helper.write_text("x = 1")
    desk.watch.handle(Event("save", {helper}))
    desk.settle()
    assert desk.checks() == ["doubled"]


def test_a_deleted_file_is_no_save(desk: Desk) -> None:
    desk.files["doubled"].unlink()
    desk.watch.handle(Event("save", {desk.files["doubled"]}))
    assert desk.checks() == []


def test_keys(desk: Desk) -> None:
    for key in ("h", "l", "t", "r"):
        assert desk.watch.handle(Event("key", key))
    desk.settle()
    assert [what for what, _ in desk.asked] == ["hint", "lesson", "check"]
    assert desk.watch.focus.get("hints") is None or desk.watch.focus["hints"] == 2
    assert not desk.watch.handle(Event("key", "q"))
    assert not desk.watch.handle(Event("key", "\x04"))


def test_unknown_keys_do_nothing(desk: Desk) -> None:
    told = len(desk.page.told)
    for key in ("x", "up", "\x1b", "é", "page-down", "escape"):
        assert desk.watch.handle(Event("key", key))
    assert len(desk.page.told) == told


def test_next_and_solution_ask_twice_before_a_pass(desk: Desk) -> None:
    desk.watch.handle(Event("key", "s"))
    assert [what for what, _ in desk.asked] == []
    desk.watch.handle(Event("key", "s"))
    assert [what for what, _ in desk.asked] == ["solution"]
    desk.watch.handle(Event("key", "n"))
    assert desk.watch.focus["exercise"] == "doubled"
    desk.watch.handle(Event("key", "h"))  # something in between takes the question back
    desk.watch.handle(Event("key", "n"))
    assert desk.watch.focus["exercise"] == "doubled"
    desk.watch.handle(Event("key", "n"))
    assert desk.watch.focus["exercise"] == "centered"


def test_next_after_a_pass_goes_on_at_once(desk: Desk) -> None:
    desk.save("doubled", "good")
    desk.settle()
    desk.watch.handle(Event("key", "n"))
    assert desk.page.told[-1] == ("task", "centered")


def test_keys_wait_while_a_check_runs(desk: Desk) -> None:
    desk.save("doubled", "bad")
    desk.watch.handle(Event("key", "h"))
    assert "hint" not in [what for what, _ in desk.asked]
    assert not desk.watch.handle(Event("key", "q"))


def test_a_failing_question_is_shown_and_survived(desk: Desk) -> None:
    def fails(what: str, **args: Any) -> dict[str, Any]:
        raise UsageError("not now")

    desk.watch.ask = fails
    assert desk.watch.handle(Event("key", "h"))
    assert desk.page.told[-1] == ("failure", "not now")
    desk.save("doubled", "bad")
    desk.settle()
    assert desk.page.told[-1] == ("failure", "not now")
    assert desk.watch.running == 0


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("hq", ["h", "q"]),
        ("\x1b[A\x1b[B", ["up", "down"]),
        ("\x1b[5~x", ["page-up", "x"]),
        ("\x1b[200~", []),
        ("\x1b", ["escape"]),
        ("\x1bOA", ["up"]),
        ("\x1b[1;5C", []),
    ],
)
def test_keys_are_told_from_escape_sequences(sent: str, keys: list[str]) -> None:
    assert list(decode(sent)) == keys


class TestScreen:
    def page(self, body: list[str], **changes: Any) -> tuple[Screen, str]:
        import io

        stream = io.StringIO()
        screen = Screen(stream)
        term = Terminal(**{"width": 40, "columns": 40, "height": 10, **changes})
        screen.draw(["head"], body, ["foot"], term)
        return screen, stream.getvalue()

    def test_it_fills_the_terminal_and_no_more(self) -> None:
        _, text = self.page(["one", "two"])
        assert text.count("\r\n") == 9
        assert "head" in text
        assert "foot" in text

    def test_long_bodies_scroll(self) -> None:
        screen, text = self.page([f"line {i}" for i in range(50)])
        assert "line 49" not in text
        assert "more lines" in text
        assert screen.scroll("end")
        assert screen.scroll("page-up")
        assert not Screen().scroll("down")

    def test_lines_never_wrap(self) -> None:
        _, text = self.page(["x" * 100])
        assert "x" * 41 not in text
        assert "…" in text

    def test_it_leaves_the_terminal_as_it_was(self) -> None:
        import io

        stream = io.StringIO()
        screen = Screen(stream)
        screen.enter()
        screen.leave()
        screen.leave()
        assert stream.getvalue().startswith("\x1b[?1049h")
        assert stream.getvalue().endswith("\x1b[?1049l")
        assert stream.getvalue().count("\x1b[?1049l") == 1
