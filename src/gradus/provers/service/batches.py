"""Batches: one answer per row, in the order of the rows, each as the row gets it alone."""

from __future__ import annotations

from typing import Any

from gradus.provers.service.asking import Study, ask_batch, same
from gradus.provers.service.faults import Found, NotApplicable
from gradus.provers.service.rows import shuffled
from gradus.provers.service.speaking import NoAnswer, refuse_problem

Said = tuple[str, dict[str, Any]]
SIZES = (1, 7, 64)


def batches(study: Study) -> Said:
    """Batches of several sizes, with holes and copies among the rows; and the empty one."""
    if study.declared.batch is None:
        raise NotApplicable("No `batch` address is declared.")
    pairs = study.known(len(study.drawn))
    asked, limit = 0, ""
    for size in sorted({*SIZES, len(pairs)}):
        order = study.rng.permutation(len(pairs))[:size]
        chosen = [pairs[int(i)] for i in order]
        if 1 < size < len(pairs):
            chosen = [*chosen, chosen[0], *_with_holes(study, chosen)]
        if not _one_batch(study, chosen):
            limit = f"; {len(chosen)} rows at once are refused"
            break
        asked += len(chosen)
    empty = _empty(study)
    return f"{asked} rows in batches, in order; an empty one got {empty}{limit}", {"rows": asked}


def _with_holes(study: Study, chosen: list[tuple[dict[str, Any], float]]) -> list[tuple[dict[str, Any], float]]:
    """A row with a hole, where the service answers such rows alone, and then the first row once more."""
    from gradus.provers.service.asking import ask_row

    for name in study.data.columns:
        row = chosen[0][0] | {name: None}
        expected = study.model.one_by_one([row])[0]
        if expected is None:
            continue
        try:
            reply = ask_row(study, row)
        except NoAnswer:
            return []
        if reply.value is not None and same(reply.value, expected):
            return [(row, expected), chosen[-1]]
    return []


def _one_batch(study: Study, pairs: list[tuple[dict[str, Any], float]]) -> bool:
    """Whether the batch was answered, rightly. A large one may be refused with 4xx."""
    rows = [shuffled(row, study.rng) for row, _ in pairs]
    expected = [value for _, value in pairs]
    try:
        answer, replies = ask_batch(study, rows)
    except NoAnswer as error:
        raise Found("batch_fails", f"A batch of {len(rows)} rows got no answer: {error}.") from None
    if replies is None and 400 <= answer.status < 500 and len(rows) > SIZES[1] + 3:
        return False
    if replies is None:
        raise Found("batch_fails", f"A batch of {len(rows)} rows got {answer.status}: `{answer.text[:200]}`.")
    if len(replies) != len(rows):
        raise Found("batch_drops_rows", f"{len(rows)} rows went in, {len(replies)} answers came back.")
    for reply in replies:
        refuse_problem(reply, "A row of a batch")
    values = [reply.value for reply in replies if reply.value is not None]
    wrong = [i for i, (a, b) in enumerate(zip(values, expected, strict=True)) if not same(a, b)]
    if not wrong:
        return True
    seen = f"{len(wrong)} of {len(rows)} answers differ from those the rows get alone."
    if all(same(a, b) for a, b in zip(sorted(values), sorted(expected), strict=True)):
        raise Found("batch_order", f"{seen} The same answers are all there, at other places.", wrong=len(wrong))
    raise Found("batch_statistics", f"{seen} The first is {values[wrong[0]]:.6g} instead of {expected[wrong[0]]:.6g}.")


def _empty(study: Study) -> str:
    try:
        answer, replies = ask_batch(study, [])
    except NoAnswer as error:
        raise Found("empty_batch_500", f"It got no answer: {error}.") from None
    if answer.status >= 500:
        raise Found("empty_batch_500", f"It got {answer.status}: `{answer.text[:200]}`.")
    if replies:
        raise Found("junk_accepted", f"An empty batch got {len(replies)} answers.")
    return "an empty list" if replies is not None else str(answer.status)
