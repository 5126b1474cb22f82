"""A monitor is asked on rows in which nothing has changed and on shifted ones, at three sizes; alarms are counted."""

import csv
import tempfile
from pathlib import Path

from gradus.projects import Workbench, fail, mistake, probe
from gradus.provers.apart import Ended
from gradus.provers.drift import examine

DECLARED = """
[offline]
rows = "rows.csv"
[monitor]
check = "monitor:alarm"
feature = "age"
n = 200
shift = 0.5
power = 0.8
"""


@mistake
def fixed_psi_threshold():
    """With few rows your monitor cries wolf; with many it is quiet.

    A fixed limit on a distance does this. Chance alone makes a PSI of about (bins − 1) (1/m + 1/n), so 0.1 is an
    ordinary day with forty rows and a catastrophe with forty thousand. Let the limit follow the numbers of rows, or
    take p-values."""


@mistake
def uncorrected_tests():
    """Each column keeps its 5 %, and all together they raise far too many alarms.

    Any of the columns may wake you up: six tests at 5 % alarm in one quiet look out of four, thirty in four out of
    five. Share the 5 % out among the tests, or make one test of them."""


@mistake
def alarms_by_sample_size():
    """Whether there is an alarm follows from the number of rows, not from what is in them.

    Counts are compared as they are, or the reference is taken for the truth although it is a sample. Compare shares,
    and count the noise of both samples."""


@mistake
def compares_with_itself():
    """Every column was moved far away, and your monitor says nothing: it compares rows with themselves.

    One of the two lists is never looked at; what is compared are two views of the other one. They never differ, so it
    is perfectly quiet. Compare the current rows with the reference."""


@mistake
def never_alarms():
    """Every column was moved far away, and your monitor says nothing.

    A limit that is raised until nobody complains is quiet, and of no use. Set it from the false alarms you allow, and
    then see which shift it notices."""


@mistake
def ignores_feature():
    """`age` was moved far away, and your monitor says nothing; other columns do wake it up.

    The column is not watched: left out of a list, or named differently in the rows."""


@mistake
def drift_as_failure():
    """On shifted rows your monitor does not answer but stops.

    Drift is no failure. The rows may have changed while the model is as right as before; who stops then takes a working
    service down. Return `True`, keep serving, and let outcomes say whether the model got worse."""


MISTAKES = {
    one.name: one
    for one in (
        fixed_psi_threshold, uncorrected_tests, alarms_by_sample_size, compares_with_itself, never_alarms,
        ignores_feature, drift_as_failure,
    )
}  # fmt: skip


@probe("is quiet while nothing changes, and notices the shift")
def credible(work: Workbench, rng):
    """The monitor does not do what the task says.

    Count its alarms yourself: `python try_it.py` asks it on rows in which nothing has changed, and on shifted ones."""

    def run(command, folder, *, stdin=b"", seconds=60.0):
        ended = work.run(command, seconds=seconds, stdin=stdin)
        return Ended(ended.status, ended.stdout.encode(), ended.stderr.encode(), ended.timed_out)

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "service.toml").write_text(DECLARED)
        with (folder / "rows.csv").open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["age", "income", "visits", "children", "distance", "rating"])
            writer.writerows(drawn(rng, 600))
        for found in examine(folder, rng, streams=50, seconds=100, run=run):
            if found.outcome == "failed":
                known = MISTAKES.get(found.fault or "")
                if known is not None:
                    fail(known, case=found.title, actual=found.message.partition(". ")[0])
                fail(found.message, case=found.title)


def drawn(rng, n):
    columns = (
        rng.normal(rng.uniform(35, 50), 12, n).round(1),
        rng.lognormal(10, 0.5, n).round(),
        rng.poisson(3, n),
        rng.integers(0, 4, n),
        rng.exponential(5, n).round(2),
        rng.normal(0, 1, n).round(3),
    )
    return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]
