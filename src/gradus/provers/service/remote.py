"""A service at a URL: which addresses may be asked at all, and what can be proved from outside.

The rules against being sent where one should not go (SSRF): ``http`` or ``https`` only, no user in the address, every
address that the name resolves to is a public one (loopback only where it was asked for), the connection goes to the
address that was checked, and no redirect is followed.
"""

from __future__ import annotations

import ipaddress
import math
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gradus.errors import UsageError
from gradus.provers.report import Probe
from gradus.provers.service.faults import Found, NotApplicable
from gradus.provers.service.speaking import NoAnswer, Place, Speaker

if TYPE_CHECKING:
    import numpy as np

    from gradus.provers.service.asking import Burst, Study
    from gradus.provers.service.declared import Declared

Said = tuple[str, dict[str, Any]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SECONDS, LIMIT = 5.0, 2**20
#: Addresses that clouds answer on with credentials, and ranges that embed or reach private ones.
REFUSED = tuple(
    ipaddress.ip_network(net)
    for net in (
        "169.254.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "168.63.129.16/32", "198.18.0.0/15", "240.0.0.0/4",
        "fe80::/10", "fc00::/7", "fec0::/10", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "100::/64",
    )
)  # fmt: skip


def place_of(url: str, loopback: bool = False) -> Place:
    """The place that ``url`` names, with the one checked address that will be connected to.

    Raises UsageError with the rule that forbids it. ``loopback`` allows addresses of this machine, and only those.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise _refused(url, f"it is no address: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise _refused(url, f"only http and https are asked, not {parts.scheme or 'nothing'}")
    if not host or any(ord(character) <= 32 or character in "\\@" for character in url):
        raise _refused(url, "it names no host, or hides one")
    if parts.username is not None or parts.query or parts.fragment:
        raise _refused(url, "it must be the service's base, without user, query or fragment")
    port = port if port is not None else 443 if parts.scheme == "https" else 80
    found = _resolved(url, host, port)
    for address in found:
        if reason := forbidden(address, loopback):
            step = "" if loopback or not _local(address) else "For a service on your own machine, add --loopback."
            name = str(address) if host == str(address) else f"{host} ({address})"
            raise _refused(url, f"{name} is {reason}", step)
    return Place(host, port, str(found[0]), parts.scheme, parts.path.rstrip("/"))


def _refused(url: str, reason: str, next_step: str = "") -> UsageError:
    return UsageError(f"This address is not asked: {reason}.", where=url[:200], next_step=next_step)


def _resolved(url: str, host: str, port: int) -> list[Address]:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _refused(url, f"{host} cannot be found ({error})") from None
    found = [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in infos]
    if not found:
        raise _refused(url, f"{host} has no address")
    return sorted(set(found), key=lambda address: (address.version, int(address)))


def _plain(address: Address) -> Address:
    """An IPv4 address that is written as an IPv6 one, as what it is."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped if mapped is not None else address


def _local(address: Address) -> bool:
    return _plain(address).is_loopback


def forbidden(address: Address, loopback: bool = False) -> str | None:
    """Why an address must not be asked; None when it may."""
    plain = _plain(address)
    if plain.is_loopback:
        return None if loopback else "this machine itself"
    if loopback:
        return "not this machine, as --loopback asks for"
    if plain.is_unspecified:
        return "no machine's address, or every one's"
    if plain.is_multicast:
        return "an address of many machines"
    if plain.is_link_local or any(plain in net for net in REFUSED if net.version == plain.version):
        return "in a range where clouds keep their credentials and networks their insides"
    if plain.is_private or plain.is_reserved or not plain.is_global:
        return "a private network's address"
    return None


def examine_url(
    url: str,
    rows: int,
    press: Burst,
    rng: np.random.Generator,
    project: Path | None,
    loopback: bool,
    begun: Callable[[str], None],
) -> Iterator[Probe]:
    """What can be proved from outside. With ``project``, its offline model and rows say what the answers should be."""
    from contextlib import ExitStack

    from gradus.provers.service.asking import Study, listening
    from gradus.provers.service.declared import read_declared
    from gradus.provers.service.examining import failed, made
    from gradus.provers.service.starting import copied

    speaker = Speaker(place_of(url, loopback), seconds=SECONDS, limit=LIMIT)
    with ExitStack() as stack:
        copy = None
        try:
            begun("is declared")
            if project is not None:
                declared = read_declared(project)
                copy = stack.enter_context(copied(project))
            else:
                declared = _from_openapi(speaker)
        except Found as found:
            yield failed("declared", "is declared", found)
            return
        study = Study(replace(declared, model=()), rng, press, rows, speaker, copy, remote=True)
        study.speaker = listening(speaker, study)
        stack.callback(lambda: study.offline.close() if study.offline is not None else None)
        for name, title, ask, needed in _probes(project is not None):
            begun(title)
            probe = made(study, name, title, ask)
            yield probe
            if probe.outcome == "failed" and needed:
                return


def _probes(with_project: bool) -> Iterator[tuple[str, str, Callable[[Study], Said], bool]]:
    from gradus.provers.service import batches, burst, junk, living, parity, repeating, schema
    from gradus.provers.service.preparing import offline_answers

    if with_project:
        yield "offline", "the offline model answers rows of its own data", offline_answers, True
    yield "reachable", "answers and says that it is ready", _reachable, True
    yield "version", "says which model and which code it runs", living.says_who_it_is, False
    if not with_project:
        yield "rows", "answers rows made from its own OpenAPI document", _rows_from_schema, True
    yield "repeatable", "answers the same row the same way", repeating.repeatable, True
    if with_project:
        yield "parity", "answers as the model does offline", parity.answers_as_offline, True
        yield "fields", "takes the fields in any order", parity.fields_in_any_order, True
        yield "missing", "treats a missing value as offline", parity.missing_values, False
        yield (
            "unseen",
            "treats an unseen category as offline",
            parity.unseen_categories,
            False,
        )
        yield "batch", "answers a batch in order, row by row", batches.batches, False
    yield "junk", "refuses junk with 4xx", junk.junk, False
    yield "quiet", "tells nothing of its inside", junk.tells_nothing, False
    yield "schema", "bears requests drawn from its own OpenAPI document", schema.drawn_from_schema, False
    yield "burst", "bears a burst without a wrong answer", burst.burst, False


def _reachable(study: Study) -> Said:
    path = study.declared.waits_for
    try:
        answer = study.speaker.get(path)
    except NoAnswer as error:
        raise Found("never_ready", f"`GET {path}` got no answer: {error}.") from None
    if answer.status != 200:
        raise Found("never_ready", f"`GET {path}` got {answer.status}.")
    return f"`{path}` says 200 after {1000 * answer.seconds:.0f} ms", {"milliseconds": round(1000 * answer.seconds)}


def _from_openapi(speaker: Speaker) -> Declared:
    """What can be guessed where there is no ``service.toml``: from the OpenAPI document and the usual names."""
    from gradus.provers.service.declared import Declared

    try:
        answer = speaker.get("/openapi.json")
        document = answer.json() if answer.status == 200 else None
    except (NoAnswer, ValueError, RecursionError) as error:
        raise Found("not_declared", f"`GET /openapi.json` cannot be read: {error}.") from None
    paths = document.get("paths") if isinstance(document, dict) else None
    if not isinstance(paths, dict):
        raise Found(
            "not_declared", "It offers no OpenAPI document. Give the project's folder with --project, so that its "
            "`service.toml` says where to ask.",
        )  # fmt: skip
    posts = [path for path, item in paths.items() if isinstance(item, dict) and "post" in item]
    named = [path for path in posts if path.rstrip("/").endswith("/predict")]
    predict = next(iter(named or (posts if len(posts) == 1 else [])), None)
    if predict is None:
        raise Found("not_declared", f"Which of {', '.join(posts[:6]) or 'no POST address'} predicts is not clear.")
    known = {name: path for name in ("ready", "health", "version") for path in paths if path.endswith(f"/{name}")}
    return Declared(
        command=(), predict=predict, answer="", ready=known.get("ready"), health=known.get("health"),
        version=known.get("version", "/version"),
    )  # fmt: skip


def _rows_from_schema(study: Study) -> Said:
    """Rows that fit the document; the first number in an answer is taken for the answer."""
    from gradus.provers.service.rows import Table
    from gradus.provers.service.schema import document_of, drawn_rows

    document = document_of(study)
    rows = drawn_rows(study, document) if document is not None else []
    answered: list[tuple[dict[str, Any], float]] = []
    for row in rows:
        answer = study.speaker.post(study.declared.predict, row)
        if answer.status >= 500:
            raise Found("schema_500", f"`{str(row)[:160]}` got {answer.status}: `{answer.text[:160]}`.")
        if answer.status != 200:
            continue
        try:
            said = answer.json()
        except ValueError as error:
            fault = "nan_in_answer" if "not finite" in str(error) else "not_json"
            raise Found(fault, f"A row got `{answer.text[:160]}`.") from None
        name, value = _number_in(said, study.declared.answer)
        if name is None or value is None:
            raise Found("answer_missing", f"No number in `{answer.text[:160]}`.")
        study.declared = replace(study.declared, answer=name)
        answered.append((row, value))
    if not answered:
        raise NotApplicable(f"None of {len(rows)} rows drawn from its document was answered; give --project.")
    columns = tuple(dict.fromkeys(name for row, _ in answered for name in row))
    texts = frozenset(name for row, _ in answered for name, value in row.items() if isinstance(value, str))
    study.drawn, study.expected = [row for row, _ in answered], [value for _, value in answered]
    study.table = Table(columns, tuple(study.drawn), texts)
    return f"{len(answered)} rows answered, in the field `{study.declared.answer}`", {"rows": len(answered)}


def _number_in(said: Any, field: str) -> tuple[str | None, float | None]:
    if not isinstance(said, dict):
        return None, None
    for name in [field] if field else list(said):
        value = said.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return name, float(value)
    return None, None
