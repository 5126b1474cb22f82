"""The judge on trusted code: what passes, what is named, and whose fault it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradus.checks import CheckSet
from gradus.grader import Verdict
from gradus.grader.exam import Exam
from tests.grader.exercises import STANDARDIZE_SOLUTION, judged, small, write

CASES = """
from gradus.checks import *
from gradus.checks import compare
import numpy as np

@cases
def numbers(rng):
    yield 2
    yield int(rng.integers(3, 50))
    yield 7
"""


def named(verdict: Verdict) -> str:
    return verdict.diagnosis.id if verdict.diagnosis is not None else verdict.outcome


def fault(verdict: Verdict) -> str:
    """What the exercise's author did wrong."""
    assert verdict.outcome == "grader_error"
    assert verdict.headline == "Gradus could not judge this: the fault is not yours."
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.message.startswith("Nothing is recorded against you. What went wrong: ")
    return verdict.diagnosis.message


# ------------------------------------------------------------------------------------------------ right and wrong


def test_another_way_of_writing_it_passes(tmp_path: Path) -> None:
    checks = small(tmp_path, "def f(n): return n * n", CASES)
    for source in ("def f(n): return n ** 2", "f = lambda n: n * n", "import math\ndef f(k): return math.prod([k, k])"):
        assert judged(checks, source).passed
    assert judged(checks, "def f(n): return n + n").outcome == "not_yet"
    assert judged(checks, "def f(n): return float(n * n)").outcome == "not_yet"


def test_a_verdict_is_the_same_for_the_same_seed_and_differs_in_cases_otherwise(tmp_path: Path) -> None:
    checks = small(tmp_path, "def f(n): return n * n", CASES)
    wrong = "def f(n): return n * n if n < 10 else 0"
    first, again = judged(checks, wrong, seed=5), judged(checks, wrong, seed=5)
    assert (first.findings, first.headline) == (again.findings, again.headline)
    drawn = {Exam(checks, seed).parts[0].cases[1].call.args for seed in range(20)}
    assert len(drawn) > 5


def test_what_the_reference_raises_must_be_raised(tmp_path: Path) -> None:
    solution = """
    class Missing(ValueError): pass
    def f(n):
        if n > 2:
            raise Missing("no")
        return n
    """
    checks = small(tmp_path, solution, CASES)
    assert judged(
        checks, "class Missing(ValueError): pass\n" + "def f(n):\n    if n > 2: raise Missing('x')\n    return n"
    ).passed
    returns = judged(checks, "def f(n): return n")
    assert named(returns) == "wrong_exception"
    assert returns.headline == "`f` should raise Missing here; yours returns 3."
    assert returns.findings[0].expected == "Missing is raised"
    other = judged(checks, "def f(n):\n    if n > 2: raise KeyError('x')\n    return n")
    assert named(other) == "wrong_exception"
    assert other.headline == "`f` raises KeyError here; Missing is expected."


def test_a_subclass_of_the_expected_exception_will_do(tmp_path: Path) -> None:
    checks = small(tmp_path, "def f(n): raise ValueError", CASES)
    assert judged(checks, "class Mine(ValueError): pass\ndef f(n): raise Mine").passed
    assert named(judged(checks, "def f(n): raise Exception")) == "wrong_exception"


def test_the_input_may_be_changed_only_where_it_is_said(tmp_path: Path) -> None:
    template = """
from gradus.checks import cases
@cases{options}
def lists(rng):
    yield [3, 1, 2]
    yield []
"""
    in_place = "def f(xs):\n    xs.sort()\n    return list(xs)"
    strict = small(tmp_path / "a", "def f(xs): return sorted(xs)", template.format(options=""))
    verdict = judged(strict, in_place)
    assert named(verdict) == "input_changed"
    assert verdict.headline == "`f` changes its input."
    loose = small(tmp_path / "b", "def f(xs): return sorted(xs)", template.format(options="(may_change_input=True)"))
    assert judged(loose, in_place).passed


def test_a_changed_input_is_named_when_it_spoils_the_answer_too(tmp_path: Path) -> None:
    checks = small(
        tmp_path,
        "def f(xs): return [x for x in xs if x % 2]",
        "from gradus.checks import cases\n@cases\ndef lists(rng):\n    yield [2, 4, 1, 6, 8]\n    yield [1]\n",
    )
    verdict = judged(checks, "def f(xs):\n    for x in xs:\n        if x % 2 == 0: xs.remove(x)\n    return xs")
    assert named(verdict) == "input_changed"
    assert verdict.headline.startswith("Your answer")


# ------------------------------------------------------------------------------------------- the same call, the same


def test_kept_state_is_seen(tmp_path: Path) -> None:
    checks = small(tmp_path, "def f(n): return [n]", CASES)
    verdict = judged(checks, "def f(n, seen=[]):\n    seen.append(n)\n    return seen")
    assert named(verdict) == "not_repeatable"
    assert verdict.headline == "The same call of `f` gives different answers."
    assert verdict.diagnosis is not None
    assert "mutable default argument" in verdict.diagnosis.message


def test_chance_is_seen(tmp_path: Path) -> None:
    checks = small(tmp_path, "def f(n): return n * 0.5", CASES)
    verdict = judged(checks, "import random\ndef f(n): return random.random()")
    assert named(verdict) == "not_repeatable"
    assert verdict.diagnosis is not None
    assert "random" in verdict.diagnosis.message


def test_wrong_only_the_second_time_is_seen(tmp_path: Path) -> None:
    checks = small(tmp_path, "def f(n): return n", CASES)
    memo = "seen = set()\ndef f(n):\n    again = n in seen\n    seen.add(n)\n    return -1 if again else n"
    assert named(judged(checks, memo)) == "not_repeatable"


def test_equal_generators_are_passed_to_both(tmp_path: Path) -> None:
    checks = small(
        tmp_path,
        "def f(rng): return rng.normal(size=3)",
        "from gradus.checks import cases\n@cases\ndef seeds(rng):\n    yield rng\n    yield rng\n",
    )
    assert judged(checks, "def f(rng): return rng.normal(size=3)").passed
    assert (
        judged(checks, "import numpy as np\ndef f(rng): return np.random.default_rng(0).normal(size=3)").outcome
        == "not_yet"
    )
    assert judged(checks, "def f(rng): return rng.normal(0, 1, 4)[:3]").passed


# --------------------------------------------------------------------------------------------------------- arguments


def test_functions_and_files_are_arguments_too(tmp_path: Path) -> None:
    checks = small(
        tmp_path,
        "def f(g, path): return g(len(open(path).read()))",
        """
from gradus.checks import File, cases
@cases
def calls(rng):
    offset = int(rng.integers(100))
    yield (lambda n: n + offset), File("data.csv", "a,b\\n" + "1,2\\n" * int(rng.integers(5, 9)))
    yield (lambda n: n * offset), File("data.csv", b"")
""",
    )
    assert judged(checks, "def f(g, path):\n    with open(path) as file:\n        return g(len(file.read()))").passed
    assert judged(checks, "def f(g, path): return g(0)").outcome == "not_yet"


def test_the_file_of_a_failing_case_is_shown(tmp_path: Path) -> None:
    checks = small(
        tmp_path,
        "def f(path): return len(open(path).read().splitlines()) - 1",
        'from gradus.checks import File, cases\n@cases\ndef files(rng): yield File("t.csv", "a\\n" + "1\\n" * 20)\n',
    )
    verdict = judged(checks, "def f(path): return len(open(path).read().splitlines())")
    assert verdict.findings[0].case == 'f("t.csv")\nt.csv:\n    a\n    1'
    assert verdict.findings[0].expected == "1"


def test_the_folder_of_a_failing_case_is_shown(tmp_path: Path) -> None:
    checks = small(
        tmp_path,
        "import os\ndef f(path): return sum(len(names) for _, _, names in os.walk(path))",
        "from gradus.checks import Folder, cases\n"
        '@cases\ndef folders(rng): yield Folder("t", {f"in/{i}": "x" for i in range(9)})\n',
    )
    assert judged(checks, "import os\ndef f(path): return len(os.listdir(os.path.join(path, 'in')))").passed
    verdict = judged(checks, "import os\ndef f(path): return len(os.listdir(path))*0 + 1000")
    assert verdict.findings[0].case == "f(\"t\")\nt/:\n    in/0: 'x'"
    assert verdict.findings[0].expected == "1"


DRIVER = """
from gradus.checks import behaviour, cases, fail, misconception

def totals(submission, steps):
    account = submission.Account(start=10)
    seen = []
    for step in steps:
        account.add(step)
        seen.append(account.total)
    return seen, len(account), list(account), account[0], 5 in account

@cases(of="Account", run=totals)
def accounts(rng):
    yield [1, 2, 5]
    yield [int(n) for n in rng.integers(1, 9, size=4)]

@misconception(of="Account")
class Forgets:
    "It forgets what came before.\\n\\nKeep the sum."
    def __init__(self, start=0): self.total, self.steps = start, []
    def add(self, n): self.total = n; self.steps.append(n)
    def __len__(self): return len(self.steps)
    def __iter__(self): return iter(self.steps)
    def __getitem__(self, i): return self.steps[i]
    def __contains__(self, n): return n in self.steps

@behaviour("accounts are separate")
def separate(student, rng):
    "Each has its own list."
    one, other = student.Account(), student.Account()
    one.add(3)
    if len(other):
        fail("Two accounts share their steps.", expected=0, actual=len(other))
"""
ACCOUNT = """
class Account:
    def __init__(self, start=0):
        self.total, self.steps = start, []
    def add(self, n):
        self.total += n
        self.steps.append(n)
    def __len__(self): return len(self.steps)
    def __iter__(self): return iter(self.steps)
    def __getitem__(self, i): return self.steps[i]
    def __contains__(self, n): return n in self.steps
"""


@pytest.fixture
def accounts(tmp_path: Path) -> CheckSet:
    return small(tmp_path, ACCOUNT, DRIVER, name="account", provides=("Account",))


def test_classes_are_driven(accounts: CheckSet) -> None:
    assert judged(accounts, ACCOUNT).passed
    forgets = judged(accounts, ACCOUNT.replace("self.total += n", "self.total = n"))
    assert named(forgets) == "Forgets"
    assert forgets.headline == "It forgets what came before."
    assert forgets.findings[0].case.startswith("Account, totals: [")
    shared = ACCOUNT.replace("class Account:", "class Account:\n    steps = []").replace(
        "start, []", "start, self.steps"
    )
    assert named(judged(accounts, shared)) == "separate"
    broken = judged(accounts, ACCOUNT.replace("self.total += n", "self.total += undefined"))
    assert named(broken) == "raised"
    assert broken.findings[0].line == 6


def test_a_class_without_the_method_is_told_so(accounts: CheckSet) -> None:
    verdict = judged(accounts, ACCOUNT.replace("def add", "def append"))
    assert named(verdict) == "raised"
    assert verdict.headline == "`Account` raises AttributeError: 'Account' object has no attribute 'add'"


# ------------------------------------------------------------------------------------------------------ whose fault


@pytest.mark.parametrize(
    ("solution", "checks", "reason"),
    [
        ("def f(n): raise NotImplementedError", CASES, "the reference fails on f(2): NotImplementedError"),
        ("def f(n): return nothing", CASES, "the reference fails on f(2): NameError"),
        ("def f(n): return f", CASES, "the reference returns a function"),
        ("def f(n): return n", CASES + "@cases\ndef bad(rng):\n    yield 1 / 0\n", "drawing the cases “bad” failed"),
        ("def f(n): return n", CASES + "@cases\ndef bad(rng):\n    yield object()\n", "cannot be sent"),
        ("def f(n): return n", CASES + "@cases\ndef bad(rng):\n    return\n    yield\n", "“bad” drew no case"),
        (
            "def f(n): return n",
            CASES + "def d(submission, n): return n / 0\n@cases(run=d)\ndef bad(rng):\n    yield 1\n",
            "the driver of “bad” failed on the reference",
        ),
        (
            "def f(n): return n",
            CASES + "@cases(compare=lambda a, b: 1 / 0)\ndef bad(rng):\n    yield 1.5\n",
            "comparing “bad” failed: ZeroDivisionError",
        ),
        (
            "def f(n): return n",
            CASES + "@behaviour('x')\ndef bad(student, rng):\n    1 / 0\n",
            "the behaviour “bad” fails on the reference: ZeroDivisionError",
        ),
        (
            "def f(xs): return xs.pop()",
            "from gradus.checks import cases\n@cases\ndef bad(rng):\n    yield [1, 2]\n",
            "the reference changes its input on “bad”",
        ),
    ],
)
def test_the_authors_faults_are_never_the_learners(tmp_path: Path, solution: str, checks: str, reason: str) -> None:
    verdict = judged(small(tmp_path, solution, checks), "def f(n): return n")
    assert reason in fault(verdict)
    assert verdict.exit_code == 3


def test_a_behaviour_that_stumbles_over_the_learners_value_is_the_learners(tmp_path: Path) -> None:
    checks = (
        CASES + "@behaviour('the answer has a real part')\ndef real(student, rng):\n    assert student.f(3).real == 3\n"
    )
    verdict = judged(small(tmp_path, "def f(n): return n", checks), "def f(n): return n if n != 3 else 'three'")
    assert verdict.outcome == "not_yet"
    assert named(verdict) == "real"
    assert "cannot be checked" in verdict.headline


def test_whatever_the_judge_raises_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = small(tmp_path, "def f(n): return n", CASES)
    monkeypatch.setattr("gradus.grader.judge._sit", lambda sitting: 1 / 0)
    assert "ZeroDivisionError: division by zero" in fault(judged(checks, "def f(n): return n"))


def test_content_that_cannot_be_loaded_is_a_grader_error(tmp_path: Path) -> None:
    from gradus.grader import Grader, Submission

    exercise = write(tmp_path, checks="from nowhere import nothing", libraries="bare")
    grader = Grader(library="bare")
    verdict = grader.check(exercise, Submission(STANDARDIZE_SOLUTION.encode(), "standardize.py"), seed=3)
    assert "ModuleNotFoundError" in fault(verdict)
    assert verdict.seed == 3
    grader.close()
