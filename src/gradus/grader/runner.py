"""The learner's side of a check: one process that loads one submission and answers calls, then is killed.

It holds no secret: it never sees solution, checks or cases to come, and what it says is only ever the learner's answer.
A request and a reply are tuples that begin with a word and a number, the reply's being the request's (a batch counts
on from it); ``gradus.grader.client`` speaks the other side.
"""

from __future__ import annotations

import io
import os
import sys
import threading
import time
import types
from collections.abc import Callable
from typing import Any

from gradus.grader.loading import Siblings, describe, limit_of, load_module, outline, prepare
from gradus.grader.placing import place
from gradus.grader.wire.channel import Channel, ChannelClosed
from gradus.grader.wire.codec import Hooks, TooLarge, decode, encode, fingerprint, same_call
from gradus.grader.wire.plain import type_name
from gradus.grader.wire.values import Callback, Handle, Path

MAX_HANDLES = 100_000
_IMMUTABLE = (int, float, complex, str, bytes, bool, type(None), range)


class Output(io.RawIOBase):
    """Standard output straight to its file, unbuffered: what was printed is there even after a kill."""

    def __init__(self, fd: int, name: str) -> None:
        self._fd = fd
        self.name = name
        self.mode = "wb"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        total = len(view)
        while view:
            view = view[os.write(self._fd, view) :]
        return total


class StaleHandle(Exception):  # noqa: N818
    """The judge named an object that is not there: a fault of ours, never the learner's."""


class Runner:
    """Answers requests on a channel until it closes."""

    def __init__(
        self,
        channel: Channel,
        folder: str,
        out: int,
        err: int,
        limit: Callable[[int, int], None] = lambda cpu, memory: None,
    ) -> None:
        self.channel = channel
        self.folder = folder
        self.out = out
        self.err = err
        self.limit = limit
        self.module: types.ModuleType | None = None
        self.files: frozenset[str] = frozenset()
        self.siblings: Siblings | None = None
        self._objects: dict[int, Any] = {}
        self._ids: dict[int, int] = {}
        self._next = 1
        self._paths = 0
        self._busy = False
        self._plain = True  # what was decoded last held nothing but data
        self._later: list[tuple[Any, ...]] = []
        self._asking = threading.RLock()
        self.hooks = Hooks(unknown=self._stay, handle=self._object, callback=self._stub, path=self._place)

    # What crosses and is not data

    def _stay(self, value: Any) -> Handle:
        known = self._ids.get(id(value))
        if known is None:
            if self._next > MAX_HANDLES:
                raise TooLarge("too many objects that are not data")
            known = self._next
            self._next += 1
            self._objects[known] = value  # also keeps the object alive, so that its id stays its own
            self._ids[id(value)] = known
        kind = "object"
        if isinstance(value, type):
            kind = "class"
        elif isinstance(value, types.ModuleType):
            kind = "module"
        elif callable(value):
            kind = "function" if hasattr(value, "__code__") or hasattr(value, "__func__") else "callable"
        name = getattr(value, "__qualname__", "")
        return Handle(known, type_name(type(value)), kind, name[:200] if type(name) is str else "")

    def _object(self, handle: Handle) -> Any:
        self._plain = False
        if handle.id == 0:
            return self.module
        try:
            return self._objects[handle.id]
        except KeyError:
            raise StaleHandle(f"no object {handle.id}") from None

    def _stub(self, callback: Callback) -> Callable[..., Any]:
        self._plain = False

        def stub(*args: Any, **kwargs: Any) -> Any:
            return self.ask("callback", callback.id, args, kwargs)

        stub.__name__ = stub.__qualname__ = callback.name or "function"
        return stub

    def _place(self, path: Path) -> str:
        self._plain = False
        self._paths += 1
        folder = os.path.join(self.folder, f"case{self._paths}")  # noqa: PTH118
        os.mkdir(folder)  # noqa: PTH102
        return place(path, folder)

    # Asking the judge, in the middle of the learner's code

    def ask(self, word: str, *rest: Any) -> Any:
        """Put a question to the judge and wait for its answer, serving what it asks in between."""
        with self._asking:
            if not self._busy:
                raise RuntimeError("the check has already moved on")
            self.channel.send(encode((word, *rest), self.hooks))
            while True:
                message = decode(self.channel.receive(), self.hooks)
                if message[0] == "answer":
                    return message[1]
                if message[0] == "error":
                    raise _built_in(message[1])(message[2])
                if self.module is None:  # calls that were sent together with the file wait until it is loaded
                    self._later.append(message)
                else:
                    self.serve(message)

    # The loop

    def run(self) -> None:
        """Serve until the judge closes the channel."""
        while True:
            try:
                data = self.channel.receive()
            except ChannelClosed:
                return
            self.serve_bytes(data)
            while self._later:
                self.serve(self._later.pop(0))

    def serve_bytes(self, data: bytes) -> None:
        """Answer one request, given as its bytes."""
        try:
            message = decode(data, self.hooks)
        except BaseException as error:
            self._fault(error)
            return
        self.serve(message)

    def _fault(self, error: BaseException) -> None:
        self._send(("fault", f"{type(error).__name__}: {error}"[:1000]))

    def serve(self, message: tuple[Any, ...]) -> None:
        """Answer one request."""
        outer = self._busy
        self._busy = True
        try:
            match message:
                case ("load", first, name, source, siblings, seed, (cpu, memory)):
                    self.limit(cpu, memory)
                    self._reply(first, self._load, (name, source, siblings, seed), {})
                case ("calls", first, list(calls)):
                    for number, data in enumerate(calls, first):
                        self._call(number, data)
                case ("do", first, operation, target, args, kwargs):
                    self._reply(first, OPERATIONS[operation], (target, *args), kwargs)
                case ("figures", first, count, size):
                    self._reply(first, figures, (count, size), {})
                case ("draw", first, target, args, kwargs, count, size):
                    self._reply(first, self._draw, (target, args, kwargs, count, size), {})
                case _:
                    self._send(("fault", "an unknown request"))
        finally:
            if not outer:
                with self._asking:  # a thread of the learner's may still be waiting for an answer
                    self._busy = False

    def _load(self, name: str, source: bytes, siblings: tuple[str, ...], seed: int) -> Any:
        prepare(seed)
        self.files = frozenset((f"{name}.py", *siblings))
        self.siblings = Siblings(siblings, lambda file: self.ask("source", file))
        sys.meta_path.insert(0, self.siblings)
        self.module = load_module(name, source)
        return outline(self.module)

    def _draw(self, target: str, args: tuple[Any, ...], kwargs: dict[str, Any], count: int, size: int) -> list[bytes]:
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
        getattr(self.module, target)(*args, **kwargs)
        return figures(count, size)

    def _call(self, index: int, data: bytes) -> None:
        """One call, encoded. Its arguments are looked at again afterwards: were they changed in place?"""
        self._plain = True
        try:
            target, args, kwargs = decode(data, self.hooks)
        except BaseException as error:
            self._fault(error)
            return

        def call(*args: Any, **kwargs: Any) -> Any:
            function = getattr(self.module, target) if type(target) is str else target
            return function(*args, **kwargs)

        if self._plain:
            self._reply(index, call, args, kwargs, lambda: self._changed(data, args, kwargs))
            return
        before = _marks(args, kwargs)
        self._reply(index, call, args, kwargs, lambda: _differing(before, _marks(args, kwargs)))

    def _changed(self, data: bytes, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int | str, ...]:
        """The arguments that are not anymore as they were sent. What was sent is read again only where that is not
        plain from the bytes.
        """
        if same_call(data, args, kwargs):
            return ()
        try:
            _, sent, named = decode(data, self.hooks)
        except Exception:
            return ()  # there is no room to read it twice: then it cannot be told
        return _differing(_marks(sent, named), _marks(args, kwargs))

    def _reply(
        self,
        index: int,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        changed: Callable[[], tuple[int | str, ...]] = tuple,
    ) -> None:
        start = time.perf_counter()
        failed: BaseException | None = None
        value: Any = None
        try:
            value = function(*args, **kwargs)
        except StaleHandle as error:
            self._send(("fault", str(error)))
            return
        except BaseException as error:
            failed = error
        seconds = time.perf_counter() - start
        if failed is not None:
            self._raised(index, failed, seconds)
            return
        mutated = changed()
        try:
            # The value is a block of bytes of its own: the judge need not even read one that it knows.
            data = encode(("returned", index, encode(value, self.hooks), mutated, self._printed(), seconds))
        except TooLarge as error:
            data = encode(("limit", index, "size", str(error), self._printed(), seconds))
        except BaseException as error:
            self._raised(index, error, seconds)
            return
        self.channel.send(data)

    def _raised(self, index: int, error: BaseException, seconds: float) -> None:
        printed = self._printed()
        limit = limit_of(error, self._full())
        value, frames, details = describe(error, self.files, self.siblings)
        error.__traceback__ = None
        if limit is not None:
            self._send(("limit", index, limit, value.message, printed, seconds))
        else:
            self._send(("raised", index, value, frames, details, printed, seconds))

    def _printed(self) -> int:
        try:
            return os.lseek(self.out, 0, os.SEEK_CUR)
        except OSError:
            return 0

    def _full(self) -> bool:
        """Whether an output file has been written to its end: the judge gave it a fixed size."""
        for fd in (self.out, self.err):
            try:
                if os.lseek(fd, 0, os.SEEK_CUR) >= os.fstat(fd).st_size:
                    return True
            except OSError:
                pass
        return False

    def _send(self, message: tuple[Any, ...]) -> None:
        self.channel.send(encode(message))


def _marks(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[int | str, bytes | None]:
    """A fingerprint of each argument that can be changed in place, by its position or name."""
    labeled: list[tuple[int | str, Any]] = [*enumerate(args), *kwargs.items()]
    return {label: fingerprint(value) for label, value in labeled if type(value) not in _IMMUTABLE}


def _differing(before: dict[int | str, bytes | None], after: dict[int | str, bytes | None]) -> tuple[int | str, ...]:
    return tuple(label for label, mark in before.items() if mark is not None and after.get(label) != mark)


def _built_in(name: str) -> type[BaseException]:
    """The built-in exception called ``name``, RuntimeError for any other."""
    import builtins

    kind = getattr(builtins, name, None)
    return kind if isinstance(kind, type) and issubclass(kind, Exception) else RuntimeError


def _iterate(target: Any, count: int) -> tuple[list[Any], bool]:
    """The next ``count`` items of an iterable or iterator, and whether it ended."""
    items = []
    walk = iter(target)
    for _ in range(count):
        try:
            items.append(next(walk))
        except StopIteration:
            return items, True
    return items, False


OPERATIONS: dict[str, Callable[..., Any]] = {
    "get": getattr,
    "set": setattr,
    "has": hasattr,
    "call": lambda target, *args, **kwargs: target(*args, **kwargs),
    "method": lambda target, name, *args, **kwargs: getattr(target, name)(*args, **kwargs),
    "item": lambda target, key: target[key],
    "set_item": lambda target, key, value: target.__setitem__(key, value),
    "contains": lambda target, item: item in target,
    "length": len,
    "iterate": _iterate,
    "next": next,
    "enter": lambda target: type(target).__enter__(target),
    "leave": lambda target: type(target).__exit__(target, None, None, None),
    "text": lambda target: str(target)[:10_000],
    "repr": lambda target: repr(target)[:10_000],
    "bool": bool,
    "dir": lambda target: [name for name in dir(target)[:2000] if type(name) is str],
    "apply": lambda target, operator, *others: getattr(__import__("operator"), operator)(target, *others),
}
"""What the judge may do with an object that stayed here."""


def figures(count: int, size: int) -> list[bytes]:
    """The figures that are open, as PNG: at most ``count``, and at most ``size`` bytes together."""
    if "matplotlib.pyplot" not in sys.modules:
        return []
    plt = sys.modules["matplotlib.pyplot"]
    pictures: list[bytes] = []
    for number in plt.get_fignums()[:count]:
        buffer = io.BytesIO()
        figure = plt.figure(number)
        width, height = figure.get_size_inches()
        dpi = min(100.0, 1600 / max(width, height, 1e-3))
        figure.savefig(buffer, format="png", dpi=dpi, bbox_inches="tight")  # labels may stand outside
        picture = buffer.getvalue()
        if len(picture) > size:
            break
        size -= len(picture)
        pictures.append(picture)
    return pictures


def capture_output(out: int, err: int) -> None:
    """Send ``sys.stdout`` and ``sys.stderr`` to these descriptors, unbuffered."""
    for name, fd in (("stdout", out), ("stderr", err)):
        stream = io.TextIOWrapper(
            Output(fd, f"<{name}>"),
            encoding="utf-8",
            errors="backslashreplace",
            newline="\n",
            write_through=True,
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
