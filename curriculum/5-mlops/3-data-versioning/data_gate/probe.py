"""Sends a sound file, one with a fault of every kind, and one whose columns are wrong; looks at status and report."""

import json

from gradus.projects import Workbench, fail, mistake, probe


@mistake
def schema_follows_the_data():
    """Planted faults pass: the schema was made from the file that it judges.

    A schema inferred from what arrives fits it by construction, and an age of 412 becomes the new upper bound.
    What is allowed has to be written down before, by somebody who knows the data."""


@mistake
def first_fault_only():
    """Only the first fault is reported.

    Without `lazy=True` pandera stops at the first column that fails. Whoever has to mend the file then learns of
    one fault each night."""


@mistake
def passes_with_faults():
    """The report names faults, and the exit status is 0.

    A program is told by the exit status whether the one before it succeeded; nobody reads what it printed. With
    status 0 the pipeline goes on to the model. `sys.exit(1)`, or an exception, stops it."""


@mistake
def dropped_in_silence():
    """Rows with faults are dropped or repaired, and the file passes.

    The model would get a sound table, and nobody learns that a tenth of the patients is missing from it. Dropping
    is a decision with consequences (who is dropped?); a gate reports."""


@mistake
def stumbles():
    """A text among the numbers ends the program with a traceback in place of a report.

    Comparing "unknown" with 0 raises an error. The file is stopped, which is good, and nobody is told where to
    look. Turn the cells into numbers one by one, and report those that are none."""


@mistake
def sound_file_refused():
    """A sound file is refused.

    Too strict a gate is soon bypassed. The order of the columns says nothing, a missing `stay` is allowed, and so
    are the bounds themselves, and ages that the training data happen not to contain."""


@mistake
def unknown_column_passes():
    """A column that the schema does not know goes unnoticed.

    pandera ignores further columns unless the schema says `strict=True`. A column too many is often one that was
    renamed, or a label that has leaked into the features."""


def patients(rng, n=14):
    return [
        {"patient": f"q{int(k) + 100}", "age": int(rng.integers(1, 119)), "ward": str(rng.choice(list("ABC"))),
         "stay": int(rng.integers(0, 30))}
        for k in rng.permutation(800)[:n]
    ]  # fmt: skip


def as_csv(rows, columns):
    return "\n".join([",".join(columns), *(",".join(str(row[name]) for name in columns) for row in rows), ""])


def judged(work: Workbench, text, case):
    """Status, faults as a set of (row, column), and what was said; the faults are None without a report."""
    work.write("incoming.csv", text)
    ended = work.run(["python", "gate.py", "incoming.csv"], seconds=40)
    if work.text("incoming.csv") != text:
        fail("The file that was checked has been changed.", case=case)
    try:
        report = json.loads(ended.stdout.strip().splitlines()[-1])
        found = {(fault["row"], fault["column"]) for fault in report["faults"]}
    except (ValueError, KeyError, TypeError, IndexError):
        found = None
    return ended, found


def shown(faults):
    def order(fault):
        return (fault[0] is None, str(fault[0]).zfill(3), str(fault[1]))

    return ", ".join(f"({'null' if row is None else row}, {name})" for row, name in sorted(faults, key=order)) or "none"


@probe("lets sound files pass")
def sound(work: Workbench, rng):
    """A sound file does not pass with status 0 and an empty report.

    Standard output is one JSON object, `{"faults": []}`, and nothing else in its last line."""
    rows = patients(rng)
    rows[2]["age"], rows[5]["age"], rows[7]["stay"], rows[9]["stay"] = 0, 120, 0, ""
    columns = [str(name) for name in rng.permutation(["age", "patient", "stay", "ward"])]
    if columns == ["patient", "age", "ward", "stay"]:
        columns.reverse()
    case = f"columns {', '.join(columns)}; ages 0 and 120; one stay missing"
    ended, found = judged(work, as_csv(rows, columns), case)
    if found is None and "NotImplementedError" in ended.stderr:
        fail("`faults` is still to be written.", actual=ended.said[-200:])
    if found is None:
        fail("There is no report.", case=case, expected='{"faults": []}', actual=ended.said[-300:])
    if found or ended.status:
        fail(
            sound_file_refused,
            case=case,
            expected="status 0, no faults",
            actual=f"status {ended.status}: {shown(found)}",
        )


@probe("reports every fault, and stops the file")
def planted(work: Workbench, rng):
    """The reported faults are not those that were planted.

    Compare row by row: positions count from 0, without the header line."""
    rows = patients(rng)
    a, b, c, d, e, f, g = (int(k) for k in rng.permutation(len(rows))[:7])
    twin = max(a, b)
    rows[a]["patient"] = rows[b]["patient"]
    rows[c]["age"], rows[d]["age"], rows[e]["age"] = int(rng.integers(200, 500)), "", "unknown"
    rows[f]["ward"], rows[g]["stay"], rows[c]["stay"] = "D", -int(rng.integers(1, 9)), "long"
    text = as_csv(rows, ["patient", "age", "ward", "stay"])
    planted = {(twin, "patient"), (c, "age"), (d, "age"), (e, "age"), (f, "ward"), (g, "stay"), (c, "stay")}
    ended, found = judged(work, text, "seven planted faults")
    told = {"case": text, "expected": shown(planted)}
    if found is None:
        if "Traceback" in ended.stderr:
            fail(stumbles, actual=ended.said[-300:], **told)
        fail("There is no report.", actual=ended.said[-300:], **told)
    if found == planted:
        if ended.status == 0:
            fail(passes_with_faults, case=text, expected="status 1", actual="status 0")
        if ended.status != 1:
            fail("The exit status is not 1.", expected=1, actual=ended.status)
        return
    if not found and ended.status == 0:
        # Does it know at least which columns there are? Then the rows were seen to, and nothing was said.
        _, columns_too = judged(work, text.replace("ward", "station", 1), "a renamed column")
        fail(dropped_in_silence if columns_too else schema_follows_the_data, actual="none", **told)
    if len({name for _, name in found}) == 1 and found < planted:
        fail(first_fault_only, actual=shown(found), **told)
    fail("Other faults are reported than were planted.", actual=shown(found), **told)


@probe("knows which columns there have to be")
def columns(work: Workbench, rng):
    """A missing column and an unknown one are not both reported, each with the row `null`.

    A renamed column is both at once: the old name is missing, the new one unknown."""
    gone = str(rng.choice(["age", "ward", "stay"]))
    rows = [{(name if name != gone else gone.upper()): value for name, value in row.items()} for row in patients(rng)]
    case = f"the column {gone} is called {gone.upper()}"
    ended, found = judged(work, as_csv(rows, list(rows[0])), case)
    wanted = {(None, gone), (None, gone.upper())}
    if found is None:
        fail("There is no report.", case=case, expected=shown(wanted), actual=ended.said[-300:])
    if found == {(None, gone)}:
        fail(unknown_column_passes, case=case, expected=shown(wanted), actual=shown(found))
    if found != wanted or ended.status != 1:
        actual = f"status {ended.status}: {shown(found)}"
        fail("The wrong columns are not reported.", case=case, expected=f"status 1: {shown(wanted)}", actual=actual)
