"""The examination of a service: every probe in order, each yielded as soon as it is known."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.errors import UsageError
from gradus.provers.report import Probe
from gradus.provers.service.faults import Found, NotApplicable

if TYPE_CHECKING:
    import numpy as np

    from gradus.provers.service.asking import Burst, Study

Said = tuple[str, dict[str, Any]]
Asked = Callable[["Study"], Said]


def examine(
    target: str | Path,
    *,
    rows: int = 200,
    burst: Burst | None = None,
    rng: np.random.Generator | None = None,
    project: Path | None = None,
    loopback: bool = False,
    begun: Callable[[str], None] | None = None,
) -> Generator[Probe, None, None]:
    """Examine the service of a project's folder, or the one at a URL.

    ``rows`` rows of the project's table are drawn with ``rng``. For a URL, ``project`` is the folder with
    ``service.toml`` and the offline model, if there is one at hand; ``loopback`` allows addresses of this machine.
    ``begun`` is called with a probe's title when it begins. A failed probe names its fault in ``measured["fault"]``.

    Raises UsageError when ``target`` is neither a folder nor an address that may be asked.
    """
    import numpy as np

    from gradus.provers.service.asking import Burst

    chance = rng if rng is not None else np.random.default_rng()
    press = burst if burst is not None else Burst()
    announce = begun if begun is not None else lambda title: None
    if isinstance(target, str) and "://" in target:
        from gradus.provers.service.remote import examine_url

        yield from examine_url(target, rows, press, chance, project, loopback, announce)
        return
    folder = Path(target)
    if not folder.is_dir():
        raise UsageError(f"{target} is neither a folder nor a URL.", next_step="Give the folder with service.toml.")
    yield from _examine_folder(folder, rows, press, chance, announce)


def _examine_folder(
    folder: Path, rows: int, press: Burst, rng: np.random.Generator, begun: Callable[[str], None]
) -> Generator[Probe, None, None]:
    from gradus.provers.service.asking import Study
    from gradus.provers.service.declared import read_declared
    from gradus.provers.service.speaking import Place, Speaker
    from gradus.provers.service.starting import copied

    begun("is declared in service.toml")
    try:
        declared = read_declared(folder)
    except Found as found:
        yield failed("declared", "is declared in service.toml", found)
        return
    with ExitStack() as stack:
        copy = stack.enter_context(copied(folder))
        nowhere = Speaker(Place("127.0.0.1", 9, "127.0.0.1"))
        study = Study(declared, rng, press, rows, nowhere, copy)
        stack.callback(lambda: study.running.kill() if study.running is not None else None)
        stack.callback(lambda: study.offline.close() if study.offline is not None else None)
        for name, title, ask, needed in _probes():
            begun(title)
            probe = made(study, name, title, ask)
            yield probe
            if probe.outcome == "failed" and (needed or not _goes_on(study)):
                return


def _probes() -> Iterator[tuple[str, str, Asked, bool]]:
    """Every probe: id, title, function, and whether the rest makes no sense without it."""
    from gradus.provers.service import batches, burst, junk, living, parity, promoting, repeating, schema
    from gradus.provers.service.preparing import offline_answers

    yield "offline", "the offline model answers rows of its own data", offline_answers, True
    yield "starts", "starts from its declared command and becomes ready", living.starts, True
    yield "loaded", "keeps the model in memory", living.keeps_the_model, True
    yield "bound", "listens where it is declared to", living.bound_as_declared, False
    yield "user", "does not run as root", living.not_root, False
    yield "version", "says which model and which code it runs", living.says_who_it_is, False
    yield "repeatable", "answers the same row the same way", repeating.repeatable, True
    yield "concurrent", "stays reachable beside a slow answer", living.stays_up_beside_slow_answers, True
    yield "parity", "answers as the model does offline", parity.answers_as_offline, True
    yield "fields", "takes the fields in any order", parity.fields_in_any_order, True
    yield "missing", "treats a missing value as offline", parity.missing_values, False
    yield "unseen", "treats an unseen category as offline", parity.unseen_categories, False
    yield "batch", "answers a batch in order, row by row", batches.batches, False
    yield "junk", "refuses junk with 4xx", junk.junk, False
    yield "quiet", "tells nothing of its inside", junk.tells_nothing, False
    yield "burst", "bears a burst without a wrong answer", burst.burst, False
    yield "memory", "does not grow over the burst", burst.memory, False
    yield "restart", "comes back after kill -9 with the same answers", living.comes_back, False
    yield "model_missing", "is not ready without its model", living.fails_without_model, False
    yield "promote", "serves the new model after a promotion", promoting.promotes, False
    yield "schema", "bears requests drawn from its own OpenAPI document", schema.drawn_from_schema, False
    yield "stops", "stops when it is asked to", living.stops_when_asked, False


def made(study: Study, name: str, title: str, ask: Asked) -> Probe:
    """One probe, made."""
    from gradus.provers.service.speaking import NoAnswer

    try:
        message, measured = ask(study)
    except Found as found:
        return failed(name, title, found)
    except NotApplicable as reason:
        return Probe(name, title, "not_applicable", str(reason), reason.measured)
    except NoAnswer as error:
        return failed(name, title, _gone(study, error))
    return Probe(name, title, "passed", message, measured)


def failed(name: str, title: str, found: Found) -> Probe:
    """The probe that names the fault."""
    return Probe(name, title, "failed", found.message, {"fault": found.fault.id, **found.measured})


def _gone(study: Study, error: Exception) -> Found:
    """A good request got no answer: the process ended, or it hangs."""
    if study.running is not None and not study.running.alive:
        status = study.running.process.returncode
        return Found("fails_on_real_rows", f"The process ended (status {status}) while it answered rows of your data.")
    return Found("fails_on_real_rows", f"A good request got no answer: {error}.")


def _goes_on(study: Study) -> bool:
    """Whether there is a service to go on with; one that ended is started again."""
    from gradus.provers.service.living import begin

    if study.running is not None and study.running.alive:
        return True
    try:
        begin(study)
    except Found:
        return False
    return True
