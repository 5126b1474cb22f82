"""GitHub's expressions, as much of them as workflows use: literals, operators, contexts, functions.

Written after "Evaluate expressions in workflows and actions" of GitHub's documentation: ``==`` ignores the case of text
and compares other types as numbers, ``&&`` and ``||`` give one of their operands, an unknown property is null.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Context = Mapping[str, Any]
Function = Callable[..., Any]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>[-+]?(?:0x[0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)|(?P<sign>&&|\|\||==|!=|<=|>=|[<>!()\[\],.*]))"
)
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
STATUS = frozenset({"success", "failure", "always", "cancelled"})


class BadExpression(ValueError):  # noqa: N818 - reads as what it says
    """An expression that cannot be read or calls what there is not; the message says which."""


def asks_status(text: str) -> bool:
    """Whether a condition calls one of the status functions, so that nothing is added to it."""
    try:
        tokens = _tokens(_bare(text))
    except BadExpression:
        return False
    return any(
        kind == "name" and value.lower() in STATUS and tokens[place + 1 : place + 2] == [("sign", "(")]
        for place, (kind, value) in enumerate(tokens)
    )


def evaluate(text: str, context: Context, functions: Mapping[str, Function] | None = None) -> Any:
    """The value of an expression without its ``${{ }}``. Raises BadExpression."""
    return _Reader(_tokens(text), context, functions or {}).whole()


def fill(text: str, context: Context, functions: Mapping[str, Function] | None = None) -> str:
    """A text with each ``${{ expression }}`` replaced by its value."""
    return _EXPRESSION.sub(lambda match: as_text(evaluate(match[1], context, functions)), text)


def holds(condition: Any, context: Context, functions: Mapping[str, Function]) -> bool:
    """Whether an ``if:`` holds. Text around ``${{ }}`` makes it a text, which is true unless it is empty."""
    if isinstance(condition, bool):
        return condition and bool(functions["success"]())
    text = str(condition).strip()
    added = not asks_status(text)
    if "${{" in text and _bare(text) == text:
        value: Any = fill(text, context, functions)
    else:
        value = evaluate(_bare(text), context, functions)
    return truth(value) and (not added or bool(functions["success"]()))


def _bare(text: str) -> str:
    match = _EXPRESSION.fullmatch(text.strip())
    return match[1] if match and "${{" not in match[1] else text


def truth(value: Any) -> bool:
    """Whether a value counts as true."""
    return not (
        value is None or value is False or value == "" or (_is_number(value) and (value == 0 or value != value))
    )


def as_text(value: Any) -> str:
    """A value as it stands in a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, Mapping | list) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_number(value: Any) -> float:
    if value is None:
        return 0.0
    if isinstance(value, bool | int | float):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value) if value.strip() else 0.0
        except ValueError:
            return math.nan
    return math.nan


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, str) and isinstance(b, str):
        return a.lower() == b.lower()
    if isinstance(a, Mapping | list) or isinstance(b, Mapping | list):
        return a is b
    return (type(a) is type(b) and a == b) or _as_number(a) == _as_number(b)


def _below(a: Any, b: Any) -> bool:
    if isinstance(a, str) and isinstance(b, str):
        return a.lower() < b.lower()
    return _as_number(a) < _as_number(b)


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None or len(found) > 2000:
            raise BadExpression(f"cannot be read from “{text[place:].strip()[:40]}” on")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        place = match.end()
    return found


class _Reader:
    """A recursive descent, one method for each level of precedence."""

    def __init__(self, tokens: Sequence[tuple[str, str]], context: Context, functions: Mapping[str, Function]) -> None:
        self.tokens, self.place, self.depth = tokens, 0, 0
        self.context = context
        self.functions = {**_FUNCTIONS, **{name.lower(): function for name, function in functions.items()}}

    def whole(self) -> Any:
        if not self.tokens:
            raise BadExpression("is empty")
        value = self.either()
        if self.place < len(self.tokens):
            raise BadExpression(f"ends before “{self.tokens[self.place][1]}”")
        return value

    def at(self, *signs: str) -> str | None:
        if self.place < len(self.tokens):
            kind, value = self.tokens[self.place]
            if kind == "sign" and value in signs:
                self.place += 1
                return value
        return None

    def need(self, sign: str) -> None:
        if self.at(sign) is None:
            raise BadExpression(f"lacks a “{sign}”")

    def either(self) -> Any:
        value = self.both()
        while self.at("||"):
            other = self.both()
            value = value if truth(value) else other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self.at("&&"):
            other = self.compared()
            value = other if truth(value) else value
        return value

    def compared(self) -> Any:
        value = self.ordered()
        while sign := self.at("==", "!="):
            value = _equal(value, self.ordered()) == (sign == "==")
        return value

    def ordered(self) -> Any:
        value = self.negated()
        while sign := self.at("<", "<=", ">", ">="):
            other = self.negated()
            low, high = (value, other) if sign[0] == "<" else (other, value)
            value = _below(low, high) or (sign.endswith("=") and _equal(low, high))
        return value

    def negated(self) -> Any:
        if self.at("!"):
            self.depth += 1
            if self.depth > 50:
                raise BadExpression("is nested too deeply")
            return not truth(self.negated())
        return self.reached()

    def reached(self) -> Any:
        value = self.atom()
        while True:
            if self.at("."):
                if self.at("*"):
                    value = list(value.values()) if isinstance(value, Mapping) else list(value or [])
                    value = _Filtered(value)
                    continue
                kind, name = self.tokens[self.place] if self.place < len(self.tokens) else ("", "")
                if kind != "name":
                    raise BadExpression("lacks a name after “.”")
                self.place += 1
                value = (
                    _Filtered(_property(one, name) for one in value)
                    if isinstance(value, _Filtered)
                    else _property(value, name)
                )
            elif self.at("["):
                value = _property(value, self.either())
                self.need("]")
            else:
                return value

    def atom(self) -> Any:
        if self.at("("):
            self.depth += 1
            if self.depth > 50:
                raise BadExpression("is nested too deeply")
            value = self.either()
            self.need(")")
            return value
        if self.place >= len(self.tokens):
            raise BadExpression("ends too early")
        kind, text = self.tokens[self.place]
        self.place += 1
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return int(text, 16) if "x" in text else float(text)
        if kind != "name":
            raise BadExpression(f"has a “{text}” where a value belongs")
        if self.at("("):
            return self.called(text)
        if text in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[text]
        return _property(self.context, text)

    def called(self, name: str) -> Any:
        values: list[Any] = []
        if not self.at(")"):
            values.append(self.either())
            while self.at(","):
                values.append(self.either())
            self.need(")")
        function = self.functions.get(name.lower())
        if function is None:
            raise BadExpression(f"calls “{name}”, which does not exist")
        try:
            return function(*values)
        except (TypeError, ValueError, LookupError) as error:
            raise BadExpression(f"cannot call “{name}” with {len(values)} values: {error}") from None


class _Filtered(list[Any]):
    """What ``.*`` gave: a further name is looked up in each."""


def _property(value: Any, name: Any) -> Any:
    if isinstance(value, Mapping):
        if name in value:
            return value[name]
        return next((v for k, v in value.items() if isinstance(k, str) and k.lower() == str(name).lower()), None)
    if isinstance(value, list) and _is_number(name) and 0 <= int(name) < len(value):
        return value[int(name)]
    return None


def _contains(where: Any, what: Any) -> bool:
    if isinstance(where, list):
        return any(_equal(one, what) for one in where)
    return as_text(what).lower() in as_text(where).lower()


def _format(pattern: Any, *values: Any) -> str:
    text = as_text(pattern).replace("{{", "\0").replace("}}", "\1")
    text = re.sub(r"\{(\d+)\}", lambda match: as_text(values[int(match[1])]), text)
    return text.replace("\0", "{").replace("\1", "}")


_FUNCTIONS: dict[str, Function] = {
    "contains": _contains,
    "startswith": lambda text, start: as_text(text).lower().startswith(as_text(start).lower()),
    "endswith": lambda text, end: as_text(text).lower().endswith(as_text(end).lower()),
    "format": _format,
    "join": lambda values, by=",": as_text(by).join(map(as_text, values if isinstance(values, list) else [values])),
    "tojson": lambda value: json.dumps(value, indent=2, default=dict),
    "fromjson": lambda text: json.loads(as_text(text)),
    "hashfiles": lambda *patterns: "0" * 64,
}
