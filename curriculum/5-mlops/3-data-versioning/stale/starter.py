from collections.abc import Mapping, Sequence

Stage = Mapping[str, Sequence[str]]


def stale(stages: Mapping[str, Stage], changed: Sequence[str]) -> set[str]:
    """The names of the stages that have to run again.

    stages: by name, the paths it reads ("deps") and writes ("outs"). changed: paths whose content differs.
    """
    raise NotImplementedError
