"""The service prover's own cost: what its load generator can do, beside the rate of the reference service."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.measure import ONE_THREAD, Row
from gradus.provers.service import Burst, examine
from gradus.roadmap import find_curriculum

REFERENCE = find_curriculum() / "5-mlops" / "milestone" / "reference"
LEVELS = (1, 2, 4, 8, 16, 32)


def rows(seconds: float = 2.0, times: int = 3) -> list[Row]:
    """The reference service at rising concurrency, the generator against its own echo, the whole examination."""
    with tempfile.TemporaryDirectory(prefix="gradus-bench-") as scratch:
        folder = _made(Path(scratch) / "reference")
        bursts, lasted = [], []
        for seed in range(times):
            measured, took = _examined(folder, seconds, seed)
            bursts.append(measured)
            lasted.append(took)
    best = [max(found["levels"], key=lambda level: level["per_second"]) for found in bursts]
    rate = statistics.median(level["per_second"] for level in best)
    middle = min(best, key=lambda level: abs(level["per_second"] - rate))
    ceiling = statistics.median(found["generator_ceiling_per_second"] for found in bursts)
    said = {found["bottleneck"] for found in bursts}
    return [
        Row("the reference service at its best", f"{rate:,.0f} requests/s, p99 {middle['p99_ms']:.0f} ms"),
        Row("the load generator against an echo in its own loop", f"{ceiling:,.0f} requests/s"),
        Row(
            "the generator's headroom",
            f"{ceiling / rate:,.1f} × (it names as the limit: {', '.join(sorted(said))})",
            "≥ 3 ×, or it names itself",
            ceiling / rate >= 3 or said == {"generator"},
        ),
        Row("the whole examination, 200 rows", f"{statistics.median(lasted):,.0f} s"),
    ]


def _made(folder: Path) -> Path:
    """The reference project with its model made and everything committed, as a learner's would be."""
    shutil.copytree(REFERENCE, folder)
    env = os.environ | ONE_THREAD | {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1"}
    for script in ("prepare.py", "train.py"):
        subprocess.run([sys.executable, script], cwd=folder, env=env, check=True, capture_output=True)
    git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "As measured."]):
        subprocess.run([*git, *words], cwd=folder, check=True, capture_output=True)
    return folder


def _examined(folder: Path, seconds: float, seed: int) -> tuple[dict[str, Any], float]:
    """What the burst measured, and how long the whole examination took."""
    began = time.perf_counter()
    probes = list(examine(folder, burst=Burst(levels=LEVELS, seconds=seconds), rng=np.random.default_rng(seed)))
    failed = [f"{probe.id}: {probe.message}" for probe in probes if probe.outcome == "failed"]
    if failed:
        raise RuntimeError(f"the reference service is not proved: {failed[0]}")
    return dict(next(probe for probe in probes if probe.id == "burst").measured), time.perf_counter() - began


if __name__ == "__main__":
    from bench.measure import machine, table

    print(f"On {machine()}:\n\n{table(rows())}")
