import pandas as pd


def monthly_co2(path: str) -> pd.Series:
    """Read weekly readings and return the mean of each month.

    path: a CSV file with the columns date (YYYYMMDD) and co2. Returns: float Series named co2, indexed by the first day
    of every month from the first reading's to the last one's; NaN where a month has no reading.
    """
    weekly = pd.read_csv(path)
    weekly["date"] = pd.to_datetime(weekly["date"].astype(str), format="%Y%m%d")
    return weekly.set_index("date")["co2"].resample("MS").mean()
