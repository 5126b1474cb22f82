"""The generating processes of the simulated worlds, each in a few lines that can be read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradus.arena.models import Array
from gradus.arena.worlds import Columns, Draw, Leak, World

Rng = np.random.Generator


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z)."""
    return np.asarray(1 / (1 + np.exp(-z)))


def segments(*weights: float, later: Sequence[float] | None = None) -> Draw:
    """Segments in proportion to ``weights``, moving to ``later`` as time goes from 0 to 1."""
    early = np.array(weights) / sum(weights)
    late = early if later is None else np.array(later) / sum(later)

    def draw(rng: Rng, made: Columns) -> Array:
        shares = early + made["t"][:, None] * (late - early)
        return np.asarray((shares.cumsum(axis=1)[:, :-1] < rng.random((len(shares), 1))).sum(axis=1))

    return draw


def normal(means: Sequence[float], scale: float, digits: int = 1, drift: float = 0.0) -> Draw:
    """Normal values around a mean for each segment, moving by ``drift`` as time goes from 0 to 1."""
    return lambda rng, made: np.round(rng.normal(np.array(means)[made["segment"]] + drift * made["t"], scale), digits)


def skewed(medians: Sequence[float], shape: float, digits: int = 0) -> Draw:
    """Log-normal values around a median for each segment."""
    return lambda rng, made: np.round(
        np.array(medians)[made["segment"]] * rng.lognormal(0, shape, len(made["t"])), digits
    )


def counts(means: Sequence[float]) -> Draw:
    """Poisson counts with a mean for each segment."""
    return lambda rng, made: rng.poisson(np.array(means)[made["segment"]]).astype(float)


def shares(a: float, b: float) -> Draw:
    """Shares between 0 and 1 (beta)."""
    return lambda rng, made: np.round(rng.beta(a, b, len(made["t"])), 3)


def between(low: float, high: float, digits: int = 2) -> Draw:
    """Evenly spread values."""
    return lambda rng, made: np.round(rng.uniform(low, high, len(made["t"])), digits)


def loans() -> World:
    """Which loans default: a mostly linear world with two interactions."""

    def signal(c: Columns) -> Array:
        poor = np.log(30_000 / c["income"])
        late = c["late_payments"] * (0.75 - 0.5 * c["t"])
        z = -2.2 + 0.6 * poor + late + 2.2 * c["debt_ratio"] + 1.6 * poor * c["debt_ratio"]
        z += np.where((c["segment"] == 2) & (c["age"] < 24), 0.9, 0) - 0.04 * np.minimum(c["years_at_address"], 12)
        return sigmoid(z + 0.6 * c["t"])

    return World(
        "loans", "Loans that default", "A lender wants to know which loans will not be paid back.",
        "defaulted", "roc_auc", ("no", "yes"), "yes",
        segments(5, 2, 2, 2, later=(3, 3, 4, 1)), ("employed", "self-employed", "student", "retired"),
        {
            "income": skewed((34_000, 30_000, 13_000, 21_000), 0.4, -2), "debt_ratio": shares(2, 4),
            "age": normal((41, 45, 24, 69), 6, 0), "late_payments": counts((0.6, 1.0, 0.9, 0.3)),
            "years_at_address": skewed((5, 6, 1.5, 12), 0.7, 1),
        },
        signal,
        Leak("collection_calls", lambda rng, y: rng.poisson(0.1 + 4 * y).astype(float), 0.0,
             "counts calls that were made after a default"),
        ("income", "late_payments"),
        "late payments came to say less and students to borrow more",
        useless={"branch": between(1, 40, 0), "call_minutes": skewed((4, 4, 4, 4), 0.8, 1)},
    )  # fmt: skip


def rings() -> World:
    """Two classes in rings: no line separates them."""

    def signal(c: Columns) -> Array:
        radius = np.hypot(c["east"], c["north"] - 0.5 * c["t"])
        return sigmoid(3.2 * np.sin(2.6 * radius) + 0.5 * (c["segment"] - 1))

    return World(
        "rings", "Rings of ore", "Drillings hit ore or rock, and where they hit it runs in rings around old craters.",
        "found", "accuracy", ("ore", "rock"), "ore", segments(1, 1, 1), ("clay", "sand", "granite"),
        {"east": normal((0, 0, 0), 1.6, 2), "north": normal((0, 0, 0), 1.6, 2), "depth": between(20, 90, 0)},
        signal,
        Leak("assay_grams", lambda rng, y: np.round(rng.gamma(2, 0.2, len(y)) + 3 * y, 2), 0.0,
             "was weighed in the laboratory after the drilling"),
        ("east", "north"), "the rings moved north",
        useless={"humidity": shares(5, 3), "crew": between(1, 9, 0)},
    )  # fmt: skip


def flats() -> World:
    """Prices of flats: curved, with interactions, and the more uncertain the dearer."""

    def signal(c: Columns) -> Array:
        base = 1.8 * c["area"] * (1 + 0.25 * (c["segment"] == 0) - 0.1 * (c["segment"] == 2))
        old = np.where(c["year_built"] < 1920, 25, -0.25 * np.maximum(0, 1990 - c["year_built"]) * 0.5)
        far = -18 * np.log1p(c["km_to_center"]) * (1 + 0.6 * c["t"])
        top = np.where(c["floor"] >= 4, 3.5 * (c["floor"] - 3), 0)
        return np.asarray(80 + base + old + far + top + 0.012 * c["area"] * np.maximum(0, c["floor"] - 2) + 30 * c["t"])

    return World(
        "flats", "What flats sell for", "Prices of flats in thousands, from what an advertisement says.",
        "price", "rmse", (), "", segments(2, 5, 3, later=(2, 3, 5)), ("old town", "inner ring", "outskirts"),
        {
            "area": skewed((70, 75, 90), 0.35, 0), "year_built": normal((1905, 1955, 1985), 20, 0),
            "km_to_center": skewed((1, 3.5, 9), 0.4, 1), "floor": counts((2.5, 3, 1.5)), "balcony_m2": shares(1, 3),
        },
        signal,
        Leak("notary_fee", lambda rng, y: np.round(0.015 * y * rng.normal(1, 0.02, len(y)), 2), 0.0,
             "is a share of the price and known after the sale"),
        ("area", "year_built"), "prices rose, and being far from the center cost more",
        spread=lambda c: 8 + 0.12 * c["area"],
        useless={"viewings": counts((6, 6, 6)), "advert_words": skewed((90, 90, 90), 0.5, 0)},
    )  # fmt: skip


def beetles() -> World:
    """Three species that overlap: even the best eye is often wrong."""

    def signal(c: Columns) -> Array:
        length, width, spots = c["length"], c["width"], c["spots"]
        scores = np.stack([
            2.2 * (length - 14) / 3 - (width - 6) / 1.5,
            1.1 * (spots - 4) + 0.8 * np.abs(length - 14) / 3 - 1,
            1.6 * (width - 6) / 1.5 + np.where(spots < 3, 0.9, -0.4) + 1.2 * c["t"],
        ], axis=1)  # fmt: skip
        scores[:, 1] += 0.6 * (c["segment"] == 1)
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(chances / chances.sum(axis=1, keepdims=True))

    return World(
        "beetles", "Three kinds of beetles", "Tell three species apart by what a field guide measures.",
        "species", "accuracy", ("amber", "bronze", "copper"), "", segments(3, 2), ("meadow", "wood"),
        {
            "length": normal((14, 13), 3, 1), "width": normal((6, 6.4), 1.5, 1), "spots": counts((3.4, 4.2)),
            "weight": skewed((220, 240), 0.3, 0),
        },
        signal,
        Leak("plate_number", lambda rng, y: 100 * (y + 1) + rng.integers(0, 60, len(y)).astype(float), 0.0,
             "was given when the beetle was pinned, species by species"),
        ("width", "spots"), "copper became more common",
        useless={"temperature": normal((19, 17), 4, 1), "hour": between(6, 21, 0)},
    )  # fmt: skip


def fraud() -> World:
    """Few frauds among many payments: ranking them is what counts."""

    def signal(c: Columns) -> Array:
        night = (c["hour"] < 5).astype(float)
        z = -5.4 + 0.9 * np.log(c["amount"] / 60) + 1.9 * night + 0.55 * c["countries"] + 0.8 * (c["segment"] == 2)
        z += np.where((c["days_since_card"] < 30) & (c["amount"] > 120), 1.8, 0) + 0.9 * c["t"] * (c["segment"] == 2)
        return sigmoid(z)

    return World(
        "fraud", "Payments that are fraud", "About one payment in twenty is fraud; the best list has them on top.",
        "fraud", "average_precision", ("no", "yes"), "yes", segments(6, 3, 2, later=(4, 3, 4)),
        ("shop", "website", "transfer"),
        {
            "amount": skewed((35, 60, 150), 0.9, 2), "hour": between(0, 23, 0), "countries": counts((0.2, 0.5, 0.8)),
            "days_since_card": skewed((400, 300, 200), 1.1, 0),
        },
        signal,
        Leak("chargebacks", lambda rng, y: rng.binomial(1, np.where(y == 1, 0.9, 0.002)).astype(float), 0.0,
             "were booked weeks after the payment"),
        ("countries", "days_since_card"), "transfers became more common and more often fraud",
        useless={"terminal": between(100, 999, 0), "basket_items": counts((4, 3, 1))},
    )  # fmt: skip


def energy() -> World:
    """What a town uses: a valley over temperature, two humps over the day, heavy tails."""

    def signal(c: Columns) -> Array:
        heat = 1.7 * np.maximum(0, 15 - c["temperature"]) + 2.3 * np.maximum(0, c["temperature"] - 23) * (1 + c["t"])
        day = 11 * np.exp(-(((c["hour"] - 8) / 2.5) ** 2)) + 16 * np.exp(-(((c["hour"] - 19) / 3) ** 2))
        work = np.where(c["segment"] == 0, 1.0, 0.6)
        return np.asarray(
            60 + heat + day * work + 0.02 * c["visitors"] - 8 * c["cloud"] * (c["hour"] > 18) + 6 * c["t"]
        )

    return World(
        "energy", "What a town will use", "Megawatts in an hour, from the weather and the calendar.",
        "megawatts", "mae", (), "", segments(5, 2), ("weekday", "weekend"),
        {
            "temperature": normal((14, 14), 8, 1, drift=3), "hour": between(0, 23, 0), "cloud": shares(1, 1),
            "visitors": skewed((400, 900), 0.6, 0),
        },
        signal,
        Leak("invoice_total", lambda rng, y: np.round(y * rng.normal(94, 2.5, len(y)), 0), 0.0,
             "was written once the meters had been read"),
        ("temperature", "visitors"), "it grew warmer, and cooling took ever more",
        spread=lambda c: 2.5 + 0.04 * np.maximum(0, 25 - c["temperature"]), noise="laplace",
        useless={"moon": shares(1, 1), "sensor": between(1, 12, 0)},
    )  # fmt: skip


def deliveries() -> World:
    """Late or not: chances are asked for, so overconfidence costs."""

    def signal(c: Columns) -> Array:
        jam = c["km"] * (0.05 + 0.12 * ((c["hour"] > 15) & (c["hour"] < 19)))
        z = -2.4 + jam + 0.45 * c["stops_before"] + 1.4 * c["rain"] ** 2 - 0.9 * (c["segment"] == 0) * (1 - c["t"])
        return sigmoid(z - 0.012 * c["driver_months"] + 0.4 * c["t"])

    return World(
        "deliveries", "Parcels that come late", "How likely is it that a parcel comes later than promised?",
        "late", "log_loss", ("no", "yes"), "yes", segments(3, 4), ("express", "standard"),
        {
            "km": skewed((7, 12), 0.6, 1), "hour": between(7, 21, 0), "stops_before": counts((1.5, 3)),
            "rain": shares(1, 2), "driver_months": skewed((20, 20), 0.8, 0),
        },
        signal,
        Leak("complaints", lambda rng, y: rng.poisson(0.05 + 1.6 * y).astype(float), 0.0,
             "arrived after the parcel did not"),
        ("km", "stops_before"), "express came to be no faster",
        useless={"parcel_grams": skewed((900, 900), 0.7, 0), "postcode": between(10, 99, 0)},
    )  # fmt: skip


def worlds() -> tuple[World, ...]:
    """Every simulated world."""
    return loans(), rings(), flats(), beetles(), fraud(), energy(), deliveries()
