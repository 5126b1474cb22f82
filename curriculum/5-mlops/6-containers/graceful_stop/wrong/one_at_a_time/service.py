"""A small service: /ready at once, /slow after a second. On SIGTERM it finishes what it has begun."""

import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/slow":
            time.sleep(1)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


class Server(HTTPServer):
    pass


if __name__ == "__main__":
    server = Server(("127.0.0.1", int(os.environ["PORT"])), Service)
    # shutdown() waits until serve_forever() has ended, so it must not be called by the thread that runs it.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    server.server_close()  # waits for the requests that are being answered
