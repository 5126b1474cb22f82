"""The packaged model as it was evaluated."""

import mlflow.pyfunc
import pandas as pd

loaded = mlflow.pyfunc.load_model("packaged")
NUMBERS = ["age", "income", "visits"]


def predict(rows: list[dict]) -> list[float]:
    frame = pd.DataFrame(rows)
    frame[NUMBERS] = frame[NUMBERS].astype(float)
    return list(loaded.predict(frame))
