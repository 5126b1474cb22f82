"""stale(stages, changed): exactly the stages that a change reaches, directly or through outputs."""

from gradus.checks import behaviour, cases, fail, misconception


def pipeline(rng):
    """Seven stages in a random order: a chain, a fork, a joint, and one that stands alone."""
    stages = {
        "fetch": {"deps": ["fetch.py", "params/source.yaml"], "outs": ["data/raw"]},
        "clean": {"deps": ["clean.py", "data/raw"], "outs": ["data/clean.csv"]},
        "split": {"deps": ["split.py", "data/clean.csv"], "outs": ["parts"]},
        "train": {"deps": ["train.py", "parts/train.csv"], "outs": ["model.bin"]},
        "score": {"deps": ["score.py", "model.bin", "parts/test.csv"], "outs": ["metrics.json"]},
        "plots": {"deps": ["plots.py", "data/clean.csv"], "outs": ["plots"]},
        "older": {"deps": ["older.py", "data/raw2"], "outs": ["older.csv"]},
    }
    return {name: stages[name] for name in rng.permutation(list(stages)).tolist()}


@cases
def changes(rng):
    """At the beginning, in the middle, at the end; in folders, and in a folder whose name begins alike."""
    yield pipeline(rng), [f"data/raw/{rng.integers(2020, 2025)}/a.csv"]
    yield pipeline(rng), ["data/raw2/a.csv"]
    yield pipeline(rng), ["data/raw2"]
    yield pipeline(rng), [str(rng.choice(["split.py", "train.py", "plots.py", "score.py"]))]
    yield pipeline(rng), ["split.py"]
    yield pipeline(rng), ["params/source.yaml"]
    yield pipeline(rng), ["params"]
    yield pipeline(rng), ["data"]
    yield pipeline(rng), []
    yield pipeline(rng), ["readme.md", "metrics.json.old", "model"]


@cases
def edited_results(rng):
    """Somebody changed what a stage had written."""
    yield pipeline(rng), ["model.bin"]
    yield pipeline(rng), ["parts/train.csv", "older.py"]
    yield pipeline(rng), [f"plots/{rng.integers(9)}.png"]
    yield pipeline(rng), ["metrics.json"]


@cases
def orders(rng):
    """A chain that is written down backwards, and one forwards."""
    n = int(rng.integers(5, 8))
    chain = {f"s{k}": {"deps": [f"f{k}"], "outs": [f"f{k + 1}"]} for k in range(n)}
    yield dict(reversed(chain.items())), ["f1"]
    yield chain, ["f2"]
    yield {}, ["f1"]


def _touch(path, other):
    return path == other or path.startswith(other + "/") or other.startswith(path + "/")


def _reached(stages, changed, touch=_touch, reads=("deps", "outs"), turns=99):
    differs, found = list(changed), set()
    for _ in range(turns):
        new = {
            name
            for name, stage in stages.items()
            if any(touch(p, own) for p in differs for r in reads for own in stage[r])
        }
        if new <= found:
            break
        found |= new
        differs += [out for name in new for out in stages[name]["outs"]]
    return found


@misconception
def direct_only(stages, changed):
    """Stages further down are missing: only those that read the changed file itself are found.

    A stale stage will write something new, so whoever reads that is stale, too, and so on to the end. Leaving them
    out is how a new table comes to lie beside an old model."""
    return _reached(stages, changed, turns=1)


@misconception
def one_pass(stages, changed):
    """Stages that are written above the one they depend on are missing.

    One walk through the dictionary passes staleness on only to stages that come later in it. A pipeline's order is
    in its dependencies, not in the order in which somebody wrote it down."""
    differs, found = list(changed), set()
    for name, stage in stages.items():
        if any(_touch(path, own) for path in differs for own in (*stage["deps"], *stage["outs"])):
            found.add(name)
            differs += stage["outs"]
    return found


@misconception
def results_trusted(stages, changed):
    """A result that was edited by hand is left as it is.

    Only what a stage reads was looked at. A model file that somebody replaced does not belong to its data any
    more; the stage that is said to have written it has to run again. DVC records the hashes of the outputs as
    well, for this reason."""
    return _reached(stages, changed, reads=("deps",))


@misconception
def same_beginning(stages, changed):
    """A folder whose name only begins alike is taken for the same: `data/raw2` for `data/raw`.

    `startswith` compares letters, not folders. With a `/` behind the folder's name it asks what you mean."""
    return _reached(stages, changed, touch=lambda a, b: a.startswith(b) or b.startswith(a))


@misconception
def exact_paths_only(stages, changed):
    """A change inside a folder does not reach the stage that reads the folder.

    Comparing paths for equality treats a folder as a file. A stage that reads `data/raw` reads every file in it."""
    return _reached(stages, changed, touch=lambda a, b: a == b)


@misconception
def inside_only(stages, changed):
    """A stage that reads one file out of a folder is not reached when the whole folder is written anew.

    You asked whether the changed path lies in what a stage reads. The other way round occurs as well: one stage
    writes the folder `parts`, and the next reads `parts/train.csv` from it."""
    return _reached(stages, changed, touch=lambda a, b: a == b or a.startswith(b + "/"))


@misconception
def whole_pipeline(stages, changed):
    """Everything runs again as soon as anything has changed.

    That is correct in its result and is what a script does. But the point of writing down who reads what is to run
    the exact set: after a change of a plot's title nothing needs to be trained."""
    return set(stages) if _reached(stages, changed) else set()


@misconception
def all_that_follow(stages, changed):
    """Stages that have nothing to do with the change are rerun because they come later in the list.

    A list has an order, a pipeline has dependencies. What stands below a stale stage need not read anything of it."""
    names, found = list(stages), _reached(stages, changed)
    return set(names[min(names.index(name) for name in found) :]) if found else set()


@misconception
def sources_too(stages, changed):
    """Stages that come before the change are rerun as well.

    Staleness runs downstream only: from inputs to outputs. What `clean` wrote is still right after `train.py` was
    edited."""
    found = _reached(stages, changed)
    while True:
        reads = [path for name in found for path in stages[name]["deps"]]
        more = {
            name for name, stage in stages.items() if any(_touch(out, path) for out in stage["outs"] for path in reads)
        }
        if more <= found:
            return found
        found |= more


@behaviour("how the stages are ordered in the dictionary changes nothing")
def order_free(student, rng):
    """The dependencies say what comes before what. If the answer depends on the order of the dictionary, the walk
    through it passes something on too late, or too early."""
    stages = pipeline(rng)
    turned = dict(reversed(stages.items()))
    one, other = student.stale(stages, ["clean.py"]), student.stale(turned, ["clean.py"])
    if one != other:
        fail(
            "The same stages in another order give another answer.", case="clean.py changed", expected=one, actual=other
        )
