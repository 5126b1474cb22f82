"""The judge's side of one runner: it asks, waits no longer than it may, and believes nothing without looking."""

from __future__ import annotations

import functools
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from gradus.grader.answers import failure, outline, reply_from
from gradus.grader.body import Body, RunLimits, computed_if_waiting
from gradus.grader.placing import path_of
from gradus.grader.replies import (
    CallSpec,
    Crashed,
    Failure,
    LimitHit,
    Loaded,
    Reply,
    Returned,
    RunnerFault,
    Submission,
)
from gradus.grader.wire import (
    Callback,
    ChannelClosed,
    DeadlinePassed,
    Handle,
    WireError,
    decode,
    encode,
)
from gradus.grader.wire.codec import Hooks

MODULE = Handle(0, "module", "module")
"""The learner's module itself, as an object to ask."""
_MAX_DEPTH = 16  # of callbacks within calls within callbacks
_MAX_RECEIVED = 256 << 20
_PATIENCE = 3  # times its limit that a process is waited for on a machine that is too busy to run it
_GRACE = 0.25  # seconds a process that closed its channel gets to end by itself
_SIGNALS = {
    4: "an illegal instruction",
    6: "an abort",
    7: "a bus error",
    8: "an arithmetic fault",
    9: "a kill",
    11: "a segmentation fault",
    31: "a system call that is not allowed",
}


class _Gone(Exception):  # noqa: N818
    """Carries the reply that says why the runner answers nothing anymore."""

    def __init__(self, reply: Crashed | LimitHit) -> None:
        super().__init__(reply)
        self.reply = reply


class Runner:
    """One single-use process that holds one submission. A context manager: leaving it kills the process.

    Functions among arguments reach the learner as stubs that call back here; ``gradus.checks.File`` and
    :class:`~gradus.grader.wire.Path` arrive as the path of a real file. When the process is gone, every further
    question gets the same :class:`Crashed` or :class:`LimitHit` again.
    """

    def __init__(self, body: Body, limits: RunLimits, done: Callable[[], None] = lambda: None) -> None:
        self.body = body
        self.limits = limits
        self.seconds_left = limits.seconds
        self.provenance: dict[str, str] = {}
        """SHA-256 of the learner's file and of each file of theirs that was really imported."""
        self._done = done
        self._gone: Crashed | LimitHit | None = None
        self._functions: dict[int, Callable[..., Any]] = {}
        self._siblings: Mapping[str, bytes] = {}
        self._asked = 0
        self._depth = 0
        self._closed = False
        self._out_bytes = max(4096, limits.output_kb * 1024)
        self._hooks = Hooks(unknown=self._send_function, handle=lambda handle: handle)
        body.admit(self._out_bytes)

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def layers(self) -> tuple[str, ...]:
        """The isolation layers that hold for this process."""
        return self.body.layers

    def process_id(self) -> int:
        """The process's number as this system counts; 0 when it is gone."""
        return self.body.number()

    @property
    def alive(self) -> bool:
        return self._gone is None and not self._closed

    # Questions

    def load(self, submission: Submission, seed: int = 0) -> Loaded | Failure:
        """Execute the learner's file as a module. Random states are seeded from ``seed`` first."""
        return self.begin_load(submission, seed)()

    def begin_load(self, submission: Submission, seed: int = 0) -> Callable[[], Loaded | Failure]:
        """Send the file now, and return what waits for it to be loaded: several runners then load at the same time."""
        name = submission.name.removesuffix(".py")
        self._siblings = dict(submission.siblings)
        self.provenance[f"{name}.py"] = hashlib.sha256(submission.source).hexdigest()
        request = ("load", name, submission.source, tuple(self._siblings), seed, self._kernel_limits())
        replies = self._ask(request, 1)
        return lambda: self._loaded(next(replies), name)

    def _loaded(self, reply: Reply, name: str) -> Loaded | Failure:
        if isinstance(reply, Returned):
            try:
                defined = outline(reply.value)
            except WireError:
                self.body.kill()
                self._gone = Crashed("sent something that is not an answer")
                return failure(self._gone, f"{name}.py")
            imported = tuple(file for file in self.provenance if file in self._siblings)
            return Loaded(tuple(defined), imported, defined, reply.printed, reply.seconds)
        return failure(reply, f"{name}.py")

    def _kernel_limits(self) -> tuple[int, int]:
        # Processor time: the wall deadline comes first; this is what holds if the judge itself dies.
        return int(self.limits.seconds * 2) + 2, self.limits.memory_mb << 20

    def call(self, target: str | Handle, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None) -> Reply:
        """Call a function of the learner's, by its name in their module or by its handle.

        Raises:
            RunnerFault: an argument cannot be sent.
        """
        return next(self.call_many([CallSpec(target, tuple(args), kwargs or {})]))

    def call_many(self, calls: Iterable[CallSpec], known: Mapping[bytes, Any] | None = None) -> Iterator[Reply]:
        """Send many calls in one message, now, and yield their replies as they come.

        ``known`` holds values by their encoding: an answer that consists of the same bytes is that very object.

        After a :class:`Crashed`, or a :class:`LimitHit` that ended the process, no more replies follow: the last one
        yielded belongs to the call that did it.

        Raises:
            RunnerFault: an argument cannot be sent.
        """
        try:
            batch = [
                encode((call.target, tuple(call.args), dict(call.kwargs)), self._hooks)
                if call.encoded is None
                else call.encoded
                for call in calls
            ]
        except WireError as error:
            raise RunnerFault(f"the judge cannot send a value: {error}") from error
        return self._ask(("calls", batch), len(batch), known)

    def invoke(
        self, target: Handle, operation: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Reply:
        """Do one of ``gradus.grader.runner.OPERATIONS`` with an object that stayed in the process.

        ``invoke(MODULE, "get", ["name"])`` is a name of the learner's module; ``"iterate"`` answers ``(items, ended)``.
        """
        return self._one(("do", operation, target, tuple(args), dict(kwargs or {})))

    def figures(self, count: int = 4, size: int = 2_000_000) -> list[bytes]:
        """The figures that are open now, as PNG; none if the process is gone or cannot draw them."""
        return self._pictures(("figures", count, size), count, size)

    def draw(self, call: CallSpec, count: int = 4, size: int = 2_000_000) -> list[bytes]:
        """The figures that one call leaves open, as PNG; those that were open before are closed."""
        return self._pictures(("draw", call.target, tuple(call.args), dict(call.kwargs), count, size), count, size)

    def _pictures(self, request: tuple[Any, ...], count: int, size: int) -> list[bytes]:
        reply = self._one(request)
        pictures = reply.value if isinstance(reply, Returned) else None
        if type(pictures) is not list or any(type(picture) is not bytes for picture in pictures):
            return []
        kept = []
        for picture in pictures[:count]:
            size -= len(picture)
            if size >= 0 and picture.startswith(b"\x89PNG\r\n\x1a\n"):
                kept.append(picture)
        return kept

    def stdout(self, start: int = 0, stop: int | None = None) -> str:
        """What the learner printed, or a part of it by bytes (see ``printed`` of the replies). Works after a crash,
        too.
        """
        return self._written(self.body.out, start, stop)

    def stderr(self, start: int = 0, stop: int | None = None) -> str:
        return self._written(self.body.err, start, stop)

    def _written(self, fd: int, start: int, stop: int | None) -> str:
        try:
            end = min(os.lseek(fd, 0, os.SEEK_CUR), self._out_bytes)
            start = max(0, min(start, end))
            return os.pread(fd, max(0, min(end, end if stop is None else stop) - start), start).decode(
                "utf-8", "replace"
            )
        except OSError:
            return ""

    def abandon(self) -> None:
        """Kill the process from another thread; whoever waits for it learns that it was killed from outside."""
        if not self._closed:
            self.body.kill()

    def close(self) -> None:
        """Kill the process and everything it started. Output can no longer be read afterwards."""
        if not self._closed:
            self._closed = True
            self.body.close()
            self._done()

    # The exchange

    def _one(self, request: tuple[Any, ...]) -> Reply:
        return next(self._ask(request, 1))

    def _ask(self, request: tuple[Any, ...], replies: int, known: Mapping[bytes, Any] | None = None) -> Iterator[Reply]:
        """Send a request now; its replies are read, and their time counted, as they are asked for."""
        if self._gone is not None or self._closed:
            return iter((self._gone or Crashed("was already closed"),))
        try:
            payload = encode((request[0], self._asked, *request[1:]), self._hooks)
        except WireError as error:
            raise RunnerFault(f"the judge cannot send a value: {error}") from error
        first = self._asked
        self._asked += replies
        deadline = time.monotonic() + self.seconds_left
        try:
            self._guard(lambda: self.body.channel.send(payload, deadline))
        except _Gone as gone:
            self._gone = gone.reply
            return iter((gone.reply,))
        return self._replies(range(first, first + replies), known)

    def _replies(self, numbers: range, known: Mapping[bytes, Any] | None) -> Iterator[Reply]:
        started = time.monotonic()
        deadline = started + self.seconds_left
        try:
            for number in numbers:
                reply = self._guard(functools.partial(self._in_time, number, deadline, known))
                now = time.monotonic()
                self.seconds_left -= now - started
                yield reply
                started = time.monotonic()  # what the judge does in between is not the learner's time
                deadline = started + self.seconds_left
        except _Gone as gone:
            self.seconds_left = max(0.0, self.seconds_left - (time.monotonic() - started))
            self._gone = gone.reply
            yield gone.reply

    def _guard(self, step: Callable[[], Any]) -> Any:
        try:
            return step()
        except DeadlinePassed:
            self.body.kill()
            raise _Gone(LimitHit("time", f"{self.limits.seconds:g} s")) from None
        except ChannelClosed:
            raise _Gone(self._ended()) from None
        except (WireError, IndexError, ValueError, TypeError):
            self.body.kill()
            raise _Gone(Crashed("sent something that is not an answer")) from None

    def _ended(self) -> Crashed | LimitHit:
        """Why the process is gone, from how it ended."""
        ending = self.body.wait(_GRACE)
        if self._full():
            self.body.kill()
            return LimitHit("output", f"{self.limits.output_kb} KB")
        if ending is None:
            self.body.kill()
            return Crashed("closed its connection to the grader")
        cpu, memory = self._kernel_limits()
        if ending.signal == 24 or (ending.signal == 9 and ending.cpu >= cpu - 1):
            return LimitHit("time", f"{self.limits.seconds:g} s")
        if ending.signal == 9 and ending.peak - self.body.peak > memory // 2:
            return LimitHit("memory", f"{self.limits.memory_mb} MB")
        if ending.signal == 9 or (ending.signal is None and ending.status is None):
            # Nothing that the code did explains it: somebody killed the process, or the zygote with all its children.
            self._gone = Crashed("was killed from outside")
            raise RunnerFault("the process that ran the code was killed from outside")
        if ending.signal is not None:
            what = _SIGNALS.get(ending.signal, f"signal {ending.signal}")
            return Crashed(f"was stopped by {what}", signal=ending.signal)
        return Crashed(f"ended itself with exit status {ending.status}", status=ending.status)

    def _full(self) -> bool:
        for fd in (self.body.out, self.body.err):
            try:
                if os.lseek(fd, 0, os.SEEK_CUR) >= self._out_bytes:
                    return True
            except OSError:
                pass
        return False

    def _in_time(self, wanted: int, deadline: float, known: Mapping[bytes, Any] | None) -> Reply:
        """The reply, waiting longer than ``deadline`` only for a process that wants to compute and is not let."""
        last = deadline + self.limits.seconds * _PATIENCE
        while True:
            try:
                return self._next(wanted, deadline, known)
            except DeadlinePassed:
                left = self.limits.seconds - computed_if_waiting(self.body.number())
                if left <= 0 or time.monotonic() >= last:
                    raise
                deadline = min(last, time.monotonic() + max(left, 0.05))

    def _next(self, wanted: int, deadline: float, known: Mapping[bytes, Any] | None) -> Reply:
        """The reply to question number ``wanted``. What the learner's code asks in between is answered; replies to
        earlier questions, which nobody waited for, are passed over.
        """
        while True:
            if time.monotonic() > deadline:  # also where one message follows the other without a pause
                raise DeadlinePassed
            if self.body.channel.received > _MAX_RECEIVED:
                self.body.kill()
                raise _Gone(LimitHit("size", f"{_MAX_RECEIVED >> 20} MB in all answers"))
            message = decode(self.body.channel.receive(deadline), self._hooks)
            if type(message) is not tuple or not message:
                raise WireError("not a message")
            match message:
                case ("callback", int(number), tuple(args), dict(kwargs)):
                    self._answer(number, args, kwargs, deadline)
                case ("source", str(file)):
                    self._serve_source(file, deadline)
                case ("fault", str(text)):
                    self.body.kill()
                    self._gone = Crashed("was stopped after a fault of the grader")
                    raise RunnerFault(text)
                case (str(word), int(place), *rest) if place == wanted:
                    return reply_from(word, rest, self._out_bytes, functools.partial(self._read, known))
                case (str(), int(place), *_) if 0 <= place < wanted:
                    continue
                case _:
                    raise WireError("not a message")

    def _read(self, known: Mapping[bytes, Any] | None, data: bytes) -> Any:
        return known[data] if known is not None and data in known else decode(data, self._hooks)

    # What the learner's code may ask of the judge

    def _send_function(self, value: Any) -> Any:
        from gradus.checks import File, Folder

        if isinstance(value, (File, Folder)):
            return path_of(value)
        if callable(value):
            number = len(self._functions)
            self._functions[number] = value
            name = getattr(value, "__name__", "")
            return Callback(number, name if name.isidentifier() else "function")
        return None

    def _answer(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any], deadline: float) -> None:
        function = self._functions.get(number)
        if function is None or self._depth >= _MAX_DEPTH or any(type(key) is not str for key in kwargs):
            raise WireError("not a call of a function that was sent")
        self._depth += 1
        try:
            answer: tuple[Any, ...] = ("answer", function(*args, **kwargs))
        except (RunnerFault, _Gone):
            raise
        except Exception as error:
            answer = ("error", type(error).__name__, str(error)[:1000])
        finally:
            self._depth -= 1
        try:
            payload = encode(answer, self._hooks)
        except WireError as error:
            raise RunnerFault(f"the judge cannot send a value: {error}") from error
        self.body.channel.send(payload, deadline)

    def _serve_source(self, file: str, deadline: float) -> None:
        source = self._siblings.get(file)
        if source is not None:
            self.provenance[file] = hashlib.sha256(source).hexdigest()
        self.body.channel.send(encode(("answer", source)), deadline)
