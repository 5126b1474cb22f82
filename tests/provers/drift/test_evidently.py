"""Evidently, in its own environment, measures what our PSI measures once both use the same bins."""

import csv

import numpy as np
import pytest

from gradus.errors import UsageError
from gradus.provers import evidently_env


def test_without_the_environment_it_says_how_to_make_it(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADUS_EVIDENTLY", str(tmp_path / "none"))
    with pytest.raises(UsageError) as raised:
        evidently_env.drift(tmp_path / "a.csv", tmp_path / "b.csv")
    assert "--make" in raised.value.next_step


def test_the_command_says_so_too(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GRADUS_EVIDENTLY", str(tmp_path / "none"))
    assert evidently_env.main(["a.csv", "b.csv"]) == 2
    assert "--make" in capsys.readouterr().err


def written(path, columns):
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def psi(r, c):
    return float(np.sum((c - r) * np.log(c / r)))


@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.skipif(not evidently_env.is_made(), reason="Evidently's own environment has not been made")
def test_its_psi_is_ours_on_the_same_bins(tmp_path):
    rng = np.random.default_rng(5)
    tables = []
    for n, shift in ((900, 0.0), (400, 0.5)):
        few = rng.poisson(2 + shift, n).clip(0, 6)
        many = rng.normal(shift, 1, n).round(6)
        tables.append({"few": few.tolist(), "many": many.tolist()})
    paths = [written(tmp_path / f"{name}.csv", table) for name, table in zip("rc", tables, strict=True)]
    found = {one.column: one for one in evidently_env.drift(*paths)}

    r, c = (np.bincount(table["few"], minlength=7) / len(table["few"]) for table in tables)
    assert found["few"].value == pytest.approx(psi(r, c), rel=1e-9)

    # It cuts bins of equal width through both samples, and gives an empty one a share of 0.0001.
    edges = np.histogram_bin_edges(np.concatenate([table["many"] for table in tables]), bins="sturges")
    r, c = (np.histogram(table["many"], edges)[0] / len(table["many"]) for table in tables)
    assert found["many"].value == pytest.approx(psi(np.where(r == 0, 1e-4, r), np.where(c == 0, 1e-4, c)), rel=1e-9)
    assert found["many"].threshold == 0.1
