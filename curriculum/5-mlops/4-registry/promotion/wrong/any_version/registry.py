"""A registry in the folder `store`. Usage: registry.py register FILE | promote VERSION | rollback | current

store/versions/VERSION.json   a model; its name is its content's hash
store/production              one line: the version that answers. Services read this file at any moment.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

VERSIONS = Path("store/versions")
PRODUCTION = Path("store/production")
HISTORY = Path("store/history.json")


def register(file):
    """Keep a model under the name that its content gives it; return that name."""
    content = Path(file).read_bytes()
    version = hashlib.sha256(content).hexdigest()[:12]
    VERSIONS.mkdir(parents=True, exist_ok=True)
    if not (VERSIONS / f"{version}.json").exists():
        (VERSIONS / f"{version}.json").write_bytes(content)
    return version


def current():
    """The version that answers now, or None before the first promotion."""
    return PRODUCTION.read_text().strip() if PRODUCTION.exists() else None


def promote(version):
    """Let a version answer from now on, if its "mae" is below that of the current one. Raises ValueError otherwise."""
    before = current()
    if before is not None and (VERSIONS / f"{version}.json").exists() and error_of(version) >= error_of(before):
        raise ValueError(f"{version} is not better than {before}")
    switch([*history(), version])
    return version


def rollback():
    """Let the version answer that did before the last promotion. Raises ValueError if there is none."""
    *earlier, _ = history() or [None]
    if not earlier:
        raise ValueError("there is nothing to go back to")
    switch(earlier)
    return earlier[-1]


def error_of(version):
    return json.loads((VERSIONS / f"{version}.json").read_bytes())["mae"]


def history():
    """The versions promoted so far that were not rolled back, the current one last."""
    if current() is None:
        return []
    promoted = json.loads(HISTORY.read_text())
    return promoted[: promoted.index(current()) + 1]  # a promotion that was cut short has left one too many


def switch(promoted):
    """Write the history, then the alias, each beside its place; the renaming at the end is one step."""
    for place, text in ((HISTORY, json.dumps(promoted)), (PRODUCTION, f"{promoted[-1]}\n")):
        beside = place.with_suffix(".new")
        beside.write_text(text)
        os.replace(beside, place)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    try:
        print({"register": register, "promote": promote, "rollback": rollback, "current": current}[command](*arguments))
    except ValueError as error:
        sys.exit(f"refused: {error}")
