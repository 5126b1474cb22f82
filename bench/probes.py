"""``python -m bench.probes``: how often each probe of honest evaluation is right, written to ``bench/PROBES.md``.

Every planted fault and every piece of honest code of ``bench.planted`` is examined `--rounds` times with other data.
Exits 1 when a promise of theirs is missed: a fault found in fewer than 95 % of the rounds, any false alarm.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: How many rounds a slow or a quick probe gets, as a share of the others'.
SHARE = {"null_labels": 0.2, "split_audit": 5.0, "future_cut": 2.5}
#: Entries that fit dozens of models get a fifth.
SLOW = ("k chosen", "nested grid search", "k searched")
FOUND = 0.95
#: Resamples of each interval whose coverage is measured.
RESAMPLES = 400

HEAD = """# What the probes find, and how often they are wrong

Made by `python -m bench.probes` on {when}. Each line is one piece of code, examined n times with fresh data; data and code are in
`bench/planted.py`. *Fault*: planted, to be found. *Honest*: to be left alone. *Blind*: a fault that this probe cannot see by
its nature; another one does. *Measured*: a weak fault, or too few rows, without a promise. Where one probe changed, its section
alone was measured again, in fewer rounds.

The upper 95 % limit for a rate that was never seen in n rounds is 3 / n.
"""  # noqa: E501

KINDS = {"found": "fault", "silent": "honest", "blind": "blind", "rate": "measured"}


def rounds_for(family: str, name: str, rounds: int) -> int:
    """How many rounds an entry gets."""
    many = rounds * SHARE.get(family, 1.0)
    return max(1, int(many / 5 if name.startswith(SLOW) else many))


def measure(job: tuple[str, int, int]) -> tuple[str, int, int, int]:
    """Run one entry: its family, its place, how many rounds, how often the probe objected."""
    from bench.planted import FAMILIES

    family, place, rounds = job
    return family, place, rounds, FAMILIES[family]()[place].found(rounds)


def planted(rounds: int, jobs: int, only: set[str]) -> Iterator[tuple[str, list[str], bool]]:
    """The table of every family, and whether its promises hold."""
    from bench.planted import FAMILIES

    entries = {family: make() for family, make in FAMILIES.items() if not only or family in only}
    work = [
        (family, place, rounds_for(family, entry.name, rounds))
        for family, listed in entries.items()
        for place, entry in enumerate(listed)
    ]
    with ProcessPoolExecutor(jobs) as pool:
        results = {(family, place): (n, k) for family, place, n, k in pool.map(measure, work)}
    for family, listed in entries.items():
        lines = ["| code | kind | n | objected | |", "| --- | --- | --- | --- | --- |"]
        kept = True
        for place, entry in enumerate(listed):
            n, k = results[family, place]
            promise = {"found": k >= FOUND * n, "silent": k == 0, "blind": k == 0}.get(entry.expect)
            kept = kept and promise is not False
            mark = "" if promise is not False else "**missed**"
            lines.append(f"| {entry.name} | {KINDS[entry.expect]} | {n:,} | {k / n:.1%} | {mark} |")
        yield family, lines, kept


def statistics(rounds: int) -> list[str]:
    """Coverage and false alarms of the shared statistics."""
    lines = ["| what | n | measured |", "| --- | --- | --- |"]
    for name, run in STATISTICS.items():
        values = [run(seed) for seed in range(rounds)]
        lines.append(f"| {name} | {rounds:,} | {sum(values) / rounds:.1%} |")
    return lines


def _accuracy(truth: Any, said: Any) -> float:
    return float((truth == said).mean())


def _covers(rows: int) -> Callable[[int], bool]:
    def run(seed: int) -> bool:
        import numpy as np

        from gradus.checks.probes.resampling import paired_bootstrap

        rng = np.random.default_rng([seed, rows])
        ours, theirs = (rng.random(rows) > 0.8) * 1.0, (rng.random(rows) > 0.7) * 1.0
        found = paired_bootstrap(_accuracy, np.zeros(rows), ours, theirs, rng, many=RESAMPLES)
        return found.low <= 0.1 <= found.high

    return run


def _covers_groups(groups: int, whole: bool) -> Callable[[int], bool]:
    def run(seed: int) -> bool:
        import numpy as np

        from gradus.checks.probes.resampling import paired_bootstrap

        rng = np.random.default_rng([seed, groups])
        units, n = np.repeat(np.arange(groups), 10), 10 * groups
        better = rng.choice([-0.25, 0.25], size=groups)[units]
        ours, theirs = (rng.random(n) > 0.7 + better) * 1.0, (rng.random(n) > 0.7) * 1.0
        found = paired_bootstrap(
            _accuracy, np.zeros(n), ours, theirs, rng, units=units if whole else None, many=RESAMPLES
        )
        return found.low <= 0 <= found.high

    return run


def _false_gain(seed: int) -> bool:
    import numpy as np

    from gradus.checks.probes.resampling import paired_bootstrap

    rng = np.random.default_rng([seed, 17])
    ours, theirs = (rng.random(200) > 0.7) * 1.0, (rng.random(200) > 0.7) * 1.0
    return paired_bootstrap(_accuracy, np.zeros(200), ours, theirs, rng, many=RESAMPLES).decision == "better"


def _power(rows: int, better: float) -> Callable[[int], bool]:
    def run(seed: int) -> bool:
        import numpy as np

        from gradus.checks.probes.resampling import paired_bootstrap

        rng = np.random.default_rng([seed, rows, 23])
        theirs = (rng.random(rows) < 0.3) * 1.0
        ours = np.where(rng.random(rows) < better / 0.3, 0.0, theirs)  # some of their mistakes are mended
        return paired_bootstrap(_accuracy, np.zeros(rows), ours, theirs, rng, many=RESAMPLES).decision == "better"

    return run


def _miscalibrated(rows: int) -> Callable[[int], bool]:
    def run(seed: int) -> bool:
        import numpy as np

        from gradus.checks.probes.calibration import calibration_test

        rng = np.random.default_rng([seed, rows, 29])
        p = rng.random(rows)
        return not calibration_test(rng.random(rows) < p, p, rng, many=400).calibrated

    return run


def _small_p(seed: int) -> bool:
    import numpy as np

    from gradus.checks.probes.resampling import permutation_p

    rng = np.random.default_rng([seed, 31])
    x, y = rng.normal(size=(2, 20))
    return permutation_p(float(x @ y), [float(x @ rng.permutation(y)) for _ in range(199)]) <= 0.05


STATISTICS: dict[str, Callable[[int], bool]] = {
    "95 % interval of a paired gain in accuracy holds the truth, 20 rows": _covers(20),
    "the same, 50 rows": _covers(50),
    "the same, 200 rows": _covers(200),
    "whole groups drawn: the same, 5 groups of 10 alike rows": _covers_groups(5, True),
    "the same, 10 groups": _covers_groups(10, True),
    "the same, 30 groups": _covers_groups(30, True),
    "groups ignored: the same, 10 groups": _covers_groups(10, False),
    "groups ignored: the same, 30 groups": _covers_groups(30, False),
    "“better” where two models are equally good, 200 rows (2.5 % by design)": _false_gain,
    "“better” where one mends a tenth of 30 % mistakes, 100 rows": _power(100, 0.03),
    "the same, 400 rows": _power(400, 0.03),
    "“better” where one mends a third of 30 % mistakes, 100 rows": _power(100, 0.10),
    "right chances above the 95th percentile of their null, 100 rows (5 % by design)": _miscalibrated(100),
    "the same, 1,000 rows": _miscalibrated(1000),
    "permutation p of 0.05 or less where there is nothing (5 % by design)": _small_p,
}


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """The sections of a page that was written before."""
    for section in text.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        yield title, body.strip().splitlines()


def main() -> int:
    """Measure, write, and say whether every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.probes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="rounds for most lines (default 200)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one for each core)")
    parser.add_argument("--only", nargs="*", default=[], help="measure these probes anew, keep the others' lines")
    arguments = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"  # before NumPy is imported, here and in the processes
    page = Path(__file__).parent / "PROBES.md"
    sections = {} if not arguments.only else dict(_sections(page.read_text(encoding="utf-8")))
    kept = True
    for family, lines, holds in planted(arguments.rounds, arguments.jobs, set(arguments.only)):
        sections[family] = lines
        kept = kept and holds
        print(f"## {family}", *lines, sep="\n")
    if not arguments.only:
        sections["The statistics"] = statistics(5 * arguments.rounds)
        print(*sections["The statistics"], sep="\n")
    text = HEAD.format(when=datetime.now(UTC).date().isoformat())
    text += "".join(f"\n## {title}\n\n" + "\n".join(lines) + "\n" for title, lines in sections.items())
    page.write_text(text, encoding="utf-8")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
