"""The small wrong edits a proof makes to a reference: one function per kind of syntax node.

Each yields ``(operator, replacement)`` pairs, a name and a new node for the place where the old one stood. Nothing is
changed in place and nothing knows where in the file it is; ``mutants`` walks the tree and puts replacements in.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from gradus.author.substitutions import (
    ARITHMETIC,
    BOUNDARY,
    COMMUTATIVE,
    COSMETIC,
    FLAGS,
    OPPOSITE,
    TWINS,
    UNWRAPPED,
    UNWRAPPED_METHODS,
)

Edits: TypeAlias = Iterator[tuple[str, ast.AST]]


@dataclass(frozen=True)
class Place:
    """Where a node stands: its parent, the field that holds it, and the function around it."""

    parent: ast.AST
    field: str
    argument: str = ""  # the first argument of the function around it, if any
    generator: bool = False
    index: bool = False  # inside the index of a subscript, or a value of ``axis=``
    keyword: str = ""  # the name of the keyword argument whose value this is
    bound_before: frozenset[str] = frozenset()

    @property
    def is_condition(self) -> bool:
        """Whether the node decides a branch (it is then negated, and forced, as a whole)."""
        return (isinstance(self.parent, ast.If | ast.IfExp | ast.While) and self.field == "test") or (
            isinstance(self.parent, ast.comprehension) and self.field == "ifs"
        )


def _constant(value: object) -> ast.Constant:
    return ast.Constant(value=value)  # type: ignore[arg-type]


def same(a: ast.AST, b: ast.AST) -> bool:
    """Whether two nodes are the same syntax."""
    return ast.dump(a) == ast.dump(b)


def _nudged(value: ast.expr, by: int) -> ast.expr:
    if isinstance(value, ast.Constant) and type(value.value) is int:
        return _constant(value.value + by)
    return ast.BinOp(left=value, op=ast.Add() if by > 0 else ast.Sub(), right=_constant(abs(by)))


def binary(node: ast.BinOp, place: Place) -> Edits:
    """Arithmetic and bit operators; the order of a matrix product."""
    if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant | ast.JoinedStr):
        return  # old string formatting
    swapped = ARITHMETIC[type(node.op)]()
    yield "arithmetic", ast.BinOp(left=node.left, op=swapped, right=node.right)
    if isinstance(node.op, ast.MatMult) and not same(node.left, node.right):
        yield "operands", ast.BinOp(left=node.right, op=node.op, right=node.left)
    if isinstance(node.op, ast.Mult | ast.Add | ast.Div | ast.Sub | ast.Pow):
        yield "operand", node.left
    if isinstance(node.op, ast.Mult | ast.Add):
        yield "operand", node.right


def unary(node: ast.UnaryOp, place: Place) -> Edits:
    """Signs and negations taken away."""
    if place.is_condition and isinstance(node.op, ast.Not):
        return  # negating the condition is the same edit
    yield "sign", node.operand


def compare(node: ast.Compare, place: Place) -> Edits:
    """Comparisons moved by their boundary, and turned round."""
    for i, op in enumerate(node.ops):
        for operator, table in (("boundary", BOUNDARY), ("comparison", OPPOSITE)):
            if operator == "comparison" and place.is_condition and len(node.ops) == 1:
                continue
            if (other := table.get(type(op))) is not None:
                ops = [*node.ops[:i], other(), *node.ops[i + 1 :]]
                yield operator, ast.Compare(left=node.left, ops=ops, comparators=node.comparators)


def boolean(node: ast.BoolOp, place: Place) -> Edits:
    """``and`` for ``or``, and each operand forgotten."""
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "logic", ast.BoolOp(op=other, values=node.values)
    for i in range(len(node.values)):
        rest = node.values[:i] + node.values[i + 1 :]
        yield "operand", rest[0] if len(rest) == 1 else ast.BoolOp(op=node.op, values=rest)


def constant(node: ast.Constant, place: Place) -> Edits:
    """Numbers nudged, flags flipped, strings changed."""
    value = node.value
    if isinstance(value, bool):
        yield "flag", _constant(not value)
    elif isinstance(value, int):
        near = [1] if value == 0 else [0] if value == 1 and place.index else [value - 1, value + 1]
        for other in near[:1] if place.index else near:
            yield "number", _constant(other)
    elif isinstance(value, float):
        # A guard such as 1e-12 matters by being there; doubling it would change nothing anyone could see.
        yield "number", _constant(1.0 if value == 0 else 0.0 if abs(value) < 1e-4 else value * 2)
        if value == 1.0:
            yield "number", _constant(0.0)
    elif isinstance(value, str) and place.keyword != "dtype":
        yield "text", _constant(FLAGS.get(place.keyword, {}).get(value, value + "~"))


def call(node: ast.Call, place: Place) -> Edits:
    """Look-alike functions, arguments in another order, keyword arguments forgotten, a call left out."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in TWINS and (isinstance(node.func, ast.Attribute) or name in {"max", "min", "any", "all", "sum"}):
        other = TWINS[name]
        if isinstance(node.func, ast.Attribute):
            func: ast.expr = ast.Attribute(value=node.func.value, attr=other, ctx=ast.Load())
            yield "function", ast.Call(func=func, args=node.args, keywords=node.keywords)
        elif name != "sum":  # there is no built-in mean
            yield "function", ast.Call(func=ast.Name(id=other), args=node.args, keywords=node.keywords)
    yield from _unwrapped(node, name)
    if name == "get" and isinstance(node.func, ast.Attribute) and len(node.args) in (1, 2):
        yield "get", ast.Subscript(value=node.func.value, slice=node.args[0], ctx=ast.Load())
    for i, keyword in enumerate(node.keywords):
        if keyword.arg is not None and keyword.arg not in COSMETIC:
            rest = node.keywords[:i] + node.keywords[i + 1 :]
            yield "keyword", ast.Call(func=node.func, args=node.args, keywords=rest)
    if name not in COMMUTATIVE and not any(isinstance(arg, ast.Starred) for arg in node.args):
        # The first argument of where() is its condition: the two values are what people swap.
        start = 1 if name == "where" else 0
        for i in range(start, len(node.args) - 1):
            first, second = node.args[i : i + 2]
            if not same(first, second):
                args = [*node.args[:i], second, first, *node.args[i + 2 :]]
                yield "arguments", ast.Call(func=node.func, args=args, keywords=node.keywords)
    if name == "range" and node.args:
        stop = 0 if len(node.args) == 1 else 1
        for by in (-1, 1):
            args = [*node.args[:stop], _nudged(node.args[stop], by), *node.args[stop + 1 :]]
            yield "range", ast.Call(func=node.func, args=args, keywords=[])
        if len(node.args) == 1:
            yield "range", ast.Call(func=node.func, args=[_constant(1), *node.args], keywords=[])


def _unwrapped(node: ast.Call, name: str) -> Edits:
    if isinstance(node.func, ast.Name) and name in UNWRAPPED and node.args:
        if (other := UNWRAPPED[name]) is None:
            yield "unwrapped", node.args[0]
        else:
            yield "unwrapped", ast.Call(func=ast.Name(id=other), args=node.args[:1], keywords=[])
    elif isinstance(node.func, ast.Attribute) and name in UNWRAPPED_METHODS:
        of_library = isinstance(node.func.value, ast.Name) and node.func.value.id in {"np", "math", "pd"}
        if not of_library:
            yield "unwrapped", node.func.value
        elif node.args:
            yield "unwrapped", node.args[0]


def attribute(node: ast.Attribute, place: Place) -> Edits:
    """A forgotten transpose; ``loc`` for ``iloc``."""
    if node.attr == "T":
        yield "transpose", node.value
    elif node.attr in {"loc", "iloc"}:
        other = "iloc" if node.attr == "loc" else "loc"
        yield "function", ast.Attribute(value=node.value, attr=other, ctx=node.ctx)
    elif node.attr == "inf":
        yield "number", _constant(0.0)


def subscript(node: ast.Subscript, place: Place) -> Edits:
    """A filter forgotten: ``x[x > 0]`` becomes ``x``."""
    selects = isinstance(node.slice, ast.Compare | ast.UnaryOp | ast.BinOp | ast.Call | ast.Name)
    if selects and isinstance(node.ctx, ast.Load) and _is_mask(node.slice):
        yield "mask", node.value


def _is_mask(index: ast.expr) -> bool:
    """Whether an index is plainly a choice of rows rather than a position."""
    if isinstance(index, ast.UnaryOp):
        return isinstance(index.op, ast.Invert)
    if isinstance(index, ast.BinOp):
        return isinstance(index.op, ast.BitAnd | ast.BitOr)
    if isinstance(index, ast.Call):
        return getattr(index.func, "attr", "") in {"isna", "notna", "isnull", "notnull", "isin", "between", "isfinite"}
    return isinstance(index, ast.Compare)


def loop(node: ast.For | ast.comprehension, place: Place) -> Edits:
    """The first or the last turn of a loop left out. A range has edits of its own."""
    over = node.iter
    if isinstance(over, ast.Call) and getattr(over.func, "id", "") == "range":
        return
    whole = ast.Call(func=ast.Name(id="list"), args=[over], keywords=[])
    for part in (ast.Slice(lower=_constant(1)), ast.Slice(upper=_constant(-1))):
        shorter = ast.Subscript(value=whole, slice=part, ctx=ast.Load())
        if isinstance(node, ast.For):
            yield (
                "loop",
                ast.For(target=node.target, iter=shorter, body=node.body, orelse=node.orelse, lineno=node.lineno),
            )
        else:
            yield "loop", ast.comprehension(target=node.target, iter=shorter, ifs=node.ifs, is_async=node.is_async)


def slices(node: ast.Slice, place: Place) -> Edits:
    """Off by one at either end; a forgotten or reversed step."""
    lower, upper, step = node.lower, node.upper, node.step
    backwards = isinstance(step, ast.UnaryOp) and isinstance(step.op, ast.USub)
    if not backwards:
        if lower is None:
            yield "slice", ast.Slice(lower=_constant(1), upper=upper, step=step)
        elif not isinstance(lower, ast.Constant):
            yield "slice", ast.Slice(lower=_nudged(lower, 1), upper=upper, step=step)
        if upper is None:
            yield "slice", ast.Slice(lower=lower, upper=_constant(-1), step=step)
        elif not isinstance(upper, ast.Constant):
            yield "slice", ast.Slice(lower=lower, upper=_nudged(upper, -1), step=step)
    if step is not None:
        yield "slice", ast.Slice(lower=lower, upper=upper, step=None)


def condition(node: ast.expr, place: Place) -> Edits:
    """A branch taken when it should not be, never, and always."""
    if isinstance(place.parent, ast.While):  # the other edits would only loop for ever
        yield "condition", _constant(False)
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "condition", node.operand
    else:
        yield "condition", ast.UnaryOp(op=ast.Not(), operand=node)
    yield "condition", _constant(True)
    if not isinstance(place.parent, ast.comprehension):
        yield "condition", _constant(False)


def returned(node: ast.Return, place: Place) -> Edits:
    """Nothing returned, the argument returned, two answers in the other order."""
    value = node.value
    if value is None or (isinstance(value, ast.Constant) and value.value is None) or place.generator:
        return
    yield "return", ast.Return(value=None)
    if place.argument and not (isinstance(value, ast.Name) and value.id == place.argument):
        yield "return", ast.Return(value=ast.Name(id=place.argument))
    if isinstance(value, ast.Tuple) and len(value.elts) > 1:
        elements = [value.elts[1], value.elts[0], *value.elts[2:]]
        yield "return", ast.Return(value=ast.Tuple(elts=elements, ctx=ast.Load()))


def augmented(node: ast.AugAssign, place: Place) -> Edits:
    """Another operator, and ``=`` where ``+=`` belongs."""
    yield "arithmetic", ast.AugAssign(target=node.target, op=ARITHMETIC[type(node.op)](), value=node.value)
    yield "assignment", ast.Assign(targets=[node.target], value=node.value, lineno=node.lineno)


def _is_first_binding(node: ast.Assign | ast.AnnAssign, place: Place) -> bool:
    if node.value is None:
        return True
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    stored_whole = all(isinstance(target, ast.Name | ast.Tuple | ast.List | ast.Starred) for target in targets)
    return stored_whole and not names <= place.bound_before


def dropped(node: ast.stmt, place: Place) -> Edits:
    """A statement left out (unless that could only raise a NameError), a loop left in another way."""
    if isinstance(node, ast.Break):
        yield "loop", ast.Continue()
    elif isinstance(node, ast.Continue):
        yield "loop", ast.Break()
        yield "loop", ast.Pass()
    elif isinstance(place.parent, ast.If) and len(place.parent.body) == 1 and not place.parent.orelse:
        return  # the condition made False is the same edit
    elif isinstance(node, ast.Assign | ast.AnnAssign) and _is_first_binding(node, place):
        return
    elif isinstance(node, ast.Return):
        body = getattr(place.parent, place.field)
        if body[-1] is node and isinstance(place.parent, ast.FunctionDef | ast.AsyncFunctionDef):
            return  # returning nothing is the same edit
        yield "statement", ast.Pass()
    elif isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Raise | ast.Delete | ast.Assert):
        yield "statement", ast.Pass()


def handled(node: ast.Try, place: Place) -> Edits:
    """An exception that is no longer caught."""
    if node.handlers:
        yield "handler", ast.If(test=_constant(True), body=[*node.body, *node.orelse, *node.finalbody], orelse=[])


MUTATORS: Final[tuple[tuple[type[ast.AST], Callable[..., Edits]], ...]] = (
    (ast.BinOp, binary),
    (ast.UnaryOp, unary),
    (ast.Compare, compare),
    (ast.BoolOp, boolean),
    (ast.Constant, constant),
    (ast.Call, call),
    (ast.Attribute, attribute),
    (ast.Subscript, subscript),
    (ast.Slice, slices),
    (ast.For, loop),
    (ast.comprehension, loop),
    (ast.Return, returned),
    (ast.AugAssign, augmented),
    (ast.Try, handled),
    (ast.stmt, dropped),
)


def edits(node: ast.AST, place: Place) -> Edits:
    """Every small wrong edit of one node, in a fixed order."""
    if place.is_condition and isinstance(node, ast.expr):
        yield from condition(node, place)
    for kind, mutator in MUTATORS:
        if isinstance(node, kind):
            yield from mutator(node, place)
