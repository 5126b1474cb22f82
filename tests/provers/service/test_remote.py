"""Which addresses are asked, and what is proved of a service at a URL."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from gradus.errors import UsageError
from gradus.provers.service import examine
from gradus.provers.service.declared import read_declared
from gradus.provers.service.living import begin
from gradus.provers.service.remote import forbidden, place_of
from gradus.provers.service.speaking import Place
from tests.provers.service.projects import BASE, ROWS, SHORT, planted

PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::a00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::",
        "2001:db8::1",
    ],
)  # fmt: skip
def test_an_inner_address_is_refused(address: str) -> None:
    assert forbidden(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])
def test_a_public_address_is_asked(address: str) -> None:
    assert forbidden(ipaddress.ip_address(address)) is None
    assert forbidden(ipaddress.ip_address(address), loopback=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_asked_only_where_it_was_meant(address: str) -> None:
    assert forbidden(ipaddress.ip_address(address))
    assert forbidden(ipaddress.ip_address(address), loopback=True) is None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1:11211/", "http://", "http:///predict",
        "http://user:word@example.org/", "http://example.org@127.0.0.1/", "http://example.org\\@127.0.0.1/",
        "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "http://localhost:8000", "http://169.254.169.254/latest/meta-data/",
        "http://example.org:99999/", "http://exa mple.org/", "http://example.org/\r\nHost: inner",
        "http://example.org/?q=1", "http://example.org/#top",
    ],
)  # fmt: skip
def test_a_url_that_must_not_be_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def no_names(host: str, *words: object, **more: object) -> object:
        """Names in need of a name server are answered here; numbers in any spelling are the system's business."""
        if host.endswith("example.org"):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, 80))]
        return real(host, *words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", no_names)
    with pytest.raises(UsageError):
        place_of(url)


def test_one_inner_address_among_public_ones_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (name, 443)) for name in (PUBLIC, "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(UsageError, match="private network"):
        place_of("https://example.org")


def test_the_checked_address_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves to something else a moment later changes nothing: it is resolved once."""
    answers = iter([PUBLIC, "127.0.0.1"])
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 443))]
    )
    place = place_of("https://example.org/api/")
    assert place == Place("example.org", 443, PUBLIC, "https", "/api")
    assert next(answers) == "127.0.0.1"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The honest base, running; its URL and its folder."""
    yield from _running(planted_base(tmp_path))


def planted_base(tmp_path: Path) -> Path:
    import shutil

    folder = tmp_path / "base"
    shutil.copytree(BASE, folder)
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("2b7e151628aed2a6abf7158809cf4f3c762e7160\n")
    return folder


def _running(folder: Path) -> Iterator[tuple[str, Path]]:
    from gradus.provers.service.asking import Study
    from gradus.provers.service.speaking import Speaker
    from gradus.provers.service.starting import copied

    with copied(folder) as copy:
        nowhere = Speaker(Place("127.0.0.1", 9, "127.0.0.1"))
        study = Study(read_declared(folder), np.random.default_rng(0), SHORT, ROWS, nowhere, copy)
        begin(study)
        try:
            yield f"http://127.0.0.1:{study.service.port}", folder
        finally:
            study.service.kill()


@pytest.mark.slow
def test_a_running_service_is_proved_against_its_project(running: tuple[str, Path]) -> None:
    pytest.importorskip("fastapi")
    url, folder = running
    probes = examine(url, rows=ROWS, burst=SHORT, rng=np.random.default_rng(0), project=folder, loopback=True)
    outcomes = {probe.id: (probe.outcome, probe.message) for probe in probes}
    assert {"reachable", "version", "parity", "fields", "junk", "burst"} <= set(outcomes)
    assert not [found for found in outcomes.values() if found[0] == "failed"]


@pytest.mark.slow
def test_a_running_service_is_proved_from_its_document_alone(running: tuple[str, Path]) -> None:
    pytest.importorskip("schemathesis")
    probes = examine(running[0], rows=ROWS, burst=SHORT, rng=np.random.default_rng(0), loopback=True)
    outcomes = {probe.id: (probe.outcome, probe.message) for probe in probes}
    assert outcomes["rows"][0] == outcomes["repeatable"][0] == outcomes["burst"][0] == "passed"
    assert not [found for found in outcomes.values() if found[0] == "failed"]


@pytest.mark.slow
def test_a_fault_at_a_url_is_named(tmp_path: Path) -> None:
    pytest.importorskip("fastapi")
    for url, folder in _running(planted("rounded_answer", tmp_path)):
        with closing(
            examine(url, rows=ROWS, burst=SHORT, rng=np.random.default_rng(0), project=folder, loopback=True)
        ) as probes:
            assert next(probe.fault for probe in probes if probe.outcome == "failed") == "rounded_answer"


def test_nobody_there_is_a_fault_and_no_error() -> None:
    with closing(examine("http://127.0.0.1:9/", loopback=True, project=BASE, burst=SHORT)) as probes:
        assert [probe.fault for probe in probes if probe.outcome == "failed"] == ["never_ready"]
