"""A circle of requirements is followed for ever.

expects: circles_end
The packages that were visited are not remembered, so two that require each other never come to an end.
"""

import re


def lock(wanted, installed):
    packages = {normal(name): package for name, package in installed.items()}

    def needed(line):
        requirement, _, marker = line.partition(";")
        if "extra" in marker:
            return set()
        name = normal(re.match(r"\s*([\w.-]+)", requirement)[1])
        if name not in packages:
            raise LookupError(name)
        return {name}.union(*map(needed, packages[name]["requires"]))

    return sorted(f"{name}=={packages[name]['version']}" for name in set().union(*map(needed, wanted)))


def loose(text):
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    fixed = re.compile(r"[\w.-]+\s*(\[[^\]]*\])?\s*==\s*[^\s*,;=]+\s*(;.*)?")
    return [line for line in lines if line and not fixed.fullmatch(line)]


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()
