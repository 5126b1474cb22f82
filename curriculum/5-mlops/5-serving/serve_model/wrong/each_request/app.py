"""The service. Start it with `python -m uvicorn app:app --port 8000` and open http://127.0.0.1:8000/docs."""

from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from model import Model

Number = Annotated[float, Field(allow_inf_nan=False)]


class Row(BaseModel):
    """One row. Strict: "35" and true are no numbers; a column too many is refused."""

    model_config = ConfigDict(strict=True, extra="forbid")

    age: Number
    income: Number
    children: Number


class Batch(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rows: list[Row]


@asynccontextmanager
async def lifespan(app: FastAPI):
    """Load the model once, before the first request."""
    try:
        app.state.model = Model("model/model.json")
    except (OSError, ValueError):
        app.state.model = None
    yield


app = FastAPI(lifespan=lifespan)


@app.exception_handler(RequestValidationError)
async def refused(request: Request, error: RequestValidationError) -> JSONResponse:
    """Say where and why, without the input: FastAPI's own answer repeats it, and NaN cannot be written as JSON."""
    wrong = [{"where": list(map(str, one["loc"])), "why": one["msg"]} for one in error.errors()]
    return JSONResponse({"detail": wrong}, status_code=422)


def loaded() -> Model:
    """The model. Raises 503 when there is none."""
    try:
        return Model("model/model.json")
    except (OSError, ValueError):
        raise HTTPException(503, "the model is not loaded")


@app.get("/ready")
def ready() -> dict[str, bool]:
    """200 when the model is loaded, 503 when it is not."""
    loaded()
    return {"ready": True}


@app.post("/predict")
def predict(row: Row) -> dict[str, float]:  # no `async`: computing would hold the event loop
    return {"probability": answers([row])[0]}


@app.post("/predict/batch")
def predict_batch(batch: Batch) -> dict[str, list[float]]:
    return {"probabilities": answers(batch.rows)}


def answers(rows: list[Row]) -> list[float]:
    model = loaded()
    return model.predict([[getattr(row, column) for column in model.columns] for row in rows])
