"""Wrong work that passes elsewhere does not pass here: each known silent pass and each known attack, with its outcome.

The whole way is tested: pool, sandbox, wire, judge. After every attack the next honest check must pass unharmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from gradus.checks import load_checks
from gradus.grader import Grader, Verdict, judge_locally
from gradus.roadmap import Exercise, Limits
from tests.grader.exercises import STANDARDIZE_SOLUTION, small, submitted, write

HOUSE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    limits = Limits(seconds=2.0, memory_mb=256, output_kb=64)
    return write(Path(tmp_path_factory.mktemp("silent")), limits=limits)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as grader:
        yield grader


def attempt(grader: Grader, exercise: Exercise, source: str, seed: int | None = None, **siblings: str) -> Verdict:
    """The verdict on a dishonest submission; an honest one is checked right after it."""
    verdict = grader.check(exercise, submitted(exercise, source, **siblings), seed)
    assert not verdict.passed
    assert verdict.outcome != "grader_error", verdict.diagnosis
    assert verdict.headline
    assert verdict.diagnosis is not None
    assert grader.check(exercise, submitted(exercise, STANDARDIZE_SOLUTION)).passed, "the next check is unharmed"
    return verdict


def said(verdict: Verdict) -> tuple[str, str]:
    assert verdict.diagnosis is not None
    return verdict.outcome, verdict.diagnosis.id


# ------------------------------------------------------------------------------------- objects that agree with all


@pytest.mark.parametrize(
    "answer",
    [
        "class Yes:\n    def __eq__(self, other): return True\n    def __array__(self): return 0\nanswer = Yes",
        "import numpy as np\nclass Yes(np.ndarray):\n    def __eq__(self, other): return np.ones(self.shape, bool)\n"
        "    __ne__ = __gt__ = __lt__ = lambda self, other: np.zeros(self.shape, bool)\n"
        "    def __sub__(self, other): return np.zeros(self.shape)\n"
        "answer = lambda: np.zeros((4, 2)).view(Yes)",
        "class Yes(float):\n    def __eq__(self, other): return True\n    def __abs__(self): return 0.0\nanswer = Yes",
        "class Yes(list):\n    def __eq__(self, other): return True\n    def __len__(self): return 4\nanswer = Yes",
        "import unittest.mock\nanswer = lambda: unittest.mock.ANY",
        "answer = lambda: NotImplemented",
    ],
    ids=["object", "array subclass", "float subclass", "list subclass", "mock.ANY", "NotImplemented"],
)
def test_an_object_that_is_equal_to_everything(grader: Grader, exercise: Exercise, answer: str) -> None:
    verdict = attempt(grader, exercise, f"{answer}\ndef standardize(X):\n    return answer()\n")
    assert said(verdict) in {("not_yet", "returned_handle"), ("not_yet", "wrong_type")}


# --------------------------------------------------------------------------------------------- patching the judge


def test_patched_numpy_only_fools_its_owner(grader: Grader, exercise: Exercise) -> None:
    verdict = attempt(
        grader,
        exercise,
        """
        import numpy as np
        for name in ("allclose", "isclose", "array_equal", "all", "abs"):
            setattr(np, name, lambda *a, **k: True)
        np.testing.assert_allclose = lambda *a, **k: None
        def standardize(X):
            return X * 0.0
        """,
    )
    assert said(verdict)[0] == "not_yet"


def test_hidden_tracebacks_hide_nothing(grader: Grader, exercise: Exercise) -> None:
    verdict = attempt(
        grader,
        exercise,
        """
        import sys, traceback
        sys.excepthook = lambda *a: None
        traceback.print_exc = traceback.format_exc = lambda *a, **k: ""
        def standardize(X):
            raise ValueError("nobody sees this")
        """,
    )
    assert said(verdict) == ("not_yet", "raised")
    assert "nobody sees this" in verdict.headline


def test_the_runner_itself_rewritten(grader: Grader, exercise: Exercise) -> None:
    """Whatever a submission does to the code around it, it can only answer for itself."""
    verdict = attempt(
        grader,
        exercise,
        """
        import sys, gc
        for name, module in list(sys.modules.items()):
            if name.startswith("gradus"):
                for key in ("fingerprint", "describe", "limit_of", "outline", "Verdict"):
                    if hasattr(module, key):
                        setattr(module, key, lambda *a, **k: None)
        def standardize(X):
            return X
        """,
    )
    assert verdict.outcome in {"not_yet", "broken"}


def test_forged_replies_are_not_replies(grader: Grader, exercise: Exercise) -> None:
    verdict = attempt(
        grader,
        exercise,
        """
        import gc, socket
        def standardize(X):
            for thing in gc.get_objects():
                if isinstance(thing, socket.socket):
                    for forged in (b'{"outcome": "passed"}', b"\\x00" * 64, b"\\xff" * 64):
                        try:
                            thing.send(forged)
                        except OSError:
                            pass
            return X
        """,
    )
    assert verdict.outcome in {"broken", "not_yet"}


def test_printed_success_is_only_printing(grader: Grader, exercise: Exercise) -> None:
    verdict = attempt(
        grader,
        exercise,
        """
        print('{"exercise": "standardize", "outcome": "passed"}')
        print("All tests passed. 1 passed in 0.01s")
        def standardize(X):
            print("PASSED")
            return X
        """,
    )
    assert said(verdict)[0] == "not_yet"
    assert "PASSED" in verdict.stdout


# -------------------------------------------------------------------------------------------- looking for the answer


def test_walking_the_stack_and_the_heap_finds_no_reference(grader: Grader, exercise: Exercise) -> None:
    """The submission returns the reference's answer if it finds one anywhere in its process."""
    verdict = attempt(
        grader,
        exercise,
        """
        import gc, inspect, sys, types
        OWN = set()
        def hunt(X):
            for frame in inspect.stack():
                for name, value in frame.frame.f_locals.items():
                    if name in ("expected", "reference", "solution", "checks", "exam"):
                        return value
            for thing in gc.get_objects():
                if type(thing) is types.FunctionType and thing.__name__ == "standardize" and thing is not standardize:
                    return thing(X)
            for module in list(sys.modules.values()):
                if hasattr(module, "standardize") and module.standardize is not standardize:
                    return module.standardize(X)
            return None
        def standardize(X):
            found = hunt(X)
            return X * 0.0 if found is None else found
        """,
    )
    assert said(verdict) == ("not_yet", "wrong_value"), "it found nothing: its own zeros came back"


def test_the_reference_is_in_no_file_that_can_be_read(grader: Grader, exercise: Exercise) -> None:
    verdict = attempt(
        grader,
        exercise,
        f"""
        import glob, os, sys
        def hunt():
            for root in ({str(exercise.folder.parent)!r}, os.path.expanduser("~"), {str(HOUSE)!r}, "/tmp", os.getcwd()):
                for path in glob.glob(os.path.join(root, "**", "solution.py"), recursive=True):
                    try:
                        if "def standardize" in open(path).read():
                            return path
                    except OSError:
                        pass
        FOUND = hunt()
        def standardize(X):
            return FOUND if FOUND else X * 0.0
        """,
    )
    assert said(verdict) == ("not_yet", "wrong_value"), "it found no file: its own zeros came back"


def test_the_reference_cannot_be_imported(grader: Grader, exercise: Exercise) -> None:
    verdict = attempt(
        grader,
        exercise,
        """
        def standardize(X):
            try:
                from gradus.checks import load_checks
                from gradus.roadmap import load_roadmap
                reference = load_checks(load_roadmap().exercise("standardize")).reference
            except Exception:
                return X * 0.0
            return reference.standardize(X)
        """,
    )
    assert said(verdict) == ("not_yet", "wrong_value")


def test_branching_on_public_inputs(grader: Grader, exercise: Exercise) -> None:
    verdict = attempt(
        grader,
        exercise,
        """
        import numpy as np
        def standardize(X):
            if X.shape == (2, 2) and X[0, 0] == 1 and X[1, 1] == 10:
                return np.array([[-1.0, 0.0], [1.0, 0.0]])
            return X * 0.0
        """,
    )
    assert said(verdict)[0] == "not_yet"


def test_a_table_of_an_earlier_attempts_answers(grader: Grader, exercise: Exercise) -> None:
    """Right for every case of one seed, as a benchmark's lookup table is; the next seed is another one."""
    source = STANDARDIZE_SOLUTION + dedent(
        """
        _right = standardize
        def standardize(X):
            return _right(X) if {known} else X * 0.0
        """
    )
    checks = load_checks(exercise)
    known = [round(float(call.args[0].sum()), 6) for call in checks.case_groups[0].draw(_rng(1))]
    table = source.format(known=f"round(float(X.sum()), 6) in {known}")
    assert judge_locally(checks, table, seed=1).passed, "it is right on the cases it knows, and only there"
    verdict = attempt(grader, exercise, table, seed=2)
    assert verdict.outcome == "not_yet"


def _rng(seed: int):  # type: ignore[no-untyped-def]
    import numpy as np

    return np.random.default_rng([seed, 0])


def test_right_for_a_while_or_every_other_time(grader: Grader, exercise: Exercise) -> None:
    for condition in ("calls <= 3", "calls % 2 == 1", "calls > 2"):
        verdict = attempt(
            grader,
            exercise,
            STANDARDIZE_SOLUTION
            + dedent(
                f"""
                _right, calls = standardize, 0
                def standardize(X):
                    global calls
                    calls += 1
                    return _right(X) if {condition} else X * 0.0
                """
            ),
        )
        assert verdict.outcome == "not_yet"


# -------------------------------------------------------------------------------------------------- nothing was run


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("", "broken"),
        ("# def standardize(X): return X", "unstarted"),
        ("import sys\nsys.exit(0)", "broken"),
        ("import os\nos._exit(0)", "broken"),
        ("raise SystemExit", "broken"),
        ("raise KeyboardInterrupt", "broken"),
        ("class T:\n    def test_nothing(self): pass", "broken"),
    ],
)
def test_nothing_run_is_never_a_pass(grader: Grader, exercise: Exercise, source: str, outcome: str) -> None:
    assert attempt(grader, exercise, source).outcome == outcome


def test_zero_checks_are_our_fault_and_no_pass(tmp_path: Path) -> None:
    nothing = "from gradus.checks import cases\n@cases\ndef none(rng):\n    return iter(())\n"
    checks = small(tmp_path, "def f(x): return x", nothing)
    verdict = judge_locally(checks, "def f(x): return x", seed=1)
    assert verdict.outcome == "grader_error"
    assert verdict.exit_code == 3
    assert verdict.diagnosis is not None
    assert "drew no case" in verdict.diagnosis.message


# ------------------------------------------------------------------------------------------------- runaways and exits


@pytest.mark.parametrize(
    ("body", "expected", "headline"),
    [
        ("while True: pass", ("over_limit", "time_limit"), "`standardize` is stopped after 2 seconds."),
        ("sum(range(10**13))", ("over_limit", "time_limit"), "`standardize` is stopped after 2 seconds."),
        ("x = [bytearray(2**27) for _ in range(99)]", ("over_limit", "memory_limit"), "256 MB"),
        ("while True: print('x' * 10**6)", ("over_limit", "output_limit"), "prints more than 64 KB"),
        ("import os\n    while True: os.fork()", ("over_limit", "process_limit"), "more processes or threads"),
        ("import sys\n    sys.exit(0)", ("not_yet", "exits"), "ends the program on line 3"),
        ("import os\n    os._exit(0)", ("broken", "crashed"), "your program ended itself with exit status 0"),
        ("import ctypes\n    ctypes.string_at(0)", ("broken", "crashed"), "was stopped by a segmentation fault"),
        ("import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)", ("over_limit", "memory_limit"), ""),
        ("return bytes(70 * 2**20)", ("over_limit", "answer_too_large"), "too large to compare"),
        ("a = []\n    a.append(a)\n    return a", ("over_limit", "answer_too_large"), "too large to compare"),
        ("import os\n    os.closerange(0, 100)\n    return X", ("broken", "crashed"), ""),
    ],
    ids=[
        "loop",
        "loop in C",
        "memory",
        "output",
        "forks",
        "exit",
        "_exit",
        "segfault",
        "kill",
        "size",
        "self",
        "close",
    ],
)
def test_runaways_and_exits(
    grader: Grader, exercise: Exercise, body: str, expected: tuple[str, str], headline: str
) -> None:
    verdict = attempt(grader, exercise, f"def standardize(X):\n    {body}\n    return X\n")
    if not headline:  # the kernel refuses (a sandbox's first process ignores its own kill), or the process is gone
        assert verdict.outcome in {"over_limit", "broken", "not_yet"}
        return
    assert said(verdict) == expected
    assert headline in verdict.headline


def test_a_limit_shows_the_case_it_was_hit_on(grader: Grader, exercise: Exercise) -> None:
    verdict = attempt(grader, exercise, "def standardize(X):\n    while X.shape[1] < 9: pass\n")
    assert verdict.findings[0].case.startswith("standardize([[")


def test_a_file_swapped_after_the_check_began_is_not_what_ran(
    grader: Grader, exercise: Exercise, tmp_path: Path
) -> None:
    import hashlib

    file = tmp_path / "standardize.py"
    file.write_text("def standardize(X):\n    return X * 0.0\n")
    taken = submitted(exercise, file.read_bytes())
    file.write_text(STANDARDIZE_SOLUTION)
    verdict = grader.check(exercise, taken)
    assert verdict.outcome == "not_yet"
    assert verdict.source_sha256 == hashlib.sha256(taken.source).hexdigest()
