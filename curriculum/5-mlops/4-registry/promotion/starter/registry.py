"""A registry in the folder `store`. Usage: registry.py register FILE | promote VERSION | rollback | current

store/versions/VERSION.json   a model; its name is its content's hash
store/production              one line: the version that answers. Services read this file at any moment.
"""

import hashlib
import json
import sys
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
    raise NotImplementedError


def rollback():
    """Let the version answer that did before the last promotion. Raises ValueError if there is none."""
    raise NotImplementedError


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    try:
        print({"register": register, "promote": promote, "rollback": rollback, "current": current}[command](*arguments))
    except ValueError as error:
        sys.exit(f"refused: {error}")
