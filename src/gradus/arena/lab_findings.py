"""What the rounds of the lab say: scores, paired differences with intervals, and where the sentence holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from gradus.arena.lab_rounds import Design, Round, lab_metric
from gradus.arena.shelf import contest
from gradus.vault import METRICS, Metric

Verdict = Literal["ahead", "behind", "open"]
BOOSTING, NETWORK, FOREST, LINE = "xgboost", "network", "forest", "line"
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Difference:
    """Boosting minus another family on one data set, turned so that more is better for boosting.

    ``share`` is the difference in units of what there is to gain over guessing. The interval is NaN for one round.
    """

    other: str
    mean: float
    low: float
    high: float
    share: float
    share_low: float
    share_high: float

    @property
    def verdict(self) -> Verdict:
        """Whether boosting is ahead, behind, or the rounds leave it open."""
        if self.low > 0:
            return "ahead"
        return "behind" if self.high < 0 else "open"


@dataclass(frozen=True)
class Finding:
    """One data set: mean scores over its rounds, and boosting's differences to each other family."""

    data: str
    title: str
    kind: Literal["real", "world"]
    metric: Metric
    rounds: int
    train: int
    test: int
    columns: int
    guess: float
    optimum: float | None
    scores: dict[str, float]
    shares: dict[str, float]
    seconds: dict[str, float]
    differences: dict[str, Difference]

    @property
    def best(self) -> str:
        """The family with the best mean score."""
        return max(self.scores, key=lambda name: self.metric.gain(self.scores[name]))

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        data["metric"] = self.metric.name
        data["best"] = self.best
        for name, each in self.differences.items():
            data["differences"][name]["verdict"] = each.verdict
        return _finite(data)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Overall:
    """Boosting against one family over all data sets; mean share with an interval over data sets."""

    other: str
    ahead: tuple[str, ...]
    behind: tuple[str, ...]
    open: tuple[str, ...]
    share: float
    low: float
    high: float

    @property
    def of(self) -> int:
        """How many data sets."""
        return len(self.ahead) + len(self.behind) + len(self.open)


@dataclass(frozen=True)
class Findings:
    """Everything the lab found."""

    plan: Design
    findings: tuple[Finding, ...]
    overall: dict[str, Overall]
    done: int
    steps: int

    def sentences(self) -> list[str]:
        """What was found, in words: where the sentence holds, where it does not, what the rounds leave open."""
        if not self.findings:
            return ["Nothing is measured yet."]
        network = self.overall[NETWORK]
        words = [
            f"Of {_sets(network.of)}, boosting is ahead of the network on {len(network.ahead)}, behind on "
            f"{len(network.behind)}, and {len(network.open)} cannot be told apart."
        ]
        words += [f"It holds on {_listed(network.ahead)}."] if network.ahead else ["It holds on none of them."]
        words += [f"The network is ahead on {_listed(network.behind)}."] if network.behind else []
        if network.low == network.low:
            zero = " The interval holds zero." if network.low <= 0 <= network.high else ""
            words.append(
                f"On average boosting reaches {network.share:+.0%} of what there is to gain over guessing beyond the "
                f"network (95 % interval over data sets: {network.low:+.0%} to {network.high:+.0%}).{zero}"
            )
        for other, name in ((FOREST, "a random forest"), (LINE, "a line")):
            found = self.overall[other]
            words.append(
                f"Against {name} boosting is ahead on {len(found.ahead)}, behind on {len(found.behind)}, open on "
                f"{len(found.open)}."
            )
        best = [each.best for each in self.findings]
        counts = ", ".join(f"{_TITLES[name]} {best.count(name)}" for name in _TITLES if name in best)
        words.append(f"Best on average: {counts}.")
        return words

    def to_json(self) -> dict[str, Any]:
        return _finite(  # type: ignore[no-any-return]
            {
                "lab": "boosting-vs-networks", "plan": asdict(self.plan), "done": self.done, "steps": self.steps,
                "findings": [each.to_json() for each in self.findings], "sentences": self.sentences(),
                "overall": {name: asdict(each) for name, each in self.overall.items()},
            }
        )  # fmt: skip


_TITLES = {BOOSTING: "XGBoost", NETWORK: "network", FOREST: "forest", LINE: "line"}


def findings_of(plan: Design, rounds: Sequence[Round]) -> Findings:
    """Sum the rounds up."""
    found = tuple(
        _finding([each for each in rounds if each.data == name])
        for name in plan.data
        if any(each.data == name for each in rounds)
    )
    overall = {other: _overall(found, other) for other in (NETWORK, FOREST, LINE)} if found else {}
    return Findings(plan, found, overall, len(rounds), len(plan.data) * plan.rounds)


def interval(differences: Sequence[float], overlap: float) -> tuple[float, float]:
    """A 95 % interval for the mean of paired differences (rounds,); NaN for a single one.

    Rounds on one data set share rows, so that their plain variance is too small: Nadeau and Bengio (2003) add
    ``overlap`` = test rows / train rows to 1 / rounds. Rounds of a simulated world share none; ``overlap`` is 0.
    """
    from scipy.stats import t

    values = np.asarray(differences, dtype=float)
    mean = float(values.mean())
    if len(values) < 2:
        return math.nan, math.nan
    reach = float(t.ppf(0.5 + CONFIDENCE / 2, len(values) - 1))
    reach *= math.sqrt(float(values.var(ddof=1)) * (1 / len(values) + overlap))
    return mean - reach, mean + reach


def _finding(rounds: Sequence[Round]) -> Finding:
    shelf = contest(rounds[0].data)
    metric = METRICS[lab_metric(shelf)]
    names = list(rounds[0].scores)
    guess = float(np.mean([each.guess for each in rounds]))
    optimum = None if rounds[0].optimum is None else float(np.mean([each.optimum for each in rounds]))
    scores = {name: float(np.mean([each.scores[name] for each in rounds])) for name in names}
    top = max(map(metric.gain, scores.values())) if optimum is None else metric.gain(optimum)
    room = top - metric.gain(guess)
    room = room if room > 0 else math.nan  # where nobody beats guessing there is no share to speak of
    test, train = rounds[0].test, rounds[0].train
    overlap = 0.0 if shelf.kind == "world" else test / train
    differences = {}
    for other in (NETWORK, FOREST, LINE):
        apart = [metric.gain(each.scores[BOOSTING]) - metric.gain(each.scores[other]) for each in rounds]
        mean, (low, high) = float(np.mean(apart)), interval(apart, overlap)
        differences[other] = Difference(other, mean, low, high, mean / room, low / room, high / room)
    return Finding(
        shelf.id, shelf.title, shelf.kind, metric, len(rounds), train, test, rounds[0].columns, guess, optimum, scores,
        {name: (metric.gain(score) - metric.gain(guess)) / room for name, score in scores.items()},
        {name: float(np.sum([each.seconds[name] for each in rounds])) for name in names}, differences,
    )  # fmt: skip


def _overall(found: Sequence[Finding], other: str) -> Overall:
    by: dict[Verdict, list[str]] = {"ahead": [], "behind": [], "open": []}
    for each in found:
        by[each.differences[other].verdict].append(each.data)
    shares = [each.differences[other].share for each in found]
    low, high = interval(shares, 0.0)
    return Overall(other, tuple(by["ahead"]), tuple(by["behind"]), tuple(by["open"]), float(np.mean(shares)), low, high)


def _sets(count: int) -> str:
    return f"{count} data {'set' if count == 1 else 'sets'}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _finite(value: Any) -> Any:
    """The value with null for numbers that JSON does not know."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
