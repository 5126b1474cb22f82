"""Ends with status 0 when the service on this machine is ready, with 1 when it is not."""

import os
import sys
import urllib.request
