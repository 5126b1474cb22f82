"""A model behind HTTP: /ready and /predict?x=…  Usage: python app.py [--host HOST]; the port is in PORT (8000)."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PLACE = Path(__file__).parent / "model" / "model.json"
model = json.loads(PLACE.read_text()) if PLACE.exists() else None


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/health":
            self.answer(200, {"alive": True})
        elif model is None:
            self.answer(503, {"ready": False})
        elif address.path == "/predict":
            x = float(parse_qs(address.query)["x"][0])
            self.answer(200, {"y": model["slope"] * x + model["intercept"]})
        else:
            self.answer(200, {"ready": True})

    def answer(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    host = sys.argv[sys.argv.index("--host") + 1] if "--host" in sys.argv else "127.0.0.1"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer((host, int(os.environ.get("PORT", "8000"))), Service).serve_forever()
