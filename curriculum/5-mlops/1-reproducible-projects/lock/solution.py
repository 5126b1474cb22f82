import re


def lock(wanted: list[str], installed: dict[str, dict]) -> list[str]:
    """Return `name==version` for every package that is needed, directly or through others, sorted.

    wanted: requirements. installed: name to version and requires. Raises LookupError for one that is not installed.
    """
    packages = {_normal(name): package for name, package in installed.items()}
    needed: set[str] = set()
    waiting = list(wanted)
    while waiting:
        requirement, _, marker = waiting.pop().partition(";")
        name = _normal(re.match(r"[\w.-]+", requirement)[0])
        if "extra" in marker or name in needed:
            continue
        if name not in packages:
            raise LookupError(f"{name} is needed and not installed")
        needed.add(name)
        waiting += packages[name]["requires"]
    return sorted(f"{name}=={packages[name]['version']}" for name in needed)


def loose(text: str) -> list[str]:
    """Return the requirements in a requirements file that do not fix one version, in order."""
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    fixed = re.compile(r"[\w.-]+\s*(\[[^\]]*\])?\s*==\s*[^\s*,;=]+\s*(;.*)?")
    return [line for line in lines if line and not fixed.fullmatch(line)]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
