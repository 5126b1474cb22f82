"""The release prover names every planted fault of a gated release and lets honest ones pass."""

import numpy as np
import pytest

from gradus.errors import UsageError
from gradus.provers.release import examine
from tests.provers.release.projects import FAULTY, HONEST, files

pytest.importorskip("check_jsonschema", reason="the extra `mlops` is not installed")


def project(folder, contents):
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def failed(probes):
    return [probe.measured["fault"] for probe in probes if probe.outcome == "failed"]


@pytest.mark.parametrize("name", FAULTY)
def test_each_planted_fault_is_named(name, tmp_path):
    probes = list(examine(project(tmp_path, FAULTY[name]), np.random.default_rng(7)))
    faults = failed(probes)
    assert faults, [probe.message for probe in probes]
    assert name.startswith(faults[0]), (faults, [probe.message for probe in probes])


@pytest.mark.parametrize("name", HONEST)
def test_honest_releases_pass(name, tmp_path):
    probes = list(examine(project(tmp_path, HONEST[name]), np.random.default_rng(8)))
    assert failed(probes) == [], [probe.message for probe in probes]
    assert len(probes) == 7


def test_without_a_declaration(tmp_path):
    with pytest.raises(UsageError):
        list(examine(tmp_path, np.random.default_rng(0)))


def test_the_project_is_left_as_it_was(tmp_path):
    folder = project(tmp_path, files())
    list(examine(folder, np.random.default_rng(3)))
    left = {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}
    assert left == files()
