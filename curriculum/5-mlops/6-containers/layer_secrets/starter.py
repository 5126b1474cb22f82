def final_files(layers: list[dict[str, str]]) -> dict[str, str]:
    """Return what a container sees: path -> text, without marks.

    layers: the lowest first; each maps paths to texts, marks (".wh.NAME", ".wh..wh..opq") included.
    """
    raise NotImplementedError


def layer_secrets(layers: list[dict[str, str]], secret: str) -> list[tuple[int, str, bool]]:
    """Return every file of any layer whose text contains ``secret``, as (layer, path, hidden), sorted."""
    raise NotImplementedError
