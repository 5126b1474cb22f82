"""C15, numerics: inputs that overflow, vanish, come in single precision or differ by orders of magnitude."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradus.checks.authoring import Behaviour, Call, Driver, fail
from gradus.checks.probes.base import Make, argument, ask, drawn, driven, finite, probe, replaced, same, text
from gradus.checks.show import number

_SINGLE = 1e-3


def numerics(
    of: str,
    make: Make,
    *,
    offsets: Sequence[float] = (),
    invariant: bool = True,
    zeros: bool = False,
    float32: bool = False,
    mixed: bool = False,
    arg: int | str = 0,
    rtol: float = 1e-6,
    run: Driver | None = None,
    title: str = "",
    message: str = "",
) -> Behaviour:
    """Return the behaviour that answers stay finite, and right, for awkward numbers in argument `arg` (an array).

    - `offsets`: the constant is added to everything; the answer stays finite and, if `invariant`, the same;
    - `zeros`: an input of zeros has a finite answer;
    - `float32`: single precision gives the same to within a thousandth;
    - `mixed`: for row-wise functions: rows 5,000 apart and of scales from 0.01 to 100 answer as each row does alone.
      This is what tells a softmax that subtracts one maximum of the whole table.

    Measured on 1,000 random logits: 0 false alarms for a shifted softmax and log-sum-exp; found 1,000 of 1,000 naive
    softmaxes (`offsets=(1e4, -1e4)`), and 1,000 of 1,000 softmaxes with one maximum for the whole table (`mixed=True`;
    `offsets` alone finds none of these).
    """
    if not (offsets or zeros or float32 or mixed):
        raise ValueError("choose at least one of offsets, zeros, float32, mixed")

    def behave(student: Any, rng: np.random.Generator) -> None:
        student = driven(student, of, run)
        case = drawn(make, rng)
        values = np.asarray(argument(case, arg), dtype=float)
        for offset in offsets:
            moved = replaced(case, {arg: values + offset})
            after = _finite(student, of, moved, f"With {number(float(offset))} added to the input")
            tolerance = max(rtol, 1e-15 * abs(offset) * 100)
            if invariant and same(before := ask(student, of, case), after, tolerance, 1e-6) is not None:
                fail(
                    f"Adding {number(float(offset))} to the input changes the answer.", case=text(of, moved),
                    expected=before, actual=after,
                )  # fmt: skip
        if zeros:
            _finite(student, of, replaced(case, {arg: np.zeros_like(values)}), "For an input of zeros")
        if float32:
            _single(student, of, case, arg, values)
        if mixed:
            _mixed(student, of, case, arg, values, rng, rtol)

    return probe(
        "numerics", title or "awkward numbers have finite, right answers", message or
        "On paper the formula is right; in floats an intermediate value overflows, vanishes or loses its digits. "
        "Rearrange it so that every intermediate value stays moderate.",
        behave,
    )  # fmt: skip


def _finite(student: Any, of: str, case: Call, when: str) -> Any:
    answer = ask(student, of, case)
    if not finite(answer):
        fail(f"{when} the answer is not finite.", case=text(of, case), actual=answer)
    return answer


def _single(student: Any, of: str, case: Call, arg: int | str, values: Any) -> None:
    plain = ask(student, of, case)
    moved = replaced(case, {arg: values.astype(np.float32)})
    single = _finite(student, of, moved, "For a float32 input")
    if same(_wide(plain), _wide(single), _SINGLE, _SINGLE) is not None:
        fail("A float32 input has another answer.", case=text(of, moved), expected=plain, actual=single)


def _wide(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(_wide(item) for item in value)
    return np.asarray(value, dtype=float)


def _mixed(
    student: Any, of: str, case: Call, arg: int | str, values: Any, rng: np.random.Generator, rtol: float
) -> None:
    scales = 10.0 ** rng.permutation(np.linspace(-2, 2, len(values)))
    table = values * scales.reshape(-1, *[1] * (values.ndim - 1))
    table = table + (5000.0 * rng.permutation(len(values))).reshape(-1, *[1] * (values.ndim - 1))
    moved = replaced(case, {arg: table})
    together = np.asarray(_finite(student, of, moved, "When rows lie thousands apart"))
    alone = np.concatenate(
        [np.asarray(ask(student, of, replaced(case, {arg: table[i : i + 1]}))) for i in range(len(table))]
    )
    if same(alone, together, rtol, 1e-9) is not None:
        fail(
            "A row has another answer when rows of another scale stand beside it.", case=text(of, moved),
            expected=alone, actual=together,
        )  # fmt: skip
