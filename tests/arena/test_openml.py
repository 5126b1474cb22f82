"""The OpenML connector: the official client, in its own environment, against a local server with its protocol."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from gradus.arena.connectors import Remote, RemoteError, fetch, find_remote, hand_in, openml_client, standing
from gradus.cli.main import run
from gradus.errors import UsageError
from gradus.learner import Workspace
from gradus.roadmap import load_roadmap

#: The client needs an environment of its own; ``GRADUS_OPENML`` names one (see docs/arena.md).
HAS_CLIENT = bool(os.environ.get(openml_client.VARIABLE)) or find_spec("openml") is not None
needs_client = pytest.mark.skipif(not HAS_CLIENT, reason="GRADUS_OPENML names no environment with OpenML's client")

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
NS = 'xmlns:oml="http://openml.org/openml"'
ROWS = [(1.5, "a", "yes"), (2.5, "b", "no"), (3.5, "a", "yes"), (4.5, "b", "no"), (5.0, "a", "yes"), (6.0, "b", "no")]
ARFF = "@RELATION beans\n@ATTRIBUTE size REAL\n@ATTRIBUTE kind {a,b}\n@ATTRIBUTE class {no,yes}\n@DATA\n" + "".join(
    f"{size},{kind},{answer}\n" for size, kind, answer in ROWS
)
SPLITS = (
    "@RELATION splits\n@ATTRIBUTE type {TRAIN,TEST}\n@ATTRIBUTE rowid NUMERIC\n@ATTRIBUTE repeat NUMERIC\n"
    "@ATTRIBUTE fold NUMERIC\n@DATA\n"
) + "".join(
    f"{'TEST' if row % 2 == fold else 'TRAIN'},{row},0,{fold}\n" for fold in range(2) for row in range(len(ROWS))
)
FEATURES = f"""{XML}<oml:data_features {NS}>
<oml:feature><oml:index>0</oml:index><oml:name>size</oml:name><oml:data_type>numeric</oml:data_type>
<oml:is_target>false</oml:is_target><oml:is_ignore>false</oml:is_ignore><oml:is_row_identifier>false</oml:is_row_identifier>
<oml:number_of_missing_values>0</oml:number_of_missing_values></oml:feature>
<oml:feature><oml:index>1</oml:index><oml:name>kind</oml:name><oml:data_type>nominal</oml:data_type>
<oml:nominal_value>a</oml:nominal_value><oml:nominal_value>b</oml:nominal_value>
<oml:is_target>false</oml:is_target><oml:is_ignore>false</oml:is_ignore><oml:is_row_identifier>false</oml:is_row_identifier>
<oml:number_of_missing_values>0</oml:number_of_missing_values></oml:feature>
<oml:feature><oml:index>2</oml:index><oml:name>class</oml:name><oml:data_type>nominal</oml:data_type>
<oml:nominal_value>no</oml:nominal_value><oml:nominal_value>yes</oml:nominal_value>
<oml:is_target>true</oml:is_target><oml:is_ignore>false</oml:is_ignore><oml:is_row_identifier>false</oml:is_row_identifier>
<oml:number_of_missing_values>0</oml:number_of_missing_values></oml:feature>
</oml:data_features>"""


class Server(ThreadingHTTPServer):
    """What OpenML would say. ``refuse`` is an error code for every call, ``evaluated`` whether runs have scores."""

    refuse = 0
    task_type = 1
    evaluated = True
    flow = ""
    run_xml = ""
    predictions = ""
    keys: set[str]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *args: object) -> None:
        pass

    def _send(self, body: str, status: int = 200) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _error(self, code: int, message: str) -> None:
        self._send(
            f"{XML}<oml:error {NS}><oml:code>{code}</oml:code><oml:message>{message}</oml:message></oml:error>", 412
        )

    @property
    def here(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if self.server.refuse:
            return self._error(self.server.refuse, "no")
        if path == "/data.arff":
            return self._send(ARFF)
        if path == "/splits.arff":
            return self._send(SPLITS)
        call = path.removeprefix("/api/v1/xml/")
        if call == "task/31":
            return self._send(self._task())
        if call.startswith("task/"):
            return self._error(151, "Unknown task")
        if call == "data/features/5":
            return self._send(FEATURES)
        if call == "data/5":
            return self._send(
                f"{XML}<oml:data_set_description {NS}><oml:id>5</oml:id><oml:name>beans</oml:name><oml:version>1"
                f"</oml:version><oml:format>ARFF</oml:format><oml:url>{self.here}/data.arff</oml:url>"
                "<oml:default_target_attribute>class</oml:default_target_attribute></oml:data_set_description>"
            )
        if call == "flow/3":
            number = "<oml:id>3</oml:id><oml:uploader>9</oml:uploader><oml:version>1</oml:version>"
            date = "<oml:upload_date>2026-05-01T10:00:00</oml:upload_date>"
            return self._send(XML + re.sub(r"(<oml:flow [^>]*>)", rf"\1{number}", self.server.flow, count=1).replace(
                "<oml:language>", f"{date}<oml:language>"))  # fmt: skip
        if call == "run/77":
            return self._send(self._run())
        if call.startswith("evaluation/list/function/predictive_accuracy"):
            return self._send(self._evaluations())
        if call.startswith("user/list"):
            return self._send(f"{XML}<oml:users {NS}><oml:user><oml:id>9</oml:id><oml:username>me</oml:username>"
                              "</oml:user></oml:users>")  # fmt: skip
        return self._error(100, f"Function not valid: {call}")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.refuse:
            return self._error(self.server.refuse, "no")
        kind = self.headers["Content-Type"]
        if kind.startswith("multipart"):
            message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
            parts = {
                part.get_param("name", header="content-disposition"): part.get_payload(decode=True).decode()
                for part in message.get_payload()
            }
        else:
            from urllib.parse import parse_qsl

            parts = dict(parse_qsl(body.decode()))
        self.server.keys.add(parts["api_key"])
        call = self.path.removeprefix("/api/v1/xml/").strip("/")
        if call == "flow/exists":
            found = 3 if self.server.flow else -1
            return self._send(f"{XML}<oml:flow_exists {NS}><oml:exists>{str(found > 0).lower()}</oml:exists>"
                              f"<oml:id>{found}</oml:id></oml:flow_exists>")  # fmt: skip
        if call == "flow":
            self.server.flow = parts["description"].partition("?>")[2] or parts["description"]
            return self._send(f"{XML}<oml:upload_flow {NS}><oml:id>3</oml:id></oml:upload_flow>")
        if call == "run":
            self.server.run_xml, self.server.predictions = parts["description"], parts["predictions"]
            return self._send(f"{XML}<oml:upload_run {NS}><oml:run_id>77</oml:run_id></oml:upload_run>")
        return self._error(100, f"Function not valid: {call}")

    def _task(self) -> str:
        return f"""{XML}<oml:task {NS}><oml:task_id>31</oml:task_id><oml:task_name>Task 31</oml:task_name>
<oml:task_type_id>{self.server.task_type}</oml:task_type_id><oml:task_type>Supervised Classification</oml:task_type>
<oml:input name="source_data"><oml:data_set><oml:data_set_id>5</oml:data_set_id>
<oml:target_feature>class</oml:target_feature></oml:data_set></oml:input>
<oml:input name="estimation_procedure"><oml:estimation_procedure><oml:id>1</oml:id><oml:type>crossvalidation</oml:type>
<oml:data_splits_url>{self.here}/splits.arff</oml:data_splits_url>
<oml:parameter name="number_repeats">1</oml:parameter><oml:parameter name="number_folds">2</oml:parameter>
</oml:estimation_procedure></oml:input>
<oml:input name="cost_matrix"><oml:cost_matrix></oml:cost_matrix></oml:input></oml:task>"""

    def _run(self) -> str:
        score = "<oml:evaluation><oml:name>predictive_accuracy</oml:name><oml:value>0.8333</oml:value></oml:evaluation>"
        return f"""{XML}<oml:run {NS}><oml:run_id>77</oml:run_id><oml:uploader>9</oml:uploader>
<oml:uploader_name>me</oml:uploader_name><oml:task_id>31</oml:task_id>
<oml:task_type>Supervised Classification</oml:task_type><oml:flow_id>3</oml:flow_id>
<oml:flow_name>gradus.predictions(1)</oml:flow_name><oml:setup_id>4</oml:setup_id>
<oml:setup_string>x</oml:setup_string>
<oml:input_data><oml:dataset><oml:did>5</oml:did><oml:name>beans</oml:name><oml:url>{self.here}/data.arff</oml:url>
</oml:dataset></oml:input_data>
<oml:output_data><oml:file><oml:did>-1</oml:did><oml:file_id>1</oml:file_id><oml:name>description</oml:name>
<oml:url>{self.here}/d</oml:url></oml:file><oml:file><oml:did>-1</oml:did><oml:file_id>2</oml:file_id>
<oml:name>predictions</oml:name><oml:url>{self.here}/p</oml:url></oml:file>{score if self.server.evaluated else ""}
</oml:output_data></oml:run>"""

    def _evaluations(self) -> str:
        lines = "".join(
            f"<oml:evaluation><oml:run_id>{number}</oml:run_id><oml:task_id>31</oml:task_id><oml:setup_id>4"
            "</oml:setup_id><oml:flow_id>3</oml:flow_id><oml:flow_name>f</oml:flow_name><oml:data_id>5</oml:data_id>"
            "<oml:data_name>beans</oml:data_name><oml:function>predictive_accuracy</oml:function><oml:upload_time>"
            f"2026-05-01 10:00:00</oml:upload_time><oml:uploader>9</oml:uploader><oml:value>{value}</oml:value>"
            "</oml:evaluation>"
            for number, value in ((75, 0.9), (76, 0.5), (77, 0.8333))
        )
        return f"{XML}<oml:evaluations {NS}>{lines}</oml:evaluations>"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.keys = set()
    threading.Thread(target=made.serve_forever, daemon=True).start()
    configure(tmp_path, f"http://127.0.0.1:{made.server_port}/api/v1/xml", "secret")
    for name, folder in (("HOME", "home"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache")):
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.setattr(openml_client, "WAIT_SECONDS", 0.0)
    yield made
    made.shutdown()
    made.server_close()


def configure(base: Path, url: str, key: str) -> None:
    for folder in (base / "config" / "openml", base / "home" / ".openml"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config").write_text(f"server = {url}\napikey = {key}\n")


def predictions(remote: Remote, path: Path, **changes: object) -> Path:
    frame = pd.read_csv(remote.folder / "sample_submission.csv", dtype={"id": str})
    frame.assign(**changes).sample(frac=1, random_state=0).to_csv(path, index=False)
    return path


@needs_client
def test_from_task_to_rank(server: Server, tmp_path: Path) -> None:
    remote = fetch(tmp_path, "openml:31")
    assert find_remote(tmp_path, "openml-31") == find_remote(tmp_path, "openml:31") == remote
    assert remote.columns == ("id", "prediction", "confidence.no", "confidence.yes")
    assert (remote.rows, remote.metric, remote.title) == (6, "predictive_accuracy", "beans (task 31)")
    data = pd.read_csv(remote.folder / "data.csv")
    assert data["size"].tolist() == [row[0] for row in ROWS]
    assert data["class"].tolist() == [row[2] for row in ROWS]
    folds = pd.read_csv(remote.folder / "folds.csv")
    assert folds["id"].tolist() == ["0-0-0", "0-0-2", "0-0-4", "0-1-1", "0-1-3", "0-1-5"]
    assert "higher is better" in (remote.folder / "about.md").read_text()

    path = predictions(remote, tmp_path / "s.csv", prediction="yes", **{"confidence.no": 0.3, "confidence.yes": 0.7})
    handed = hand_in(remote, path, "first & last")
    assert (handed.ref, handed.score, handed.rank, handed.of) == ("77", 0.8333, 2, 3)
    lines = server.predictions.partition("@DATA\n")[2].split()
    assert "0,0,0,0,yes,yes,0.3,0.7" in lines
    assert "0,1,0,1,yes,no,0.3,0.7" in lines
    assert "<oml:task_id>31</oml:task_id>" in server.run_xml
    assert "first &amp; last" in server.run_xml
    assert server.keys == {"secret"}
    found = standing(remote)
    assert [(each.ref, each.note, each.score, each.status) for each in found.submissions] == [
        ("77", "first & last", 0.8333, "scored")
    ]
    assert (found.rank, found.of) == (2, 3)
    kept = "".join(path.read_text() for path in (tmp_path / ".gradus").rglob("*") if path.is_file())
    assert "secret" not in kept
    assert not (tmp_path / "home" / ".cache").exists()


@needs_client
def test_a_run_that_is_not_evaluated_yet(server: Server, tmp_path: Path) -> None:
    server.evaluated = False
    remote = fetch(tmp_path, "openml:31")
    handed = hand_in(remote, predictions(remote, tmp_path / "s.csv"), "")
    assert (handed.ref, handed.score) == ("77", None)
    assert standing(remote).submissions[0].status == "waiting"


@needs_client
@pytest.mark.parametrize(
    ("refuse", "task", "words"),
    [(0, "32", "OpenML has no task 32"), (103, "31", "does not accept the key"), (378, "31", "with an error: no")],
)  # fmt: skip
def test_refusals_are_said_in_words(server: Server, tmp_path: Path, refuse: int, task: str, words: str) -> None:
    server.refuse = refuse
    with pytest.raises(RemoteError, match=words):
        fetch(tmp_path, f"openml:{task}")
    assert not (tmp_path / "arena" / f"openml-{task}").exists()


@needs_client
def test_a_task_of_another_kind(server: Server, tmp_path: Path) -> None:
    server.task_type = 3
    with pytest.raises(RemoteError, match="Task 31 cannot be played from here: it is a task of the type"):
        fetch(tmp_path, "openml:31")


@needs_client
def test_no_key(server: Server, tmp_path: Path) -> None:
    configure(tmp_path, f"http://127.0.0.1:{server.server_port}/api/v1/xml", "")
    remote = fetch(tmp_path, "openml:31")
    with pytest.raises(RemoteError, match="no OpenML key"):
        hand_in(remote, predictions(remote, tmp_path / "s.csv"), "")
    assert not server.run_xml


@needs_client
def test_no_network(server: Server, tmp_path: Path) -> None:
    configure(tmp_path, "http://127.0.0.1:1/api/v1/xml", "secret")
    with pytest.raises(RemoteError, match="cannot be reached"):
        fetch(tmp_path, "openml:31")


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    """A task as it lies in a workspace; whatever would be sent fails the test."""
    workspace = Workspace.create(tmp_path / "mine", load_roadmap(), git=False)
    folder = workspace.root / "arena" / "openml-31"
    private = workspace.root / ".gradus" / "arena" / "openml-31"
    for each in (folder, private):
        each.mkdir(parents=True)
    columns = ["id", "prediction", "confidence.no", "confidence.yes"]
    (folder / "sample_submission.csv").write_text(",".join(columns) + "\n0-0-0,no,0.5,0.5\n0-0-1,no,0.5,0.5\n")
    meta = {"kind": "openml", "name": "openml-31", "key": "31", "title": "beans", "files": [], "rows": 2,
            "sample": "sample_submission.csv", "columns": columns, "metric": "predictive_accuracy",
            "more": {"classes": ["no", "yes"], "higher": True, "target": "class", "data_rows": 6}}  # fmt: skip
    (private / "competition.json").write_text(json.dumps(meta))
    monkeypatch.setattr(openml_client, "ask", lambda *args: pytest.fail("something was sent"))
    monkeypatch.chdir(workspace.root)
    found = find_remote(workspace.root, "openml-31")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,prediction,confidence.no,confidence.yes\n0-0-0,no,1,0\n", "1 of 2 ids are not answered"),
        ("id,prediction\n0-0-0,no\n0-0-1,no\n", "lacks “confidence.no”, “confidence.yes”"),
        ("id,prediction,confidence.no,confidence.yes\n0-0-0,maybe,1,0\n0-0-1,no,1,0\n", "Row 2: prediction is 'maybe'"),
        ("id,prediction,confidence.no,confidence.yes\n0-0-0,no,1,0\n0-0-1,no,0.9,0.9\n", "Row 3: the confidences are"),
        ("id,prediction,confidence.no,confidence.yes\n0-0-0,no,1,0\n0-0-1,no,-1,2\n", "Row 3: the confidences are"),
        ("id,prediction,confidence.no,confidence.yes\n0-0-0,no,x,0\n0-0-1,no,1,0\n", "no finite number"),
    ],
)
def test_what_does_not_fit_is_never_sent(
    fetched: Remote, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    path = Path("s.csv")
    path.write_text(text)
    with pytest.raises(UsageError, match=re.escape(words)):
        hand_in(fetched, path, "")
    assert run(["arena", "submit", "openml-31", "s.csv"]) == 2
    assert words.split(",")[0] in " ".join(capsys.readouterr().err.split())


def test_it_is_decided_elsewhere(fetched: Remote, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["arena", "finish", "openml-31"]) == 2
    assert "is decided on OpenML, not here" in capsys.readouterr().err
    assert run(["arena", "list"]) == 0
    assert "You play openml-31." in capsys.readouterr().out


class TestWithoutTheClient:
    @pytest.fixture(autouse=True)
    def bare(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.delenv(openml_client.VARIABLE, raising=False)
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        monkeypatch.setattr(openml_client, "find_spec", lambda name: None)

    def test_it_is_said_with_what_to_do(self, tmp_path: Path) -> None:
        with pytest.raises(RemoteError, match="official client is not installed") as refused:
            fetch(tmp_path, "openml:31")
        assert f"-m venv {tmp_path / 'data' / 'gradus' / 'openml'}" in refused.value.next_step
        assert not (tmp_path / "arena" / "openml-31").exists()

    def test_an_environment_without_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bare = tmp_path / "bare"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
        monkeypatch.setenv(openml_client.VARIABLE, str(bare))
        with pytest.raises(RemoteError, match="client cannot be loaded: No module named 'openml'"):
            fetch(tmp_path, "openml:31")

    def test_a_variable_that_names_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(openml_client.VARIABLE, str(tmp_path / "nothing"))
        with pytest.raises(RemoteError, match="names no environment of Python"):
            fetch(tmp_path, "openml:31")

    def test_a_client_that_breaks_off(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        broken = tmp_path / "python"
        broken.write_text("#!/bin/sh\necho dead >&2\nexit 3\n")
        broken.chmod(0o755)
        monkeypatch.setenv(openml_client.VARIABLE, str(broken))
        with pytest.raises(RemoteError, match="broke off: dead"):
            fetch(tmp_path, "openml:31")

    def test_a_name_that_is_no_number(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="names no task"):
            fetch(tmp_path, "openml:adult")


def test_regressions_are_numbers(fetched: Remote) -> None:
    from gradus.vault.rows import read_rows

    Path("s.csv").write_text("id,prediction\n0-0-0,1.5\n0-0-1,2\n")
    openml_client.require_predictions(
        read_rows(Path("s.csv")), replace(fetched, more={**fetched.more, "classes": []}), Path("s.csv")
    )
