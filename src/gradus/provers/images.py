"""What is inside an image: its layers one by one, read from the archive that ``save`` writes.

An image is a pile of layers, each a tar. A layer that "deletes" a file holds an empty file named ``.wh.NAME`` instead
(a whiteout), one that empties a folder holds ``.wh..wh..opq``; the bytes stay in the layer below. Source: the OCI image
specification, "Layer filesystem changeset". Nothing is unpacked to disk.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import posixpath
import tarfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from gradus.errors import UsageError

WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"


@dataclass(frozen=True)
class Found:
    """A file of a layer that holds one of the things looked for."""

    path: str
    layer: int
    what: str
    """The name of what was found in it."""
    command: str
    """The instruction that made the layer."""
    gone_in: int | None = None
    """The later layer that hides it (by deletion or by another file of this name), if one does."""


@dataclass(frozen=True)
class Contents:
    """What was read from an archive."""

    config: Mapping[str, Any]
    layers: int
    found: tuple[Found, ...] = field(default=())

    @property
    def settings(self) -> Mapping[str, Any]:
        """The part of the config that says how a container starts."""
        settings = self.config.get("config") or {}
        return settings if isinstance(settings, Mapping) else {}

    @property
    def history(self) -> tuple[str, ...]:
        """The instruction behind each step, oldest first."""
        return tuple(str(step.get("created_by", "")) for step in self.config.get("history") or [])


def read(
    archive: Path,
    needles: Mapping[str, bytes],
    hashes: Mapping[str, str],
    endings: Mapping[str, str],
    sizes: Collection[int],
    known: Collection[str] = (),
    most: int = 1 << 20,
) -> Contents:
    """Search every layer of ``archive`` that is not ``known`` (by the digest of its unpacked tar).

    ``needles``: name -> bytes that are looked for in files of up to ``most`` bytes. ``hashes``: SHA-256 -> name of
    whole files that are looked for, whose lengths are ``sizes``. ``endings``: how a path ends -> name.
    Raises :class:`UsageError` when it is no image archive.
    """
    try:
        with tarfile.open(archive) as tar:
            manifest = json.load(_member(tar, "manifest.json"))[0]
            config = json.load(_member(tar, manifest["Config"]))
            digests = config.get("rootfs", {}).get("diff_ids", [])
            commands = [step.get("created_by", "") for step in config.get("history", []) if not step.get("empty_layer")]
            found: list[Found] = []
            hidden: list[tuple[int, str]] = []
            for number, name in enumerate(manifest["Layers"]):
                if number < len(digests) and digests[number] in known:
                    continue
                command = str(commands[number]) if number < len(commands) else ""
                for path, content in _files(_member(tar, name), sizes, most):
                    hidden.append((number, path))
                    named = [what for end, what in endings.items() if f"/{path}".endswith(f"/{end}")]
                    matches = _matches(content, needles, hashes) if content is not None else ()
                    found += [Found(path, number, what, command) for what in dict.fromkeys([*named, *matches])]
    except (tarfile.TarError, KeyError, IndexError, ValueError, OSError) as error:
        raise UsageError(f"the engine's archive of the image cannot be read: {error}", str(archive)) from error
    return Contents(config, len(manifest["Layers"]), tuple(_with_end(item, hidden) for item in found))


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    member = tar.getmember(name)
    if member.issym() or member.islnk():  # equal layers are stored once
        name = posixpath.normpath(posixpath.join(posixpath.dirname(name), member.linkname))
    stream = tar.extractfile(name)
    if stream is None:
        raise KeyError(name)
    return stream


def _files(stream: IO[bytes], sizes: Collection[int], most: int) -> Iterator[tuple[str, bytes | None]]:
    """Each regular file of a layer, with its content where it is small or as long as one that is looked for."""
    start = stream.read(2)
    stream.seek(0)
    plain: IO[bytes] = io.BufferedReader(gzip.GzipFile(fileobj=stream)) if start == b"\x1f\x8b" else stream
    with tarfile.open(fileobj=plain, mode="r|") as layer:
        for member in layer:
            if member.isfile():
                wanted = member.size <= most or member.size in sizes
                content = layer.extractfile(member) if wanted else None
                yield posixpath.normpath(member.name).lstrip("/"), content.read() if content else None


def _matches(content: bytes, needles: Mapping[str, bytes], hashes: Mapping[str, str]) -> Iterator[str]:
    yield from (name for name, needle in needles.items() if needle in content)
    if hashes and (name := hashes.get(hashlib.sha256(content).hexdigest())):
        yield name


def _with_end(item: Found, paths: list[tuple[int, str]]) -> Found:
    for number, path in paths:
        if number > item.layer and _hides(path, item.path):
            return Found(item.path, item.layer, item.what, item.command, number)
    return item


def _hides(later: str, path: str) -> bool:
    if later == path:
        return True
    folder, name = posixpath.split(later)
    if name == OPAQUE:
        return path.startswith(f"{folder}/") if folder else True
    if not name.startswith(WHITEOUT):
        return False
    target = posixpath.join(folder, name.removeprefix(WHITEOUT))
    return path == target or path.startswith(f"{target}/")


def without(archive: Path, paths: Collection[str], tag: str, target: Path) -> None:
    """Write to ``target`` the image of ``archive`` with one more layer that deletes ``paths``, to be loaded as ``tag``.

    Made by hand instead of with ``RUN rm``: it works for images without a shell, and as whoever they run."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        for path in sorted(paths):
            folder, name = posixpath.split(path)
            tar.addfile(tarfile.TarInfo(posixpath.join(folder, WHITEOUT + name)))
    added = layer.getvalue()
    digest = hashlib.sha256(added).hexdigest()
    with tarfile.open(archive) as source, tarfile.open(target, "w") as made:
        manifest = json.load(_member(source, "manifest.json"))[0]
        config = json.load(_member(source, manifest["Config"]))
        config["rootfs"]["diff_ids"].append(f"sha256:{digest}")
        config.setdefault("history", []).append({"created_by": "delete the model"})
        written = json.dumps(config).encode()
        name = hashlib.sha256(written).hexdigest()
        layers = [*manifest["Layers"], f"{digest}.tar"]
        entry = {"Config": f"{name}.json", "RepoTags": [tag], "Layers": layers}
        for layer_name in dict.fromkeys(manifest["Layers"]):
            stream = _member(source, layer_name)
            _add(made, layer_name, stream, stream.seek(0, 2))
        for file_name, content in (
            (f"{digest}.tar", added),
            (f"{name}.json", written),
            ("manifest.json", json.dumps([entry]).encode()),
        ):
            _add(made, file_name, io.BytesIO(content), len(content))


def _add(tar: tarfile.TarFile, name: str, stream: IO[bytes], size: int) -> None:
    stream.seek(0)
    entry = tarfile.TarInfo(name)
    entry.size = size
    tar.addfile(entry, stream)
