"""Registers, promotes and rolls back; lets the disk be full in the middle of a promotion."""

import json

from gradus.projects import Workbench, fail, mistake, probe

#: Runs registry.py where no file may grow, which is what a full disk does: opening works, and writing fails.
FULL = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
sys.argv = ["registry.py", *sys.argv[1:]]
runpy.run_path("registry.py", run_name="__main__")
"""


@mistake
def newest_is_production():
    """A model that was only registered answers already.

    "Newest" is not "approved". Everybody who registers an experiment would put it in front of the users. What
    answers is decided by `promote`, and by nothing else."""


@mistake
def gate_open():
    """A model with a larger error has been promoted.

    The gate is the reason for a command of its own. Compare before anything is written: what is checked afterwards
    has been live in the meantime."""


@mistake
def unknown_promoted():
    """A version that nobody registered has been promoted.

    A typing error becomes the production version, and the next reader finds no file. Look whether it is there
    first."""


@mistake
def half_written():
    """After a promotion on a full disk nothing is left in `store/production`.

    Opening a file for writing empties it at once; if the writing then fails, the old version is gone and the new
    one is not there. The same gap is open, for a moment, at every promotion, and a service that reads in that
    moment finds an empty line. Write beside it, then `os.replace`."""


@mistake
def back_and_forth():
    """Rolling back twice brings the bad model back.

    With the previous version alone, the second rollback exchanges the two again. In an emergency people press the
    button twice. Keep the whole history, and take the last entry off."""


@mistake
def rollback_through_the_gate():
    """The rollback is refused because the older model has the larger error.

    Of course it has: that is why the newer one was promoted, and something has turned out to be wrong with *that*.
    The way back must not depend on the numbers which led here."""


def registry(work: Workbench, *arguments):
    return work.run(["python", "registry.py", *arguments], seconds=20)


def registered(work: Workbench, rng, mae):
    """Register a model with this error and return its version."""
    work.write("candidate.json", json.dumps({"mae": mae, "weights": rng.integers(0, 99, size=3).tolist()}))
    return registry(work, "register", "candidate.json").require().stdout.strip()


def production(work: Workbench):
    """What a service reads."""
    return work.text("store/production").strip() if work.exists("store/production") else "nothing"


def expect(work: Workbench, version, wrong, case):
    if (now := production(work)) != version:
        fail(wrong, case=case, expected=f"production is {version}", actual=f"production is {now or 'an empty line'}")


@probe("promotes what is better, and nothing else")
def promotes(work: Workbench, rng):
    """`promote` does not do what the task says.

    After it `store/production` holds the version in one line, and the exit status is 0; a refusal ends with
    another status and changes nothing."""
    work.remove("store")
    error = int(rng.integers(30, 60)) / 10
    first = registered(work, rng, error)
    expect(work, "nothing", newest_is_production, "a first model registered, and nothing promoted")
    ended = registry(work, "promote", first)
    if "NotImplementedError" in ended.stderr:
        fail("`promote` is still to be written.", actual=ended.said[-200:])
    ended.require("The first promotion fails.")
    expect(work, first, "The first promotion has no effect.", "register, promote")
    worse = registered(work, rng, error + 1)
    expect(work, first, newest_is_production, f"mae {error} promoted, then another model registered")
    for mae, version in ((error + 1, worse), (error, registered(work, rng, error))):
        refused = registry(work, "promote", version)
        expect(work, first, gate_open, f"mae {error} answers; promote one with mae {mae}")
        if refused.status == 0:
            fail("A refusal ends with exit status 0.", case=f"promote mae {mae} over mae {error}")
    refused = registry(work, "promote", "0" * 12)
    expect(work, first, unknown_promoted, "promote a version that is not in the store")
    if refused.status == 0:
        fail("A refusal ends with exit status 0.", case="promote a version that is not in the store")
    better = registered(work, rng, error - 1)
    registry(work, "promote", better).require("A better model cannot be promoted.")
    expect(work, better, "A better model was not promoted.", f"mae {error} answers; promote one with mae {error - 1}")


@probe("goes back step by step")
def goes_back(work: Workbench, rng):
    """`rollback` does not go back to the version that answered before.

    It prints that version, and `store/production` holds it."""
    work.remove("store")
    one, two, three, four = (registered(work, rng, mae) for mae in (9.0, 8.0, 7.0, 6.5))
    for version in (one, two, three):
        registry(work, "promote", version).require("A better model cannot be promoted.")
    ended = registry(work, "rollback")
    if not ended.ok and production(work) == three:
        fail(rollback_through_the_gate, case="mae 9, 8, 7 promoted; rollback", expected=two, actual=ended.said[-200:])
    expect(work, two, "The rollback leads somewhere else.", "mae 9, 8, 7 promoted; rollback")
    registry(work, "rollback")
    expect(work, one, back_and_forth, "mae 9, 8, 7 promoted; rollback, rollback")
    if registry(work, "rollback").status == 0:
        fail("A rollback with nothing to go back to ends with exit status 0.", case="rollback a third time")
    expect(work, one, "A rollback with nothing to go back to has changed something.", "rollback a third time")
    registry(work, "promote", four).require("After a rollback nothing can be promoted.")
    registry(work, "rollback").require("After a rollback, a promotion cannot be rolled back.")
    expect(work, one, "A version that was rolled back has come back.", "9, 8, 7, back, back, 6.5, back")


@probe("survives a full disk")
def full_disk(work: Workbench, rng):
    """After a promotion that failed the registry is not what it was before.

    Think about each write: what would be on the disk if the program ended just there?"""
    work.remove("store")
    one, two, three = (registered(work, rng, mae) for mae in (5.0, 4.0, 3.0))
    for version in (one, two):
        registry(work, "promote", version).require("A better model cannot be promoted.")
    failed = work.run(["python", "-c", FULL, "promote", three], seconds=20)
    now = production(work)
    if now not in (two, three):
        fail(half_written, case="promote while the disk is full", expected=two, actual=now or "an empty file")
    if failed.status == 0 or now == three:
        fail("A promotion seems to succeed although nothing could be written.", case="promote while the disk is full")
    ended = registry(work, "rollback")
    if production(work) != one:
        fail("After a failed promotion, the rollback does not work.", case="mae 5, 4 promoted; 3 failed; rollback",
             expected=one, actual=f"{production(work)} {ended.said[-200:]}")  # fmt: skip
