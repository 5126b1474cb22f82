"""The keys begin with the folder's own name.

expects: names_begin_inside
Relative to the folder's parent, a key changes when the folder is renamed or copied.
"""

import hashlib
from pathlib import Path


def manifest(folder):
    return {
        path.relative_to(Path(folder).parent).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def fingerprint(entries):
    lines = [f"{entries[path]}  {path}\n" for path in sorted(entries)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
