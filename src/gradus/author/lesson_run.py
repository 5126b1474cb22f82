"""Run a lesson's blocks in one namespace. A program of its own (``python -m``): JSON in, JSON out, a fresh process.

Input: ``{"blocks": [{"code", "line", "figure"}], "figures": FOLDER}``. Output: a list with, for each block that ran,
``{"printed", "error", "warnings", "drawing", "labels"}``; figures are written into FOLDER.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any


def run_blocks(blocks: list[dict[str, Any]], figures: Path) -> list[dict[str, Any]]:
    """Run the blocks in order until one raises."""
    import matplotlib

    from gradus.author.figures import house_style

    matplotlib.use("Agg")
    settings: Any = house_style()
    matplotlib.rcParams.update(settings)
    namespace: dict[str, Any] = {"__name__": "lesson"}
    results = []
    for block in blocks:
        result = _run_block(block, namespace)
        if block["figure"] and not result["error"]:
            result |= _save_figure(figures / f"{block['figure']}.png")
        results.append(result)
        if result["error"]:
            break
    return results


def _run_block(block: dict[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    printed, error = io.StringIO(), ""
    # Empty lines in front make the line numbers of a traceback those of the lesson.
    source = "\n" * int(block["line"]) + block["code"]
    with contextlib.redirect_stdout(printed), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            exec(compile(source, "lesson.md", "exec", dont_inherit=True), namespace)  # not our own __future__
        except BaseException as raised:
            error = _told(raised)
    return {
        "printed": printed.getvalue(),
        "error": error,
        "warnings": sorted({f"{w.category.__name__}: {w.message}" for w in warned if w.filename == "lesson.md"}),
    }


def _told(raised: BaseException) -> str:
    lines = [frame.lineno for frame in traceback.extract_tb(raised.__traceback__) if frame.filename == "lesson.md"]
    line = getattr(raised, "lineno", None) if isinstance(raised, SyntaxError) else (lines[0] if lines else None)
    return f"line {line}: {type(raised).__name__}: {raised}"


def _save_figure(path: Path) -> dict[str, Any]:
    """Save the current figure, with what it shows in its metadata, and close everything drawn."""
    import matplotlib.pyplot as plt

    from gradus.author.figures import METADATA_KEY, describe, label_problems

    if not plt.get_fignums():
        return {"labels": ["the block draws nothing"], "drawing": None}
    figure = plt.gcf()
    drawing, labels = describe(figure), label_problems(figure)
    figure.savefig(path, metadata={METADATA_KEY: json.dumps(drawing), "Software": "Gradus"})
    plt.close("all")
    return {"drawing": drawing, "labels": labels}


def main() -> None:
    """Read the request on standard input; answer on what was standard output, which the lesson cannot reach."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    request = json.load(sys.stdin)
    json.dump(run_blocks(request["blocks"], Path(request["figures"])), answer)
    answer.close()


if __name__ == "__main__":
    main()
