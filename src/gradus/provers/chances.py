"""What a count of alarms says about their rate: exact binomial bounds, and when a claim is refuted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

#: How sure a count must be before it speaks against a claim: honest work is accused once in ten thousand.
SURE = 1e-4


@dataclass(frozen=True)
class Rate:
    """``alarms`` in ``streams``, and between which rates that is likely."""

    alarms: int
    streams: int

    @property
    def share(self) -> float:
        return self.alarms / self.streams if self.streams else 0.0

    @property
    def upper(self) -> float:
        """The 95 % upper bound on the rate (Clopper and Pearson, one-sided)."""
        if self.alarms >= self.streams:
            return 1.0
        return float(_beta(0.95, self.alarms + 1, self.streams - self.alarms))

    @property
    def lower(self) -> float:
        """The 95 % lower bound on the rate."""
        if self.alarms == 0:
            return 0.0
        return float(_beta(0.05, self.alarms, self.streams - self.alarms + 1))

    def above(self, claim: float) -> bool:
        """Whether so many alarms refute that the rate is at most ``claim``."""
        return _tail(self.alarms - 1, self.streams, claim, above=True) < SURE

    def below(self, claim: float) -> bool:
        """Whether so few alarms refute that the rate is at least ``claim``."""
        return _tail(self.alarms, self.streams, claim, above=False) < SURE

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.alarms + other.alarms, self.streams + other.streams)

    def to_json(self) -> dict[str, float | int]:
        return {
            "alarms": self.alarms,
            "streams": self.streams,
            "rate": round(self.share, 4),
            "lower95": round(self.lower, 4),
            "upper95": round(self.upper, 4),
        }


@lru_cache(maxsize=4096)
def _beta(level: float, a: int, b: int) -> float:
    from scipy.stats import beta

    return float(beta.ppf(level, a, b))


@lru_cache(maxsize=4096)
def _tail(alarms: int, streams: int, rate: float, above: bool) -> float:
    from scipy.stats import binom

    return float(binom.sf(alarms, streams, rate) if above else binom.cdf(alarms, streams, rate))
