"""What a mutation replaces by what: operators, look-alike functions, flags, and what is left alone."""

from __future__ import annotations

import ast
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# How a plot looks and how a file is encoded is not what an exercise judges.
COSMETIC: Final = _words(
    "alpha c cmap color ec edgecolor encoding fc facecolor figsize fontsize ha labelpad layout lc linestyle "
    "linewidth ls lw marker markersize pad rotation s stacklevel tight_layout va zorder dpi"
)

ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}

BOUNDARY: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}

OPPOSITE: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def _both_ways(*pairs: tuple[str, str]) -> dict[str, str]:
    return dict(pairs) | {b: a for a, b in pairs}


# Functions and methods that are easily taken for one another.
TWINS: Final = {
    **_both_ways(
        ("max", "min"),
        ("argmax", "argmin"),
        ("maximum", "minimum"),
        ("any", "all"),
        ("sum", "mean"),
        ("nansum", "nanmean"),
        ("nanmax", "nanmin"),
        ("floor", "ceil"),
        ("zeros", "ones"),
        ("zeros_like", "ones_like"),
        ("std", "var"),
        ("nanstd", "nanvar"),
        ("vstack", "hstack"),
        ("head", "tail"),
        ("first", "last"),
        ("keys", "values"),
        ("startswith", "endswith"),
        ("lstrip", "rstrip"),
        ("lower", "upper"),
        ("cumsum", "cumprod"),
        ("union", "intersection"),
        ("isna", "notna"),
        ("isnull", "notnull"),
        ("split", "rsplit"),
        ("idxmax", "idxmin"),
        ("sin", "cos"),
    ),
    "median": "mean",
    "nanmedian": "nanmean",
    "round": "trunc",
    "count": "size",
}

# Calls that only pass their argument on, changed: dropping one is a mistake people make.
UNWRAPPED: Final = {"sorted": "list", "reversed": "list", "abs": None, "float": None, "int": None, "set": "list"}
UNWRAPPED_METHODS: Final = _words(
    "copy abs absolute sqrt exp log square strip lower upper astype reshape ravel flatten dropna fillna sort_values "
    "sort_index reset_index drop_duplicates transpose squeeze cumsum round isfinite log1p expm1 to_numpy"
)

# Argument order does not matter to these.
COMMUTATIVE: Final = _words(
    "max min maximum minimum add multiply isclose allclose hypot equal not_equal logical_and logical_or gcd "
    "array_equal isinstance hasattr getattr setattr print"
)

FLAGS: Final[dict[str, dict[str, str]]] = {
    "how": {"left": "inner", "inner": "outer", "outer": "inner", "right": "inner", "any": "all", "all": "any"},
    "inclusive": {"both": "neither", "neither": "both", "left": "right", "right": "left"},
    "side": {"left": "right", "right": "left"},
    "keep": {"first": "last", "last": "first"},
    "order": {"C": "F", "F": "C"},
    "indexing": {"ij": "xy", "xy": "ij"},
    "method": {"linear": "lower", "lower": "higher", "higher": "lower", "ffill": "bfill", "bfill": "ffill"},
}
