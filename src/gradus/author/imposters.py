"""A misconception as a learner would hand it in: the solution's file with one name bound to the wrong idea."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable

from gradus.checks.authoring import Misconception
from gradus.errors import ContentError

_Definition = ast.FunctionDef | ast.ClassDef


def imposter(solution: str, checks: str, misconception: Misconception, provided: str) -> str:
    """The source of a submission whose ``provided`` is the misconception and whose other names are the solution's.

    The misconception and what it needs of checks.py are put into a function of their own, so that no helper of
    checks.py shadows one of the solution. Raises ContentError when the misconception is not a ``def`` or ``class``.
    """
    tree = ast.parse(checks)
    vocabulary = _vocabulary(tree)
    wrong = next(
        (node for node in tree.body if isinstance(node, _Definition) and node.name == misconception.name), None
    )
    if wrong is None:
        raise ContentError(f"the misconception “{misconception.name}” must be a def or a class", "checks.py")
    wrong.decorator_list = [node for node in wrong.decorator_list if not _names(node) & vocabulary]
    factory = ast.FunctionDef(
        name="_wrong_idea",
        args=ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]),
        body=[*_needed(tree, wrong, vocabulary), wrong, ast.Return(value=ast.Name(id=wrong.name, ctx=ast.Load()))],
        decorator_list=[],
    )
    bound = ast.parse(f"{provided} = _wrong_idea()").body[0]
    body = ast.fix_missing_locations(ast.Module(body=[factory, bound], type_ignores=[]))
    return f"{solution.rstrip()}\n\n\n{ast.unparse(body)}\n"


def _vocabulary(tree: ast.Module) -> set[str]:
    """The names that checks.py imports from the authoring vocabulary; a learner's file cannot use them."""
    return {
        (alias.asname or alias.name).split(".")[0]
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gradus")
        for alias in node.names
    }


def _needed(tree: ast.Module, wrong: _Definition, vocabulary: set[str]) -> list[ast.stmt]:
    """The top-level statements that the definition needs, directly or not, in their order."""
    wanted, kept = _names(wrong), set[int]()
    while True:
        before = len(kept)
        for position, node in enumerate(tree.body):
            if (
                position not in kept
                and node is not wrong
                and _binds(node) & wanted
                and not _is_vocabulary(node, vocabulary)
            ):
                kept.add(position)
                wanted |= _names(node)
        if len(kept) == before:
            return [tree.body[position] for position in sorted(kept)]


def _is_vocabulary(node: ast.stmt, vocabulary: set[str]) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").startswith("gradus") or node.module == "__future__"
    return bool(_names(node) & vocabulary)


def _binds(node: ast.stmt) -> set[str]:
    if isinstance(node, _Definition | ast.AsyncFunctionDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return _stored([node])


def _stored(nodes: Iterable[ast.AST]) -> set[str]:
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _names(node: ast.AST) -> set[str]:
    """The names that the code takes from its module. Arguments and variables of its own are none, whatever they are."""
    found: set[str] = set()
    tables = [symtable.symtable(ast.unparse(node), "checks.py", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        outermost = table.get_type() == "module"
        found |= {
            each.get_name() for each in table.get_symbols() if each.is_global() or (outermost and each.is_referenced())
        }
    return found
