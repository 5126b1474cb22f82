"""Trusted code is kept quiet in its own thread; the program that hosts the grader prints on."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from gradus.grader.quiet import in_background, quiet, silence


def test_only_the_thread_that_runs_trusted_code_is_redirected(capsys: pytest.CaptureFixture[str]) -> None:
    inside, said = threading.Event(), threading.Event()

    def trusted() -> None:
        with silence():
            print("a reference prints")
            inside.set()
            said.wait(10)

    wait = in_background(trusted)
    inside.wait(10)
    print("the host prints")
    said.set()
    wait()
    print("and prints on")
    assert capsys.readouterr().out == "the host prints\nand prints on\n"


def test_what_is_printed_can_be_kept(capsys: pytest.CaptureFixture[str]) -> None:
    kept = io.StringIO()
    with silence():
        with quiet(kept):
            print("kept")
        with quiet():
            print("lost")
        wait = in_background(lambda: _print_quietly("lost, too"))
        wait()
    assert kept.getvalue() == "kept\n"
    assert capsys.readouterr().out == ""


def _print_quietly(text: str) -> None:
    with quiet():
        print(text)


def test_the_stream_is_as_it_was_afterwards() -> None:
    before = sys.stdout
    with quiet():
        assert sys.stdout is not before
        sys.stdout.flush()
    assert sys.stdout is before


def test_helpers_work_side_by_side_and_are_used_again() -> None:
    together = threading.Barrier(3)

    def meet() -> int:
        together.wait(10)  # nobody gets past it alone
        return threading.get_ident()

    waits = [in_background(meet), in_background(meet)]
    together.wait(10)
    first = {wait() for wait in waits}
    assert len(first) == 2
    assert in_background(threading.get_ident)() in first


def test_what_fails_in_the_background_fails_where_it_is_waited_for() -> None:
    def fails() -> None:
        raise ValueError("here")

    wait = in_background(fails)
    with pytest.raises(ValueError, match="here"):
        wait()
    assert in_background(lambda: 5)() == 5
