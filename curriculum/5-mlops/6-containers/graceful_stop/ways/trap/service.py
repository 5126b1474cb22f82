"""A small service: /ready at once, /slow after a second. SIGTERM becomes an exception in the main thread."""

import os
import signal
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/slow":
            time.sleep(1)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


def stop(*_):
    raise SystemExit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    with ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Service) as server:
        server.daemon_threads = False
        server.serve_forever()
