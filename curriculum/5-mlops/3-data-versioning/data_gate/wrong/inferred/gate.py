"""Let a file of patients pass, or say what is wrong with it: `python gate.py FILE`."""

import json
import sys

import pandas as pd
import pandera.pandas as pa


def faults(df):
    try:
        pa.infer_schema(df).validate(df, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return [{"row": int(case.index), "column": case.column} for case in errors.failure_cases.itertuples()]
    return []


if __name__ == "__main__":
    found = faults(pd.read_csv(sys.argv[1]))
    print(json.dumps({"faults": found}))
    sys.exit(1 if found else 0)
