"""The learner's work as the judge sees it: names to call, and objects that stayed where the learner's code runs.

The same proxies stand before a sandboxed runner and before a local one (the reference, a misconception), so that a
driver or a behaviour cannot tell which of them it examines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gradus.checks.authoring import File, Folder
from gradus.checks.raised import LearnerRaised
from gradus.checks.show import clip, show, show_call
from gradus.grader.placing import path_of
from gradus.grader.replies import Crashed, LimitHit, RaisedError, Reply, Returned, Runner
from gradus.grader.wire import Handle

#: No iteration over a learner's object goes on longer; an endless generator ends here instead of at the time limit.
MAX_ITEMS = 100_000


#: The learner's module itself.
MODULE = Handle(0, "module", "module")
_BATCH = 256
_ITER = ("method", "__iter__")


class RunnerGone(BaseException):
    """The learner's process ended in the middle of a conversation. Not an Exception: no author's code swallows it."""

    def __init__(self, reply: Crashed | LimitHit, call: str) -> None:
        super().__init__(str(reply))
        self.reply = reply
        self.call = call


class Student:
    """The learner's file: ``student.f(x)`` calls what it defines."""

    def __init__(self, runner: Runner, methods: set[tuple[str, str]] | None = None) -> None:
        self._runner = runner
        self._mutated = False
        self._describe: Callable[[], str] = str
        self._methods: set[tuple[str, str]] = set() if methods is None else methods

    def __getattr__(self, name: str) -> Target:
        if name.startswith("__"):
            raise AttributeError(name)
        return Target(self, name)

    def _module(self) -> RemoteObject:
        """Return the learner's module itself, as an object."""
        return RemoteObject(self, MODULE)

    @property
    def _last_call(self) -> str:
        """The latest call as a text, made only when somebody reads it."""
        return clip(self._describe(), 300)

    def _answer(self, reply: Reply, describe: Callable[[], str]) -> Any:
        """Return a reply's value, raise LearnerRaised or RunnerGone."""
        self._describe = describe
        if isinstance(reply, Returned):
            self._mutated = self._mutated or bool(reply.mutated)
            return wrap(reply.value, self)
        if isinstance(reply, RaisedError):
            raise LearnerRaised(reply.type, reply.message, reply.bases, reply.line, reply.trace, self._last_call)
        raise RunnerGone(reply, self._last_call)


class Target:
    """One name of the learner's file; calling it calls there, its attributes are fetched from there."""

    def __init__(self, student: Student, name: str) -> None:
        self._student = student
        self.__name__ = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        student = self._student
        reply = student._runner.call(self.__name__, unwrap(args), unwrap(kwargs))
        return student._answer(reply, lambda: show_call(self.__name__, args, kwargs))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._object(), name)

    def _object(self) -> Any:
        """Return what the name stands for: a value, or a proxy of the function, class or object."""
        reply = self._student._runner.invoke(MODULE, "get", (self.__name__,), {})
        return self._student._answer(reply, lambda: self.__name__)

    def __repr__(self) -> str:
        return self.__name__


class RemoteObject:
    """An object that stayed with the learner's code: attributes, methods, items, iteration, operators."""

    def __init__(self, student: Student, handle: Handle) -> None:
        object.__setattr__(self, "_student", student)
        object.__setattr__(self, "_handle", handle)

    def _do(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        student: Student = object.__getattribute__(self, "_student")
        handle: Handle = object.__getattribute__(self, "_handle")
        reply = student._runner.invoke(handle, operation, unwrap(args), unwrap(kwargs))

        def describe() -> str:
            name = handle.name or handle.type
            if operation == "method":
                return show_call(f"{name}.{args[0]}", args[1:], kwargs)
            return show_call(name, args, kwargs) if operation == "call" else f"{name}: {operation} {show(args)}"

        return student._answer(reply, describe)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        student: Student = object.__getattribute__(self, "_student")
        handle: Handle = object.__getattribute__(self, "_handle")
        if (handle.type, name) in student._methods:
            return Method(self, name)
        value = self._do("get", name)
        if type(value) is RemoteObject and object.__getattribute__(value, "_handle").kind == "function":
            student._methods.add((handle.type, name))
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        self._do("set", name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._do("call", *args, **kwargs)

    def __len__(self) -> int:
        return int(self._do("length"))

    def __bool__(self) -> bool:
        return bool(self._do("bool"))

    def __getitem__(self, key: Any) -> Any:
        return self._do("item", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._do("set_item", key, value)

    def __contains__(self, item: Any) -> bool:
        return bool(self._do("contains", item))

    def __iter__(self) -> Iterator[Any]:
        iterator = self if object.__getattribute__(self, "_handle").type == "generator" else self._do(*_ITER)
        for _ in range(0, MAX_ITEMS, _BATCH):
            items, ended = iterator._do("iterate", _BATCH)
            yield from items
            if ended:
                return

    def __next__(self) -> Any:
        try:
            return self._do("next")
        except LearnerRaised as raised:
            if raised.type == "StopIteration":
                raise StopIteration from None
            raise

    def __enter__(self) -> Any:
        return self._do("enter")

    def __exit__(self, *error: Any) -> None:
        self._do("leave")

    def __eq__(self, other: object) -> bool:
        return self._do("apply", "eq", other) is True

    def __hash__(self) -> int:
        return hash(object.__getattribute__(self, "_handle").id)

    def __add__(self, other: Any) -> Any:
        return self._do("apply", "add", other)

    def __sub__(self, other: Any) -> Any:
        return self._do("apply", "sub", other)

    def __mul__(self, other: Any) -> Any:
        return self._do("apply", "mul", other)

    def __truediv__(self, other: Any) -> Any:
        return self._do("apply", "truediv", other)

    def __pow__(self, other: Any) -> Any:
        return self._do("apply", "pow", other)

    def __matmul__(self, other: Any) -> Any:
        return self._do("apply", "matmul", other)

    def __neg__(self) -> Any:
        return self._do("apply", "neg")

    def __repr__(self) -> str:
        handle: Handle = object.__getattribute__(self, "_handle")
        return f"<{handle.name or handle.type}>"


class Method:
    """A method of an object that is known to have it: fetched and called in one go."""

    def __init__(self, owner: RemoteObject, name: str) -> None:
        self._owner = owner
        self.__name__ = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._owner._do("method", self.__name__, *args, **kwargs)


def handle_of(value: Any) -> Handle | None:
    """Return the handle behind a proxy; None for anything else."""
    if type(value) is Method:
        value = value._owner._do("get", value.__name__)
    return object.__getattribute__(value, "_handle") if type(value) is RemoteObject else None


def wrap(value: Any, student: Student) -> Any:
    """Return a value with every handle inside it replaced by a proxy."""
    kind = type(value)
    if kind is Handle:
        return RemoteObject(student, value)
    if kind in (list, tuple) and any(type(item) in _MAY_HOLD for item in value):
        return kind(wrap(item, student) for item in value)
    if kind is dict and any(type(item) in _MAY_HOLD for item in value.values()):
        return {key: wrap(item, student) for key, item in value.items()}
    return value


_MAY_HOLD = (Handle, RemoteObject, Method, Target, File, Folder, list, tuple, dict)


def unwrap(value: Any) -> Any:
    """Return a value as the wire takes it: proxies become handles again, files become paths."""
    kind = type(value)
    if kind is RemoteObject or kind is Method:
        return handle_of(value)
    if kind in (File, Folder):
        return path_of(value)
    if kind is Target:
        return unwrap(value._object())
    if kind in (list, tuple) and any(type(item) in _MAY_HOLD for item in value):
        return kind(unwrap(item) for item in value)
    if kind is dict and any(type(item) in _MAY_HOLD for item in value.values()):
        return {key: unwrap(item) for key, item in value.items()}
    return value
