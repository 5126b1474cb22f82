"""``gradus review``: cards one by one, and short re-solves."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from gradus.cli.ask import ask
from gradus.cli.commands.shared import json_option
from gradus.cli.markdown import render
from gradus.cli.out import emit, emit_json
from gradus.cli.places import shorten
from gradus.cli.term import Terminal
from gradus.cli.text import indent, one_line, plural, wrap
from gradus.errors import UsageError

Json = Mapping[str, Any]


@click.command("review")
@click.option("--list", "only_list", is_flag=True, help="Say what is due and what comes later; ask nothing.")
@click.option("--card", "card", help="Ask this card (UNIT/CARD), due or not.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="With --card or --answer: the values it is asked with.")
@click.option(
    "--answer",
    "answer",
    nargs=2,
    metavar="CARD CHOICE",
    help="Answer a card without being asked (choices count from 1).",
)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Stop after this many.")
@json_option
def command(
    only_list: bool, card: str | None, seed: int | None, answer: tuple[str, str] | None, limit: int, as_json: bool
) -> None:
    """Go through what is due: questions you answer with a key, and exercises you once solved.

    Things come back just before they would be forgotten. Stopping in the middle loses nothing.
    """
    term = Terminal.detect()
    if answer:
        _answer_once(answer, seed, as_json, term)
    elif card and (as_json or not _somebody_there()):
        _ask_once(card, seed, as_json, term)
    elif card:
        _one_card(ask("ask_card", card=card, **({"seed": seed} if seed is not None else {})), "", term)
    elif only_list or as_json or not _somebody_there():
        _list(ask("review_queue"), as_json, term)
    else:
        _session(ask("review_queue"), limit, term)


def _somebody_there() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


# ------------------------------------------------------------------------------------------------ without asking


def _list(queue: Json, as_json: bool, term: Terminal) -> None:
    if as_json:
        emit_json(queue)
        return
    lines: list[str] = []
    if queue["due"]:
        lines += [term.style(f"Due now: {len(queue['due'])}", "strong"), *[_item(item, term) for item in queue["due"]]]
    else:
        lines += ["Nothing is due now."]
    if queue["later"]:
        lines += ["", term.style("Later", "strong")]
        lines += [_item(item, term, when=True) for item in queue["later"][:10]]
        if len(queue["later"]) > 10:
            lines.append(term.style(f"  and {len(queue['later']) - 10} more", "dim"))
    emit(lines)


def _item(item: Json, term: Terminal, when: bool = False) -> str:
    kind = "question" if item["kind"] == "card" else "exercise"
    day = f"  {str(item['due'])[:10]}" if when else ""
    name = term.style(f"{kind} {item['id']}", "dim")
    return f"  {term.symbol('bullet')} {one_line(item['title'], 60)}  {name}{day}"


def _ask_once(card: str, seed: int | None, as_json: bool, term: Terminal) -> None:
    question = ask("ask_card", card=card, **({"seed": seed} if seed is not None else {}))
    if as_json:
        emit_json(question)
        return
    emit(_question(question, "", term))
    emit(["", f"Answer it with: gradus review --answer {question['id']} CHOICE --seed {question['seed']}"])


def _answer_once(answer: tuple[str, str], seed: int | None, as_json: bool, term: Terminal) -> None:
    card, text = answer
    if not text.isdigit():
        raise UsageError(f"A choice is a number counted from 1, not “{text}”.")
    if seed is None:
        step = f"Ask it first: gradus review --card {card} --json"
        raise UsageError("An answer needs the --seed that the question was asked with.", next_step=step)
    result = ask("answer_card", card=card, choice=int(text) - 1, seed=seed)
    if as_json:
        emit_json(result)
    else:
        emit(_outcome(result, ask("ask_card", card=card, seed=seed), term))


# ------------------------------------------------------------------------------------------------ one by one


def _session(queue: Json, limit: int, term: Terminal) -> None:
    due = queue["due"][:limit]
    if not due:
        _list(queue, False, term)
        return
    right = answered = 0
    for number, item in enumerate(due, start=1):
        place = f"{number} of {len(due)}"
        if item["kind"] == "card":
            done = _one_card(ask("ask_card", card=item["id"]), place, term)
            if done is None:
                break
            answered, right = answered + 1, right + done
        elif not _one_exercise(item, place, term):
            break
    _farewell(answered, right, term)


def _one_card(question: Json, place: str, term: Terminal) -> bool | None:
    """Ask; None when the learner wants to stop, else whether the answer was right."""
    emit(["", *_question(question, place, term)])
    choice = _read_choice(len(question["choices"]))
    if choice is None:
        return None
    result = ask("answer_card", card=question["id"], choice=choice, seed=question["seed"])
    emit(["", *_outcome(result, question, term)])
    if _pause("Enter for the next, q to stop: ") == "q":
        return None
    return bool(result["correct"])


def _question(question: Json, place: str, term: Terminal) -> list[str]:
    head = [term.style(place, "dim"), ""] if place else []
    lines = [*head, *render(question["question"], term), ""]
    for number, choice in enumerate(question["choices"], start=1):
        first, *rest = render(choice, term, max(20, term.width - 5)) or [""]
        lines += [f"  {term.style(str(number), 'info', 'strong')}  {first}", *indent(rest, "     ")]
    return lines


def _read_choice(count: int) -> int | None:
    while True:
        key = _pause(f"Your answer (1-{count}, q to stop): ")
        if key == "q":
            return None
        if key.isdigit() and 1 <= int(key) <= count:
            return int(key) - 1


def _pause(prompt: str) -> str:
    """One key where the terminal allows it."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    key = click.getchar().lower()
    if key in ("\x03", "\x04", "\x1b"):
        key = "q"
    sys.stdout.write(f"{key if key.isprintable() else ''}\n")
    return key


def _outcome(result: Json, question: Json, term: Terminal) -> list[str]:
    """Right or not, and why for every choice."""
    right = result["correct"]
    symbol, words, style = ("passed", "Right", "ok") if right else ("not_yet", "Not quite", "warn")
    lines = [term.style(f"{term.symbol(symbol)} {words}", style, "strong"), ""]
    for number, why in enumerate(result["explanations"]):
        good = number in result["right"]
        mark = "right" if good else "your answer" if number == result["chosen"] else ""
        label = term.style(f"{number + 1}", "ok" if good else "dim", "strong") + (f" ({mark})" if mark else "")
        lines.append(f"  {label}  " + (render(question["choices"][number], term, max(20, term.width - 20)) or [""])[0])
        lines += indent(render(why, term, max(20, term.width - 5)), "     ")
    lines += ["", *wrap(f"It comes back on {str(result['next_due'])[:10]}.", term.width, term, "dim")]
    return lines


def _one_exercise(item: Json, place: str, term: Terminal) -> bool:
    """A re-solve: lay a fresh file out and say where it is. False to stop."""
    emit(
        [
            "",
            term.style(place, "dim"),
            "",
            *wrap(f"Solve “{one_line(item['title'], 80)}” once more, from a fresh file.", term.width, term),
        ]
    )
    key = _pause("Enter to lay it out, s to skip it today, q to stop: ")
    if key == "q":
        return False
    if key == "s":
        return True
    laid = ask("resolve", exercise=item["id"])
    file = one_line(shorten(laid["file"]), 300)
    emit(["", f"Write it in {term.style(file, 'info')}", f"Check it with: gradus check {file}"])
    return _pause("Enter for the next, q to stop: ") != "q"


def _farewell(answered: int, right: int, term: Terminal) -> None:
    if answered:
        emit(["", f"{plural(answered, 'question')} answered, {right} right. The rest comes back when it is due."])
