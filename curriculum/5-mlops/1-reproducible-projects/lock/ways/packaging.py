"""Lets the library `packaging`, which pip itself uses, read the requirements: no pattern of one's own to get wrong."""

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def lock(wanted: list[str], installed: dict[str, dict]) -> list[str]:
    packages = {canonicalize_name(name): package for name, package in installed.items()}

    def visit(line: str, seen: dict[str, str]) -> None:
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        if name in seen or "extra" in str(requirement.marker or ""):
            return
        if name not in packages:
            raise LookupError(name)
        seen[name] = packages[name]["version"]
        for further in packages[name]["requires"]:
            visit(further, seen)

    found: dict[str, str] = {}
    for line in wanted:
        visit(line, found)
    return sorted(f"{name}=={version}" for name, version in found.items())


def loose(text: str) -> list[str]:
    lines = (line.split("#")[0].strip() for line in text.split("\n"))
    return [line for line in lines if line and not is_fixed(Requirement(line))]


def is_fixed(requirement: Requirement) -> bool:
    conditions = list(requirement.specifier)
    return len(conditions) == 1 and conditions[0].operator == "==" and not conditions[0].version.endswith("*")
