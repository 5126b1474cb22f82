"""The small pieces: the declaration, rows, revisions, listening sockets, users, and the catalogue of faults."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.provers.service.declared import read_declared
from gradus.provers.service.faults import Found, catalogue
from gradus.provers.service.identity import check_revision, head_of
from gradus.provers.service.processes import listening, memory_kib, session_pids, users_of
from gradus.provers.service.rows import Table, read_table, shuffled
from gradus.provers.service.starting import copied, free_port
from tests.provers.service.projects import BASE

DECLARED = (BASE / "service.toml").read_text()


class TestDeclared:
    def test_the_base(self) -> None:
        declared = read_declared(BASE)
        assert (declared.bind, declared.waits_for, declared.only_batches) == ("loopback", "/ready", False)
        assert declared.promote is not None
        assert declared.promote.restart

    @pytest.mark.parametrize("host", ["0.0.0.0", "::"])
    def test_the_command_says_where_it_binds(self, host: str, tmp_path: Path) -> None:
        (tmp_path / "service.toml").write_text(DECLARED.replace("127.0.0.1", host))
        assert read_declared(tmp_path).bind == "all"

    @pytest.mark.parametrize(
        ("old", "new", "word"),
        [
            ('predict = "/predict"', 'predict = "predict"', "service.predict"),
            ('predict = "/predict"', 'predict = "//evil.example/predict"', "service.predict"),
            ('model = ["model/model.json"]', 'model = ["../model.json"]', "service.model"),
            ('model = ["model/model.json"]', 'model = ["/etc/passwd"]', "service.model"),
            ('predict = "offline:predict"', 'predict = "offline:predict()"', "offline.predict"),
            ('rows = "data/holdout.csv"', 'rows = "/data/holdout.csv"', "offline.rows"),
            ("[service]", "[service", "TOML"),
            ('answer = "probability"', "answer = 3", "service.answer"),
        ],
    )
    def test_a_mistake_is_placed(self, old: str, new: str, word: str, tmp_path: Path) -> None:
        assert old in DECLARED
        (tmp_path / "service.toml").write_text(DECLARED.replace(old, new))
        with pytest.raises(Found) as caught:
            read_declared(tmp_path)
        assert caught.value.fault.id == "not_declared"
        assert word in caught.value.seen

    def test_none_at_all(self, tmp_path: Path) -> None:
        with pytest.raises(Found, match="there is none"):
            read_declared(tmp_path)


class TestRows:
    def test_types_come_from_the_whole_column(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text("id,a,b,c,d,y\n1,1,1.5,x,True,0\n2,,2,7,False,1\n3,3,NaN,,True,0\n")
        table = read_table(path, "y", ["id"])
        assert table.columns == ("a", "b", "c", "d")
        assert table.rows[1] == {"a": None, "b": 2.0, "c": "7", "d": False}
        assert table.rows[2] == {"a": 3, "b": None, "c": None, "d": True}
        assert table.texts == {"c"}

    @pytest.mark.parametrize("text", ["", "a,y\n", "a,a\n1,2\n", "a,b\n1\n", "b\n1\n"])
    def test_what_is_no_table_is_refused(self, text: str, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text(text)
        with pytest.raises(Found) as caught:
            read_table(path, "y")
        assert caught.value.fault.id == "not_declared"

    @given(st.lists(st.integers(), min_size=1, max_size=30), st.integers(1, 50), st.integers(0, 2**31))
    def test_rows_are_drawn_without_repeats(self, values: list[int], count: int, seed: int) -> None:
        table = Table(("i",), tuple({"i": i} for i in range(len(values))), frozenset())
        drawn = [row["i"] for row in table.draw(count, np.random.default_rng(seed))]
        assert len(drawn) == len(set(drawn)) == min(count, len(values))

    @given(st.dictionaries(st.text(max_size=3), st.integers(), min_size=1, max_size=6), st.integers(0, 2**31))
    def test_shuffling_keeps_the_row_and_moves_its_fields(self, row: dict[str, int], seed: int) -> None:
        other = shuffled(row, np.random.default_rng(seed))
        assert other == row
        assert len(row) == 1 or list(other) != list(row)


class TestRevision:
    @staticmethod
    def git(folder: Path, *words: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@localhost"]
        done = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    @pytest.fixture
    def repository(self, tmp_path: Path) -> Path:
        try:
            self.git(tmp_path, "init", "-q")
        except OSError:
            pytest.skip("git is not installed")
        (tmp_path / "file").write_text("1")
        self.git(tmp_path, "add", "-A")
        self.git(tmp_path, "commit", "-qm", "One.")
        return tmp_path

    def test_it_is_read_as_git_says_it(self, repository: Path) -> None:
        head = self.git(repository, "rev-parse", "HEAD")
        assert head_of(repository) == head
        (repository / "below").mkdir()
        assert head_of(repository / "below") == head
        self.git(repository, "pack-refs", "--all")
        assert head_of(repository) == head
        self.git(repository, "checkout", "-q", "--detach")
        assert head_of(repository) == head

    def test_a_second_work_tree(self, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        other = tmp_path_factory.mktemp("other") / "tree"
        self.git(repository, "worktree", "add", "-q", "-b", "second", str(other))
        assert head_of(other) == self.git(repository, "rev-parse", "HEAD")

    def test_what_a_reported_revision_is_worth(self) -> None:
        head = "2b7e151628aed2a6abf7158809cf4f3c762e7160"
        assert "repository's" in check_revision(head[:8], head)
        assert "not compared" in check_revision(head, None)
        for wrong in ("v1.2", "2b7e", "0" * 40):
            with pytest.raises(Found) as caught:
                check_revision(wrong, head)
            assert caught.value.fault.id == "wrong_revision"


class TestProcesses:
    def test_a_child_of_this_test(self) -> None:
        port = free_port()
        code = (
            f"import socket, time\ns = socket.create_server(('127.0.0.1', {port}))\n"
            "print(1, flush=True)\ntime.sleep(60)"
        )
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True) as child:
            assert child.stdout is not None
            child.stdout.readline()
            assert session_pids(child.pid) == [child.pid]
            assert memory_kib(child.pid) > 1000
            assert users_of([child.pid]) in ({os.geteuid()}, set())
            assert listening([child.pid]) in ([("127.0.0.1", port)], None)
            child.kill()
        assert session_pids(child.pid) == []

    @pytest.mark.skipif(not Path("/proc/net/tcp6").exists(), reason="the system does not list its sockets here")
    @pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::1")])
    def test_addresses_are_read_as_they_are_written(self, family: socket.AddressFamily, host: str) -> None:
        try:
            server = socket.create_server((host, 0), family=family)
        except OSError:
            pytest.skip("this machine has no such address")
        with server:
            assert (host, server.getsockname()[1]) in (listening([os.getpid()]) or ())


class TestCopies:
    def test_the_environment_is_small_and_the_copy_gone(self) -> None:
        os.environ["A_SECRET_OF_MINE"] = "x"
        try:
            with copied(BASE) as copy:
                found = copy.environment({"REVISION": "$REVISION", "URL": "http://localhost:$PORT"}, 8123)
                assert (copy.folder / "model" / "model.json").exists()
        finally:
            del os.environ["A_SECRET_OF_MINE"]
        assert "A_SECRET_OF_MINE" not in found
        assert found["URL"] == "http://localhost:8123"
        assert not copy.folder.exists()


class TestFaults:
    def test_each_says_what_is_seen_and_what_to_do(self) -> None:
        for fault in catalogue().values():
            assert fault.headline.endswith(".")
            assert 60 < len(fault.why) < 700
            assert fault.id.isidentifier()

    def test_the_message_leads_with_the_headline(self) -> None:
        found = Found("column_order", "Three rows changed.", rows=3)
        assert found.message.startswith("**The answer changes when the columns come in another order.** Three rows")
        assert found.measured == {"rows": 3}
