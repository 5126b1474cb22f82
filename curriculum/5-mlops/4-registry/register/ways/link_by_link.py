"""Writes into a folder beside it and renames that at the end, so that a version is either there whole or not at all."""

import hashlib
import os
import string
import tempfile

Files = dict[str, bytes]


def version_of(files: Files) -> str:
    total = hashlib.sha256()
    for name, content in sorted(files.items()):
        total.update(f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode())
    return total.hexdigest()[:12]


class Store:
    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.versions = os.path.join(folder, "versions")

    def register(self, files: Files) -> str:
        for name in files:
            if os.path.basename(name) != name or name in ("", os.curdir, os.pardir):
                raise ValueError(f"not a plain name: {name!r}")
        if not files:
            raise ValueError("a model needs a file")
        version = version_of(files)
        place = os.path.join(self.versions, version)
        if not os.path.exists(place):
            os.makedirs(self.versions, exist_ok=True)
            beside = tempfile.mkdtemp(prefix=".new-", dir=self.versions)
            for name, content in files.items():
                with open(os.path.join(beside, name), "wb") as file:
                    file.write(content)
            os.rename(beside, place)
        return version

    def load(self, version: str) -> Files:
        place = os.path.join(self.versions, version)
        if len(version) != 12 or not set(version) <= set(string.digits + "abcdef") or not os.path.isdir(place):
            raise KeyError(version)
        files = {}
        for name in os.listdir(place):
            with open(os.path.join(place, name), "rb") as file:
                files[name] = file.read()
        if version_of(files) != version:
            raise ValueError("this is not what was registered")
        return files
