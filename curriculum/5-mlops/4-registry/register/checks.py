"""version_of and Store: content is its own name, never rewritten, and checked when it is read."""

import hashlib
from pathlib import Path

from gradus.checks import Folder, behaviour, cases, fail, misconception
from gradus.checks.raised import LearnerRaised


def model(rng, names=("weights.json", "scaler.json")):
    return {name: str(rng.integers(0, 999, size=4).tolist()).encode() for name in names}


def named(files):
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:12]


def stored(*models):
    return {f"versions/{named(files)}/{name}": content for files in models for name, content in files.items()}


@cases(of="version_of")
def contents(rng):
    """Names in another order, one content under two names, bytes that are no text, no content."""
    one = model(rng, ("weights.json", "scaler.json", "columns.txt"))
    yield one
    yield dict(reversed(one.items()))
    yield {"a": b"\xff\x00", "b": b""}
    yield {"b": b"\xff\x00", "a": b""}
    yield {"gewichte-ä.bin": bytes(rng.integers(0, 256, size=9, dtype="uint8"))}


def registers(submission, folder, files):
    return submission.Store(folder).register(files)


def loads(submission, folder, version):
    return submission.Store(folder).load(version)


@cases(of="Store", run=registers)
def registered(rng):
    """Into an empty store and into a full one; the same content twice; names that lead somewhere else."""
    one, other = model(rng), model(rng)
    yield Folder("store", {}), one
    yield Folder("store", stored(other)), one
    yield Folder("store", stored(one)), dict(reversed(one.items()))
    for name in ("", ".", "..", "../weights.json", "a/b"):
        yield Folder("store", {}), {"scaler.json": b"[1]", name: b"[2]"}
    yield Folder("store", {}), {"../weights.json": b"[1]", "scaler.json": b"[2]"}
    yield Folder("store", {}), {}
    yield Folder("store", {}), {"a..b": b"", ".hidden": b"1"}


def changed(rng, files, how):
    """A version as it lies in the store, after somebody has been at it."""
    now = dict(files)
    if how == "edited":
        now["weights.json"] = now["weights.json"].replace(b"[", b"[1, ")
    elif how == "added":
        now["extra.json"] = b"{}"
    elif how == "removed":
        del now["scaler.json"]
    elif how == "renamed":
        now["scalar.json"] = now.pop("scaler.json")
    elif how == "swapped":
        now["weights.json"], now["scaler.json"] = now["scaler.json"], now["weights.json"]
    return {f"versions/{named(files)}/{name}": content for name, content in now.items()}


@cases(of="Store", run=loads)
def loaded(rng):
    """What was registered, and what has been changed since."""
    one, other = model(rng), model(rng, ("weights.json", "scaler.json", "columns.txt"))
    yield Folder("store", stored(one, other)), named(other)
    yield Folder("store", stored(one, other)), named(one)
    for how in ("edited", "added", "removed", "renamed", "swapped"):
        yield Folder("store", changed(rng, one, how)), named(one)


@cases(of="Store", run=loads)
def not_there(rng):
    """Versions that were never registered, and texts that lead out of the store."""
    one = model(rng)
    yield Folder("store", stored(one)), named(model(rng))
    yield Folder("store", {}), named(one)
    files = stored(one) | {"versions/notes.txt": "", "private/key": "secret", "versions/ABCDEF012345/a": ""}
    for version in (
        "",
        ".",
        "..",
        "../private",
        "latest",
        named(one)[:11],
        named(one) + "0",
        "ABCDEF012345",
        "notes.txt",
    ):
        yield Folder("store", files), version
    yield Folder("store", stored(one)), f"../versions/{named(one)}"


class _Store:
    check, plain, known_only, believe_names = True, True, False, False

    def __init__(self, folder):
        self.folder = folder

    def register(self, files):
        if not files or (not self.believe_names and any(n in ("", ".", "..") or "/" in n for n in files)):
            raise ValueError("names")
        version = named(files)
        return version

    def load(self, version):
        folder = Path(self.folder, "versions", version)
        plausible = len(version) == 12 and set(version) <= set("0123456789abcdef")
        if (self.plain and not plausible) or not folder.is_dir():
            raise KeyError(version)
        files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        for leave_out in files if self.known_only else ():
            kept = {name: content for name, content in files.items() if name != leave_out}
            if named(kept) == version:
                return kept
        if self.check and named(files) != version:
            raise ValueError(version)
        return files


@misconception(of="version_of")
def order_counts(files):
    """The same files in another order have another name.

    A dictionary remembers the order in which it was filled, and that is no part of the model. Sort by name first."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()]
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:12]


@misconception(of="version_of")
def names_left_out(files):
    """Two models whose files have changed names with each other are called the same.

    Only the contents were hashed. But what lies in `weights.json` and what in `scaler.json` is part of the model."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:12]


@misconception(of="version_of")
def contents_glued(files):
    """The contents are hashed in one piece, without the names and without a border between them.

    Moving the last byte of one file to the beginning of the next gives the same bytes in a row. Hash each content
    by itself, and put the name beside it."""
    return hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()[:12]


@misconception(of="Store")
class BelievedUnseen(_Store):
    """A version that somebody has edited is handed out as if nothing had happened.

    That a folder is called by a hash protects nothing by itself. Whoever reads has to compute the name again from
    what is there: only then is "version 3f9a…" a statement about bytes."""

    check = False


@misconception(of="Store")
class LeadsOutOfTheStore(_Store):
    """A version such as `../private` leads out of the store.

    A path that is made from a caller's text goes where the text says. A missing folder is no protection either:
    `..` is always there. Refuse what is not a version before touching the disk."""

    plain = False


@misconception(of="Store")
class OnlyKnownFiles(_Store):
    """A file that somebody has added to a version goes unnoticed.

    Checking each file against a list finds edits and losses, and nothing that is new. Whatever lies in the folder
    would be shipped with the model; the name has to fit all of it."""

    known_only = True


@misconception(of="Store")
class NamesBelieved(_Store):
    """A name such as `../weights.json` is written outside of the version's folder.

    What a caller sends is joined to the path and goes where it says: two versions could overwrite each other, or
    something else. Refuse names that are not plain."""

    believe_names = True


@behaviour("what was registered is loaded again, byte for byte")
def round_trip(student, rng):
    """`register` writes to `STORE/versions/VERSION/NAME`, and `load` reads from there. Bytes go in and bytes come
    out: text mode would translate line breaks and stumble over what is no text."""
    one = model(rng) | {"table.bin": b"\r\n\x00\xff" + bytes(rng.integers(0, 256, size=5, dtype="uint8"))}
    store = student.Store(Folder("store", stored(model(rng))))
    found = store.load(store.register(one))
    if found != one:
        fail("What comes back is not what was registered.", case="register, then load", expected=one, actual=found)


@behaviour("a registered version is never written again")
def never_rewritten(student, rng):
    """If registering the same content writes its files anew, a reader may meet a file that is half written, and
    whatever somebody did to the version is covered up. The version is there: return its name and leave it alone.
    Here a version in the store had been damaged; after registering the same model again it looks sound, so it has
    been rewritten."""
    one = model(rng)
    store = student.Store(Folder("store", changed(rng, one, "edited")))
    try:
        found = store.load(store.register(one))
    except LearnerRaised:
        return
    case = "a version whose weights somebody has edited; the model is registered again, then loaded"
    fail("Registering a model again has rewritten its files.", case=case, expected="ValueError", actual=found)


@behaviour("another `Store` on the same folder sees what was registered")
def seen_by_others(student, rng):
    """The program that registers a model is not the one that serves it, and has ended long before. What is kept in
    the object is gone with it; a registry is what lies on the disk. (`store.folder` says where.)"""
    one = model(rng)
    store = student.Store(Folder("store", stored(model(rng))))
    version = store.register(one)
    try:
        found = student.Store(store.folder).load(version)
    except LearnerRaised as raised:
        found = raised.type
    if found != one:
        fail(
            "A second `Store` on the folder does not find the version.",
            case="Store(store.folder).load(version)",
            expected=one,
            actual=found,
        )
