"""A burst at rising concurrency: throughput, p50, p99, no wrong answer; and memory that does not grow over it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from gradus.provers.service.asking import Study, wrapped
from gradus.provers.service.faults import Found, NotApplicable
from gradus.provers.service.rows import Row
from gradus.provers.service.speaking import encoded

Said = tuple[str, dict[str, Any]]
CHILD = Path(__file__).with_name("generator.py")
#: No level follows one whose median answer took longer, so that nothing honest runs out of ``PATIENCE``.
SATURATED, PATIENCE = 1.5, 30.0
ROUND_SECONDS = 15.0
HEADROOM = 3.0
#: A leak keeps at least this much of each request, in every round, and this much in all.
LEAK_BYTES, LEAK_KIB = 400, 768


def generate(
    study: Study,
    pairs: Sequence[tuple[Row, float | None]],
    levels: Sequence[int],
    requests: int,
    seconds: float,
    ceiling: float = 0.0,
) -> Iterator[dict[str, Any]]:
    """Drive the load generator in a process of its own; yields its results as they come.

    ``ceiling``: seconds to spend on measuring what the generator itself can do, against an echo; 0 leaves it out.
    """
    declared, place = study.declared, study.speaker.place
    plan = {
        "host": place.host, "address": place.address, "port": place.port, "tls": place.scheme == "https",
        "path": place.root + declared.predict, "answer": declared.answer,
        "answers": declared.answers if declared.only_batches else None,
        "bodies": [wrapped(study, encoded(row)).decode() for row, _ in pairs],
        "expected": [value for _, value in pairs], "levels": list(levels), "requests": requests, "seconds": seconds,
        "patience": min(PATIENCE, study.speaker.seconds),
        "saturated": SATURATED if not study.remote else study.speaker.seconds / 5, "ceiling": ceiling,
    }  # fmt: skip
    child = subprocess.Popen(
        [sys.executable, "-P", str(CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    try:
        child.stdin.write(json.dumps(plan))
        child.stdin.close()
        for line in child.stdout:
            yield json.loads(line)
        if child.wait() != 0:
            raise RuntimeError(f"the load generator failed: {child.stderr.read()[-400:]}")
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        child.stderr.close()


def burst(study: Study) -> Said:
    """Rising concurrency. Fails at the first level with a wrong answer or a failed request."""
    plan = study.burst
    ceiling, levels = 0.0, []
    for found in generate(
            study, study.known(200), plan.levels, plan.requests, plan.seconds,
        ceiling=plan.ceiling_seconds,
    ):  # fmt: skip
        if "ceiling" in found:
            ceiling = found["ceiling"]
            continue
        levels.append(found)
        _judge(study, found)
    best = max(levels, key=lambda level: float(level["per_second"]))
    limited = bottleneck(best, ceiling)
    measured = {
        "levels": [_rounded(level) for level in levels],
        "generator_ceiling_per_second": round(ceiling),
        "headroom": round(ceiling / best["per_second"], 1) if best["per_second"] else None,
        "bottleneck": "generator" if limited else "service",
    }
    text = (
        f"up to {best['per_second']:,.0f} requests a second with {best['concurrency']} at once, p50 "
        f"{best['p50_ms']:.1f} ms, p99 {best['p99_ms']:.1f} ms; no wrong answer in "
        f"{sum(level['requests'] for level in levels):,}"
    )
    if limited:
        text += f"; the load generator itself was the limit (it reaches {ceiling:,.0f} a second here)"
    return text, measured


def bottleneck(level: Mapping[str, Any], ceiling: float) -> bool:
    """Whether a rate says more about the generator than about the service: too near its ceiling, or no time left."""
    return bool(level["per_second"] * HEADROOM > ceiling or level["busy"] > 0.9)


def _judge(study: Study, level: Mapping[str, Any]) -> None:
    at = f"With {level['concurrency']} at once, "
    if study.running is not None and not study.running.alive:
        raise Found("fails_under_load", f"{at}the process ended (status {study.running.process.returncode}).")
    if level["wrong"]:
        raise Found(
            "wrong_under_load",
            f"{at}{level['wrong']} of {level['requests']} answers were wrong; the first: `{level['first']['wrong']}`.",
            wrong=level["wrong"],
            concurrency=level["concurrency"],
        )
    if level["failed"]:
        raise Found(
            "fails_under_load",
            f"{at}{level['failed']} of {level['requests']} requests failed; the first: `{level['first']['failed']}`.",
            failed=level["failed"],
            concurrency=level["concurrency"],
        )


def _rounded(level: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: round(float(level[name]), 3) for name in ("seconds", "per_second", "p50_ms", "p99_ms", "busy")}
    return {name: level[name] for name in ("concurrency", "requests", "wrong", "failed")} | kept


def memory(study: Study) -> Said:
    """Equal rounds of requests, memory after each. What looks like a leak is looked at again for twice as long."""
    plan = study.burst
    start = study.service.memory_kib()
    if not start:
        raise NotApplicable("This system does not say how much memory a process holds.")
    sizes, requests = _rounds(study, plan.memory_rounds, plan.memory_requests)
    if leaks(sizes, requests):
        sizes, requests = _rounds(study, plan.memory_rounds, 2 * plan.memory_requests)
        if leaks(sizes, requests):
            grown, asked = sizes[-1] - sizes[0], (len(sizes) - 1) * requests
            raise Found(
                "memory_leak",
                f"{asked:,} requests added {grown / 1024:.1f} MB, about {grown / asked:.1f} KB each, and it did not "
                "level off.",
                kib=sizes,
            )
    text = f"{sizes[-1] / 1024:.0f} MB, {(sizes[-1] - sizes[0]) / 1024:+.1f} MB over the last rounds of {requests}"
    return text, {"kib": sizes, "requests": requests}


def _rounds(study: Study, rounds: int, requests: int) -> tuple[list[int], int]:
    """Memory in KiB after each round, and how many requests a round had: fewer where the service is slow."""
    sizes, most = [], requests
    for _ in range(rounds):
        for level in generate(study, study.known(200), (2,), most, ROUND_SECONDS):
            _judge(study, level)
            most = min(most, max(1, level["requests"]))
        sizes.append(study.service.memory_kib())
    return sizes, most


def leaks(sizes: Sequence[int], requests: int) -> bool:
    """Whether memory (KiB after each round of ``requests``) grows in every round, by much in all.

    The first round is warm-up: what it adds is not looked at.
    """
    steps = [b - a for a, b in pairwise(sizes)]
    least = LEAK_BYTES * requests / 1024
    return bool(steps) and all(step >= least for step in steps) and sizes[-1] - sizes[0] >= LEAK_KIB
