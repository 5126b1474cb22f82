"""The tables. One schema for SQLite here and PostgreSQL on a class server; migrations make it, this describes it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

HEAD = "0001"  # the newest migration; a test keeps it equal to what Alembic finds
metadata = MetaData()
_Serial = BigInteger().with_variant(Integer, "sqlite")

sources = Table(
    "sources",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary),  # zlib; null when it could not be rescued from a damaged file
)

events = Table(
    "events",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("learner", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("tick", BigInteger, nullable=False, index=True),
    Column("data", Text, nullable=False),
    Column("source", String(64), ForeignKey("sources.sha256")),
    Column("crc", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("event", String(32), ForeignKey("events.id"), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # zlib of the verdict's JSON
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
