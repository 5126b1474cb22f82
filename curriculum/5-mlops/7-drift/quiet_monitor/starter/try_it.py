"""Counts alarms on rows in which nothing has changed, and on shifted ones: `python try_it.py`."""

import random

from monitor import alarm


def rows(n: int, shift: float = 0.0) -> list[dict]:
    return [
        {
            "age": random.gauss(40 + shift, 12),
            "income": random.lognormvariate(10, 0.5),
            "visits": random.randrange(8),
            "children": random.randrange(4),
            "distance": random.expovariate(0.2),
            "rating": random.gauss(0, 1),
        }
        for _ in range(n)
    ]


if __name__ == "__main__":
    for n in (40, 200, 800):
        quiet = sum(alarm(rows(600), rows(n)) for _ in range(100))
        moved = sum(alarm(rows(600), rows(n, 6.0)) for _ in range(100))
        print(f"n = {n}: {quiet} alarms in 100 quiet looks, {moved} in 100 shifted ones")
