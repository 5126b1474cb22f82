def lock(wanted: list[str], installed: dict[str, dict]) -> list[str]:
    """Return `name==version` for every package that is needed, directly or through others, sorted.

    wanted: requirements. installed: name to version and requires. Raises LookupError for one that is not installed.
    """
    raise NotImplementedError


def loose(text: str) -> list[str]:
    """Return the requirements in a requirements file that do not fix one version, in order."""
    raise NotImplementedError
