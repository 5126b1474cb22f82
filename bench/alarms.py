"""How often milestone 2 objects to honest work: every honest project of the tests, examined in full with many seeds.

``python -m bench.alarms`` goes on where it was stopped: each examination is a line of ``--record``. With the data of
the tests, seeds draw other folds and alterations; drawn anew (``fresh``), the data differ too, and what the project
claims is the score that it has on folds of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.milestones import stage2_data
from tests.milestones.stage2_honest import PROJECTS, Project

from gradus.grader import Grader
from gradus.learner import Workspace
from gradus.milestones import Probe, prove, stage2_page
from gradus.roadmap import load_roadmap

#: Values that nobody would call too high: with one of these the first pass measures what an honest claim would be.
MODEST = {"r2": -9.0, "mae": 1e9, "rmse": 1e9, "log_loss": 9.0}
#: Its data ship with a library and cannot be drawn anew.
FIXED = {stage2_data.flowers}


class Enough(Exception):  # noqa: N818
    """Stops an examination."""


def examined(
    grader: Grader, workspace: Workspace, folder: Path, project: Project, draw: int, seed: int
) -> dict[str, Any]:
    """One examination: what failed, what was missing, and how long it took."""
    stage2_data.DRAW = draw
    file = folder / "milestone.py"
    file.write_text(project.source)
    (folder / "data.csv").write_text(project.make().to_csv(index=False))
    if draw:
        project = replace(project, value=MODEST.get(project.metric, 0.0))
        (folder / "claims.toml").write_text(project.toml)
        value = own_score(grader, workspace, file, seed + 50_000)
        project = replace(project, value=value if value is not None else project.value)
    (folder / "claims.toml").write_text(project.toml)
    begun = time.perf_counter()
    report = prove(2, workspace, grader=grader, file=file, seed=seed)
    return {
        "draw": draw, "seed": seed, "outcome": report.outcome, "seconds": round(time.perf_counter() - begun, 1),
        "probes": sum(probe.outcome != "not_applicable" for probe in report.probes),
        "failed": [[p.id, p.measured.get("leak", "") if p.measured else "", p.message] for p in report.probes
                   if p.outcome == "failed"],
        "missing": [p.id for p in report.probes if p.outcome == "not_applicable"],
    }  # fmt: skip


def own_score(grader: Grader, workspace: Workspace, file: Path, seed: int) -> float | None:
    """What the project scores on folds drawn with another seed: the claim of an honest learner."""
    found: list[float] = []

    def progress(probe: Probe) -> None:
        if probe.id == "recomputed":
            found.append(float((probe.measured or {}).get("score", "nan")))
            raise Enough

    try:
        prove(2, workspace, grader=grader, file=file, seed=seed, progress=progress)
    except Enough:
        pass
    return found[0] if found and found[0] == found[0] else None


def jobs(seeds: int) -> Iterator[tuple[str, int, int]]:
    """What is to be examined: name, drawing of the data, seed; each seed of all projects before the next."""
    for seed in range(1, seeds + 1):
        for name, project in PROJECTS.items():
            if all(find_spec(module) for module in project.needs):
                yield name, 0, seed
                if project.make not in FIXED:
                    yield name, seed, seed


def main() -> int:
    """Examine, then print the rates."""
    parser = argparse.ArgumentParser(prog="python -m bench.alarms", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop before an examination after this long")
    parser.add_argument("--record", type=Path, required=True, help="a file of JSON lines; what it holds is not redone")
    parser.add_argument("--only", default="", help="projects whose name holds this")
    arguments = parser.parse_args()
    known = [json.loads(line) for line in _lines(arguments.record)]
    done = {(each["name"], each["draw"], each["seed"]) for each in known}
    until = time.monotonic() + 60 * arguments.minutes
    stage2_page.write_page = lambda *args, **kwargs: None  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as scratch, Grader() as grader:
        workspace = Workspace.create(Path(scratch) / "mine", load_roadmap(), git=False)
        folder = Path(scratch) / "project"
        folder.mkdir()
        for name, draw, seed in jobs(arguments.seeds):
            if arguments.only not in name or (name, draw, seed) in done:
                continue
            if time.monotonic() > until:
                break
            try:
                found = {"name": name, **examined(grader, workspace, folder, PROJECTS[name], draw, seed)}
            except Exception as error:
                found = {"name": name, "draw": draw, "seed": seed, "error": f"{type(error).__name__}: {error}"[:400]}
            known.append(found)
            with arguments.record.open("a") as stream:
                stream.write(json.dumps(found) + "\n")
    print(summary(known))
    return 0


def summary(known: list[dict[str, Any]]) -> str:
    """The rates as lines of text."""
    lines = []
    for words, part in (
        ("the data of the tests", [each for each in known if not each["draw"]]),
        ("data drawn anew", [each for each in known if each["draw"]]),
    ):
        whole = [each for each in part if "error" not in each]
        alarms = [each for each in whole if each["failed"]]
        probes = sum(each["probes"] for each in whole)
        objections = sum(len(each["failed"]) for each in whole)
        lines.append(f"{words}: {len(alarms)} of {len(whole)} examinations alarm, {objections} of {probes} probes")
        lines += [
            f"  error {each['name']} {each['draw']} {each['seed']}: {each['error']}" for each in part if "error" in each
        ]
        for each in alarms:
            for probe, leak, message in each["failed"]:
                lines.append(
                    f"  {each['name']} (draw {each['draw']}, seed {each['seed']}): {probe} {leak}: {message[:160]}"
                )
    return "\n".join(lines)


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


if __name__ == "__main__":
    sys.exit(main())
