"""Honest, with Starlette alone: no schema, no OpenAPI; rows are checked by hand."""

import json
import math
import os

import model
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

try:
    MODEL = model.load()
except FileNotFoundError:
    MODEL = None


class RefusedError(Exception):
    """The caller's request cannot be answered."""


def refuse_constant(name: str) -> None:
    raise RefusedError(f"{name} is not JSON")


def checked(row: object) -> dict:
    if not isinstance(row, dict):
        raise RefusedError("a row is an object")
    for name in model.NUMBERS + model.TEXTS:
        if name not in row:
            raise RefusedError(f"{name} is missing")
    for name in model.NUMBERS:
        value = row[name]
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e12 or math.isnan(value):
            raise RefusedError(f"{name} must be a number")
    for name in model.TEXTS:
        if row[name] is not None and not isinstance(row[name], str):
            raise RefusedError(f"{name} must be a text")
    return row


async def body(request: Request) -> object:
    try:
        return json.loads(await request.body(), parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise RefusedError("the body is not JSON") from error


async def predict(request: Request) -> JSONResponse:
    if MODEL is None:
        return JSONResponse({"error": "no model"}, status_code=503)
    row = checked(await body(request))
    return JSONResponse({"probability": (await run_in_threadpool(model.predict, MODEL, [row]))[0]})


async def batch(request: Request) -> JSONResponse:
    if MODEL is None:
        return JSONResponse({"error": "no model"}, status_code=503)
    content = await body(request)
    if not isinstance(content, dict) or not isinstance(content.get("rows"), list) or not content["rows"]:
        raise RefusedError("rows must be a list with at least one row")
    rows = [checked(row) for row in content["rows"]]
    answers = await run_in_threadpool(model.predict, MODEL, rows)
    return JSONResponse({"answers": [{"probability": answer} for answer in answers]})


async def ready(request: Request) -> JSONResponse:
    return JSONResponse({"ready": MODEL is not None}, status_code=200 if MODEL is not None else 503)


async def live(request: Request) -> JSONResponse:
    return JSONResponse({})


async def version(request: Request) -> JSONResponse:
    return JSONResponse({"model": MODEL["version"], "revision": os.environ["GIT_REVISION"][:10]})


async def refuse(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error)}, status_code=400)


app = Starlette(
    routes=[
        Route("/predict", predict, methods=["POST"]),
        Route("/predict/batch", batch, methods=["POST"]),
        Route("/ready", ready),
        Route("/health", ready),
        Route("/live", live),
        Route("/version", version),
    ],
    exception_handlers={RefusedError: refuse},
)
