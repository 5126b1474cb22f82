"""Honest services of many kinds: no probe raises an alarm."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.provers.service.projects import HONEST, honest, probes

NEEDS = {"sklearn_pandas": "sklearn", "pytorch": "torch", "mlflow_scoring": "mlflow.pyfunc"}

#: Where the prover is root and has no other user, nobody can tell.
MAY_NOT_APPLY = {"user", "promote", "batch", "schema"}


@pytest.mark.slow
@pytest.mark.parametrize("name", HONEST)
def test_an_honest_service_passes(name: str, tmp_path: Path) -> None:
    pytest.importorskip(NEEDS.get(name, "fastapi"), reason="the service is made with it")
    pytest.importorskip("uvicorn")
    found = probes(honest(name, tmp_path))
    failed = [(probe.id, probe.fault, probe.message) for probe in found if probe.outcome == "failed"]
    assert not failed
    passed = {probe.id for probe in found if probe.outcome == "passed"}
    assert {probe.id for probe in found} - passed <= MAY_NOT_APPLY
    assert {"parity", "fields", "missing", "unseen", "junk", "burst", "memory", "restart", "model_missing"} <= passed
