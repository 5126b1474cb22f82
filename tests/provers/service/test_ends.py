"""Whatever ends an examination, nothing that it started is left running."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gradus.provers.service import examine, living
from gradus.provers.service.starting import Running
from tests.provers.service.projects import ROWS, SHORT, planted


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Running]:
    """Every service that is started."""
    found: list[Running] = []
    real = living.start

    def recorded(*words: object, **more: object) -> Running:
        found.append(real(*words, **more))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(living, "start", recorded)
    return found


@pytest.mark.slow
def test_an_examination_that_is_left_early(started: list[Running], tmp_path: Path) -> None:
    pytest.importorskip("fastapi")
    project = planted("ignores_sigterm", tmp_path)
    probes = examine(project, rows=ROWS, burst=SHORT, rng=np.random.default_rng(0))
    outcomes = [(probe.id, probe.outcome) for probe, _ in zip(probes, range(2), strict=False)]
    assert outcomes == [("offline", "passed"), ("starts", "passed")]
    (service,) = started
    assert service.alive
    probes.close()
    assert not service.alive
    assert service.pids() == []


@pytest.mark.slow
def test_an_examination_that_is_interrupted(started: list[Running], tmp_path: Path) -> None:
    pytest.importorskip("fastapi")

    def interrupt(title: str) -> None:
        if "in memory" in title:
            raise KeyboardInterrupt

    project = planted("ignores_sigterm", tmp_path)
    with pytest.raises(KeyboardInterrupt):
        list(examine(project, rows=ROWS, burst=SHORT, rng=np.random.default_rng(0), begun=interrupt))
    assert not started[0].alive
    assert started[0].pids() == []
