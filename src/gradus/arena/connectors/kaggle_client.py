"""Kaggle, over its official client. Credentials stay where the client keeps them (``~/.kaggle`` or its variables)."""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gradus.arena.connectors import EXTRA, HandedIn, Remote, RemoteError, RemoteStanding, RemoteSubmission
from gradus.vault.rows import read_rows

SLUGS = {"house-prices": "house-prices-advanced-regression-techniques"}
TITLES = {"titanic": "Titanic", "house-prices": "House Prices"}
MOST_BYTES = 512 * 1024 * 1024
WAIT_SECONDS, PAUSE = 40.0, 2.0


def fetch(key: str, folder: Path) -> dict[str, Any]:
    """Download a competition's files into ``folder``. Raises RemoteError."""
    slug = SLUGS.get(key, key)
    with _words(slug), tempfile.TemporaryDirectory() as scratch:
        _client().competition_download_files(slug, path=scratch, force=True, quiet=True)
        names = _unpack(Path(scratch), folder, slug)
    sample = next((name for name in sorted(names) if "submission" in name.lower() and name.endswith(".csv")), None)
    if sample is None:
        raise RemoteError(f"“{slug}” has no sample submission to check yours against.", slug, "Play it on kaggle.com.")
    rows = read_rows(folder / sample)
    return {
        "key": slug, "title": TITLES.get(key, slug), "files": sorted(names), "sample": sample,
        "columns": list(rows.header), "rows": len(rows), "metric": "score",
    }  # fmt: skip


def hand_in(remote: Remote, path: Path, note: str) -> HandedIn:
    """Submit a file and wait a while for its score. Raises RemoteError."""
    with _words(remote.key):
        client = _client()
        done = client.competition_submit(str(path), note or "from Gradus", remote.key, quiet=True)
        ref = int(getattr(done, "ref", 0) or 0)
        if not ref:
            raise RemoteError(f"Kaggle did not take the file: {done.message or 'no reason given'}.", remote.key)
        score = _wait(client, remote.key, ref)
        rank, of = _rank(client, remote.key) if score is not None else (None, None)
    return HandedIn(remote.name, "Kaggle", str(ref), remote.metric, score, rank, of)


def standing(remote: Remote) -> RemoteStanding:
    """Your submissions and rank. Raises RemoteError."""
    with _words(remote.key):
        client = _client()
        made = [_submission(each) for each in client.competition_submissions(remote.key) or [] if each is not None]
        rank, of = _rank(client, remote.key)
    return RemoteStanding(remote.name, remote.title, "Kaggle", tuple(made), rank, of)


def _client() -> Any:
    """The official client, signed in. Raises RemoteError without the client or without a key."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            from kaggle.api.kaggle_api_extended import KaggleApi

            client = KaggleApi()
            client.authenticate()
    except ImportError:
        raise RemoteError("Kaggle's official client is not installed.", "", EXTRA) from None
    except SystemExit:
        raise RemoteError(
            "There is no Kaggle key on this computer.", "",
            "On kaggle.com, Settings, API, create a token and put it where that page says (~/.kaggle). It stays there.",
        ) from None  # fmt: skip
    return client


def _wait(client: Any, slug: str, ref: int) -> float | None:
    """The score of a submission, or None when it takes longer. Raises RemoteError when it could not be scored."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        for each in client.competition_submissions(slug) or []:
            if each is not None and each.ref == ref:
                if _status(each) == "error":
                    reason = each.error_description or "no reason given"
                    raise RemoteError(f"Kaggle could not score the file: {reason}.", slug, "It counts as a submission.")
                score = _submission(each).score
                if score is not None:
                    return score
        if time.monotonic() >= until:
            return None
        time.sleep(PAUSE)


def _submission(each: Any) -> RemoteSubmission:
    try:
        score = float(each.public_score)
    except (TypeError, ValueError):
        score = None
    return RemoteSubmission(str(each.ref), str(each.date or ""), each.description or "", _status(each), score)


def _status(each: Any) -> str:
    return str(getattr(each.status, "name", each.status)).lower().removeprefix("submission_status_")


def _rank(client: Any, slug: str) -> tuple[int | None, int | None]:
    """Your rank and how many teams there are, from the downloaded leaderboard; None where you are not on it."""
    user = str(client.config_values.get("username") or "").lower()
    with tempfile.TemporaryDirectory() as scratch:
        client.competition_leaderboard_download(slug, scratch, quiet=True)
        for path in Path(scratch).glob("*.zip"):
            with zipfile.ZipFile(path) as packed:
                name = next((name for name in packed.namelist() if name.endswith(".csv")), None)
                if name is None or packed.getinfo(name).file_size > MOST_BYTES:
                    return None, None
                rows = list(csv.DictReader(io.StringIO(packed.read(name).decode("utf-8-sig", "replace"))))
            for row in rows:
                members = (row.get("TeamMemberUserNames") or "").lower().split(",")
                if user and user in (member.strip() for member in members) and (row.get("Rank") or "").isdigit():
                    return int(row["Rank"]), len(rows)
            return None, len(rows) or None
    return None, None


def _unpack(scratch: Path, folder: Path, slug: str) -> list[str]:
    """Move the downloaded CSV and text files into place; nothing outside the folder is ever written."""
    names: list[str] = []
    for path in scratch.iterdir():
        if path.suffix != ".zip":
            shutil.copyfile(path, folder / path.name)
            names.append(path.name)
            continue
        with zipfile.ZipFile(path) as packed:
            if sum(item.file_size for item in packed.infolist()) > MOST_BYTES:
                raise RemoteError(f"The files of “{slug}” are too large to fetch from here.", slug, "Use kaggle.com.")
            for item in packed.infolist():
                name = Path(item.filename).name
                if not item.is_dir() and name and not name.startswith("."):
                    with packed.open(item) as source, (folder / name).open("wb") as target:
                        shutil.copyfileobj(source, target)
                    names.append(name)
    return names


@contextlib.contextmanager
def _words(slug: str) -> Iterator[None]:
    """What goes wrong on the way, in words."""
    try:
        import requests
    except ImportError:
        raise RemoteError("Kaggle's official client is not installed.", "", EXTRA) from None
    try:
        yield
    except requests.exceptions.HTTPError as error:
        raise _refused(error, slug) from None
    except (requests.exceptions.ConnectionError, requests.exceptions.Timeout):
        raise RemoteError(
            "Kaggle cannot be reached: there is no network, or it does not answer.", "",
            "Nothing is lost. Local competitions need no network: `gradus arena list`.",
        ) from None  # fmt: skip
    except zipfile.BadZipFile:
        raise RemoteError("What Kaggle sent is no archive that can be read.", slug, "Try again later.") from None


def _refused(error: Any, slug: str) -> RemoteError:
    status = error.response.status_code if error.response is not None else 0
    said = str(error)[:200]
    if status == 401:
        return RemoteError("Kaggle does not accept the key.", "", "Create a new token on kaggle.com, Settings, API.")
    if status == 403:
        return RemoteError(
            f"Kaggle refuses: the rules of “{slug}” were not accepted yet, or the key may not do this.", "",
            f"Sign in, and accept them at https://www.kaggle.com/competitions/{slug}/rules",
        )  # fmt: skip
    if status == 404:
        return RemoteError(f"Kaggle has no competition “{slug}”.", "", "Take the last part of its address.")
    if status == 429:
        return RemoteError("Kaggle takes no more for now: too many requests or submissions.", "", "Try again later.")
    return RemoteError(f"Kaggle answered with an error ({status}): {said}", "", "Try again later.")
