"""Honest, and renews its model while it runs when the file was replaced; keeps the old one when there is none."""

import os
from contextlib import asynccontextmanager

import model
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, FiniteFloat

loaded: dict = {}


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        loaded.update(model=model.load(), seen=model.PATH.stat().st_mtime_ns)
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
    age: FiniteFloat | None
    income: FiniteFloat | None
    visits: FiniteFloat | None
    region: str | None
    plan: str | None


class Rows(BaseModel):
    rows: list[Row]


def current() -> dict:
    if "model" not in loaded:
        raise HTTPException(503, "no model is loaded")
    seen = model.PATH.stat().st_mtime_ns if model.PATH.exists() else loaded["seen"]
    if seen != loaded["seen"]:  # a promotion: the file is replaced whole, so it can be read at once
        loaded.update(model=model.load(), seen=seen)
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
    return {"probability": model.predict(current(), [row.model_dump()])[0]}


@app.post("/predict/batch")
def predict_batch(batch: Rows) -> dict:
    answers = model.predict(current(), [row.model_dump() for row in batch.rows])
    return {"answers": [{"probability": answer} for answer in answers]}
