"""Asks of each stage whether it or anything above it is touched; short, and fine while pipelines are small."""

from collections.abc import Mapping, Sequence

Stage = Mapping[str, Sequence[str]]


def stale(stages: Mapping[str, Stage], changed: Sequence[str]) -> set[str]:
    def meet(paths: Sequence[str], others: Sequence[str]) -> bool:
        return any(f"{a}/".startswith(f"{b}/") or f"{b}/".startswith(f"{a}/") for a in paths for b in others)

    def touched(name: str) -> bool:
        stage = stages[name]
        above = [other for other in stages if other != name and meet(stages[other]["outs"], stage["deps"])]
        return meet(changed, [*stage["deps"], *stage["outs"]]) or any(touched(other) for other in above)

    return {name for name in stages if touched(name)}
