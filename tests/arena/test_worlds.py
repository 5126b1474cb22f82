"""The best possible score is what it says: nobody does better by more than luck, with and without gaps."""

from __future__ import annotations

import numpy as np
import pytest

from gradus.arena.models import Options
from gradus.arena.processes import worlds
from gradus.arena.worlds import World

EVERY = {world.id: world for world in worlds()}


@pytest.fixture(params=EVERY)
def world(request: pytest.FixtureRequest) -> World:
    return EVERY[request.param]


def test_the_best_is_better_than_the_base_rate(world: World) -> None:
    drawn = world.draw(2, Options(leak=True, drift=True, missing=True))
    truth, task = drawn.task.truth(drawn.answers), drawn.task
    assert drawn.best is not None
    flat = {"class": np.full(len(truth), np.bincount(truth.astype(int).clip(0)).argmax()),
            "chance": np.full(len(truth), truth.mean()), "number": np.full(len(truth), np.median(truth))}  # fmt: skip
    gain = task.measure.gain
    assert gain(task.score(truth, drawn.best)) > gain(task.score(truth, flat[task.measure.wants]))


def test_noise_makes_the_best_worse(world: World) -> None:
    drawn = world.draw(5, Options(missing=True))
    truth, rng, gain = drawn.task.truth(drawn.answers), np.random.default_rng(0), drawn.task.measure.gain
    assert drawn.best is not None
    if drawn.task.measure.wants == "class":
        worse = np.where(rng.random(len(truth)) < 0.1, rng.permutation(drawn.best), drawn.best)
    else:
        worse = drawn.best + rng.normal(scale=0.3 * drawn.best.std(), size=len(truth))
        worse = np.clip(worse, 0.001, 0.999) if drawn.task.measure.wants == "chance" else worse
    assert gain(drawn.task.score(truth, drawn.best)) > gain(drawn.task.score(truth, worse))


@pytest.mark.parametrize("name", ["loans", "fraud", "deliveries"])
def test_chances_with_gaps_are_calibrated(name: str) -> None:
    world, rng = EVERY[name], np.random.default_rng(8)
    columns = world.columns(rng, np.full(6000, 0.5))
    happened = world.outcome(rng, world.signal(columns), columns)
    masks = {feature: rng.random(6000) < world.chance_hidden(feature, columns) for feature in world.hidden}
    best = world.expected(rng, columns, masks)
    gone = np.logical_or.reduce(list(masks.values()))
    for part in np.array_split(np.flatnonzero(gone)[np.argsort(best[gone])], 4):
        error = np.sqrt((best[part] * (1 - best[part])).sum()) / len(part)
        assert abs(best[part].mean() - happened[part].mean()) < 4 * error


def test_gaps_cost_something_and_being_hidden_tells_something() -> None:
    world, rng = EVERY["flats"], np.random.default_rng(3)
    columns = world.columns(rng, np.zeros(4000))
    happened = world.outcome(rng, world.signal(columns), columns)
    masks = {name: rng.random(4000) < world.chance_hidden(name, columns) for name in world.hidden}
    best = world.expected(rng, columns, masks)
    filled = dict(columns)
    for name, mask in masks.items():
        filled[name] = np.where(mask, np.median(columns[name]), columns[name])

    def error(answers: np.ndarray) -> float:
        return float(np.mean((answers - happened) ** 2))

    assert error(world.signal(columns)) < error(best) < error(world.signal(filled))


def test_the_leak_is_in_the_train_file_alone(world: World) -> None:
    drawn = world.draw(1, Options(leak=True))
    column = world.leak.name
    assert drawn.test[column].nunique() == 1
    y = drawn.task.truth(drawn.train[drawn.target].astype(str).tolist())
    assert abs(np.corrcoef(drawn.train[column], y)[0, 1]) > 0.5
    assert abs(np.corrcoef(drawn.train["id"], y)[0, 1]) > 0.15


def test_drift_puts_the_test_rows_later(world: World) -> None:
    drawn = world.draw(1, Options(drift=True))
    assert drawn.train["month"].max() < drawn.test["month"].min()
