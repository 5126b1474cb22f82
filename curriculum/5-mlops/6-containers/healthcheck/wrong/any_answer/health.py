"""Ends with status 0 when the service on this machine is ready, with 1 when it is not."""

import http.client
import os
import sys

link = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", 8000)), timeout=2)
try:
    link.request("GET", "/ready")
    print(link.getresponse().status)
except OSError:
    sys.exit(1)
