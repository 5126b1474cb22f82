"""manifest(folder): the SHA-256 of every file by relative path; fingerprint(entries): one for all, in any order."""

import hashlib
from pathlib import Path

from gradus.checks import Folder, behaviour, cases, fail, misconception


def table(rng, n=3):
    return "age,visits\n" + "".join(f"{rng.integers(20, 80)},{rng.integers(0, 9)}\n" for _ in range(n))


def folder(name, files):
    """A folder whose files all have one time stamp, so that it is the same each time it is made."""
    return Folder(name, files, modified={path: 1_500_000_000.0 for path in files if not path.endswith("/")})


def data(rng):
    """Nested folders, two files of one name, a hidden file and a hidden folder, bytes that are no text."""
    return {
        "readme.txt": "collected in spring\n",
        "raw/part.csv": table(rng),
        "raw/older/part.csv": table(rng),
        "raw/empty.csv": "",
        ".split": "seed: 3\n",
        "raw/.cache/index.bin": bytes(rng.integers(0, 256, size=40, dtype="uint8")) + b"\xff\xfe",
        "raw/none/": "",
    }


@cases(of="manifest")
def folders(rng):
    """Also line breaks of two kinds, one content under two names, and a file that does not fit into one block."""
    yield folder("data", data(rng))
    yield folder("data", {"a.csv": "x\r\n1\r\n", "b.csv": "x\n1\n", "copies/b.csv": "x\n1\n"})
    yield folder("big", {"images.bin": bytes(70_000) + bytes(rng.integers(0, 256, size=9, dtype="uint8"))})
    yield folder("nothing", {"only/folders/": ""})


@cases(of="fingerprint")
def manifests(rng):
    names = ["b/2.csv", "a.csv", "b/10.csv", "ä.csv", ".split"]
    order = [names[i] for i in rng.permutation(len(names))]
    entries = {name: hashlib.sha256(rng.bytes(8)).hexdigest() for name in order}
    yield entries
    yield dict(reversed(entries.items()))
    yield {}
    yield {"only.csv": hashlib.sha256(b"").hexdigest()}


def _hashed(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


@misconception(of="manifest")
def top_level_only(folder):
    """Files in folders within the folder are missing.

    `os.listdir`, `iterdir` and `glob("*")` look into one folder and no deeper. A model that was trained on
    `raw/2023/` then has a manifest that does not change when those files do."""
    return {path.name: _hashed(path) for path in Path(folder).iterdir() if path.is_file()}


@misconception(of="manifest")
def names_without_folders(folder):
    """Two files of the same name, in two folders, have become one entry.

    A bare name such as `part.csv` is unique only within its own folder. In a dictionary the second one replaces
    the first, and half of the data is no longer watched."""
    return {path.name: _hashed(path) for path in sorted(_files(folder))}


@misconception(of="manifest")
def hidden_left_out(folder):
    """Files whose name begins with a dot, or that lie in such a folder, are missing.

    `glob.glob` and the shell's `*` skip them without a word. They are read by programs like any others: a split, a
    configuration, a cache of features."""
    return {
        path.relative_to(folder).as_posix(): _hashed(path)
        for path in _files(folder)
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


@misconception(of="manifest")
def empty_left_out(folder):
    """Files without content are missing.

    `if content:` is false for nothing. A file that has become empty is the very change that a manifest should
    show; leaving it out makes it look as if it had been deleted."""
    return {path.relative_to(folder).as_posix(): _hashed(path) for path in _files(folder) if path.stat().st_size}


@misconception(of="manifest")
def line_breaks_translated(folder):
    """Two files that differ in their line breaks have the same digest.

    Opened as text, a file is not what lies on the disk: Python turns `\\r\\n` into `\\n` while reading. And bytes
    that are no text cannot be read that way at all. Hash the bytes."""
    found = {}
    for path in _files(folder):
        with path.open(encoding="latin-1") as file:
            found[path.relative_to(folder).as_posix()] = hashlib.sha256(file.read().encode("latin-1")).hexdigest()
    return found


@misconception(of="manifest")
def read_as_text(folder):
    """A file that is no text cannot be read.

    `read_text` and `open(path)` decode what they read, and images, models and compressed tables are no UTF-8.
    Worse, on files that are text they translate line breaks, so that two different files look alike. Hash the
    bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_text(encoding="utf-8").encode()).hexdigest()
        for path in _files(folder)
    }


@misconception(of="manifest")
def first_block_only(folder):
    """A long file has the digest of its beginning.

    `file.read(65536)` reads one block. To hash block by block is right for files that do not fit into memory, but
    go on until nothing comes any more; `hashlib.file_digest` does that."""
    found = {}
    for path in _files(folder):
        with path.open("rb") as file:
            found[path.relative_to(folder).as_posix()] = hashlib.sha256(file.read(65536)).hexdigest()
    return found


@misconception(of="manifest")
def names_hashed(folder):
    """The digests do not depend on what is in the files.

    You hashed the path, not what it leads to. It looks right, since every file has a digest of its own, and it
    never notices a change."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.relative_to(folder).as_posix().encode()).hexdigest()
        for path in _files(folder)
    }


@misconception(of="fingerprint")
def in_the_order_given(entries):
    """The same entries in another order have another fingerprint.

    A dictionary remembers in which order it was filled, and file systems list their files in any order they like:
    two machines with the same data would disagree. Sort first."""
    return hashlib.sha256("".join(f"{digest}  {path}\n" for path, digest in entries.items()).encode()).hexdigest()


@misconception(of="fingerprint")
def without_names(entries):
    """A file can be renamed, or two can change places, and the fingerprint stays.

    Only the digests were hashed. `train.csv` and `test.csv` exchanged is not the same data."""
    return hashlib.sha256("".join(f"{entries[path]}\n" for path in sorted(entries)).encode()).hexdigest()


@misconception(of="fingerprint")
def sorted_by_digest(entries):
    """The lines are not in the order of their paths.

    Sorting whole lines sorts by what they begin with, and that is the digest. It would serve as well, if everybody
    did it; but a fingerprint is only comparable with those that were made by the same rule."""
    return hashlib.sha256("".join(sorted(f"{entries[path]}  {path}\n" for path in entries)).encode()).hexdigest()


@behaviour("the names begin inside the folder")
def names_begin_inside(student, rng):
    """A path that begins with `/home/...`, or with the folder's own name, changes when the folder is moved or copied,
    and then no entry can be compared with anything. `path.relative_to(folder)` leaves that part out; `as_posix`
    writes `/` on every system."""
    files = {"train.csv": table(rng), "raw/part.csv": table(rng)}
    names = sorted(student.manifest(Folder("data", files)))
    if any(Path(name).is_absolute() or name.startswith((".", "data")) for name in names):
        shown = [f"…/{Path(name).name}" if Path(name).is_absolute() else name for name in names]
        where = "a folder `data` with train.csv and raw/part.csv"
        fail("The keys tell where the folder lies.", case=where, expected=sorted(files), actual=shown)


@behaviour("a copy has the same manifest, whenever it was made")
def copies_agree(student, rng):
    """When a file was written is no part of what is in it. After `git clone`, `cp` or unpacking an archive every time
    stamp is new, so everything would seem to have changed; and after an edit that keeps the time (tools that set
    it do) nothing would. Build tools use times because they are fast. To know *which* data made a model, hash the
    content."""
    files = data(rng)
    paths = [path for path in files if not path.endswith("/")]
    first = student.manifest(Folder("data", files, modified=dict.fromkeys(paths, 1_600_000_000.0)))
    later = {path: 1_700_000_000.0 + k for k, path in enumerate(paths)}
    second = student.manifest(Folder("data", files, modified=later))
    if first != second:
        name = next((path for path in first if first[path] != second.get(path)), "raw/part.csv")
        where = f"{name}, and a copy of it with another time stamp"
        seen = first[name], second.get(name)
        fail("A copy of the folder seems to hold other data.", case=where, expected="one digest, twice", actual=seen)


@behaviour("a change that keeps size and time is seen")
def same_size_seen(student, rng):
    """One digit replaced by another leaves the size as it was, and some tools restore the time as well. Only reading
    the content tells the two apart."""
    files = {"a.csv": "x\n1\n", "b.csv": "x\n1\n"}
    times = dict.fromkeys(files, 1_600_000_000.0)
    before = student.manifest(Folder("data", files, modified=times))
    after = student.manifest(Folder("data", files | {"b.csv": "x\n2\n"}, modified=times))
    if before["b.csv"] == after["b.csv"] or before["a.csv"] != after["a.csv"]:
        where = 'b.csv: "x\\n1\\n", then "x\\n2\\n"'
        fail("A changed digit in one file is not seen, or is seen in another.", case=where)
