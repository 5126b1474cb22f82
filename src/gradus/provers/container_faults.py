"""What each fault of a container means: which idea went astray, why it is tempting, what to do."""

from __future__ import annotations

from typing import Any

from gradus.provers.report import Probe

TEACHING = {
    "no_containerfile": (
        "service.toml names a file that says how the image is made. Write it, or name the one there is."
    ),
    "moving_base": (
        "A tag such as `latest`, or none at all (which means `latest`), names whatever is newest on the day of the "
        "build: next month's image has another Python and other libraries under the same model. Name an exact "
        "version, or better the digest (`image@sha256:…`), and change it when you choose to."
    ),
    "build_failed": (
        "An image that cannot be built from a clean copy of the project leans on something of your machine."
    ),
    "secret_in_layer": (
        "`COPY . .` takes whatever lies in the folder, and whoever can pull the image can read it. Name the files "
        "that the service needs, one by one, and let .dockerignore keep out all the rest (`*`, then `!app.py` …). A "
        "file of secrets has no place in an image: it is handed to the container when it starts."
    ),
    "secret_deleted_later": (
        "Deleting it in a later step only hides it. Every instruction makes a layer, a layer is never changed "
        "again, and the one below still holds the bytes: `save` the image and they are there. What must not be in "
        "an image must never be copied into it; for the build alone there is `RUN --mount=type=secret`."
    ),
    "secret_in_history": (
        "Values of build arguments are written into the image's history, beside the instruction that used them: "
        "`history --no-trunc` shows them to everybody. `RUN --mount=type=secret,id=…` gives a step the same value "
        "and keeps it out of the image."
    ),
    "secret_in_environment": (
        "`ENV` is part of the image's configuration: `inspect` shows it to everybody who has the image, and it "
        "stands in every container. Leave it unset and hand the value in when the container starts (`run -e`, a "
        "mounted file)."
    ),
    "runs_as_root": (
        "Root in the container is root for the kernel: a hole in a library becomes a hole in the machine, and files "
        "that are mounted can be overwritten. Make a user (`RUN useradd --system …`) and name it with `USER` before "
        "`CMD`; what the service must write belongs to that user."
    ),
    "exits_at_start": "The container ends before it answers; what it said last stands beside.",
    "localhost_bind": (
        "127.0.0.1 inside a container is the container's own loopback: published ports arrive from outside, at "
        "another address, and find nobody. It works on your machine, where both are the same. Bind 0.0.0.0 in the "
        "image's command, and decide on the host (`-p 127.0.0.1:8000:8000`) who may reach it."
    ),
    "wrong_port": (
        "The port that is published and the one that the process listens on are two settings that must agree. "
        "`EXPOSE` only documents a port; it does not make anybody listen there."
    ),
    "never_ready": ("The process runs, and its readiness address never answers 200: nobody would send it a request."),
    "answers_differ": (
        "The image answers otherwise than the model does offline: another model file, another version of a library, "
        "or columns in another order went into it. Build from the locked requirements and copy the very file that "
        "was registered."
    ),
    "answers_fail": "A row of the held-out table is not answered, though the model answers it offline.",
    "no_healthcheck": (
        "A process that hangs still runs, and nobody notices. `HEALTHCHECK` asks it whether it can answer; let it "
        "ask the address that is 200 only when the model is loaded."
    ),
    "healthcheck_always_ok": (
        "A check that asks whether the process runs, or an address that always says ok, is green while the service "
        "cannot answer one request. Ask what the requests need: the address that is 200 only when the model is "
        "loaded."
    ),
    "healthcheck_fails": (
        "The check fails where the service answers: often it calls a tool that the image lacks (`curl` is in few "
        "slim images) or asks another port. Everything would be restarted for ever."
    ),
    "ready_without_model": (
        "Ready means: send me requests. A fixed answer is tempting, because it makes the deployment green at once; "
        "then every request fails. Answer 503 until the model is loaded, and when it cannot be."
    ),
    "trains_at_start": (
        "A model that is made (or fetched) when the container starts is another one after each restart, has no "
        "version, was never tested, and keeps the service away for as long as training takes. Train and register "
        "first; the image carries the finished file."
    ),
    "ignores_stop": (
        "Process 1 gets the SIGTERM of `stop`, and the kernel ends it by SIGTERM only if it handles the signal. A "
        "shell in between (`CMD python app.py`, a script without `exec`) does not pass it on. After the grace "
        "period comes SIGKILL: requests in flight are lost at every deployment. Use the list form, `exec` in "
        "scripts, and a server that ends on SIGTERM."
    ),
    "restart_differs": (
        "The same image, started again, is no longer the same service. State that answers depend on must not live "
        "in the container, nor come from chance at its start."
    ),
}


def passed(id: str, title: str, message: str, **measured: Any) -> Probe:
    """A probe that held."""
    return Probe(id, title, "passed", message, measured)


def failed(id: str, title: str, fault: str, seen: str, **measured: Any) -> Probe:
    """A probe that did not: what was seen, then the fault's teaching."""
    return Probe(id, title, "failed", f"{seen} {TEACHING[fault]}", {"fault": fault, **measured})


def not_applicable(id: str, title: str, message: str, **measured: Any) -> Probe:
    """A probe that could not be made here; the evidence is then partial."""
    return Probe(id, title, "not_applicable", message, measured)
