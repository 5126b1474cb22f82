"""The caller's list loses its empty lines.

expects: input_changed
`lines.remove` works on the list the caller handed in. Removing while iterating skips the next line, too.
"""

import csv


def parse_rows(lines, numeric=()):
    for line in lines:
        if not line.strip():
            lines.remove(line)
    return [
        {c: (float(x) if x.strip() else None) if c in numeric else x for c, x in row.items()}
        for row in csv.DictReader(lines)
    ]
