"""Honest, with `async def`: what computes is handed to a thread, the loop stays free. One row at a time, or many."""

import asyncio
import os

import model
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, FiniteFloat

MODEL = model.load()  # without its file the service does not start at all
app = FastAPI()


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    age: FiniteFloat | None = None
    income: FiniteFloat | None = None
    visits: FiniteFloat | None = None
    region: str | None = None
    plan: str | None = None


class Rows(BaseModel):
    rows: list[Row]


@app.exception_handler(RequestValidationError)
async def refuse(request: Request, error: RequestValidationError) -> JSONResponse:
    return JSONResponse({"detail": [item["msg"] for item in error.errors()]}, status_code=422)


@app.get("/live")
@app.get("/health")
@app.get("/ready")
async def ready() -> dict:
    return {"status": "ready"}


@app.get("/version")
async def version() -> dict:
    return {"model": MODEL["version"], "revision": os.environ["GIT_REVISION"]}


@app.post("/predict")
async def predict(row: Row) -> dict:
    answers = await asyncio.to_thread(model.predict, MODEL, [row.model_dump()])
    return {"probability": answers[0]}


@app.post("/predict/batch")
async def predict_batch(batch: Rows) -> dict:
    answers = await asyncio.to_thread(model.predict, MODEL, [row.model_dump() for row in batch.rows])
    return {"answers": answers}  # plain numbers
