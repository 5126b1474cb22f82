"""The service: one row or many in, probabilities out, and honest words on whether it is ready."""

import os
import subprocess
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

os.environ.setdefault("OMP_NUM_THREADS", "1")  # one row needs no team of threads; forty requests would start forty

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

import pipeline
import scoring

HERE = Path(__file__).parent
MOST_ROWS = 1000


def number(low: float, high: float):
    """A finite number in this range, or null where it is not known."""
    return Annotated[float | None, Field(ge=low, le=high, allow_inf_nan=False)]


Name = Annotated[str | None, Field(max_length=60)]


class Row(BaseModel):
    """One person. Every column is named; a column too many or too few is refused, and so is "35" for 35."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rate_marriage: number(1, 5)
    age: number(15, 100)
    yrs_married: number(0, 80)
    children: number(0, 20)
    religious: number(1, 4)
    educ: number(0, 30)
    occupation: Name
    occupation_husb: Name


class Rows(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    rows: Annotated[list[Row], Field(min_length=1, max_length=MOST_ROWS)]


class Answer(BaseModel):
    probability: float


class Answers(BaseModel):
    answers: list[Answer]


def revision() -> str:
    """The commit of this code: said by the image's build, or by git."""
    if said := os.environ.get("REVISION"):
        return said
    try:
        return subprocess.check_output(
            ["git", "rev-parse", "HEAD"], cwd=HERE, text=True, stderr=subprocess.DEVNULL
        ).strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


@asynccontextmanager
async def lifespan(app: FastAPI):
    """Load the model once, before the first request. Without it the service lives, and says that it is not ready."""
    app.state.model, app.state.claim, app.state.problem = None, {}, ""
    try:
        app.state.model, app.state.claim = scoring.load(HERE / "model")
    except scoring.Unusable as problem:
        app.state.problem = str(problem)
    app.state.revision = revision() or app.state.claim.get("revision", "unknown")
    yield


app = FastAPI(title="Affairs", lifespan=lifespan)


@app.exception_handler(RequestValidationError)
async def refuse(request: Request, error: RequestValidationError) -> JSONResponse:
    """Say where the input is wrong without sending it back: NaN and broken text cannot be written as JSON."""
    wrong = [{"where": [str(part)[:60] for part in row["loc"]], "why": row["type"]} for row in error.errors()[:20]]
    return JSONResponse({"detail": wrong}, status_code=422)


@app.get("/live")
def live() -> dict[str, str]:
    """The process is alive. Whoever restarts processes asks here: a restart brings no missing model back."""
    return {"status": "alive"}


@app.get("/health")
@app.get("/ready")
def ready() -> dict[str, str]:
    """The model is loaded and rows can be answered. Whoever sends traffic here asks first."""
    if app.state.model is None:
        raise HTTPException(503, f"not ready: {app.state.problem}")
    return {"status": "ready"}


@app.get("/version")
def version() -> dict[str, str]:
    """Which model answers, and which code."""
    return {"model": app.state.claim.get("version", ""), "revision": app.state.revision}


@app.post("/predict")
def predict(row: Row) -> Answer:  # not `async`: the model computes, and would stall every other request
    """The probability of an affair."""
    return scored([row])[0]


@app.post("/predict/batch")
def predict_batch(rows: Rows) -> Answers:
    """The same for many rows, in their order."""
    return Answers(answers=scored(rows.rows))


def scored(rows: list[Row]) -> list[Answer]:
    ready()
    chances = app.state.model.predict_proba(pipeline.frame([row.model_dump() for row in rows]))[:, 1]
    return [Answer(probability=float(chance)) for chance in chances]
