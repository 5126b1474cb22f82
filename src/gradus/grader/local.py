"""A runner without a sandbox: for trusted code only (references, misconceptions, ways, an author's mutants).

Values cross the same codec as on the way to a sandboxed runner, so that the judge sees the same types and copies.
"""

from __future__ import annotations

import io
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from gradus.checks.authoring import File, Folder
from gradus.grader.placing import path_of, place
from gradus.grader.quiet import quiet
from gradus.grader.replies import CallSpec, Failure, Loaded, RaisedError, Reply, Returned, Submission
from gradus.grader.runner import OPERATIONS
from gradus.grader.wire import Callback, Handle, Path, Unknown, WireError, decode, encode, fingerprint
from gradus.grader.wire.codec import Hooks, same_call
from gradus.grader.wire.plain import describe_error, type_name

if TYPE_CHECKING:
    from gradus.checks import CheckSet
    from gradus.grader.exam import Exam
    from gradus.grader.verdict import Verdict

_serial = itertools.count()
_TEXT_LIMIT = 256 * 1024


class LocalRunner:
    """Runs calls in this process. ``names`` is the namespace whose functions are called."""

    def __init__(self, names: Mapping[str, Any] | None = None) -> None:
        self._names: Mapping[str, Any] = names or {}
        self._objects: list[Any] = []
        self._ids: dict[int, int] = {}
        self._functions: list[Any] = []
        self._output = io.StringIO()
        self._file = ""
        self._module: ModuleType | None = None
        self._folder: Any = None
        self._plain = True  # what was decoded last held nothing but data
        self._out = Hooks(unknown=self._keep, handle=lambda handle: handle)
        self._into = Hooks(handle=self._object, callback=lambda c: self._functions[c.id], path=self._path)
        self._sent = Hooks(unknown=self._send)

    def load(self, submission: Submission) -> Loaded | Failure:
        """Execute the file's source as a module of its own."""
        return self.begin_load(submission)()

    def begin_load(self, submission: Submission) -> Callable[[], Loaded | Failure]:
        """Return what executes the file's source."""
        return lambda: self._load(submission)

    def _load(self, submission: Submission) -> Loaded | Failure:
        name = submission.name.removesuffix(".py")
        module = ModuleType(f"_gradus_local_{next(_serial)}_{name}")
        self._file = module.__file__ = f"<{module.__name__}>"
        self._module = module
        sys.modules[module.__name__] = module  # dataclasses look their module up
        try:
            with quiet(self._output):
                exec(compile(submission.source, self._file, "exec"), module.__dict__)
        except SyntaxError as error:
            return Failure("syntax", "SyntaxError", error.msg, error.lineno, error.offset, (error.text or "").rstrip())
        except SystemExit:
            return Failure("exited")
        except Exception as error:
            value = describe_error(error)
            missing = str(error.name or "") if isinstance(error, ImportError) else ""
            return Failure("raised", value.type, value.message, self._line(error), module=missing)
        self._names = vars(module)
        return Loaded(tuple(name for name in self._names if not name.startswith("__")))

    def call_many(self, calls: Sequence[CallSpec], known: Mapping[bytes, Any] | None = None) -> Iterator[Reply]:
        """Answer each call when it is asked for."""
        for spec in calls:
            yield self._call(spec)

    def call(self, target: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """Call a name of the namespace with copies of the arguments."""
        return self._call(CallSpec(target, tuple(args), kwargs))

    def _call(self, spec: CallSpec) -> Reply:
        try:
            function = self._names[spec.target]
        except KeyError:
            return self._raised(NameError(f"name {spec.target!r} is not defined"))
        return self._run(function, spec.args, spec.kwargs, spec.encoded)

    def invoke(self, handle: Any, operation: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """Do one of the runner's operations with an object that stayed here."""
        owner = self._object(handle)
        perform = OPERATIONS[operation]
        return self._run(lambda *given, **named: perform(owner, *given, **named), args, kwargs)

    def stdout(self, start: int = 0, stop: int | None = None) -> str:
        """Return what was printed, or a part of it."""
        return self._output.getvalue()[:_TEXT_LIMIT][start:stop]

    def figures(self) -> list[bytes]:
        return []

    def close(self) -> None:
        """Forget the module and close what was drawn."""
        if self._module is not None:
            sys.modules.pop(self._module.__name__, None)
        if self._folder is not None:
            self._folder.cleanup()
        close_figures()

    def _run(
        self, function: Any, args: Sequence[Any], kwargs: Mapping[str, Any], encoded: bytes | None = None
    ) -> Reply:
        self._functions.clear()
        data = encoded if encoded is not None else encode(("", tuple(args), dict(kwargs)), self._sent)
        self._plain = encoded is not None
        _, given, named = decode(data, self._into)
        before = None if self._plain else fingerprint((given, named))
        try:
            with quiet(self._output):
                value = function(*given, **named)
        except Exception as error:
            return self._raised(error)
        except SystemExit as error:
            return self._raised(error)
        if before is None:
            mutated = self._plain and not same_call(data, given, named) and self._changed(data, given, named)
        else:
            mutated = fingerprint((given, named)) != before
        try:
            answer = encode(value, self._out)
            return Returned(decode(answer, self._out), mutated, self._output.tell(), encoded=answer)
        except (Unknown, WireError) as error:
            return self._raised(error)
        finally:
            if self._module is None:  # a reference's figures have been read; open ones would pile up in the host
                close_figures()

    def _changed(self, data: bytes, args: Any, kwargs: Any) -> bool:
        before = fingerprint(decode(data, self._into)[1:])
        return before is not None and fingerprint((args, kwargs)) != before

    def _raised(self, error: BaseException) -> RaisedError:
        value = describe_error(error)
        return RaisedError(value.type, value.bases, value.message, self._line(error), printed=self._output.tell())

    def _line(self, error: BaseException) -> int | None:
        line, trace = None, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self._file:
                line = trace.tb_lineno
            trace = trace.tb_next
        return line

    def _keep(self, value: Any) -> Handle:
        """Keep an object that is not data, and hand out the same handle for the same object."""
        known = self._ids.get(id(value))
        if known is None:
            self._objects.append(value)
            known = self._ids[id(value)] = len(self._objects)
        kind = "class" if isinstance(value, type) else "module" if isinstance(value, ModuleType) else "object"
        if kind == "object" and callable(value):
            kind = "function" if hasattr(value, "__code__") or hasattr(value, "__func__") else "callable"
        return Handle(known, type_name(type(value)), kind, str(getattr(value, "__qualname__", "")))

    def _object(self, handle: Handle) -> Any:
        self._plain = False
        return SimpleNamespace(**self._names) if handle.id == 0 else self._objects[handle.id - 1]

    def _send(self, value: Any) -> Any:
        if type(value) in (File, Folder):
            return path_of(value)
        if callable(value):
            self._functions.append(value)
            return Callback(len(self._functions) - 1, getattr(value, "__name__", "function"))
        return None

    def _path(self, path: Path) -> str:
        import os
        import tempfile

        self._plain = False
        if self._folder is None:
            memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # thousands of small files in a proof
            self._folder = tempfile.TemporaryDirectory(prefix="gradus-local-", dir=memory, ignore_cleanup_errors=True)
        # What a call leaves in a folder must not be there for the next.
        return place(path, tempfile.mkdtemp(dir=self._folder.name) if path.folder else self._folder.name)


def close_figures() -> None:
    """Close what trusted code has drawn in this process."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


def names_of(module: ModuleType, **replaced: Any) -> dict[str, Any]:
    """Return a module's namespace with some names replaced, for running a misconception in the reference's place."""
    return {**vars(module), **replaced}


def judge_locally(
    checks: CheckSet, source: str | bytes, seed: int | None = None, *, two: bool = True, exam: Exam | None = None
) -> Verdict:
    """Judge trusted code in this process, without sandbox: the same judge, with local runners.

    For references, misconceptions, ways and an author's mutants only. ``two=False`` skips the second runner, and
    ``exam`` may be passed to judge many submissions on the same cases.
    """
    from gradus.grader.exam import AuthorError, Exam
    from gradus.grader.findings import unjudged
    from gradus.grader.headlines import our_fault
    from gradus.grader.judge import judge, new_seed

    data = source.encode() if isinstance(source, str) else source
    submission = Submission(data, f"{checks.exercise.id}.py")
    seed = new_seed() if seed is None else seed
    try:
        exam = exam or Exam(checks, seed)
    except AuthorError as error:
        return unjudged(checks.exercise, submission, seed, our_fault(str(error)))
    runners = [LocalRunner() for _ in range(2 if two else 1)]
    try:
        return judge(exam, submission, lambda: runners)
    finally:
        for runner in runners:
            runner.close()
