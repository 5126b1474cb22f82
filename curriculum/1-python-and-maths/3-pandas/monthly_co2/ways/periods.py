"""Groups by period and then asks for every month by name: the gaps are filled in openly, with `reindex`."""

import pandas as pd


def monthly_co2(path: str) -> pd.Series:
    weekly = pd.read_csv(path)
    month = pd.to_datetime(weekly["date"].astype(str)).dt.to_period("M").dt.to_timestamp()
    means = weekly["co2"].groupby(month).mean()
    return means.reindex(pd.date_range(month.min(), month.max(), freq="MS", name="date"))
