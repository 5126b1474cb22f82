"""The Kaggle connector against a local server that speaks the protocol of the official client."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gradus.arena import connectors
from gradus.arena.connectors import RemoteError, fetch, find_remote, hand_in, remotes, standing
from gradus.errors import UsageError

pytest.importorskip("kaggle")

SAMPLE = "PassengerId,Survived\n892,0\n893,1\n894,0\n"


def packed(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


class Server(ThreadingHTTPServer):
    """What Kaggle would say. ``status`` other than 200 refuses every call."""

    status = 200
    uploaded = b""
    made: list[dict]
    scored = True


class Handler(BaseHTTPRequestHandler):
    server: Server
    SERVICE = "/v1/competitions.CompetitionApiService/"

    def log_message(self, *args: object) -> None:
        pass

    def _send(self, body: bytes, kind: str = "application/json", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        body = b""
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.uploaded = body
        self._send(b"{}", status=200)

    def do_GET(self) -> None:
        self._send(
            packed({"train.csv": "PassengerId,Survived\n1,0\n", "../gender_submission.csv": SAMPLE}), "application/zip"
        )

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        if self.server.status != 200:
            refused = {"code": self.server.status, "message": "no"}
            return self._send(json.dumps(refused).encode(), status=self.server.status)
        assert self.headers["Authorization"].startswith("Basic ")
        call = self.path.removeprefix(self.SERVICE)
        here = f"http://127.0.0.1:{self.server.server_port}"
        if call == "DownloadDataFiles":
            self.send_response(302)
            self.send_header("Location", f"{here}/files/titanic.zip")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        if call == "DownloadLeaderboard":
            board = 'Rank,TeamId,TeamName,Score,TeamMemberUserNames\n1,5,A,0.9,ada\n2,6,B,0.8,"eve, me"\n'
            return self._send(packed({"board.csv": board}), "application/zip")
        if call == "StartSubmissionUpload":
            return self._send(json.dumps({"token": "t", "createUrl": f"{here}/upload"}).encode())
        if call == "CreateSubmission":
            assert asked["blobFileTokens"] == "t"
            self.server.made.append({
                "ref": 77, "date": "2026-05-01T10:00:00Z", "description": asked["submissionDescription"],
                "status": "COMPLETE" if self.server.scored else "ERROR",
                "publicScore": "0.775" if self.server.scored else "",
                "errorDescription": "" if self.server.scored else "bad file",
            })  # fmt: skip
            return self._send(json.dumps({"message": "ok", "ref": 77}).encode())
        if call == "ListSubmissions":
            return self._send(json.dumps({"submissions": self.server.made}).encode())
        return self._send(b"{}", status=404)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    from kagglesdk import kaggle_env

    made = Server(("127.0.0.1", 0), Handler)
    made.made = []
    threading.Thread(target=made.serve_forever, daemon=True).start()
    monkeypatch.setitem(kaggle_env._env_to_endpoint, kaggle_env.KaggleEnv.PROD, f"http://127.0.0.1:{made.server_port}")
    for name in ("KAGGLE_API_TOKEN", "KAGGLE_API_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KAGGLE_CONFIG_DIR", str(tmp_path / "home"))
    monkeypatch.setenv("KAGGLE_USERNAME", "me")
    monkeypatch.setenv("KAGGLE_KEY", "secret")
    monkeypatch.setattr("gradus.arena.connectors.kaggle_client.WAIT_SECONDS", 0.0)
    yield made
    made.shutdown()
    made.server_close()


def answers(path: Path, text: str = "PassengerId,Survived\n894,1\n893,1\n892,0\n") -> Path:
    path.write_text(text)
    return path


def test_from_download_to_rank(server: Server, tmp_path: Path) -> None:
    remote = fetch(tmp_path, "kaggle:titanic")
    assert remote.files == ("gender_submission.csv", "train.csv")
    assert remote.columns == ("PassengerId", "Survived")
    assert not (tmp_path / "arena" / "gender_submission.csv").exists()
    assert find_remote(tmp_path, "kaggle-titanic") == find_remote(tmp_path, "kaggle:titanic") == remote
    assert remotes(tmp_path) == (remote,)
    path = answers(tmp_path / "s.csv")
    handed = hand_in(remote, path, "first")
    assert server.uploaded == path.read_bytes()
    assert (handed.score, handed.rank, handed.of) == (0.775, 2, 2)
    found = standing(remote)
    assert found.submissions[0].note == "first"
    assert (found.rank, found.of) == (2, 2)
    assert "secret" not in (tmp_path / ".gradus" / "arena" / "kaggle-titanic" / "competition.json").read_text()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PassengerId\n892\n893\n894\n", "lacks “Survived”"),
        ("PassengerId,Survived\n892,0\n893,1\n", "1 of 3 ids are not answered"),
        ("PassengerId,Survived\n892,0\n893,1\n893,1\n", "come more than once"),
        ("PassengerId,Survived\n892,0\n893,\n894,0\n", "Row 3 has no Survived"),
        ("PassengerId,Survived\n892,0\n893,yes\n894,0\n", "no finite number"),
    ],
)
def test_what_does_not_fit_is_never_sent(server: Server, tmp_path: Path, text: str, words: str) -> None:
    remote = fetch(tmp_path, "kaggle:titanic")
    with pytest.raises(UsageError, match=words):
        hand_in(remote, answers(tmp_path / "s.csv", text), "")
    assert not server.made


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "does not accept the key"), (403, "rules of “titanic” were not accepted"), (404, "no competition"),
     (429, "no more for now"), (500, "an error")],
)  # fmt: skip
def test_refusals_are_said_in_words(server: Server, tmp_path: Path, status: int, words: str) -> None:
    server.status = status
    with pytest.raises(RemoteError, match=words):
        fetch(tmp_path, "kaggle:titanic")


def test_a_file_that_could_not_be_scored(server: Server, tmp_path: Path) -> None:
    remote = fetch(tmp_path, "kaggle:titanic")
    server.scored = False
    with pytest.raises(RemoteError, match="could not score the file: bad file"):
        hand_in(remote, answers(tmp_path / "s.csv"), "")


def test_no_key(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAGGLE_USERNAME")
    monkeypatch.delenv("KAGGLE_KEY")
    with pytest.raises(RemoteError, match="no Kaggle key"):
        fetch(tmp_path, "kaggle:titanic")


def test_no_network(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kagglesdk import kaggle_env

    monkeypatch.setitem(kaggle_env._env_to_endpoint, kaggle_env.KaggleEnv.PROD, "http://127.0.0.1:1")
    with pytest.raises(RemoteError, match="cannot be reached"):
        fetch(tmp_path, "kaggle:titanic")


def test_names_that_name_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names no competition"):
        fetch(tmp_path, "kaggle:../x")
    assert not connectors.is_remote("loans")
