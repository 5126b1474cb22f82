"""The model as MLflow loads it ("models from code": nothing is pickled)."""

import json
import math
from pathlib import Path

import mlflow
import model as scoring
import pandas as pd


class Packaged(mlflow.pyfunc.PythonModel):
    def load_context(self, context) -> None:
        self.model = json.loads(Path(context.artifacts["model"]).read_text())

    def predict(self, context, model_input: pd.DataFrame, params=None) -> list[float]:
        if any(math.isinf(value) for name in scoring.NUMBERS for value in model_input[name]):
            raise ValueError("numbers must be finite")  # the scoring server makes a 400 of it
        rows = model_input.astype(object).where(model_input.notna(), None).to_dict("records")
        return scoring.predict(self.model, rows)


mlflow.models.set_model(Packaged())
