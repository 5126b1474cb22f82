"""The lab “boosting beats networks on tabular data”: the sentence, measured on the shipped data and simulated worlds.

Each *round* (:mod:`gradus.arena.lab_rounds`) draws a data set's train and test rows anew. Differences between families
are taken within a round, so that what all of them share (easy or hard test rows) cancels.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from gradus.arena.lab_rounds import Design, Round, boosting_version, measure
from gradus.errors import UsageError

NAME = "boosting-vs-networks"
QUICK = ("affairs", "diabetes", "wines", "loans", "rings", "flats")

#: Called after each family of a round: what was done, how many steps are done, how many there are.
Progress = Callable[[str, int, int], None]


def design(quick: bool = False, data: Sequence[str] = (), seed: int = 0) -> Design:
    """The full lab, or the quick one: less of everything. Raises UsageError for data that do not exist."""
    from gradus.arena.shelf import contest, contests

    for name in data:
        contest(name)
    if quick:
        return Design(tuple(data) or QUICK, rounds=3, settings=4, folds=2, rows=200, seed=seed)
    return Design(tuple(data) or tuple(each.id for each in contests()), seed=seed)


def run_lab(
    plan: Design, record: Path, progress: Progress | None = None, stopped: Callable[[], bool] | None = None
) -> list[Round]:
    """Measure what ``record`` (JSON lines) does not hold yet, and return all rounds of the plan that are done.

    Each round is on the disk when it is done; a run that is stopped (``stopped()`` is asked before each family, Ctrl-C
    may come at any time) goes on from there. One core is used. Raises UsageError without XGBoost.
    """
    from threadpoolctl import threadpool_limits

    from gradus.arena.lab_models import families
    from gradus.arena.shelf import contest
    from gradus.learner.locking import locked

    if not boosting_version():
        raise UsageError("The lab needs XGBoost, and it is not installed.", "", 'pip install "gradus-ml[boosting]"')
    record.parent.mkdir(parents=True, exist_ok=True)
    kinds = families()
    steps = [(name, number) for number in range(plan.rounds) for name in plan.data]
    with locked(record.with_suffix(".lock"), alone=True), threadpool_limits(1):
        known = {(each.data, each.round): each for each in read_rounds(record, plan)}
        for place, (name, number) in enumerate(steps):
            if (name, number) not in known:

                def tell(family: str, done: int, place: int = place, name: str = name) -> None:
                    if progress is not None:
                        progress(f"{name}, {family}", place * len(kinds) + done, len(steps) * len(kinds))

                found = measure(contest(name), plan, number, kinds, tell, stopped)
                if found is None:
                    break
                known[name, number] = found
                with record.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps({"key": plan.key, **asdict(found)}) + "\n")
            elif progress is not None:
                progress(name, (place + 1) * len(kinds), len(steps) * len(kinds))
    return [known[step] for step in steps if step in known]


def read_rounds(record: Path, plan: Design) -> list[Round]:
    """The rounds of this plan that are recorded; lines of other plans or cut off by a crash are left out."""
    found = []
    try:
        lines = record.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    for line in lines:
        try:
            data = json.loads(line)
            if data.pop("key") == plan.key and data["data"] in plan.data and data["round"] < plan.rounds:
                found.append(Round(**data))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return found
