"""Honest, with MLflow's own scoring server. Ours: who it is, and two gaps of the scoring server closed.

It sends its stack trace along with every refusal, and fails on a request that names no content type.
"""

import json
import os

import mlflow.pyfunc
from fastapi import Request
from fastapi.responses import JSONResponse
from mlflow.pyfunc import scoring_server

loaded = mlflow.pyfunc.load_model("packaged")
app = scoring_server.init(loaded)


@app.middleware("http")
async def at_the_door(request: Request, call_next):
    if request.method == "POST" and not request.headers.get("content-type"):
        return JSONResponse({"message": "name a content type"}, status_code=415)
    response = await call_next(request)
    if response.status_code < 400:
        return response
    body = b"".join([part async for part in response.body_iterator])
    try:
        message = json.loads(body).get("message", "refused")
    except (ValueError, AttributeError):
        message = "refused"
    return JSONResponse({"message": message}, status_code=response.status_code)


@app.get("/about")
def about() -> dict:
    return {"model": loaded.metadata.model_uuid, "revision": os.environ["GIT_REVISION"]}
