"""Adds up what it is sent. Start it with `python service.py PORT`."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200 if self.path == "/ready" else 404, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            total = sum(float(value) for value in json.loads(body).values())
        except (ValueError, AttributeError, TypeError):
            return self.answer(422, {"error": "an object of numbers, please"})
        self.answer(200, {"sum": total})

    def answer(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
