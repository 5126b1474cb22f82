def final_files(layers: list[dict[str, str]]) -> dict[str, str]:
    """Return what a container sees: path -> text, without marks.

    layers: the lowest first; each maps paths to texts, marks (".wh.NAME", ".wh..wh..opq") included.
    """
    return {path: layers[number][path] for path, number in visible(layers).items()}


def layer_secrets(layers: list[dict[str, str]], secret: str) -> list[tuple[int, str, bool]]:
    """Return every file of any layer whose text contains ``secret``, as (layer, path, hidden), sorted."""
    seen = visible(layers)
    return [
        (number, path, seen.get(path) != number)
        for number, layer in enumerate(layers)
        for path in sorted(layer)
        if secret in layer[path] and not is_mark(path)
    ]


def visible(layers: list[dict[str, str]]) -> dict[str, int]:
    """Each path that a container sees, and the layer whose file it is."""
    seen: dict[str, int] = {}
    for number, layer in enumerate(layers):
        marks = [path for path in layer if is_mark(path)]
        seen = {path: lower for path, lower in seen.items() if not any(hides(mark, path) for mark in marks)}
        seen |= {path: number for path in layer if not is_mark(path)}
    return seen


def is_mark(path: str) -> bool:
    """Whether the last part of the path begins with the mark's sign."""
    return path.rpartition("/")[2].startswith(".wh.")


def hides(mark: str, path: str) -> bool:
    """Whether a mark of a higher layer hides this path."""
    folder, slash, name = mark.rpartition("/")
    if name == ".wh..wh..opq":
        return path.startswith(folder + slash)
    target = folder + slash + name.removeprefix(".wh.")
    return path == target or path.startswith(target + "/")
