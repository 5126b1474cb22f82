"""The learner's work as the judge sees it: names to call, and objects that stayed where the learner's code runs.

The same proxies stand before a sandboxed runner and before a local one (the reference, a misconception), so that a
driver or a behaviour cannot tell which of them it examines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradus.checks.authoring import File
from gradus.checks.raised import LearnerRaised
from gradus.checks.show import clip, show_call
from gradus.grader.replies import Crashed, LimitHit, RaisedError, Reply, Returned, Runner
from gradus.grader.wire import Handle, Path

#: No iteration over a learner's object goes on longer; an endless generator ends here instead of at the time limit.
MAX_ITEMS = 100_000


class RunnerGone(BaseException):
    """The learner's process ended in the middle of a conversation. Not an Exception: no author's code swallows it."""

    def __init__(self, reply: Crashed | LimitHit, call: str) -> None:
        super().__init__(str(reply))
        self.reply = reply
        self.call = call


class Student:
    """The learner's file: ``student.f(x)`` calls what it defines."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._mutated = False
        self._last_call = ""

    def __getattr__(self, name: str) -> Target:
        if name.startswith("__"):
            raise AttributeError(name)
        return Target(self, name)

    def _answer(self, reply: Reply, call: str) -> Any:
        """Return a reply's value, raise LearnerRaised or RunnerGone."""
        self._last_call = call
        if isinstance(reply, Returned):
            self._mutated = self._mutated or reply.mutated
            return wrap(reply.value, self)
        if isinstance(reply, RaisedError):
            raise LearnerRaised(reply.type, reply.message, reply.mro, reply.line, reply.trace, call)
        raise RunnerGone(reply, call)


class Target:
    """One name of the learner's file; calling it calls there."""

    def __init__(self, student: Student, name: str) -> None:
        self._student = student
        self.__name__ = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        reply = self._student._runner.call(self.__name__, unwrap(args), unwrap(kwargs))
        return self._student._answer(reply, clip(show_call(self.__name__, args, kwargs), 300))

    def __repr__(self) -> str:
        return self.__name__


class RemoteObject:
    """An object that stayed with the learner's code: attributes, methods, items, iteration, operators."""

    def __init__(self, student: Student, handle: Handle) -> None:
        object.__setattr__(self, "_student", student)
        object.__setattr__(self, "_handle", handle)

    def _invoke(self, method: str, *args: Any, **kwargs: Any) -> Any:
        student: Student = object.__getattribute__(self, "_student")
        handle: Handle = object.__getattribute__(self, "_handle")
        reply = student._runner.invoke(handle, method, unwrap(args), unwrap(kwargs))
        name = handle.name or handle.type
        return student._answer(reply, clip(show_call(f"{name}.{method}", args, kwargs), 300))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self._invoke("__getattribute__", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._invoke("__setattr__", name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._invoke("__call__", *args, **kwargs)

    def __len__(self) -> int:
        return int(self._invoke("__len__"))

    def __getitem__(self, key: Any) -> Any:
        return self._invoke("__getitem__", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._invoke("__setitem__", key, value)

    def __contains__(self, item: Any) -> bool:
        return bool(self._invoke("__contains__", item))

    def __iter__(self) -> Iterator[Any]:
        iterator = self._invoke("__iter__")
        if not isinstance(iterator, RemoteObject):
            yield from iterator
            return
        for _ in range(MAX_ITEMS):
            try:
                yield iterator._invoke("__next__")
            except LearnerRaised as raised:
                if raised.type == "StopIteration":
                    return
                raise

    def __eq__(self, other: object) -> bool:
        return bool(self._invoke("__eq__", other) is True)

    def __hash__(self) -> int:
        return hash(object.__getattribute__(self, "_handle").id)

    def __add__(self, other: Any) -> Any:
        return self._invoke("__add__", other)

    def __radd__(self, other: Any) -> Any:
        return self._invoke("__radd__", other)

    def __sub__(self, other: Any) -> Any:
        return self._invoke("__sub__", other)

    def __rsub__(self, other: Any) -> Any:
        return self._invoke("__rsub__", other)

    def __mul__(self, other: Any) -> Any:
        return self._invoke("__mul__", other)

    def __rmul__(self, other: Any) -> Any:
        return self._invoke("__rmul__", other)

    def __truediv__(self, other: Any) -> Any:
        return self._invoke("__truediv__", other)

    def __pow__(self, other: Any) -> Any:
        return self._invoke("__pow__", other)

    def __matmul__(self, other: Any) -> Any:
        return self._invoke("__matmul__", other)

    def __neg__(self) -> Any:
        return self._invoke("__neg__")

    def __repr__(self) -> str:
        handle: Handle = object.__getattribute__(self, "_handle")
        return f"<{handle.name or handle.type}>"


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


_MAY_HOLD = (Handle, RemoteObject, File, list, tuple, dict)


def unwrap(value: Any) -> Any:
    """Return a value as the wire takes it: proxies become handles again, files become paths."""
    kind = type(value)
    if kind is RemoteObject:
        return object.__getattribute__(value, "_handle")
    if kind is File:
        return Path(value.name, value.data)
    if kind in (list, tuple) and any(type(item) in _MAY_HOLD for item in value):
        return kind(unwrap(item) for item in value)
    if kind is dict and any(type(item) in _MAY_HOLD for item in value.values()):
        return {key: unwrap(item) for key, item in value.items()}
    return value


def call_text(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Return the call as the learner would type it."""
    return show_call(name, args, kwargs)
