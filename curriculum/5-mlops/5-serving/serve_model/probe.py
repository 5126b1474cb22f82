"""The service answers as the model does, refuses junk, stays awake while computing, is ready only with its model."""

import json
import math
import threading
import time

from gradus.projects import NoAnswer, Workbench, fail, mistake, probe

START = ["python", "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", "$PORT", "--log-level", "warning"]

MODEL = """
import json
import math
import time
from pathlib import Path


class Model:
    def __init__(self, path):
        found = json.loads(Path(path).read_text())
        self.columns, self.weights, self.bias = found["columns"], found["weights"], found["bias"]

    def predict(self, rows):
        time.sleep(0.002 * len(rows))
        return [1 / (1 + math.exp(-self.bias - sum(w * x for w, x in zip(self.weights, row)))) for row in rows]
"""


@mistake
def positional_columns():
    """A row whose fields come in another order is answered as if it were another row.

    Somewhere the values are taken as the request wrote them (`row.values()`). A JSON object has no order that means
    anything, and nothing raises when age and income are swapped. Take each column by its name, in the order of
    `model.columns`."""


@mistake
def blocking_async():
    """While a large batch is computed, `/ready` is not answered.

    An `async def` handler runs on the event loop, and the loop has one thread: as long as the model computes,
    nobody else gets a turn, and whoever watches the service takes it for dead. A plain `def` is run in a thread of
    its own by FastAPI; in `async` code, `run_in_threadpool` does that."""


@mistake
def loaded_per_request():
    """When the file on disk is replaced, the answers of the running service change.

    So the model is read anew for each request: every caller pays for it, and a file that somebody copies over
    becomes the product without a version, a test or a restart. Load once, at the start."""


@mistake
def nan_breaks_the_refusal():
    """A row with `NaN` ends in a 500.

    It was refused, and the refusal itself fell over: FastAPI's own answer repeats the input, and NaN cannot be
    written as JSON. Write a handler for `RequestValidationError` that says where and why without sending the input
    back."""


@mistake
def nan_accepted():
    """A row with `NaN` or infinity is answered.

    Python's JSON reader accepts both, and so does a plain `float` field. In the model they become an answer that means
    nothing, or one that is no JSON. `Field(allow_inf_nan=False)` refuses them."""


@mistake
def text_for_number():
    """A text or a boolean is taken for a number.

    Pydantic's default mode is helpful: it turns "35" into 35 and `true` into 1. Whoever sends these has mixed
    something up, and learns nothing of it. `strict=True` takes numbers for numbers only."""


@mistake
def extra_ignored():
    """A row with a column that nobody knows is answered.

    Passing over what is unknown hides typing errors and clients that talk to another version. `extra="forbid"` says
    it."""


@mistake
def error_on_junk():
    """Something that is no row ends in a 500.

    An exception left the handler. A 500 says that the service is broken and wakes somebody up, while it is the
    request that is wrong. Let the framework parse the body into a declared type, or catch what your own parsing
    raises."""


@mistake
def always_ready():
    """`/ready` says 200 although there is no model.

    A fixed answer makes every deployment look well at once. Then requests arrive, and each of them fails. Look at
    what the requests need: is the model there?"""


def _row(rng):
    values = {
        "age": int(rng.integers(18, 80)),
        "income": round(float(rng.normal(2, 1)), 3),
        "children": int(rng.integers(0, 4)),
    }
    return {str(name): values[str(name)] for name in rng.permutation(list(values))}


def _expected(model, row):
    total = model["bias"] + sum(w * row[c] for w, c in zip(model["weights"], model["columns"], strict=True))
    return 1 / (1 + math.exp(-total))


def _near(actual, expected):
    return isinstance(actual, float) and math.isclose(actual, expected, abs_tol=1e-9)


@probe("answers as the model does, refuses junk, and stays awake while it computes")
def serves(work: Workbench, rng):
    """The service does not answer as the task says.

    Start it as the task shows, ask it with `curl`, and look at what it prints."""
    columns = [str(name) for name in rng.permutation(["age", "income", "children"])]
    weights = {"age": -0.05, "income": 0.8, "children": 0.4}
    model = {"columns": columns, "weights": [weights[name] for name in columns], "bias": round(float(rng.normal()), 2)}
    work.write("model.py", MODEL)
    work.write("model/model.json", json.dumps(model))
    with work.start(START) as service:
        service.wait_ready("/ready", seconds=30)
        _parity(service, model, rng)
        _junk(service, rng)
        _awake(service, rng)
        work.write("model/model.json", json.dumps(model | {"bias": model["bias"] + 1}))
        row = _row(rng)
        if _near(
            service.post("/predict", json=row).field("probability"), _expected(model | {"bias": model["bias"] + 1}, row)
        ):
            fail(loaded_per_request, case=row)


def _parity(service, model, rng):
    rows = [_row(rng) for _ in range(12)]
    for row in rows:
        expected, actual = _expected(model, row), service.post("/predict", json=row).field("probability")
        if not _near(actual, expected):
            swapped = dict(zip(model["columns"], row.values(), strict=True))
            if isinstance(actual, float) and _near(actual, _expected(model, swapped)):
                fail(positional_columns, case=row, expected=expected, actual=actual)
            fail("A row gets another answer than the model gives.", case=row, expected=expected, actual=actual)
    rows.append(dict(rows[0]))
    expected = [_expected(model, row) for row in rows]
    actual = service.post("/predict/batch", json={"rows": rows}).field("probabilities")
    if not (isinstance(actual, list) and len(actual) == len(expected) and all(map(_near, actual, expected))):
        fail("A batch is not answered row by row, in order.", expected=expected, actual=actual)


def _junk(service, rng):
    row = _row(rng)
    good = json.dumps(row)
    column = str(rng.choice(list(row)))
    bodies = [
        (error_on_junk, ["", "{", "age=3", "[]", "3", "null", '"text"']),
        (error_on_junk, [json.dumps({name: value for name, value in row.items() if name != column}), "{}"]),
        (error_on_junk, [json.dumps(row | {column: value}) for value in (None, [1], {}, "many")]),
        (text_for_number, [json.dumps(row | {column: value}) for value in ("35", True)]),
        (extra_ignored, [good[:-1] + ', "height": 1.8}']),
        (nan_accepted, [json.dumps(row | {column: value}) for value in (math.nan, math.inf)]),
        (nan_accepted, ["{" + ", ".join(f'"{n}": {"1e999" if n == column else v}' for n, v in row.items()) + "}"]),
    ]
    for accepted, texts in bodies:
        for body in texts:
            answer = service.post("/predict", data=body, headers={"Content-Type": "application/json"})
            if answer.status >= 500:
                nan = accepted is nan_accepted
                fail(
                    nan_breaks_the_refusal if nan else error_on_junk,
                    case=body,
                    expected="400 to 499",
                    actual=answer.status,
                )
            if not 400 <= answer.status < 500:
                headline = (
                    {} if accepted is not error_on_junk else {"headline": "Something that is no row is answered."}
                )
                fail(
                    accepted, **headline, case=body, expected="400 to 499", actual=f"{answer.status} {answer.text[:80]}"
                )
    batch = service.post("/predict/batch", json={"rows": [row, {"age": 3}]})
    if not 400 <= batch.status < 500:
        fail("A batch with a bad row is not refused.", expected="400 to 499", actual=batch.status)


def _awake(service, rng):
    """Asked in the middle of 1.4 seconds of computing, /ready must answer well before they are over; three tries."""
    rows = [_row(rng) for _ in range(700)]
    for _ in range(3):
        ended = []

        def large(ended=ended):
            try:
                service.post("/predict/batch", json={"rows": rows}, seconds=20)
            except NoAnswer:
                pass
            ended.append(time.monotonic())

        thread = threading.Thread(target=large)
        thread.start()
        thread.join(0.3)
        answer = service.get("/ready", seconds=20)
        answered = time.monotonic()
        thread.join()
        if answer.status != 200:
            fail("`/ready` does not say 200 while a batch is computed.", expected=200, actual=answer.status)
        if ended[0] - answered > 0.2:
            return
    fail(blocking_async, expected="/ready is answered while a batch of 700 rows is computed", actual="only after it")


@probe("is not ready without its model")
def model_missing(work: Workbench, rng):
    """Without the model's file the service answers as if all were well.

    Try it: move `model/model.json` away, start the service, and ask `/ready` and `/predict`."""
    work.write("model.py", MODEL)
    work.remove("model/model.json")
    with work.start(START) as service:
        status = _first_answer(service)
        if status is None:
            return  # a service that ends at once is not ready either
        if status == 200:
            fail(always_ready, expected=503, actual=status)
        status = service.post("/predict", json=_row(rng)).status
        if status != 503:
            fail("Without a model, `/predict` does not answer 503.", expected=503, actual=status)


def _first_answer(service):
    """The status of /ready as soon as there is one; None when the service ends instead."""
    until = time.monotonic() + 30
    while service.alive:
        try:
            return service.get("/ready").status
        except NoAnswer:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
    return None
