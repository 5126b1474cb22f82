"""Repeats one plain question, who is touched by what differs, until the answer stops growing."""

from collections.abc import Mapping, Sequence

Stage = Mapping[str, Sequence[str]]


def inside(path: str, folder: str) -> bool:
    return (path + "/").startswith(folder + "/")


def stale(stages: Mapping[str, Stage], changed: Sequence[str]) -> set[str]:
    found: set[str] = set()
    while True:
        differs = [*changed, *(out for name in found for out in stages[name]["outs"])]
        now = {
            name
            for name, stage in stages.items()
            for own in (*stage["deps"], *stage["outs"])
            if any(inside(path, own) or inside(own, path) for path in differs)
        }
        if now == found:
            return found
        found = now
