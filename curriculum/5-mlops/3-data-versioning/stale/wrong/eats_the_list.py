"""The caller's list of changes is longer afterwards.

expects: input_changed
`changed += outs` on the argument itself extends the caller's own list.
"""


def stale(stages, changed):
    def touches(path, other):
        return path == other or path.startswith(other + "/") or other.startswith(path + "/")

    found = set()
    for path in changed:
        for name, stage in stages.items():
            if name not in found and any(touches(path, own) for own in (*stage["deps"], *stage["outs"])):
                found.add(name)
                changed += stage["outs"]
    return found
