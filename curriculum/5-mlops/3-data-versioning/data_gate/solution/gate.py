"""Let a file of patients pass, or say what is wrong with it: `python gate.py FILE`."""

import json
import sys

import numpy as np
import pandas as pd
import pandera.pandas as pa

SCHEMA = pa.DataFrameSchema(
    {
        "patient": pa.Column(unique=True, report_duplicates="exclude_first"),
        "age": pa.Column(checks=pa.Check.in_range(0, 120)),
        "ward": pa.Column(checks=pa.Check.isin(["A", "B", "C"])),
        "stay": pa.Column(checks=pa.Check.ge(0), nullable=True),
    },
    strict=True,
)
NUMBERS = ("age", "stay")


def faults(df):
    """All faults of a table: [{"row": position or None, "column": name}, ...]."""
    found = []
    for name in [name for name in NUMBERS if name in df]:
        numbers = pd.to_numeric(df[name], errors="coerce")
        lost = np.flatnonzero(numbers.isna() & df[name].notna())
        found += [{"row": int(row), "column": name, "why": "not a number"} for row in lost]
        df = df.assign(**{name: numbers})
    try:
        SCHEMA.validate(df, lazy=True)
    except pa.errors.SchemaErrors as errors:
        for case in errors.failure_cases.itertuples():
            if case.schema_context == "DataFrameSchema":
                found.append({"row": None, "column": case.failure_case, "why": case.check})
            else:
                found.append({"row": int(case.index), "column": case.column, "why": case.check})
    return found


if __name__ == "__main__":
    found = faults(pd.read_csv(sys.argv[1]))
    print(json.dumps({"faults": found}))
    sys.exit(1 if found else 0)
