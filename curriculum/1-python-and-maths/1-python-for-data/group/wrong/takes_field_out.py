"""The caller's rows lose a field.

expects: input_changed
`row.pop(key)` reads the value and removes it from the caller's own dictionary.
"""


def group(rows, key):
    groups = {}
    for row in rows:
        value = row.pop(key, None)
        groups.setdefault(value, []).append({key: value, **row})
    return groups
