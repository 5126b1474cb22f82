"""Ends with status 0 when the service on this machine is ready, with 1 when it is not."""

import os
import socket
import sys

try:
    socket.create_connection(("127.0.0.1", int(os.environ.get("PORT", 8000))), timeout=2).close()
except OSError:
    sys.exit(1)
