"""A linear model behind the standard library's HTTP server: the smallest service that the prover can examine."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from scoring import load, score

MODEL = Path(__file__).parent / "model" / "model.json"
HOST = "0.0.0.0"
model = load(MODEL)


class Handler(BaseHTTPRequestHandler):
    def answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        if self.path == "/health":
            self.answer(200, {"status": "alive"})
        elif self.path == "/ready":
            self.answer(503 if model is None else 200, {"ready": model is not None})
        else:
            self.answer(404, {})

    def do_POST(self) -> None:
        row = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if model is None:
            self.answer(503, {})
        else:
            self.answer(200, {"probability": score(model, row)})

    def log_message(self, *args: object) -> None:
        pass


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer((HOST, int(os.environ.get("PORT", "8000"))), Handler).serve_forever()
