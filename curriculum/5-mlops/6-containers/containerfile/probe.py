"""The image is worked out: what the build sees, what COPY takes, and whether its commands run with just these files."""

import json
import posixpath
import time

from gradus.projects import NoAnswer, NotReady, Workbench, fail, mistake, probe
from gradus.provers import containerfile, context

OUTSIDE = """
import os, sys, urllib.request
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
direct.open(f"http://127.0.0.2:{os.environ['PORT']}/ready", timeout=5)
"""


@mistake
def moving_base():
    """The base has no exact tag.

    `latest`, or no tag, names whatever is newest on the day of the build. Next month the same file makes another
    image, under the same model. Name a version, or a digest."""


@mistake
def secret_copied():
    """A file with a secret would be in the image.

    `COPY . .` takes all that the build sees, and a pattern of `.dockerignore` without `**/` holds only at the root.
    A `RUN rm` afterwards hides the file and leaves it in the layer below. Keep everything out (`*`) and let in what
    is needed."""


@mistake
def data_copied():
    """The training data would be in the image.

    A service does not need them, they make the image large, and whoever can pull the image can read the rows, which are
    about people."""


@mistake
def runs_as_root():
    """The process in the container is root.

    Without `USER` every instruction and the command run as root, and the kernel is the machine's. Name a user
    before `CMD`."""


@mistake
def shell_form():
    """The command is a line for a shell, so the shell is process 1.

    `CMD python app.py` means `sh -c "python app.py"`. Whether the shell passes the signal to stop on depends on the
    shell. The list form, `["python", "app.py"]`, starts the service itself."""


@mistake
def localhost_bind():
    """The service cannot be reached from outside the container.

    It listens on 127.0.0.1, which is the container's own. What is published arrives at another address. Listen on
    0.0.0.0 inside, and decide on the host who may come."""


@mistake
def no_healthcheck():
    """The image has no health check.

    A process that hangs, or has no model, still runs, and nobody notices. `HEALTHCHECK` tells the engine how to ask."""


@mistake
def healthcheck_fails():
    """The health check fails although the service is ready.

    Run it as the image would, with the files that are in the image and no others. Is the program there that it
    names?"""


@mistake
def healthcheck_always_ok():
    """The health check passes although the model is missing.

    It must ask what the requests need: the address that answers 200 only when the model is loaded."""


@mistake
def model_left_out():
    """The image does not carry the model.

    Then it would have to be made or fetched at the start: another model after each restart, and none that was
    tested. The finished file belongs into the image."""


@probe("is an image that can be shipped")
def image(work: Workbench, rng):
    """The image is not what the task asks for.

    Read the Containerfile line by line: which files are there afterwards, and who runs what?"""
    secrets = {}
    for name in (".env", "config/.env", ".git/config", "server.key", "keys/client.key"):
        secrets[name] = f"planted-{rng.bytes(8).hex()}"
        work.write(name, f"SECRET={secrets[name]}\n")
    instructions = containerfile.parse(work.text("Containerfile"))
    bases = containerfile.bases(instructions)
    assert len(bases) == 1, "The Containerfile does not have exactly one `FROM` with a base."
    if bases[0].moves:
        fail(moving_base, actual=f"FROM {bases[0].reference}")
    made = _assemble(work, instructions)
    for path, source in made["files"].items():
        for name, secret in secrets.items():
            if secret.encode() in work.read(source):
                fail(secret_copied, expected="nothing of it", actual=f"{name} as {path}")
        if source.startswith("data/"):
            fail(data_copied, expected="no data", actual=path)
    if made["user"].partition(":")[0] in ("", "0", "root"):
        fail(runs_as_root, expected="a user other than root", actual=made["user"] or "no USER")
    command = made["entrypoint"] + made["command"] if made["entrypoint"] is not None else made["command"]
    if not isinstance(command, list):
        fail(shell_form, expected="a list", actual=command)
    assert command, "There is no `CMD`."
    if not any(source == "model/model.json" for source in made["files"].values()):
        fail(model_left_out, expected="model/model.json", actual=sorted(made["files"]))
    if not made["check"]:
        fail(no_healthcheck)
    _run(work, made, command, rng)


def _run(work, made, command, rng):
    """The image's commands, in a folder that holds its files and nothing else."""
    model = {"slope": float(rng.integers(2, 9)), "intercept": float(rng.integers(-5, 5))}
    with work.fresh() as box:
        contents = {path: work.read(source) for path, source in made["files"].items()}
        for name in box.names():
            box.remove(name)
        places = [path for path, source in made["files"].items() if source == "model/model.json"]
        for path, content in contents.items():
            box.write(path, json.dumps(model) if path in places else content)
        with box.start(command, env=made["env"]) as service:
            try:
                service.wait_ready("/ready", seconds=20)
            except NotReady as problem:
                fail(
                    "With the image's files alone, its command does not become ready.",
                    case=" ".join(command),
                    actual=str(problem),
                )
            environment = made["env"] | {"PORT": str(service.port)}
            answer = service.get("/predict?x=2").field("y")
            if answer != 2 * model["slope"] + model["intercept"]:
                fail("It does not answer with the model of the image.", actual=answer)
            if not box.run(["python", "-c", OUTSIDE], env=environment).ok:
                fail(localhost_bind, case=" ".join(command), expected="an answer at another address than 127.0.0.1")
            checked = box.run(made["check"], env=environment)
            if not checked.ok:
                fail(healthcheck_fails, case=" ".join(made["check"]), actual=checked.said[-300:])
        for path in places:
            box.remove(path)
        with box.start(command, env=made["env"]) as service:
            for _ in range(200):
                try:
                    service.get("/health")
                    break
                except NoAnswer:
                    if not service.alive:
                        return
                    time.sleep(0.05)
            if box.run(made["check"], env=made["env"] | {"PORT": str(service.port)}).ok:
                fail(healthcheck_always_ok, case=" ".join(made["check"]), expected="a status other than 0", actual=0)


def _assemble(work, instructions):
    """The files of the image (path from the WORKDIR -> file of the project), and its settings."""
    everything = [name for name in work.names() if name not in ("Containerfile", ".dockerignore")]
    ignored = work.text(".dockerignore").splitlines() if work.exists(".dockerignore") else []
    sent = context.build_context(everything, ignored)
    values = containerfile.arguments(instructions)
    place, files = "/", {}
    made = {"user": "", "entrypoint": None, "command": [], "check": [], "env": {}}
    for one in containerfile.last_stage(instructions):
        value = containerfile.fill(one.value, values) if one.keyword not in ("RUN", "CMD", "ENTRYPOINT") else one.value
        if one.keyword == "WORKDIR":
            place = posixpath.normpath(posixpath.join(place, value))
        elif one.keyword in ("COPY", "ADD"):
            assert "from" not in one.flags, "This check knows one stage only: `COPY --from` is not for it."
            files |= _copied(one.arguments, sent, place)
        elif one.keyword == "USER":
            made["user"] = value
        elif one.keyword == "ENV":
            pairs = one.arguments if "=" in value.split(" ")[0] else ["=".join(value.split(None, 1))]
            made["env"] |= dict(pair.partition("=")[::2] for pair in pairs)
        elif one.keyword == "CMD":
            made["command"] = _words(one.value)
        elif one.keyword == "ENTRYPOINT":
            made["entrypoint"] = _words(one.value)
            if not isinstance(made["entrypoint"], list):
                fail(shell_form, expected="a list", actual=one.value)
        elif one.keyword == "HEALTHCHECK":
            made["check"] = _check(one)
    if made["entrypoint"] is not None and not isinstance(made["command"], list):
        fail(shell_form, expected="a list", actual=made["command"])
    made["env"].pop("PATH", None)
    assert place != "/", "There is no `WORKDIR`."
    made["files"] = {posixpath.relpath(path, place): source for path, source in files.items() if _below(path, place)}
    made["files"] |= {f"elsewhere{path}": source for path, source in files.items() if not _below(path, place)}
    return made


def _below(path, place):
    return path.startswith(place + "/")


def _words(value):
    """The list form as a list; the shell form stays a text."""
    try:
        found = json.loads(value)
    except ValueError:
        return value
    return [str(word) for word in found] if isinstance(found, list) else value


def _check(instruction):
    """The command of a HEALTHCHECK, as the engine would run it; empty for NONE."""
    rest = instruction.value
    while rest.startswith("--"):
        rest = rest.partition(" ")[2].lstrip()
    keyword, _, command = rest.partition(" ")
    if keyword.upper() != "CMD":
        return []
    words = _words(command.strip())
    return words if isinstance(words, list) else ["sh", "-c", words]


def _copied(arguments, sent, place):
    """Where COPY puts which files of the context."""
    *sources, target = arguments if len(arguments) > 1 else [*arguments, "."]
    goal = posixpath.normpath(posixpath.join(place, target))
    found = {}
    for source in sources:
        name = posixpath.normpath(source).strip("/")
        kept = [] if name == "." else context.build_context(sent, [name])
        taken = [file for file in sent if file not in kept]
        if not taken:
            fail(f"`COPY {source}` finds nothing: the build does not see such a file.", case=source, actual=sent[:20])
        depth = 0 if name == "." else len(name.split("/"))
        for file in taken:
            rest = file.split("/")[depth:]
            if rest:  # the source is a folder: its contents are copied
                found[posixpath.join(goal, *rest)] = file
            elif len(sources) > 1 or target.endswith("/") or target in (".", "..") or goal == place:
                found[posixpath.join(goal, posixpath.basename(file))] = file
            else:
                found[goal] = file
    return found
