"""Asks for each file by itself whether something above hides it: no state to keep in order, only more comparisons."""


def _covers(upper, path):
    """Whether a layer hides or replaces a path of a layer below."""
    if path in upper:
        return True
    parts = path.split("/")
    for end in range(len(parts)):
        folder = "".join(part + "/" for part in parts[:end])
        if folder + ".wh..wh..opq" in upper or folder + ".wh." + parts[end] in upper:
            return True
    return False


def _files(layers):
    for number, layer in enumerate(layers):
        for path in sorted(layer):
            if not path.split("/")[-1].startswith(".wh."):
                yield number, path, any(_covers(upper, path) for upper in layers[number + 1 :])


def final_files(layers):
    return {path: layers[number][path] for number, path, hidden in _files(layers) if not hidden}


def layer_secrets(layers, secret):
    return [(number, path, hidden) for number, path, hidden in _files(layers) if secret in layers[number][path]]
