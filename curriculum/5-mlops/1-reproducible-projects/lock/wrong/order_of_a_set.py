"""The lines come in the order of a set.

expects: sorted_lines
The same environment then gives another file each time, and a diff of two locks shows changes where there are none.
"""

import re


def lock(wanted, installed):
    packages = {normal(name): package for name, package in installed.items()}
    needed, waiting = set(), list(wanted)
    while waiting:
        requirement, _, marker = waiting.pop().partition(";")
        name = normal(re.match(r"\s*([\w.-]+)", requirement)[1])
        if "extra" in marker or name in needed:
            continue
        if name not in packages:
            raise LookupError(name)
        needed.add(name)
        waiting += packages[name]["requires"]
    return [f"{name}=={packages[name]['version']}" for name in needed]


def loose(text):
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    fixed = re.compile(r"[\w.-]+\s*(\[[^\]]*\])?\s*==\s*[^\s*,;=]+\s*(;.*)?")
    return [line for line in lines if line and not fixed.fullmatch(line)]


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()
