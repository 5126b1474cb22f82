"""Honest, for a regression: the answer is a price, and a row with a hole in a number is refused."""

import os
from contextlib import asynccontextmanager

import model
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

loaded: dict = {}


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        loaded["model"] = model.load()
    except FileNotFoundError:
        pass  # it starts, and says that it is not ready
    yield


app = FastAPI(lifespan=lifespan)


@app.exception_handler(RequestValidationError)
async def refuse(request: Request, error: RequestValidationError) -> JSONResponse:
    """FastAPI's own answer repeats the input, and fails where that is NaN."""
    fields = [{"field": ".".join(map(str, item["loc"])), "message": item["msg"]} for item in error.errors()]
    return JSONResponse({"detail": fields}, status_code=422)


class Row(BaseModel):
    model_config = ConfigDict(extra="ignore")
    age: float = Field(ge=0, le=130)
    income: float = Field(ge=0, le=1e7)
    visits: float = Field(ge=0, le=1e5)
    region: str | None
    plan: str | None


class Rows(BaseModel):
    rows: list[Row]


def current() -> dict:
    if "model" not in loaded:
        raise HTTPException(503, "no model is loaded")
    return loaded["model"]


@app.get("/live")
def live() -> dict:
    return {"status": "alive"}


@app.get("/health")
@app.get("/ready")
def ready():
    if "model" not in loaded:
        return JSONResponse({"status": "no model"}, status_code=503)
    return {"status": "ready"}


@app.get("/version")
def version() -> dict:
    return {"model": current()["version"], "revision": os.environ.get("GIT_REVISION", "unknown")}


@app.post("/predict")
def predict(row: Row) -> dict:
    return {"price": model.predict(current(), [row.model_dump()])[0]}


@app.post("/predict/batch")
def predict_batch(batch: Rows) -> dict:
    answers = model.predict(current(), [row.model_dump() for row in batch.rows])
    return {"answers": [{"price": answer} for answer in answers]}
