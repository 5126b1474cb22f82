from collections.abc import Mapping, Sequence

Stage = Mapping[str, Sequence[str]]


def touches(path: str, other: str) -> bool:
    """Whether two paths are the same, or one lies in the other."""
    return path == other or path.startswith(other + "/") or other.startswith(path + "/")


def stale(stages: Mapping[str, Stage], changed: Sequence[str]) -> set[str]:
    """The names of the stages that have to run again.

    stages: by name, the paths it reads ("deps") and writes ("outs"). changed: paths whose content differs.
    """
    differs = list(changed)
    found: set[str] = set()
    for path in differs:  # grows while we walk along it
        for name, stage in stages.items():
            if name not in found and any(touches(path, own) for own in (*stage["deps"], *stage["outs"])):
                found.add(name)
                differs += stage["outs"]
    return found
