"""The service. Start it with `python -m uvicorn app:app --port 8000`."""

import json
import math

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from model import Model

try:
    model = Model("model/model.json")
except (OSError, ValueError):
    model = None

NOT_READY = JSONResponse({"error": "the model is not loaded"}, 503)


def ordered(row: object) -> list[float]:
    """The row's numbers in the model's order. Raises ValueError for what is no row."""
    if not isinstance(row, dict) or row.keys() != set(model.columns):
        raise ValueError(f"an object with {', '.join(sorted(model.columns))}, please")
    for column, value in row.items():
        if type(value) not in (int, float) or not math.isfinite(value):
            raise ValueError(f"{column} is no finite number")
    return [float(row[column]) for column in model.columns]


async def body(request: Request) -> object:
    return json.loads(await request.body())


async def ready(request: Request) -> JSONResponse:
    return NOT_READY if model is None else JSONResponse({"ready": True})


async def predict(request: Request) -> JSONResponse:
    if model is None:
        return NOT_READY
    try:
        row = ordered(await body(request))
    except (ValueError, OverflowError) as error:
        return JSONResponse({"error": str(error)}, 422)
    return JSONResponse({"probability": (await run_in_threadpool(model.predict, [row]))[0]})


async def predict_batch(request: Request) -> JSONResponse:
    if model is None:
        return NOT_READY
    try:
        found = await body(request)
        if not isinstance(found, dict) or not isinstance(found.get("rows"), list):
            raise ValueError("an object with a list of rows, please")
        rows = [ordered(row) for row in found["rows"]]
    except (ValueError, OverflowError) as error:
        return JSONResponse({"error": str(error)}, 422)
    return JSONResponse({"probabilities": await run_in_threadpool(model.predict, rows)})


app = Starlette(
    routes=[
        Route("/ready", ready),
        Route("/predict", predict, methods=["POST"]),
        Route("/predict/batch", predict_batch, methods=["POST"]),
    ]
)
