"""The entry is run as an engine runs it: SIGTERM to the first process alone, some seconds of patience, then SIGKILL."""

import json
import threading

from gradus.projects import NoAnswer, Workbench, fail, mistake, probe

ENGINE = """
import json
import os
import signal
import socket
import subprocess
import sys
import time

first = subprocess.Popen(["sh", "start.sh"], start_new_session=True)


def stop(*_):
    os.kill(first.pid, signal.SIGTERM)
    killed = False
    try:
        status = first.wait(5)
    except subprocess.TimeoutExpired:
        killed, status = True, None
    try:
        socket.create_connection(("127.0.0.1", int(os.environ["PORT"])), timeout=1).close()
        listening = True
    except OSError:
        listening = False
    time.sleep(1.5 if listening and not killed else 0)
    try:
        os.killpg(first.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    with open("stopped.json", "w") as stream:
        json.dump({"killed": killed, "status": status, "listening": listening}, stream)
    os._exit(0)


signal.signal(signal.SIGTERM, stop)
while True:
    time.sleep(0.05)
"""


@mistake
def shell_between():
    """The first process is gone, and the service still listens.

    The shell got the signal and ended without passing it on; its child never heard of it. In a container all that
    is left is then killed, requests included. `exec` in front of the last command replaces the shell by the
    service."""


@mistake
def request_dropped():
    """A request that was being answered when the signal came gets no answer.

    Leaving at once, or by the signal's default effect, ends the threads in the middle of their work; threads that are
    daemons are not waited for either. Stop accepting, let what has begun come to its end, then leave."""


@mistake
def does_not_end():
    """Five seconds after SIGTERM it still runs.

    Either the signal is ignored, or its handler waits for something that cannot happen while it waits: a handler
    runs in the main thread, and `shutdown()` waits until the loop of that very thread has ended."""


@mistake
def other_status():
    """It ends in time, with another status than 0.

    Ending because one was asked to is success. Another status tells whoever watches that the service crashed, and
    may get it started again."""


@mistake
def one_at_a_time():
    """While one slow request is answered, no other is.

    A server without threads makes the end simple, and everybody wait. Keep the threads, and wait for them at the
    end."""


@probe("finishes what it has begun, and ends")
def stops(work: Workbench, rng):
    """It does not end as the task says.

    Start it, ask for `/slow`, and send a SIGTERM to the process of `sh start.sh` meanwhile."""
    work.write("engine_of_the_check.py", ENGINE)
    work.remove("run")
    answers = []
    with work.start(["python", "engine_of_the_check.py"], env={"PORT": "$PORT"}) as service:
        service.wait_ready("/ready", seconds=20)
        assert work.exists("run"), "`start.sh` does not make the folder `run`."

        def slow():
            try:
                answers.append(service.get("/slow", seconds=15).status)
            except NoAnswer as problem:
                answers.append(str(problem))

        for _ in range(3):
            answers.clear()
            threads = [threading.Thread(target=slow) for _ in range(2)]
            for thread in threads:
                thread.start()
            threads[0].join(0.3)
            service.get("/ready", seconds=20)
            side_by_side = not answers  # /ready came before the slow ones, which take a second
            if side_by_side:
                break
            for thread in threads:
                thread.join()
        service.terminate()
        for thread in threads:
            thread.join()
        service.wait(12)
    if not side_by_side:
        fail(one_at_a_time, case="/ready while two requests for /slow are answered", actual="it is answered after them")
    stopped = json.loads(work.text("stopped.json"))
    if stopped["listening"] and not stopped["killed"]:
        fail(shell_between, expected="nobody listens any more", actual="the port is still answered")
    if stopped["killed"]:
        fail(does_not_end, expected="an end within five seconds", actual="it had to be killed")
    if answers != [200, 200]:
        fail(request_dropped, case="two requests for /slow", expected=[200, 200], actual=answers)
    if stopped["status"] != 0:
        fail(other_status, expected=0, actual=stopped["status"])
