"""A registry in the folder `store`. Usage: registry.py register FILE | promote VERSION | rollback | current

store/versions/VERSION.json   a model; its name is its content's hash
store/production              one line: the version that answers. Services read this file at any moment.
"""

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

VERSIONS = Path("store/versions")
PRODUCTION = Path("store/production")


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
    if not (VERSIONS / f"{version}.json").exists():
        raise ValueError(f"there is no version {version}")
    before = current()
    if before is not None and error_of(version) >= error_of(before):
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


def chain(version):
    return VERSIONS.parent / "chain" / version


def history():
    """The versions that answered, the current one last: each promotion left a file that names them all."""
    return chain(current()).read_text().split() if current() else []


def switch(promoted):
    """Write the whole chain under the name of its last version, then move the alias there in one step."""
    place = chain(promoted[-1])
    place.parent.mkdir(exist_ok=True)
    for target, text in ((place, " ".join(promoted)), (PRODUCTION, promoted[-1] + "\n")):
        with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False) as file:
            file.write(text)
        os.replace(file.name, target)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    try:
        print({"register": register, "promote": promote, "rollback": rollback, "current": current}[command](*arguments))
    except ValueError as error:
        sys.exit(f"refused: {error}")
