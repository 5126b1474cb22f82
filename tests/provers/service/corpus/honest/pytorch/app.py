"""Honest, with PyTorch: weights loaded once, `eval()` and no gradients, float32 answers."""

import os
from contextlib import asynccontextmanager

import network
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field


class Row(BaseModel):
    age: float | None = Field(ge=-1e6, le=1e6)
    income: float | None = Field(ge=-1e9, le=1e9)
    visits: float | None = Field(ge=-1e6, le=1e6)
    region: str | None
    plan: str | None


class Rows(BaseModel):
    rows: list[Row]


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.loaded = None
    try:
        app.state.loaded = network.load()
    except FileNotFoundError:
        pass
    yield


app = FastAPI(lifespan=lifespan, openapi_url=None)


@app.exception_handler(RequestValidationError)
async def refuse(request: Request, error: RequestValidationError) -> JSONResponse:
    return JSONResponse({"detail": [str(item["loc"]) for item in error.errors()]}, status_code=422)


def loaded() -> tuple:
    if app.state.loaded is None:
        raise HTTPException(503, "no model")
    return app.state.loaded


@app.get("/live")
def live() -> dict:
    return {}


@app.get("/ready")
@app.get("/health")
def ready() -> dict:
    loaded()
    return {}


@app.get("/version")
def version() -> dict:
    return {"model": loaded()[0]["version"], "revision": os.environ["GIT_REVISION"]}


@app.post("/predict")
def predict(row: Row) -> dict:
    return {"probability": network.predict(*loaded(), [row.model_dump()])[0]}


@app.post("/predict/batch")
def predict_batch(batch: Rows) -> dict:
    return {"answers": network.predict(*loaded(), [row.model_dump() for row in batch.rows])}
