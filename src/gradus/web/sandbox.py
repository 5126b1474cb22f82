"""Code that a page runs: a file with a line to try, cells of a lesson. The same sandbox as for checks, no verdict."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gradus.errors import HostError
from gradus.learner.records import Record

if TYPE_CHECKING:
    from gradus.grader import Grader, Submission
    from gradus.grader.pool import LimitsLike, Runner
    from gradus.roadmap import Limits

MOST_PRINTED: Final = 64 * 1024
MOST_VALUE: Final = 20_000
MOST_FIGURES: Final = 4
_DRAWN: Final = re.compile(r"[\[(]*(<matplotlib\.|<Axes|Text\()")
_TRY: Final = "gradus_try__"
_HARNESS: Final = f'''


def {_TRY}(text, file, fresh):
    """Run a text in this module; the value of a last expression is shown, as in a notebook."""
    import ast, linecache, sys
    if fresh and "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    tree = ast.parse(text, file)
    last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, "exec", dont_inherit=True), globals())
    if last is None:
        return None
    value = eval(compile(last, file, "eval", dont_inherit=True), globals())
    return None if value is None else repr(value)[:{MOST_VALUE}]
'''


@dataclass(frozen=True)
class Trouble(Record):
    """Why the code did not run to its end."""

    headline: str
    message: str = ""
    line: int | None = None
    where: str = ""
    trace: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ran(Record):
    """What running showed. ``pictures`` are PNG; they are served by address, so they are no part of the JSON."""

    ok: bool
    stdout: str
    value: str | None
    error: Trouble | None
    milliseconds: float
    pictures: tuple[bytes, ...] = field(default=(), repr=False)

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in super().to_json().items() if key != "pictures"}


class Stop:
    """Ends a run from another thread, when nobody waits for it any more."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._process = 0

    def __call__(self) -> None:
        """Kill the process that runs the code; one that is not there yet is killed when it comes."""
        self._asked.set()
        if self._process:
            with contextlib.suppress(OSError):
                os.kill(self._process, getattr(signal, "SIGKILL", signal.SIGTERM))

    def watch(self, runner: Runner) -> None:
        """Say which process it is."""
        self._process = runner.process_id()
        if self._asked.is_set():
            self()


def run_file(
    grader: Grader, submission: Submission, scratch: str, limits: Limits, libraries: str, stop: Stop | None = None
) -> Ran:
    """Load a learner's file, then run ``scratch`` in it."""
    texts = [("your line", scratch)] if scratch.strip() else []
    return _run(grader, submission, texts, limits, libraries, 0, stop or Stop())


def run_cells(grader: Grader, cells: Sequence[str], limits: Limits, stop: Stop | None = None) -> Ran:
    """Run the cells of a lesson in one namespace; what the last one prints and draws is shown."""
    from gradus.grader import Submission

    named = [(f"cell {number}", text) for number, text in enumerate(cells, start=1)]
    return _run(grader, Submission(b"", "lesson.py", {}), named, limits, "core", len(named) - 1, stop or Stop())


def _run(
    grader: Grader,
    submission: Submission,
    texts: list[tuple[str, str]],
    limits: Limits,
    libraries: str,
    shown: int,
    stop: Stop,
) -> Ran:
    from gradus.grader import Submission
    from gradus.grader.libraries import smallest_set
    from gradus.grader.replies import RunnerFault

    begun = time.perf_counter()
    # A file name among the siblings makes its lines known, so that a traceback can show them.
    siblings = {**submission.siblings, **{name: b"" for name, _ in texts}}
    sealed = Submission(submission.source + _HARNESS.encode(), submission.name, siblings)
    sources = (
        submission.source,
        *submission.siblings.values(),
        *(text.encode("utf-8", "replace") for _, text in texts),
    )
    try:
        runner = grader.pool(smallest_set(libraries, sources)).acquire(limits)
    except RunnerFault as fault:
        raise HostError(f"Your code could not be run: {fault}.", next_step="Run it again.") from fault
    try:
        stop.watch(runner)
        value, error, printed = _steps(runner, sealed, texts, limits, shown)
        pictures = tuple(runner.figures(MOST_FIGURES)) if runner.alive else ()
        stdout = runner.stdout(printed)[:MOST_PRINTED]
        if pictures and value and _DRAWN.match(value):
            value = None  # the name of what was drawn says nothing beside the picture
    except RunnerFault as fault:  # somebody killed it: we, because nobody waits any more, or the system
        raise HostError(f"Your code was stopped: {fault}.", next_step="Run it again.") from fault
    finally:
        runner.close()
    return Ran(error is None, stdout, value, error, (time.perf_counter() - begun) * 1000, pictures)


def _steps(
    runner: Runner, sealed: Submission, texts: list[tuple[str, str]], limits: LimitsLike, shown: int
) -> tuple[str | None, Trouble | None, int]:
    """Load and run until something fails: the last value, the trouble, and where the shown prints begin."""
    from gradus.grader.replies import Failure

    loaded = runner.load(sealed)
    if isinstance(loaded, Failure):
        return None, _not_loaded(loaded, sealed, limits), 0
    printed, value, begins = loaded.printed, None, 0
    for number, (name, text) in enumerate(texts):
        if number == shown and number:
            begins = printed
        reply: Any = runner.call(_TRY, [text, name, number == shown and number > 0])
        trouble = _trouble(reply, name, limits)
        if trouble is not None:
            return None, trouble, begins if number == shown else printed
        printed = reply.printed
        value = reply.value if isinstance(reply.value, str) else None
    return value, None, begins


def _trouble(reply: Any, name: str, limits: LimitsLike) -> Trouble | None:
    from gradus.grader.headlines import crashed, limit
    from gradus.grader.replies import Crashed, LimitHit, RaisedError
    from gradus.grader.verdict import trace_texts

    if isinstance(reply, RaisedError):
        if "line" in reply.details and reply.type == "SyntaxError":
            line = reply.details.get("line")
            words = f"Line {line} of {name} is not valid Python: {reply.details.get('message', reply.message)}."
            return Trouble(words, str(reply.details.get("text", "")).strip(), _int(line), name)
        short = reply.type.rpartition(".")[2]
        first = reply.trace[-1] if reply.trace else None
        where = f" on line {first.line} of {first.file}" if first else ""
        colon = f": {reply.message}" if reply.message else "."
        return Trouble(
            f"{short}{where}{colon}", "", first.line if first else None, first.file if first else name,
            trace_texts([frame for frame in reply.trace if frame.function != _TRY]),
        )  # fmt: skip
    if isinstance(reply, LimitHit):
        words_ = limit(name, reply, limits.seconds, limits.memory_mb, limits.output_kb)
        return Trouble(words_.headline, words_.message, None, name)
    if isinstance(reply, Crashed):
        words_ = crashed(name, reply)
        return Trouble(words_.headline, words_.message, None, name)
    return None


def _not_loaded(failure: Any, sealed: Submission, limits: LimitsLike) -> Trouble:
    from gradus.grader.headlines import limit, load_failure
    from gradus.grader.replies import LimitHit
    from gradus.grader.verdict import trace_texts

    if failure.kind == "limit":
        words = limit(sealed.name, LimitHit(failure.error), limits.seconds, limits.memory_mb, limits.output_kb)
    else:
        words = load_failure(failure, sealed.name, tuple(sealed.siblings))
    return Trouble(words.headline, words.message, words.line, sealed.name, trace_texts(words.trace))


def _int(value: Any) -> int | None:
    return value if isinstance(value, int) else None
