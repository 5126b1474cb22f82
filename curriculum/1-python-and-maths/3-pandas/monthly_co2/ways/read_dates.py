"""`read_csv` parses the dates and sets the index while it reads, so that the table is right from its first line on."""

import pandas as pd


def monthly_co2(path: str) -> pd.Series:
    weekly = pd.read_csv(path, index_col="date", parse_dates=["date"], date_format="%Y%m%d")
    return weekly["co2"].resample("MS").mean()
