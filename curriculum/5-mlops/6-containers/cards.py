"""Cards on containers whose details are drawn anew each time."""

from __future__ import annotations

import random

from gradus.roadmap import Card, Choice


def last_rule(rng: random.Random) -> Card:
    """Which file of four a .dockerignore lets through."""
    folder, kept = rng.choice(["data", "notes", "models"]), rng.choice(["app.py", "serve.py", "api.py"])
    ending = rng.choice(["csv", "txt", "bin"])
    return Card(
        id="last_rule",
        outcome="image-secrets",
        question=(
            f"`.dockerignore` holds the lines `*.{ending}`, `{folder}`, `!{folder}/keep.{ending}`. "
            "Which of these is *not* sent to the build?"
        ),
        choices=(
            Choice(f"`{folder}/more/{kept}`", True, f"`{folder}` holds for everything below it."),
            Choice(f"`{folder}/keep.{ending}`", False, "The last line that matches it makes an exception."),
            Choice(f"`src/rows.{ending}`", False, "Patterns start at the root, and `*` stops at a slash."),
            Choice(f"`{kept}`", False, "No line matches it."),
        ),
    )


def sizes_add_up(rng: random.Random) -> Card:
    """What an image weighs after a deletion in a later step."""
    base, data, app = rng.randint(90, 150), rng.randint(200, 900), rng.randint(2, 20)
    return Card(
        id="sizes_add_up",
        outcome="image-secrets",
        question=(
            f"A base of {base} MB; `COPY data.csv .` ({data} MB); `RUN python prepare.py && rm data.csv`, which leaves "
            f"{app} MB. How large is the image?"
        ),
        choices=(
            Choice(f"{base + data + app} MB", True, "The copy's layer stays. The deletion only hides it."),
            Choice(f"{base + app} MB", False, "So much a container sees. The layers below still hold the rest."),
            Choice(f"{base + data} MB", False, "What the last step made is in a layer as well."),
            Choice(f"{data + app} MB", False, "The base's layers are part of the image."),
        ),
    )


def time_to_notice(rng: random.Random) -> Card:
    """When a hanging service is called unhealthy."""
    while True:
        interval, timeout, retries = rng.choice([10, 15, 20, 30]), rng.choice([2, 3, 5]), rng.randint(2, 4)
        values = {retries * (interval + timeout), interval, timeout * retries, interval + timeout}
        if len(values) == 4:
            break
    return Card(
        id="time_to_notice",
        outcome="container-life",
        question=(
            f"`HEALTHCHECK --interval={interval}s --timeout={timeout}s --retries={retries}`; each interval begins when "
            "the check before has ended. A service that just passed a check begins to hang. After how many seconds is "
            "it unhealthy?"
        ),
        choices=(
            Choice(
                f"{retries * (interval + timeout)}",
                True,
                f"{retries} times: {interval} s until the next check, and {timeout} s until that one is given up.",
            ),
            Choice(f"{interval + timeout}", False, f"That is the first check that fails, and {retries} have to."),
            Choice(f"{interval}", False, "That is when the next check begins."),
            Choice(f"{timeout * retries}", False, "The checks do not follow each other at once."),
        ),
    )
