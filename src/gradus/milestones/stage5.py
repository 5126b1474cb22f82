"""The examination of milestone 5: six provers, one after the other, on one project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gradus.errors import GradusError
from gradus.milestones.report import Probe

if TYPE_CHECKING:
    import numpy as np

    from gradus.provers.service import Burst

Prover = Callable[[Path, "np.random.Generator"], Iterator[Probe]]


@dataclass(frozen=True)
class Part:
    """One prover: what its probes' ids begin with, what it is about, and how it is called."""

    id: str
    title: str
    prove: Prover


def parts(engine: str = "auto", streams: int = 200, burst: Burst | None = None) -> tuple[Part, ...]:
    """The provers in their order: the record first, as it is the quickest to be wrong.

    ``engine`` is which container engine to use ("auto", "podman", "docker", "none"); ``streams`` how many streams of
    each kind the monitor is asked; ``burst`` how hard the service is pressed.
    """
    from gradus.provers import containers, drift, release, reproduction, service, tracking

    return (
        Part("tracking", "the run on the record", tracking.examine),
        Part("reproduce", "a clean clone", reproduction.examine),
        Part("service", "the service", lambda folder, rng: service.examine(folder, rng=rng, burst=burst)),
        Part("container", "the image", lambda folder, rng: containers.examine(folder, rng, engine=engine)),
        Part("monitor", "the monitor", lambda folder, rng: drift.examine(folder, rng, streams=streams)),
        Part("release", "the gate before a release", release.examine),
    )


def examine(
    folder: Path, seed: int, chosen: tuple[Part, ...], begun: Callable[[Part], None] | None = None
) -> Iterator[Probe]:
    """Every probe of every prover in ``chosen``, as soon as it is known; ``begun`` hears of each prover.

    Each prover draws from a generator of its own, so that the same seed gives it the same rows whatever ran before.
    A prover that cannot go on says so in a failed probe; the others are still asked.
    """
    import zlib

    import numpy as np

    for part in chosen:
        if begun is not None:
            begun(part)
        try:
            for probe in part.prove(folder, np.random.default_rng([seed, zlib.crc32(part.id.encode())])):
                yield replace(probe, id=named(part, probe.id))
        except GradusError as error:
            said = " ".join(text for text in (error.what, error.next_step) if text)
            yield Probe(f"{part.id}.examined", f"Gradus can examine {part.title}", "failed", said, {"fault": "stopped"})


def named(part: Part, probe: str) -> str:
    """A probe's id in the evidence: the prover, a dot, and its own name."""
    for separator in (".", "_"):
        if probe.startswith(part.id + separator):
            return f"{part.id}.{probe.removeprefix(part.id + separator)}"
    return f"{part.id}.{probe}"
