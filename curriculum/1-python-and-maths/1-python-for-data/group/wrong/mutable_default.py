"""Rows of an earlier call are still there.

expects: starts_empty
The default `{}` is made once, when `def` runs, and shared by every call that does not bring its own.
"""


def group(rows, key, groups={}):
    for row in rows:
        groups.setdefault(row.get(key), []).append(row)
    return groups
