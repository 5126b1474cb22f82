"""Honest, with nothing but the standard library: a thread for each connection, HTTP/1.0, no keep-alive."""

import json
import math
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import model

MODEL = model.load()


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


def problem(row: object) -> str | None:
    if not isinstance(row, dict):
        return "a row is an object"
    for name in model.NUMBERS:
        value = row.get(name, "missing")
        number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
        if value is not None and not (number and math.isfinite(value)):
            return f"{name} must be a number or null"
    for name in model.TEXTS:
        if name not in row or not isinstance(row[name], str | None):
            return f"{name} must be a text or null"
    return None


class Handler(BaseHTTPRequestHandler):
    def answer(self, status: int, content: dict) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self.answer(200, {})
        elif self.path == "/about":
            self.answer(200, {"model": MODEL["version"], "revision": os.environ["GIT_REVISION"]})
        elif self.path == "/score":
            self.answer(405, {"error": "use POST"})
        else:
            self.answer(404, {"error": "no such address"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/score":
            return self.answer(404, {"error": "no such address"})
        try:
            row = json.loads(body)
        except (ValueError, RecursionError):
            return self.answer(400, {"error": "not JSON"})
        if wrong := problem(row):
            return self.answer(422, {"error": wrong})
        self.answer(200, {"p": model.predict(MODEL, [row])[0]})

    def log_message(self, *words: object) -> None:
        pass


Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
