"""Read W&B's offline runs: the ``.wandb`` file that a run writes as it goes.

The file is a log of records in LevelDB's format (blocks of 32 KiB; each record a CRC, a length and a kind), with a
header of its own; each record is a protocol buffer ``Record`` of the installed ``wandb``. W&B's own reader is not part
of its Python package, so the framing is read here; the CRC is checked.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gradus.provers.tracking.runs import Artifact, Run, Store, Unreadable, Value

HEADER = b":W&B\xe1\xbe\x00"
BLOCK = 32 * 1024
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_MOST_BYTES = 512 * 1024 * 1024


def read_wandb(place: Path) -> Store:
    """The runs below ``place``: one ``offline-run-…`` folder, or the ``wandb`` folder that holds several.

    Raises Unreadable.
    """
    files = sorted(place.rglob("*.wandb")) if place.is_dir() else [place]
    if not files:
        raise Unreadable(f"There is no .wandb file in {place.name}: no run was written there.", "store_missing")
    runs: dict[str, Run] = {}
    for file in files:
        run = _run(file)
        if run.id in runs:
            run = Run(**{**run.__dict__, "places": runs[run.id].places + 1})
        runs[run.id] = run
    return Store("W&B", tuple(runs.values()))


def records(content: bytes) -> Iterator[bytes]:
    """The records of a log, put together again. What a crash left unfinished at the end is left out.

    Raises ValueError for a file of another kind, or whose checksum is wrong.
    """
    if content[: len(HEADER)] != HEADER:
        raise ValueError("it does not begin as a W&B file does")
    at, parts = len(HEADER), b""
    while at + 7 <= len(content):
        if (left := BLOCK - at % BLOCK) < 7:
            at += left
            continue
        crc, length, kind = struct.unpack_from("<IHB", content, at)
        data = content[at + 7 : at + 7 + length]
        at += 7 + length
        if kind == 0 and length == 0:  # the rest of a block, laid out beforehand
            at += (BLOCK - at % BLOCK) % BLOCK
            continue
        if len(data) < length:
            return
        if zlib.crc32(bytes([kind]) + data) != crc:
            raise ValueError("a checksum is wrong: bytes were changed after they were written")
        parts = data if kind in (_FULL, _FIRST) else parts + data
        if kind in (_FULL, _LAST):
            yield parts


def _run(file: Path) -> Run:
    try:
        from wandb.proto import wandb_internal_pb2 as proto
    except ImportError:
        raise Unreadable(
            "W&B is not installed. `gradus doctor` says how to install what stage 5 needs.", "no_wandb"
        ) from None
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise Unreadable(f"{file.name} is larger than {_MOST_BYTES // 2**20} MB.")
        reading = _Reading()
        kind: Any = proto.Record  # type: ignore[attr-defined] # chosen by the installed protobuf
        for data in records(file.read_bytes()):
            record = kind()
            record.ParseFromString(data)
            reading.take(record)
    except (OSError, ValueError) as error:
        fault = "store_edited" if "checksum" in str(error) else "store_unreadable"
        raise Unreadable(f"{file.name} cannot be read: {error}.", fault) from None
    except Exception as error:  # the protocol buffers' own error is a subclass of Exception alone
        raise Unreadable(f"{file.name} cannot be read: {type(error).__name__}.") from None
    return reading.run(file)


class _Reading:
    """What the records of one run add up to."""

    def __init__(self) -> None:
        self.id = self.group = self.status = ""
        self.said: dict[str, str] = {}
        self.summary: dict[str, float] = {}
        self.history: dict[str, list[Value]] = {}
        self.artifacts: list[Artifact] = []

    def take(self, record: Any) -> None:
        kind = record.WhichOneof("record_type")
        if kind == "run":
            self.id, self.group = record.run.run_id or self.id, record.run.project or self.group
            self._configure(record.run.config)
        elif kind == "config":
            self._configure(record.config)
        elif kind == "environment" and record.environment.git.commit:
            self.said["git_commit"] = record.environment.git.commit
        elif kind == "summary":
            self._summarize(record.summary)
        elif kind == "history":
            self._log(record.history)
        elif kind == "artifact":
            contents = record.artifact.manifest.contents
            self.artifacts += [Artifact(f"{record.artifact.name}/{row.path}", md5=row.digest) for row in contents]
        elif kind == "exit":
            self.status = "FINISHED" if record.exit.exit_code == 0 else "FAILED"

    def _configure(self, config: Any) -> None:
        for item in config.update:
            value = json.loads(item.value_json)
            self.said[_name(item)] = value if isinstance(value, str) else json.dumps(value)
            if isinstance(value, dict):
                self.said |= {f"{_name(item)}/{key}": str(inner) for key, inner in value.items()}
        for item in config.remove:
            self.said.pop(_name(item), None)

    def _summarize(self, summary: Any) -> None:
        for item in summary.update:
            if (value := _number(item.value_json)) is not None:
                self.summary[_name(item)] = value
        for item in summary.remove:
            self.summary.pop(_name(item), None)

    def _log(self, history: Any) -> None:
        for item in history.item:
            value = _number(item.value_json)
            if value is not None and not _name(item).startswith("_"):
                self.history.setdefault(_name(item), []).append(Value(history.step.num, value))

    def run(self, file: Path) -> Run:
        last = {name: values[-1].value for name, values in self.history.items()}
        metrics = {name: value for name, value in {**last, **self.summary}.items() if not name.startswith("_")}
        return Run(
            self.id or file.stem.removeprefix("run-"),
            self.status or "UNFINISHED",
            self.said,
            metrics,
            {name: tuple(values) for name, values in self.history.items()},
            tuple(self.artifacts),
            self.group,
        )


def _name(item: Any) -> str:
    return "/".join(item.nested_key) if item.nested_key else str(item.key)


def _number(text: str) -> float | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
