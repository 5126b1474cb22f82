"""Write the data: the survey that comes with statsmodels, or a survey.csv of it, split by a seed into three files."""

from pathlib import Path

import pandas as pd
import statsmodels.api as sm
import yaml

HERE = Path(__file__).parent
# The survey codes an occupation as 1 to 6. Names say what they are, and nobody adds them up.
OCCUPATIONS = {1: "student", 2: "worker", 3: "white-collar", 4: "skilled", 5: "managerial", 6: "professional"}


def survey() -> pd.DataFrame:
    """The 6,366 answers, with ``affair`` (0 or 1) in the place of the time spent in affairs.

    A survey.csv beside this file comes first: the answers that are left when some were sealed as a test set.
    """
    if (HERE / "survey.csv").exists():
        return pd.read_csv(HERE / "survey.csv")
    table = sm.datasets.fair.load_pandas().data
    for column in ("occupation", "occupation_husb"):
        table[column] = table[column].astype(int).map(OCCUPATIONS)
    table["affair"] = (table.pop("affairs") > 0).astype(int)
    return table


def split(table: pd.DataFrame, seed: int, valid: float, holdout: float) -> dict[str, pd.DataFrame]:
    """Three tables that share no row. The same seed gives the same rows, on every machine."""
    shuffled = table.sample(frac=1, random_state=seed)
    first, second = int(len(table) * holdout), int(len(table) * (holdout + valid))
    return {"holdout": shuffled[:first], "valid": shuffled[first:second], "train": shuffled[second:]}


if __name__ == "__main__":
    settings = yaml.safe_load((HERE / "params.yaml").read_text())["split"]
    (HERE / "data").mkdir(exist_ok=True)
    for name, part in split(survey(), **settings).items():
        part.to_csv(HERE / "data" / f"{name}.csv", index=False, lineterminator="\n")
        print(f"data/{name}.csv: {len(part)} rows, {part['affair'].mean():.1%} with an affair")
