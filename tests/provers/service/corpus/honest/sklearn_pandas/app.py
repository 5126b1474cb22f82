"""Honest, with a scikit-learn pipeline on pandas frames behind FastAPI."""

import json
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

os.environ.setdefault("OMP_NUM_THREADS", "1")

import scoring
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, FiniteFloat

state: dict = {}


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        state["pipeline"] = scoring.load()
        state["version"] = json.loads(Path("model/about.json").read_text())["version"]
    except FileNotFoundError:
        state.clear()
    yield


app = FastAPI(lifespan=lifespan)


class Row(BaseModel):
    age: FiniteFloat = Field(ge=0, le=130)
    income: FiniteFloat | None
    visits: FiniteFloat = Field(ge=0)
    region: Literal["north", "south", "west", "east"]  # another one is refused
    plan: str | None


class Rows(BaseModel):
    rows: list[Row] = Field(min_length=1, max_length=30)


@app.exception_handler(RequestValidationError)
async def refuse(request: Request, error: RequestValidationError) -> JSONResponse:
    return JSONResponse({"detail": [[str(item["loc"]), item["msg"]] for item in error.errors()]}, status_code=422)


@app.middleware("http")
async def not_ready(request: Request, call_next):
    if "pipeline" not in state and request.url.path != "/live":
        return JSONResponse({"detail": "no model"}, status_code=503)
    return await call_next(request)


@app.get("/live")
@app.get("/ready")
@app.get("/health")
def ready() -> dict:
    return {}


@app.get("/version")
def version() -> dict:
    return {"model": state["version"], "revision": os.environ["GIT_REVISION"]}


@app.post("/predict")
def predict(row: Row) -> dict:
    return {"probability": scoring.predict(state["pipeline"], [row.model_dump()])[0], "model": state["version"]}


@app.post("/predict/batch")
def predict_batch(batch: Rows) -> dict:
    return {"answers": scoring.predict(state["pipeline"], [row.model_dump() for row in batch.rows])}
