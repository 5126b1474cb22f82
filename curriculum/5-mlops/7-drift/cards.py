"""Cards on drift whose numbers are drawn anew each time."""

from __future__ import annotations

import math
import random

from gradus.roadmap import Card, Choice


def psi_of_two_bins(rng: random.Random) -> Card:
    """The PSI of shares in two bins, by hand."""
    while True:
        r, c = rng.randint(2, 8) / 10, rng.randint(2, 8) / 10
        psi = (c - r) * math.log(c / r) + (r - c) * math.log((1 - c) / (1 - r))
        one = (c - r) * math.log(c / r)
        kl = c * math.log(c / r) + (1 - c) * math.log((1 - c) / (1 - r))
        values = [f"{value:.2f}" for value in (psi, one, kl, abs(c - r))]
        if r != c and len(set(values)) == 4:
            break
    return Card(
        id="psi_of_two_bins",
        outcome="drift-distance",
        question=(
            f"In the reference {r:.0%} of the rows are in the first of two bins, now {c:.0%}. "
            f"ln({c:.1f}/{r:.1f}) = {math.log(c / r):.2f} and ln({1 - c:.1f}/{1 - r:.1f}) = "
            f"{math.log((1 - c) / (1 - r)):.2f}. What is the PSI?"
        ),
        choices=(
            Choice(values[0], True, "The difference of the shares times the logarithm of their ratio, over both bins."),
            Choice(values[1], False, "That is the first bin's term alone. The second bin has moved, too."),
            Choice(values[2], False, "That weights with the current share alone: a Kullback-Leibler divergence."),
            Choice(values[3], False, "That is the difference of the shares. It is bounded; the PSI is not."),
        ),
    )


def psi_by_chance(rng: random.Random) -> Card:
    """The PSI that two samples of one source have on average."""
    bins, n = rng.choice((5, 10, 20)), rng.choice((100, 200, 400))
    mean = (bins - 1) * 2 / n
    return Card(
        id="psi_by_chance",
        outcome="monitor",
        question=(
            f"Two samples of {n} rows each come from one and the same source. Which PSI do they have on average, "
            f"with {bins} bins?"
        ),
        choices=(
            Choice(f"about {mean:.3g}", True, "(bins − 1) (1/m + 1/n), where m and n are the numbers of rows."),
            Choice("0", False, "Only a sample and itself have 0. Two samples differ by chance."),
            Choice(f"about {mean / 2:.3g}", False, "Both samples are noisy: (bins − 1) (1/m + 1/n), not 1/n alone."),
            Choice(f"about {mean * 2:.3g}", False, "That would be right for half as many rows."),
        ),
    )


def shared_level(rng: random.Random) -> Card:
    """The level of each of k tests."""
    k, level = rng.choice((4, 8, 10, 20, 25)), rng.choice((1, 5))
    return Card(
        id="shared_level",
        outcome="monitor",
        question=f"At most {level} % of the quiet weeks may raise an alarm. You test {k} columns. Which level each?",
        choices=(
            Choice(f"{level / k:g} %", True, "Bonferroni: the chances of false alarms add up to at most the whole."),
            Choice(
                f"{level} %", False, "Then the whole monitor errs up to that many times as often as there are columns."
            ),
            Choice(f"{level * k:g} %", False, "That makes each test more easily alarmed. It must become harder."),
            Choice(
                f"{100 - level} %",
                False,
                "That is the share of quiet weeks that shall stay quiet, of all tests together.",
            ),
        ),
    )
