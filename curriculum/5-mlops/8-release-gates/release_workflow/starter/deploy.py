"""Puts the candidate out. Needs a TOKEN in its environment."""

import csv
import os
import sys

from scoring import answers, held_out

if not os.environ.get("TOKEN"):
    sys.exit("deploy.py needs a TOKEN")
with open("release/champion.csv", "w", newline="") as stream:
    csv.writer(stream).writerows([["chance"], *[[repr(chance)] for chance in answers(held_out())]])
print("deployed")
