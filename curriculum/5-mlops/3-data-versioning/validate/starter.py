from collections.abc import Mapping
from typing import Any

import pandas as pd

Fault = tuple[int | None, str, str]
Schema = Mapping[str, Mapping[str, Any]]


def validate(df: pd.DataFrame, schema: Schema) -> list[Fault]:
    """All faults of a table as (position of the row, column, fault); the row is None for a whole column."""
    raise NotImplementedError


def infer(df: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """A schema that these data just meet: ranges of numbers, values of texts, and whether any is missing."""
    raise NotImplementedError


def screen(training: pd.DataFrame, serving: pd.DataFrame) -> list[Fault]:
    """The faults of the serving data, by a schema that the training data give."""
    raise NotImplementedError
