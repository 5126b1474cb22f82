"""final_files(layers), layer_secrets(layers, secret): what a container sees, and what the image still holds."""

from gradus.checks import behaviour, cases, fail, misconception, valid

SECRET = "s3cr3t"

PILES = [
    [{"app/app.py": "run", "app/.env": "T=s3cr3t"}, {"app/.wh..env": ""}],
    [{"app/.env": "s3cr3t"}, {"app/.env": "empty"}],
    [{"app/.env": "old s3cr3t"}, {"app/.env": "new s3cr3t"}],
    [{"app/data/a": "s3cr3t", "app/data/deep/b": "s3cr3t", "app/database": "s3cr3t"}, {"app/.wh.data": ""}],
    [{"app/a": "s3cr3t", "app/b/c": "x", "apple/d": "s3cr3t"}, {"app/.wh..wh..opq": "", "app/e": "y"}],
    [{"a": "s3cr3t", "b/c": "s3cr3t"}, {".wh..wh..opq": "", "d": "z"}],
    [{"app/key": "s3cr3t"}, {"app/.wh.key": ""}, {"app/key": "s3cr3t again"}],
    [{"app/key": "one"}, {"app/.wh.key": "", "app/key": "s3cr3t"}],
    [{"app/.wh.key": "", "app/key": "s3cr3t"}, {"b": "s3cr3t"}],
    [{"b": "x"}, {"key": "s3cr3t"}, {"other/.wh.key": ""}, {"c": ""}],
    [{"app/.wh.old": "s3cr3t", "app/a": "x"}],
    [{"z": "s3cr3t", "a": "s3cr3t", "m/n": "not so s3cr3t"}],
    [{"app/wh.key": "s3cr3t", "app/x.wh.y": "s3cr3t"}, {"app/.wh.x.wh.y": ""}],
    [{}, {"a": "x"}, {}],
    [],
]


def _pile(rng):
    """Layers at random over few names, so that they hide and replace each other often."""
    names = ["a", "app/a", "app/b/a", "app/b/c", "apple/a"]
    marks = [".wh.a", ".wh.app", "app/.wh.a", "app/.wh.b", "app/.wh..wh..opq", "app/b/.wh.c"]
    layers = []
    for _ in range(int(rng.integers(2, 5))):
        layer = {
            str(name): str(rng.choice(["x", "s3cr3t", "my s3cr3t"]))
            for name in rng.choice(names, size=2, replace=False)
        }
        if rng.random() < 0.7:
            layer[str(rng.choice(marks))] = ""
        layers.append(layer)
    return layers


@valid(of="final_files")
def layers_of_texts(layers):
    return all(isinstance(layer, dict) for layer in layers)


@cases(of="final_files")
def piles(rng):
    """Deleted files and folders, emptied folders, replaced files, marks beside files, names that look alike."""
    yield from PILES
    for _ in range(8):
        yield _pile(rng)


@cases(of="layer_secrets")
def secrets(rng):
    """The same, with a secret in several layers."""
    for layers in PILES:
        yield layers, SECRET
    for _ in range(8):
        yield _pile(rng), SECRET


def _is_mark(path):
    return path.split("/")[-1].startswith(".wh.")


def _hides(mark, path, opaque=True, slash="/", whole=True):
    folder, gap, name = mark.rpartition("/")
    if name == ".wh..wh..opq":
        return opaque and path.startswith(folder + gap)
    target = folder + gap + name.removeprefix(".wh.")
    return path == target or (whole and path.startswith(target + slash))


def _seen(layers, own=False, marks=True, **how):
    seen = {}
    for number, layer in enumerate(layers):
        if own:
            seen |= {path: number for path in layer if not _is_mark(path)}
        if marks:
            found = [path for path in layer if _is_mark(path)]
            seen = {path: lower for path, lower in seen.items() if not any(_hides(mark, path, **how) for mark in found)}
        if not own:
            seen |= {path: number for path in layer if not _is_mark(path)}
    return seen


def _final(layers, **how):
    return {path: layers[number][path] for path, number in _seen(layers, **how).items()}


@misconception(of="final_files")
def nothing_deleted(layers):
    """Files that a later layer deletes are still seen.

    A mark `.wh.NAME` is how a layer says that NAME is gone; leaving the marks out of the answer is only half of it."""
    return _final(layers, marks=False)


@misconception(of="final_files")
def marks_are_files(layers):
    """The marks themselves appear among the files.

    They are files in the layer's archive and never in the container."""
    return _final(layers) | {path: layer[path] for layer in layers for path in layer if _is_mark(path)}


@misconception(of="final_files")
def single_files(layers):
    """A deleted folder is gone, and the files in it are still seen.

    A mark for a folder hides everything below it; compare not only the path itself but its beginning, up to a slash."""
    return _final(layers, whole=False)


@misconception(of="final_files")
def names_that_begin_alike(layers):
    """Deleting `app/data` takes `app/database` along.

    `startswith` compares letters, not folders. Put the slash behind the folder's name."""
    return _final(layers, slash="")


@misconception(of="final_files")
def no_opaque(layers):
    """An emptied folder is not empty: `.wh..wh..opq` has no effect.

    It is not the deletion of a file of that odd name. It hides all that lower layers have in its folder."""
    return _final(layers, opaque=False)


@misconception(of="final_files")
def own_layer_hidden(layers):
    """A mark hides files of its own layer.

    `rm key` and a new `key` in the same step give both a mark and a file. Marks are about the layers below, so they are
    applied before the layer's own files are added."""
    return _final(layers, own=True)


def _listed(layers, secret, hidden):
    return [
        (number, path, hidden(number, path))
        for number, layer in enumerate(layers)
        for path in sorted(layer)
        if secret in layer[path] and not _is_mark(path)
    ]


@misconception(of="layer_secrets")
def container_only(layers, secret):
    """What a later layer deletes or replaces is not found.

    You looked at the files that a container sees. Whoever has the image has all its layers, and the lower ones
    still hold every byte."""
    seen = _seen(layers)
    return [one for one in _listed(layers, secret, lambda number, path: False) if seen.get(one[1]) == one[0]]


@misconception(of="layer_secrets")
def never_hidden(layers, secret):
    """Every file counts as visible.

    That the bytes are there is one thing, that a container sees them another; the second tells where to look for
    the mistake."""
    return _listed(layers, secret, lambda number, path: False)


@misconception(of="layer_secrets")
def replaced_is_visible(layers, secret):
    """A file that was replaced counts as visible in the lower layer, too.

    The path is visible; this version of it is not. Ask which layer the visible file comes from."""
    seen = _seen(layers)
    return _listed(layers, secret, lambda number, path: path not in seen)


@misconception(of="layer_secrets")
def sorted_by_path(layers, secret):
    """The list is sorted by path before layer.

    The layer says which instruction to mend, so it comes first."""
    seen = _seen(layers)
    return sorted(_listed(layers, secret, lambda number, path: seen.get(path) != number), key=lambda one: one[1])


@behaviour("another layer on top never makes a secret vanish from the list")
def layers_only_add(student, rng):
    """Nothing that is built on top of an image takes bytes out of it.

    Only the third entry, whether it is hidden, may change when a layer is added."""
    layers, above = _pile(rng), {".wh..wh..opq": ""}
    before = [list(one[:2]) for one in student.layer_secrets(layers, SECRET)]
    after = [list(one[:2]) for one in student.layer_secrets([*layers, above], SECRET)]
    if before != after:
        fail("A layer that deletes everything changes which files hold the secret.", expected=before, actual=after)
