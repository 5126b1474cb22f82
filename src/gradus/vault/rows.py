"""A CSV as records whose bytes are kept as they are, so that taking rows out changes nothing else."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradus.errors import UsageError

MOST_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True)
class Rows:
    """Header and records, each as cells and as the text it was read from."""

    header: tuple[str, ...]
    head: str
    cells: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]
    delimiter: str
    encoding: str
    digest: str

    def __len__(self) -> int:
        return len(self.cells)

    def column(self, name: str) -> list[str]:
        """One column's cells (n,)."""
        place = self.header.index(name)
        return [row[place] for row in self.cells]

    def only(self, places: Iterable[int]) -> bytes:
        """The file with only these records, everything else as it was."""
        return "".join([self.head, *(self.texts[place] for place in places)]).encode(self.encoding)

    def fingerprints(self) -> list[str]:
        """A hash for each record's cells, however they are quoted."""
        return [fingerprint(row) for row in self.cells]


def fingerprint(cells: Sequence[str]) -> str:
    """The hash of one record."""
    return hashlib.sha256("\x1f".join(cells).encode("utf-8", "surrogatepass")).hexdigest()


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_rows(path: Path, most: int = MOST_BYTES, what: str = "data") -> Rows:
    """Read a CSV once. Raises UsageError in words: missing, too large, no CSV, ragged, no rows, doubled names."""
    content = _content(path, most, what)
    text, encoding = _decoded(content, path)
    delimiter = _delimiter(text)
    try:
        records = list(_records(text, delimiter))
    except csv.Error as error:
        raise UsageError(f"This file cannot be read as a CSV: {error}.", str(path), "Export it again as CSV.") from None
    if len(records) < 2:
        raise UsageError("This CSV holds no rows below its header.", str(path), "Check that it is the right file.")
    header, head = records[0]
    doubled = [name for name, count in Counter(header).items() if count > 1]
    if doubled:
        raise UsageError(f"Two columns of this CSV are called “{doubled[0]}”.", str(path), "Rename one of them.")
    for number, (cells, _) in enumerate(records[1:], start=2):
        if len(cells) != len(header):
            raise UsageError(
                f"Row {number} has {len(cells)} cells, but the header has {len(header)}.", f"{path}:{number}",
                "Mend the row, or export the file again.",
            )  # fmt: skip
    texts = [_ended(text) for _, text in records[1:]]
    digest = hashlib.sha256(content).hexdigest()
    body = tuple(cells for cells, _ in records[1:])
    return Rows(header, _ended(head), body, tuple(texts), delimiter, encoding, digest)


def require_column(rows: Rows, name: str, meaning: str, path: Path) -> None:
    """Refuse a column that is not there, naming one like it."""
    if name in rows.header:
        return
    near = difflib.get_close_matches(name, rows.header, 1, 0.5)
    more = "" if len(rows.header) <= 12 else " …"
    step = f"Did you mean “{near[0]}”?" if near else f"The columns are {', '.join(rows.header[:12])}{more}."
    raise UsageError(f"There is no column “{name}” to be the {meaning}.", str(path), step)


def write_whole(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a file whole or not at all; it is on the disk when this returns."""
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if mode is not None:
        unfinished.chmod(mode)
    unfinished.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put a folder's listing on the disk, where the system lets us."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def _content(path: Path, most: int, what: str) -> bytes:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise UsageError("This is not a file.", str(path), f"Name the CSV file with the {what}.")
        if size > most:
            raise UsageError(
                f"This file has {size / 2**20:,.0f} MB; at most {most // 2**20} MB can be taken.", str(path),
                "Nothing was changed. Save a sample of its rows as a file of its own, and use that.",
            )  # fmt: skip
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError("There is no such file.", str(path), f"Name the CSV file with the {what}.") from None
    except OSError as error:
        raise UsageError(f"This file cannot be read: {error.strerror}.", str(path), "Check its permissions.") from None


def _decoded(content: bytes, path: Path) -> tuple[str, str]:
    if b"\0" in content:
        raise UsageError("This file holds binary data, not a CSV.", str(path), "Export it as CSV.")
    marked = content.startswith(b"\xef\xbb\xbf")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, "utf-8" if encoding == "utf-8-sig" and not marked else encoding
    raise UsageError("The text encoding of this file is not known.", str(path), "Save it as UTF-8.")


def _records(text: str, delimiter: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each record's cells with the lines they were read from; empty lines belong to no record."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    for cells in csv.reader(lines(), delimiter=delimiter, strict=True):
        own = "".join(taken)
        taken.clear()
        if cells:
            yield tuple(cells), own


def _ended(text: str) -> str:
    return text if text.endswith(("\n", "\r")) else text + "\n"


def _delimiter(text: str) -> str:
    """The separator that splits most of the first lines into the same number of cells."""
    lines = text[:100_000].splitlines()[:50]

    def fit(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        width, many = widths.most_common(1)[0] if widths else (1, 0)
        return many, width

    try:
        return max((",", ";", "\t", "|"), key=fit)
    except csv.Error:
        return ","
