"""Let a file of patients pass, or say what is wrong with it: `python gate.py FILE`."""

import json
import sys

import pandas as pd
import pandera.pandas as pa

SCHEMA = pa.DataFrameSchema({"patient": pa.Column(str)})


def faults(df):
    """All faults of a table: [{"row": position or None, "column": name}, ...]."""
    raise NotImplementedError


if __name__ == "__main__":
    found = faults(pd.read_csv(sys.argv[1]))
    print(json.dumps({"faults": found}))
