"""Let a candidate out only if it is not worse than what is released: compared row by row on the same rows.

``python gate.py`` exits 0 or 1. ``python gate.py --promote`` also writes the candidate's answers into
``release/champion.csv``, which the next candidate is held against.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd

import offline
import pipeline

HERE = Path(__file__).parent
CHAMPION = HERE / "release" / "champion.csv"
WORSE = 0.01  # a loss of this much log-loss would matter to us
DRAWS = 2000


def losses(target: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Each row's log-loss, shape (n,)."""
    chance = np.clip(chance, 1e-9, 1 - 1e-9)
    return -np.log(np.where(target == 1, chance, 1 - chance))


def gate(new: np.ndarray, old: np.ndarray, seed: int = 0) -> tuple[bool, float, float, float]:
    """Whether the new losses may replace the old ones; the mean difference and its 95 % interval.

    Paired: a hard row is hard for both, so only the difference on each row counts. A candidate passes when we can
    exclude that it is worse by ``WORSE``; a threshold on the mean alone would let noise decide.
    """
    difference = new - old
    rng = np.random.default_rng(seed)
    means = difference[rng.integers(0, len(difference), (DRAWS, len(difference)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return bool(high < WORSE), float(difference.mean()), float(low), float(high)


def main() -> int:
    rows = pd.read_csv(HERE / "data" / "holdout.csv")
    target = rows.pop(pipeline.TARGET).to_numpy()
    chance = np.array(offline.predict(rows.to_dict("records")))
    if CHAMPION.exists():
        champion = np.loadtxt(CHAMPION, skiprows=1)
        if len(champion) != len(target):
            print("release/champion.csv answers other rows than data/holdout.csv holds: nothing can be compared.")
            return 1
        rival = "the released model"
    else:
        champion, rival = np.full(len(target), target.mean()), "always answering the average"
    passed, mean, low, high = gate(losses(target, chance), losses(target, champion))
    print(f"log-loss against {rival}: {mean:+.4f}, 95 % between {low:+.4f} and {high:+.4f}")
    print("released" if passed else f"blocked: it may be worse by {WORSE} or more")
    if passed and "--promote" in sys.argv[1:]:
        CHAMPION.parent.mkdir(exist_ok=True)
        with CHAMPION.open("w", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([["probability"], *([repr(float(p))] for p in chance)])
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
