"""Ends with 0 when the service can answer."""

import os
import sys
import urllib.error
import urllib.request

address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/ready"
try:
    sys.exit(0 if urllib.request.urlopen(address, timeout=2).status == 200 else 1)
except urllib.error.URLError:
    sys.exit(1)
