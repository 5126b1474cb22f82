"""Every command as a program sees it: exit codes, JSON keys, pipes, misspellings."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from gradus.cli.group import HIDDEN, SECTIONS
from gradus.cli.main import cli

Gradus = Callable[..., "subprocess.CompletedProcess[str]"]

COMMANDS = [name for commands in SECTIONS.values() for name in commands]


def as_json(done: subprocess.CompletedProcess[str]) -> dict:
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


class TestHelp:
    @pytest.mark.parametrize("name", [*COMMANDS, *HIDDEN])
    def test_every_command_explains_itself(self, name: str) -> None:
        result = CliRunner().invoke(cli, [name, "--help"])
        assert result.exit_code == 0
        assert len(result.output.strip().split("\n")) > 4

    @pytest.mark.parametrize("name", ["prove", "new", "lessons"])
    def test_authors_commands_explain_themselves(self, name: str) -> None:
        assert CliRunner().invoke(cli, ["author", name, "--help"]).exit_code == 0

    @pytest.mark.parametrize("name", COMMANDS)
    def test_the_short_help_of_the_table_is_there(self, name: str) -> None:
        assert name in CliRunner().invoke(cli, ["--help"]).output

    def test_help_is_light(self, gradus: Gradus) -> None:
        code = (
            "import sys\nfrom gradus.cli.main import run\nrun(['--help'])\n"
            "heavy = {'rich', 'pydantic', 'sqlalchemy', 'numpy', 'pandas', 'watchfiles', 'tomllib', 'json'}\n"
            "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stderr.strip() == "[]"


class TestMistakes:
    def test_a_misspelled_command_is_answered_with_the_right_one(self, gradus: Gradus) -> None:
        done = gradus("chekc")
        assert done.returncode == 2
        assert "Did you mean 'check'?" in done.stderr
        assert done.stdout == ""

    @pytest.mark.parametrize(("typed", "meant"), [("run", "check"), ("test", "check"), ("status", "progress")])
    def test_habits_are_translated(self, gradus: Gradus, typed: str, meant: str) -> None:
        assert f"'{meant}'" in gradus(typed).stderr

    def test_a_misspelled_exercise_is_answered_with_the_right_one(self, gradus: Gradus, workspace: Path) -> None:
        done = gradus("hint", "dobled", cwd=workspace)
        assert done.returncode == 2
        assert "Did you mean doubled?" in done.stderr

    def test_a_misspelled_option_is_answered_with_the_right_one(self, gradus: Gradus) -> None:
        done = gradus("next", "--jsn")
        assert done.returncode == 2
        assert "--json" in done.stderr

    def test_outside_a_workspace_the_way_in_is_named(self, gradus: Gradus, tmp_path: Path) -> None:
        for name in ("next", "hint", "progress", "review", "watch", "export"):
            done = gradus(name, cwd=tmp_path)
            assert done.returncode == 2, name
            assert "gradus init" in done.stderr, name

    def test_errors_are_json_where_json_was_asked_for(self, gradus: Gradus, tmp_path: Path) -> None:
        done = gradus("next", "--json", cwd=tmp_path)
        assert done.returncode == 2
        error = json.loads(done.stdout)["error"]
        assert set(error) == {"kind", "what", "where", "next_step"}
        assert error["kind"] == "WorkspaceError"

    def test_no_traceback_reaches_the_screen(self, gradus: Gradus, workspace: Path) -> None:
        settings = workspace / "gradus.toml"
        before = settings.read_text()
        settings.write_text("format = [")
        try:
            done = gradus("next", cwd=workspace)
        finally:
            settings.write_text(before)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert "gradus.toml" in done.stderr

    def test_a_fault_of_ours_leaves_a_bounded_log(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from gradus.cli import failures

        monkeypatch.chdir(tmp_path)
        (tmp_path / "gradus.toml").write_text("format = 1\n")
        assert failures.show_unexpected(ValueError("x" * 500_000), ["check"]) == 3
        log = tmp_path / ".gradus" / "fault.log"
        assert "ValueError" in log.read_text() or log.stat().st_size == 64 * 1024
        assert log.stat().st_size <= 64 * 1024


class TestOutput:
    def test_a_closed_pipe_is_quiet(self, environment: dict[str, str]) -> None:
        command = f"{sys.executable} -m gradus roadmap | head -1; exit ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 141)
        assert done.stderr == ""

    def test_a_pipe_gets_no_colors(self, gradus: Gradus, workspace: Path) -> None:
        assert "\x1b" not in gradus("next", cwd=workspace).stdout

    def test_colors_can_be_forced_and_refused(self, gradus: Gradus, workspace: Path) -> None:
        assert "\x1b[" in gradus("next", cwd=workspace, FORCE_COLOR="1").stdout
        assert "\x1b" not in gradus("next", cwd=workspace, FORCE_COLOR="1", NO_COLOR="1").stdout

    @pytest.mark.parametrize("name", [("next",), ("progress",), ("roadmap",), ("plan",), ("doctor",), ()])
    def test_forty_columns_are_enough(self, gradus: Gradus, workspace: Path, name: tuple[str, ...]) -> None:
        done = gradus(*name, cwd=workspace, COLUMNS="40")
        assert done.returncode == 0
        long = [line for line in done.stdout.split("\n") if len(line) > 40 and "/" not in line]
        assert long == []

    @pytest.mark.parametrize("name", ["next", "progress", "roadmap", "plan", "hint"])
    def test_a_windows_code_page_is_enough(self, gradus: Gradus, workspace: Path, name: str) -> None:
        done = gradus(name, cwd=workspace, PYTHONIOENCODING="cp437", PYTHONUTF8="0")
        assert done.returncode == 0
        assert done.stdout.isascii()


class TestInit:
    def test_a_folder_is_made_and_the_next_command_named(self, gradus: Gradus, tmp_path: Path) -> None:
        done = gradus("init", "work", cwd=tmp_path)
        assert done.returncode == 0
        assert done.stdout.rstrip().split("\n")[-2].startswith("cd work")
        assert done.stdout.rstrip().split("\n")[-1].startswith("gradus watch")
        assert (tmp_path / "work/1-first-steps/1-arrays/doubled.py").is_file()

    def test_again_it_keeps_what_is_there(self, gradus: Gradus, tmp_path: Path) -> None:
        gradus("init", "work", "--no-git", cwd=tmp_path)
        file = tmp_path / "work/1-first-steps/1-arrays/doubled.py"
        file.write_text("mine")
        done = gradus("init", "work", "--no-git", cwd=tmp_path)
        assert done.returncode == 0
        assert file.read_text() == "mine"
        assert "left alone" in done.stdout

    def test_flags_set_the_plan(self, gradus: Gradus, tmp_path: Path) -> None:
        made = as_json(
            gradus(
                "init", "work", "--no-git", "--background", "beginner", "--hours", "5", "--track", "ai-engineer",
                "--start", "2027-01-04", "--json", cwd=tmp_path,
            )
        )  # fmt: skip
        assert made["new"] is True
        assert made["plan"]["settings"] == {
            "background": "beginner", "hours_per_week": 5.0, "track": "ai-engineer", "start": "2027-01-04",
        }  # fmt: skip
        assert made["next"]["kind"] == "lesson"

    def test_a_file_of_that_name_is_not_touched(self, gradus: Gradus, tmp_path: Path) -> None:
        (tmp_path / "work").write_text("a file")
        assert gradus("init", "work", cwd=tmp_path).returncode == 2
        assert (tmp_path / "work").read_text() == "a file"


class TestRoad:
    def test_home_inside_and_outside(self, gradus: Gradus, workspace: Path, tmp_path: Path) -> None:
        assert "gradus init" in gradus(cwd=tmp_path).stdout
        inside = gradus(cwd=workspace).stdout
        assert "Stage 1" in inside
        assert "Next:" in inside

    def test_next(self, gradus: Gradus, workspace: Path) -> None:
        answer = as_json(gradus("next", "--json", cwd=workspace))
        assert set(answer) == {"workspace", "step", "due", "stage", "unit", "focus", "notices"}
        assert answer["step"]["exercise"] == "doubled"
        assert "every entry" in gradus("next", cwd=workspace).stdout

    def test_roadmap(self, gradus: Gradus, tmp_path: Path) -> None:
        road = as_json(gradus("roadmap", "--json", cwd=tmp_path))
        assert road["counts"] == {
            "stages": 2, "units": 3, "units_ready": 1, "exercises": 2, "outcomes": 1, "cards": 2,
        }  # fmt: skip
        assert road["stages"][0]["units"][1]["status"] == "coming"
        assert "coming" in gradus("roadmap", cwd=tmp_path).stdout
        assert "Second steps" not in gradus("roadmap", "1", cwd=tmp_path).stdout
        assert gradus("roadmap", "7", cwd=tmp_path).returncode == 2

    def test_progress(self, gradus: Gradus, workspace: Path) -> None:
        answer = as_json(gradus("progress", "--json", cwd=workspace))
        assert set(answer) == {"progress", "mastery"}
        assert "0 of 2" in gradus("progress", cwd=workspace).stdout

    def test_plan_and_its_calendar(self, gradus: Gradus, workspace: Path, tmp_path: Path) -> None:
        plan = as_json(gradus("plan", "--hours", "7", "--json", cwd=workspace))
        assert plan["settings"]["hours_per_week"] == 7.0
        assert [unit["number"] for unit in plan["units"]] == ["1.1", "1.2", "2.1"]
        file = tmp_path / "plan.ics"
        assert gradus("plan", "--ics", str(file), cwd=workspace).returncode == 0
        assert file.read_text().startswith("BEGIN:VCALENDAR")
        again = gradus("plan", "--ics", str(file), cwd=workspace)
        assert again.returncode == 2
        assert "--force" in again.stderr

    def test_place(self, gradus: Gradus, workspace: Path) -> None:
        placement = as_json(gradus("place", "--json", cwd=workspace))
        assert [task["exercise"] for task in placement["tasks"]] == ["centered"]
        assert Path(placement["tasks"][0]["file"]).is_file()
        assert "placement/centered.py" in gradus("place", cwd=workspace).stdout

    def test_lesson_and_task(self, gradus: Gradus, workspace: Path) -> None:
        lesson = gradus("lesson", "arrays", cwd=workspace).stdout
        assert "X · 2" in lesson
        assert "output" in lesson
        assert gradus("lesson", "later", cwd=workspace).returncode == 2
        task = as_json(gradus("task", "centered", "--json", cwd=workspace))
        assert task["file"].endswith("centered.py")
        assert task["touched"] is False


class TestHelpAndRecord:
    def test_hints_come_in_steps(self, gradus: Gradus, workspace: Path) -> None:
        levels = [as_json(gradus("hint", "centered", "--json", cwd=workspace))["level"] for _ in range(4)]
        assert levels == [1, 2, 3, 3]

    def test_the_solution_is_not_shown_too_early(self, gradus: Gradus, workspace: Path) -> None:
        done = gradus("solution", "doubled", "--yes", cwd=workspace)
        assert done.returncode == 2
        assert "hint" in done.stderr
        assert "2 * x" not in done.stdout

    def test_ways_wait_for_a_pass(self, gradus: Gradus, workspace: Path) -> None:
        done = gradus("ways", "doubled", cwd=workspace)
        assert done.returncode == 2
        assert "after you pass" in done.stderr

    def test_reset_asks_and_keeps(self, gradus: Gradus, workspace: Path, doubled: Path) -> None:
        doubled.write_text("# mine\n")
        assert gradus("reset", "doubled", cwd=workspace).returncode == 2
        assert doubled.read_text() == "# mine\n"
        laid = as_json(gradus("reset", "doubled", "--yes", "--json", cwd=workspace))
        assert laid["kept"]
        assert "NotImplementedError" in doubled.read_text()

    def test_export_and_import(self, gradus: Gradus, workspace: Path, tmp_path: Path) -> None:
        file = tmp_path / "all.json"
        made = as_json(gradus("export", str(file), "--json", cwd=workspace))
        assert made["events"] > 0
        assert gradus("export", str(file), cwd=workspace).returncode == 2
        assert as_json(gradus("import", str(file), "--json", cwd=workspace)) == {"new": 0, "known": made["events"]}
        file.write_text("{}")
        assert gradus("import", str(file), cwd=workspace).returncode == 2
        assert gradus("import", str(tmp_path / "none.json"), cwd=workspace).returncode == 2

    def test_cards_can_be_asked_and_answered_by_programs(self, gradus: Gradus, workspace: Path) -> None:
        queue = as_json(gradus("review", "--json", cwd=workspace))
        assert set(queue) == {"due", "later", "at"}
        question = as_json(gradus("review", "--card", "arrays/axis", "--json", cwd=workspace))
        right = question["choices"].index("0") + 1
        answer = as_json(
            gradus(
                "review",
                "--answer",
                "arrays/axis",
                str(right),
                "--seed",
                str(question["seed"]),
                "--json",
                cwd=workspace,
            )
        )
        assert answer["correct"] is True
        assert len(answer["explanations"]) == 2
        wrong = gradus("review", "--answer", "arrays/axis", "9", "--seed", "1", cwd=workspace)
        assert wrong.returncode == 2
        assert gradus("review", "--answer", "arrays/axis", "1", cwd=workspace).returncode == 2

    def test_version_and_completion(self, gradus: Gradus) -> None:
        assert gradus("version").stdout.startswith("gradus 0.")
        assert gradus("--version").stdout.startswith("gradus 0.")
        for shell in ("bash", "zsh", "fish"):
            assert "_GRADUS_COMPLETE" in gradus("completion", shell).stdout
        assert gradus("completion", "tcsh").returncode == 2


class TestCompletion:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("gradus che", {"check"}),
            ("gradus check ", {"doubled", "centered"}),
            ("gradus check d", {"doubled"}),
            ("gradus lesson ", {"arrays"}),
            ("gradus milestone ", {"1", "2"}),
            ("gradus check --s", {"--seed"}),
        ],
    )
    def test_words_are_completed(self, gradus: Gradus, workspace: Path, words: str, expected: set[str]) -> None:
        parts = words.split(" ")
        done = gradus(cwd=workspace, COMP_WORDS=words, COMP_CWORD=str(len(parts) - 1), _GRADUS_COMPLETE="bash_complete")
        assert {line.split(",")[1] for line in done.stdout.split()} == expected


class TestMilestone:
    def test_a_milestone_that_is_not_written_says_so(self, gradus: Gradus, workspace: Path) -> None:
        done = gradus("milestone", "2", cwd=workspace)
        assert done.returncode == 2
        assert "cannot be proved yet" in done.stderr

    def test_an_unknown_stage_is_refused(self, gradus: Gradus, workspace: Path) -> None:
        assert gradus("milestone", "9", cwd=workspace).returncode == 2

    def test_the_report_reads_as_sentences(self) -> None:
        from gradus.cli.commands.milestone import _conclusion, _probe
        from gradus.cli.term import Terminal

        term = Terminal()
        probe = {
            "title": "Shuffled rows",
            "outcome": "failed",
            "message": "The mean moved.",
            "measured": {"rows": [1, 2]},
        }
        assert _probe(probe, term) == ["✗ Shuffled rows", "    rows 1, 2", "    The mean moved."]
        report = {"stage": 1, "title": "Know your data", "outcome": "unverified", "evidence": "/e.json", "seed": 5}
        text = "\n".join(_conclusion(report, term))
        assert "Not verified: stage 1, Know your data" in text
        assert "gradus milestone 1 --seed 5" in text
