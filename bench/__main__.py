"""``python -m bench``: measure everything in one run and write ``bench/RESULTS.md``. Exits 1 when a goal is missed."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Row, at_least, machine, table

HEAD = """# Benchmarks

Made by `python -m bench` on {when}, in one run, on {machine}. Medians (p50) of warm repetitions; learner processes
and peers run with one thread. A verdict is whole: every case of the exercise, in two fresh sandboxed runners,
compared by a judge in another process. The peers run the same cases once, in the learner's own process.
"""


def main() -> int:
    """Measure, write the results, and say whether every goal was met."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--times", type=int, default=100, help="warm verdicts to time (default 100)")
    parser.add_argument("--peer-times", type=int, default=5, help="runs of each peer (default 5)")
    parser.add_argument("--proof", action="store_true", help="time the cold proof of stage 2, too (minutes)")
    parser.add_argument("--no-peers", action="store_true", help="leave out pytest, nbgrader and otter-grader")
    arguments = parser.parse_args()

    from bench.grader import grader_rows
    from bench.shell import shell_rows

    sections: list[tuple[str, list[Row]]] = []
    rows, verdicts = grader_rows(arguments.times)
    sections.append(("The grader", rows))
    sections.append(("At the shell", shell_rows(max(15, arguments.times // 5))))
    from bench.stage2 import stage2_rows
    from bench.web import rows as web_rows

    sections.append(("Stage 2", stage2_rows(max(20, arguments.times // 4), arguments.proof)))

    sections.append(("The web app, with 20,000 attempts in the record", list(web_rows(max(20, arguments.times // 2)))))
    from bench.service import rows as service_rows

    sections.append(("The service prover", service_rows()))
    if not arguments.no_peers:
        from bench.peers import measure_peers

        goals = {"pytest, cold": 60.0, "nbgrader autograde": 800.0, "otter check": 800.0}
        peers = [
            at_least(f"{name}: times slower", sample.p50 / verdicts.p50, goals[name], "×", f" ({sample.p50:,.0f} ms)")
            for name, sample in measure_peers(arguments.peer_times).items()
        ]
        sections.append(("The same exercise and checks through peers", peers))
    text = HEAD.format(when=datetime.now(UTC).date().isoformat(), machine=machine())
    text += "".join(f"\n## {title}\n\n{table(rows)}\n" for title, rows in sections)
    print(text)
    if not arguments.no_peers:
        (Path(__file__).parent / "RESULTS.md").write_text(text)
    return 0 if all(row.met is not False for _, rows in sections for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
