"""Broken work is explained: the outcome, the diagnosis and the words, through the whole sandboxed grader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gradus.grader import Grader, Verdict
from gradus.roadmap import Exercise
from tests.grader.exercises import STANDARDIZE_SOLUTION, STANDARDIZE_STARTER, submitted, write

ANSWER = """
    import numpy as np
    def standardize(X):
        spread = X.std(axis=0)
        answer = (X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)
"""


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    return write(Path(tmp_path_factory.mktemp("broken")))


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as grader:
        yield grader


def check(grader: Grader, exercise: Exercise, source: str | bytes, **siblings: str) -> Verdict:
    verdict = grader.check(exercise, submitted(exercise, source, **siblings), seed=11)
    assert verdict.diagnosis is not None
    assert verdict.headline
    assert verdict.diagnosis.message
    return verdict


def said(verdict: Verdict) -> tuple[str, str, str]:
    assert verdict.diagnosis is not None
    return verdict.outcome, verdict.diagnosis.id, verdict.headline


def test_the_reference_passes(grader: Grader, exercise: Exercise) -> None:
    verdict = grader.check(exercise, submitted(exercise, STANDARDIZE_SOLUTION), seed=11)
    assert verdict.passed
    assert verdict.checks == 2
    assert verdict.cases == 7, "three cases, three again in another order, one repeated"
    assert verdict.headline == "Every check holds."
    assert verdict.diagnosis is None
    assert verdict.findings == ()
    assert verdict.isolation, "what ran was isolated, and says by what"
    assert verdict.provenance == {"standardize.py": verdict.source_sha256}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "import numpy as np\ndef standardize(X:\n    return X\n",
            ("broken", "syntax_error", "Line 2 is not valid Python: '(' was never closed."),
        ),
        (
            "def standardize(X):\nreturn X\n",
            (
                "broken",
                "syntax_error",
                "Line 2 is not valid Python: expected an indented block after function definition on line 1.",
            ),
        ),
        (
            "def standardise(X):\n    return X\n",
            (
                "broken",
                "missing_name",
                "`standardize.py` defines `standardise`; the exercise looks for `standardize`.",
            ),
        ),
        ("x = 3\n", ("broken", "missing_name", "`standardize.py` does not define `standardize`.")),
        ("standardize = 3\n", ("not_yet", "not_a_function", "`standardize` is an int, not a function.")),
        (
            "def standardize(X, ddof):\n    return X\n",
            ("not_yet", "wrong_arity", "`standardize` is called with 1 argument, which it does not accept."),
        ),
        (
            "def standardize():\n    return 1\n",
            ("not_yet", "wrong_arity", "`standardize` is called with 1 argument, which it does not accept."),
        ),
        (ANSWER, ("not_yet", "returned_none", "Your function returns None; a NumPy array is expected.")),
        (
            ANSWER + "        print(answer)\n",
            ("not_yet", "printed_instead", "`standardize` prints its answer and returns None."),
        ),
        (
            ANSWER + "        return answer.tolist()\n",
            ("not_yet", "wrong_type", "Your answer is a list; a NumPy array of shape (1, 1) is expected."),
        ),
        (
            ANSWER + "        return answer[0]\n",
            ("not_yet", "wrong_shape", "Your answer has shape (1,); shape (1, 1) is expected."),
        ),
        (
            ANSWER + "        return answer.round().astype(int)\n",
            (
                "not_yet",
                "integer_result",
                "Your answer holds whole numbers (dtype int64); floats are expected.",
            ),
        ),
        (
            ANSWER + "        X[:] = answer\n        return answer\n",
            ("not_yet", "input_changed", "`standardize` changes its input."),
        ),
        (
            ANSWER + "        return standardize\n",
            (
                "not_yet",
                "returned_handle",
                "You return the function `standardize` itself; a NumPy array is expected.",
            ),
        ),
        (
            ANSWER + "        yield answer\n",
            ("not_yet", "returned_handle", "You return a generator object; a NumPy array is expected."),
        ),
        (
            "import torchy\ndef standardize(X):\n    return X\n",
            ("broken", "not_installed", "Line 1 imports `torchy`, which is not available here."),
        ),
        (
            "import nunpy as np\ndef standardize(X):\n    return X\n",
            ("broken", "not_installed", "Line 1 imports `nunpy`, which is not available here. Did you mean `numpy`?"),
        ),
        (
            "from numpy import averaging\ndef standardize(X):\n    return X\n",
            ("broken", "import_failed", "Line 1 imports `averaging` from `numpy`, which does not have it."),
        ),
        (b"", ("broken", "empty_file", "`standardize.py` is empty.")),
        (b" \n\t\n", ("broken", "empty_file", "`standardize.py` is empty.")),
        (
            b"def standardize(X):\n\0    return X\n",
            ("broken", "null_bytes", "`standardize.py` holds a null byte (at position 20), so it is not text."),
        ),
        (
            "def standardize(X): return X".encode("utf-16"),
            ("broken", "null_bytes", "`standardize.py` holds a null byte (at position 3), so it is not text."),
        ),
        (
            b"import numpy\n# caf\xe9\ndef standardize(X): return X",
            ("broken", "not_utf8", "Line 2 of `standardize.py` is not UTF-8 text."),
        ),
        (
            b"#" * 1_000_001,
            ("broken", "file_too_large", "`standardize.py` holds 1,000,001 bytes, more than a solution needs."),
        ),
        (
            "1 / 0\ndef standardize(X): return X",
            ("broken", "raises_on_load", "Line 1 raises ZeroDivisionError: division by zero"),
        ),
        (
            "import sys\nsys.exit(0)\n",
            ("broken", "exits_on_load", "`standardize.py` ends the program while it is being loaded."),
        ),
        (
            "def standardize(X):\n    return X / undefined\n",
            ("not_yet", "raised", "`standardize` raises NameError on line 2: name 'undefined' is not defined"),
        ),
        (
            "def standardize(X):\n    return standardize(X)\n",
            ("not_yet", "raised", "`standardize` calls itself without end on line 2 (RecursionError)."),
        ),
        (
            "def standardize(X):\n    return input()\n",
            ("not_yet", "raised", "`standardize` waits for `input()` on line 2, and nobody types in a check."),
        ),
        (
            "import sys\ndef standardize(X):\n    sys.exit(0)\n",
            ("not_yet", "exits", "`standardize` ends the program on line 3 instead of returning."),
        ),
        (STANDARDIZE_STARTER, ("unstarted", "unstarted", "`standardize` is still the starter.")),
        (
            "# a note of mine\n" + STANDARDIZE_STARTER + "\n\n# and another\n",
            ("unstarted", "unstarted", "`standardize` is still the starter."),
        ),
        (
            "def standardize(X):\n    'later'\n    raise NotImplementedError('later')\n",
            ("unstarted", "unstarted", "`standardize` still raises NotImplementedError."),
        ),
        (
            "# def standardize(X):\n#     return X\n",
            ("unstarted", "unstarted", "The file holds only comments."),
        ),
    ],
)
def test_broken_work_is_explained(
    grader: Grader, exercise: Exercise, source: str | bytes, expected: tuple[str, str, str]
) -> None:
    verdict = check(grader, exercise, source)
    assert said(verdict) == expected


def test_a_syntax_error_has_its_line_and_caret(grader: Grader, exercise: Exercise) -> None:
    verdict = check(grader, exercise, "import numpy as np\ndef standardize(X:\n    return X\n")
    assert verdict.findings[0].line == 2
    assert verdict.diagnosis is not None
    assert "    def standardize(X:\n                   ^" in verdict.diagnosis.message


def test_an_exception_has_its_line_and_the_learners_own_frames(grader: Grader, exercise: Exercise) -> None:
    verdict = check(
        grader, exercise, "def helper(X):\n    return X.nothing\n\ndef standardize(X):\n    return helper(X)\n"
    )
    finding = verdict.findings[0]
    assert finding.line == 2
    assert finding.trace == (
        "standardize.py, line 5, in standardize: return helper(X)",
        "standardize.py, line 2, in helper: return X.nothing",
    )
    assert finding.actual == "AttributeError: 'numpy.ndarray' object has no attribute 'nothing'"


def test_files_beside_the_exercise_can_be_imported_and_are_part_of_the_provenance(
    grader: Grader, exercise: Exercise
) -> None:
    source = "from tools import scale\ndef standardize(X):\n    return scale(X)\n"
    tools = STANDARDIZE_SOLUTION.replace("def standardize", "def scale")
    verdict = grader.check(exercise, submitted(exercise, source, tools=tools, unused="1 / 0"))
    assert verdict.passed
    assert set(verdict.provenance) == {"standardize.py", "tools.py"}
    missing = check(grader, exercise, "from tools import scaling\ndef standardize(X): return X\n", tools=tools)
    assert said(missing)[1] == "import_failed"
    assert missing.headline == "Line 1 imports `scaling`, which your `tools.py` does not have."


def test_a_file_named_like_a_library_is_named(grader: Grader, exercise: Exercise) -> None:
    verdict = check(grader, exercise, "from numpy import mine\ndef standardize(X): return X\n", numpy="mine = 3")
    assert said(verdict) == ("broken", "named_like_library", "Your file `numpy.py` has the name of a library.")
    harmless = grader.check(exercise, submitted(exercise, STANDARDIZE_SOLUTION, numpy="mine = 3"))
    assert harmless.passed, "the library is used, whatever lies beside the exercise"


def test_what_the_learner_prints_is_kept_and_shown(grader: Grader, exercise: Exercise) -> None:
    noisy = STANDARDIZE_SOLUTION.replace("    return", "    print('here', len(X))\n    return")
    verdict = grader.check(exercise, submitted(exercise, noisy))
    assert verdict.passed
    assert verdict.stdout.startswith("here ")


def test_figures_of_the_learner_are_kept_as_png(grader: Grader, exercise: Exercise) -> None:
    drawing = STANDARDIZE_SOLUTION.replace(
        "    return", "    import matplotlib.pyplot as plt\n    plt.figure(1).gca().plot([1, 2])\n    return"
    )
    verdict = grader.check(exercise, submitted(exercise, drawing))
    assert verdict.passed
    assert len(verdict.figures) == 1
    assert verdict.figures[0].startswith("iVBORw0KGgo"), "base64 of a PNG's first bytes"
