"""Mutants of a reference: copies with one small mistake each, which good checks must tell from the reference.

``mutate(source)`` returns them in source order. Docstrings, annotations, decorators, imports, the words of error
messages and the looks of plots are left alone: no exercise judges them.
"""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from gradus.author.mutators import Place, edits
from gradus.author.substitutions import COSMETIC

_SKIPPED_FIELDS = frozenset({"annotation", "returns", "decorator_list", "bases", "type_params", "type_comment", "ctx"})
_SKIPPED_NODES = (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.pattern)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Mutant:
    """One mutant. ``id`` is ``function:operator#n``, so it survives reformatting and edits of other functions."""

    id: str
    line: int
    before: str
    after: str
    source: str

    @property
    def diff(self) -> str:
        """The edit as people read it: ``line 12: x + 1  ->  x - 1``."""
        return f"line {self.line}: {self.before}  ->  {self.after}"


@dataclass(frozen=True)
class _Site:
    """A node and the slot of its parent that holds it."""

    node: ast.AST
    place: Place
    position: int | None
    function: str

    def put(self, node: ast.AST) -> None:
        if self.position is None:
            setattr(self.place.parent, self.place.field, node)
        else:
            getattr(self.place.parent, self.place.field)[self.position] = node


@dataclass(frozen=True)
class _Scope:
    """What the walk knows on its way down."""

    function: str = ""
    argument: str = ""
    generator: bool = False
    index: bool = False
    keyword: str = ""
    bound: tuple[tuple[str, int], ...] = ()  # names stored in this function and the lines where


def mutate(source: str) -> list[Mutant]:
    """All mutants of a Python source, without duplicates and without copies of the original.

    Raises ``SyntaxError`` if the source does not parse.
    """
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen = {original}
    numbers: Counter[tuple[str, str]] = Counter()
    found = []
    for site in list(_sites(tree, _Scope())):
        for operator, replacement in list(edits(site.node, site.place)):
            name = site.function or "module"
            numbers[name, operator] += 1
            site.put(replacement)
            text = ast.unparse(tree)
            site.put(site.node)
            if text in seen or not _compiles(text):
                continue
            seen.add(text)
            before, after = _difference(original, text)
            identity = f"{name}:{operator}#{numbers[name, operator]}"
            found.append(Mutant(identity, _line(site.node), before, after, text + "\n"))
    return found


def _line(node: ast.AST) -> int:
    first = node.target if isinstance(node, ast.comprehension) else node
    return getattr(first, "lineno", 0)


def _compiles(text: str) -> bool:
    try:
        compile(text, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _difference(original: str, mutated: str) -> tuple[str, str]:
    old, new = original.splitlines(), mutated.splitlines()
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            return " / ".join(x.strip() for x in old[i1:i2]), " / ".join(x.strip() for x in new[j1:j2]) or "(nothing)"
    return "", ""


def _sites(node: ast.AST, scope: _Scope) -> Iterator[_Site]:
    """Every place that may be edited, parents before children, in source order."""
    scope = _inside(node, scope)
    for field, value in ast.iter_fields(node):
        if field in _SKIPPED_FIELDS or (
            isinstance(node, ast.JoinedStr | ast.FormattedValue) and field != "values" and field != "value"
        ):
            continue
        children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for position, child in children:
            if not isinstance(child, ast.AST) or _is_left_alone(child, node, field):
                continue
            inner = _towards(child, node, field, scope)
            place = Place(
                parent=node,
                field=field,
                argument=inner.argument,
                generator=inner.generator,
                index=inner.index,
                keyword=inner.keyword,
                bound_before=frozenset(name for name, line in inner.bound if line < getattr(child, "lineno", 0)),
            )
            if isinstance(child, ast.expr | ast.stmt | ast.comprehension):
                yield _Site(child, place, position, inner.function)
            yield from _sites(child, inner)


def _inside(node: ast.AST, scope: _Scope) -> _Scope:
    """The scope of a function's or a class's own body."""
    if isinstance(node, ast.ClassDef):
        return _Scope(function=_joined(scope.function, node.name))
    if not isinstance(node, _FUNCTIONS):
        return scope
    arguments = [arg.arg for arg in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]]
    if isinstance(node, ast.Lambda):
        return _Scope(scope.function, arguments[0] if arguments else "", bound=scope.bound)
    own = [arg for arg in arguments if arg not in {"self", "cls"}]
    bound = [(arg, 0) for arg in arguments]
    bound += [(n.id, n.lineno) for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return _Scope(
        function=_joined(scope.function, node.name),
        argument=own[0] if own else "",
        generator=any(isinstance(n, ast.Yield | ast.YieldFrom) for n in ast.walk(node)),
        bound=tuple(bound),
    )


def _joined(outer: str, name: str) -> str:
    return f"{outer}.{name}" if outer else name


def _towards(child: ast.AST, parent: ast.AST, field: str, scope: _Scope) -> _Scope:
    """The scope of one child: whether it is an index, and which keyword it is the value of."""
    keyword = (parent.arg or "") if isinstance(parent, ast.keyword) else ""
    index = keyword == "axis" or (isinstance(parent, ast.Subscript) and field == "slice")
    if isinstance(parent, ast.Tuple | ast.UnaryOp) and scope.index:
        index = True
    return _Scope(scope.function, scope.argument, scope.generator, index, keyword, scope.bound)


def _is_left_alone(child: ast.AST, parent: ast.AST, field: str) -> bool:
    if isinstance(child, _SKIPPED_NODES):
        return True
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True  # a docstring, or a bare ``...``
    if isinstance(parent, ast.Raise):
        return True  # the words of a message; its type is judged by leaving the statement out
    if isinstance(parent, ast.Assert) and field == "msg":
        return True
    if isinstance(parent, ast.keyword) and parent.arg in COSMETIC:
        return True
    if isinstance(parent, ast.JoinedStr) and isinstance(child, ast.Constant):
        return True
    if isinstance(parent, ast.Call) and getattr(parent.func, "attr", getattr(parent.func, "id", "")) in _SPEAKING:
        return True
    return _is_guard(child)


_SPEAKING = frozenset({"print", "warn"})


def _is_guard(node: ast.AST) -> bool:
    """``if __name__ == "__main__":``, ``if TYPE_CHECKING:`` and ``__all__``."""
    if isinstance(node, ast.If):
        names = {n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)}
        return bool(names & {"__name__", "TYPE_CHECKING"})
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
    return False
