"""The check is run against services that are ready, not ready, silent, and not there."""

from gradus.projects import Workbench, fail, mistake, probe

SERVICE = """
import os
import socket
import sys
import time

mode, port = sys.argv[1], int(sys.argv[2])
listening = socket.create_server(("127.0.0.1", port), backlog=50)
open_ones = []
while True:
    link, _ = listening.accept()
    if mode == "silent":
        open_ones.append(link)
        continue
    asked = link.recv(4096).split(b" ")
    path = asked[1] if len(asked) > 1 else b""
    print(path.decode("latin-1"), flush=True)
    fine = path == b"/health" or (path == b"/ready" and mode == "ready")
    status = b"200 OK" if fine else b"404 Not Found" if path != b"/ready" else b"503 Service Unavailable"
    link.sendall(b"HTTP/1.1 " + status + b"\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\n{}")
    link.close()
"""


@mistake
def always_healthy():
    """The check passes although nobody listens at the port.

    That the process runs is what the engine knows by itself. Ask the service a question that it can only answer
    well when it works."""


@mistake
def port_is_open():
    """The check passes for a service that accepts connections and never answers.

    The kernel accepts them, not the service; they are accepted even when every worker hangs. Send a request, and
    wait for its answer, for two seconds at most."""


@mistake
def asks_whether_alive():
    """The check passes although `/ready` answers 503: `/health` was asked.

    `/health` says that the process lives. It says so without a model, too, while every request fails."""


@mistake
def any_answer_counts():
    """The check passes although `/ready` answers 503.

    An answer came, and its status was not looked at. With `http.client` nothing raises for a 503; look at `.status`."""


@mistake
def hangs_along():
    """Against a service that hangs, the check hangs, too.

    Without a time limit the request waits for ever. The engine ends the check some time, and until then nobody knows.
    Give the request a limit of two seconds."""


@mistake
def other_status():
    """An unhealthy service makes the check end with another status than 1.

    Engines know 0 and 1; other numbers are reserved. Catch what can go wrong and leave with `sys.exit(1)`."""


@mistake
def fixed_port():
    """The check does not ask the port in `PORT`.

    The port is decided where the container is started. A number in the script is right until somebody decides
    otherwise."""


@probe("tells a ready service from one that is not, hangs, or is not there")
def states(work: Workbench, rng):
    """The check does not end as the task says.

    Run it with `python health.py; echo $?` while a service runs, and while none does."""
    work.write("service_of_the_check.py", SERVICE)

    def checked(mode):
        """The status that health.py ends with (None: more than eight seconds), and the paths it asks for."""
        with work.start(["python", "service_of_the_check.py", mode, "$PORT"]) as service:
            _listening(service)
            ran = work.run(["python", "health.py"], env={"PORT": str(service.port)}, seconds=8)
            return None if ran.timed_out else ran.status, [path for path in service.output().split("\n") if path]

    ready, paths = checked("ready")
    unready, asked = checked("unready")
    silent, _ = checked("silent")
    absent = work.run(["python", "health.py"], env={"PORT": "9"}, seconds=8).status
    if ready != 0 and unready != 0 and silent != 0:
        if not paths:
            fail(fixed_port, case="a service that is ready, at the port in PORT", expected=0, actual=ready)
        fail("The check fails for a service that is ready.", expected=0, actual=ready)
    if absent == 0:
        fail(always_healthy, case="nobody listens", expected=1, actual=0)
    if silent is None:
        fail(hangs_along, case="a service that hangs", expected="status 1 after two seconds", actual="it waits")
    if silent == 0:
        fail(port_is_open, case="a service that hangs", expected=1, actual=0)
    if unready == 0:
        fail(
            asks_whether_alive if "/ready" not in asked else any_answer_counts,
            case="/ready answers 503",
            expected=1,
            actual=0,
        )
    for case, status in (("/ready answers 503", unready), ("a service that hangs", silent), ("nobody listens", absent)):
        if status != 1:
            fail(other_status, case=case, expected=1, actual=status)


def _listening(service):
    for _ in range(100):
        try:
            service.connect(seconds=1).close()
            return
        except OSError:
            service.wait(0.05)
