"""What a learner declares about their data, their score and their findings: ``claims.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gradus.errors import UsageError

MetricName = Literal[
    "accuracy", "balanced_accuracy", "f1", "roc_auc", "average_precision", "log_loss", "r2", "mae", "rmse"
]
Effect = Literal["raises", "lowers", "matters", "irrelevant"]
FILE = "claims.toml"
MOST_BYTES = 64 * 1024


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DataPart(_Part):
    """``[data]``: which columns mean what."""

    file: str | None = None
    target: str
    positive: str | int | float | bool | None = None
    groups: str | None = None
    time: str | None = None
    ignore: tuple[str, ...] = ()
    known_before: tuple[str, ...] = ()
    same_entities: tuple[str, ...] = ()
    repeats: Literal["kept_together", "genuine"] | None = None


class ScorePart(_Part):
    """``[score]``: what the learner measured, and by which metric."""

    metric: MetricName
    value: float = Field(allow_inf_nan=False)
    accept_loss: str = ""


class VaultPart(_Part):
    """``[vault]``: the sealed test set that belongs to this data."""

    seal: str


class Claim(_Part):
    """``[[claims]]``: one finding, in words and in a form that can be checked."""

    text: str = Field(min_length=1, max_length=400)
    feature: str
    effect: Effect
    of: str | int | float | bool | None = Field(default=None, alias="class")


class Declared(_Part):
    """The whole file."""

    data: DataPart
    score: ScorePart
    vault: VaultPart | None = None
    claims: tuple[Claim, ...] = Field(default=(), max_length=20)


@dataclass(frozen=True)
class Claims:
    """The declarations with the bytes they were read from."""

    declared: Declared
    content: bytes
    path: Path


def read_claims(folder: Path) -> Claims:
    """Read ``claims.toml`` beside the milestone. Raises UsageError in words, with the line where there is one."""
    path = folder / FILE
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(
                f"{FILE} is larger than {MOST_BYTES // 1024} KB.", str(path), "Keep the claims in it short."
            )
        content = path.read_bytes()
        raw = tomllib.loads(content.decode("utf-8"))
    except FileNotFoundError:
        raise UsageError(
            f"There is no {FILE} beside your milestone.",
            str(path),
            "It says which column is the target, what you measured and what you found; the task shows one.",
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{FILE} is not UTF-8 text.", str(path), "Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{FILE} is not valid TOML: {error}.", str(path), "Mend that line.") from None
    except OSError as error:
        raise UsageError(f"{FILE} cannot be read: {error.strerror}.", str(path), "Check its permissions.") from None
    try:
        return Claims(Declared.model_validate(raw), content, path)
    except ValidationError as error:
        raise UsageError(*_refused(error, path)) from None


def _refused(error: ValidationError, path: Path) -> tuple[str, str, str]:
    first: Any = error.errors(include_url=False)[0]
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    message = first["msg"][:1].lower() + first["msg"][1:]
    if first["type"] == "missing":
        return f"{FILE} lacks `{place}`.", str(path), "The task says what each entry means."
    if first["type"] == "extra_forbidden":
        return f"{FILE} has an entry `{place}` that means nothing here.", str(path), "Check its spelling, or delete it."
    return f"`{place}` of {FILE} does not fit: {message}.", str(path), "The task says what each entry means."
