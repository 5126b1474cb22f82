"""What can be played: real data that ships with the libraries, and simulated worlds."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from gradus.arena.models import Contest
from gradus.errors import UsageError

TRAP_OPTIONS = "leak, drift, missing"


@cache
def contests() -> tuple[Contest, ...]:
    """Every competition, real data first."""
    from gradus.arena.processes import worlds
    from gradus.arena.real import real_contests

    simulated = [
        Contest(
            world.id, world.title, world.story, "world",
            f"Simulated: the process is `{world.id}` in `gradus.arena.processes`. Look once you have finished.",
            world.metric, world.target, world.draw,
        )
        for world in worlds()
    ]  # fmt: skip
    return (*real_contests(), *simulated)


def contest(name: str) -> Contest:
    """The competition of that name. Raises UsageError, with names near it."""
    for each in contests():
        if each.id == name:
            return each
    near = get_close_matches(name, [each.id for each in contests()], 2, 0.5)
    step = f"Did you mean {' or '.join(near)}?" if near else "`gradus arena list` lists them."
    raise UsageError(f"There is no competition “{name}”.", next_step=step)
