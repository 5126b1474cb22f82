"""The shape of ``service.toml``, checked where it enters."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _address(value: str) -> str:
    if not value.startswith("/") or "//" in value or any(ord(character) <= 32 for character in value):
        raise ValueError("must be a path such as /predict")
    return value


def _below(value: str) -> str:
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in value:
        raise ValueError("must be a path below the project's folder")
    return value


def _function(value: str) -> str:
    module, _, name = value.partition(":")
    if not name.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
        raise ValueError("must name a function as module:function")
    return value


Address = Annotated[str, Field(max_length=500), AfterValidator(_address)]
Below = Annotated[str, Field(max_length=500), AfterValidator(_below)]
Function = Annotated[str, Field(max_length=200), AfterValidator(_function)]
Command = Annotated[list[Annotated[str, Field(max_length=2000)]], Field(min_length=1, max_length=100)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Service(_Table):
    """``[service]``: how it is started and where it answers."""

    command: Command
    predict: Address
    answer: str = Field(min_length=1, max_length=100)
    ready: Address | None = None
    health: Address | None = None
    live: Address | None = None
    batch: Address | None = None
    version: Address | None = None
    records: str = "rows"
    answers: str = "answers"
    model: list[Below] = []
    bind: Literal["loopback", "all"] | None = None
    env: dict[str, str] = {}
    start_seconds: float = Field(default=60.0, gt=0, le=600)


class Offline(_Table):
    """``[offline]``: the model as it was evaluated, and rows to ask."""

    predict: Function
    rows: Below
    target: str | None = None
    drop: list[str] = []


class Promote(_Table):
    """``[promote]``: how a new model takes the old one's place."""

    command: Command
    restart: bool = True
    within: float = Field(default=10.0, gt=0, le=120)


class Document(_Table):
    """The tables that the service prover reads."""

    service: Service
    offline: Offline | None = None
    promote: Promote | None = None
