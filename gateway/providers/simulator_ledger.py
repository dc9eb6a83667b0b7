"""The pretend carrier's own books: one small SQLite file that several processes share and a kill -9 leaves whole.

It must never be the gateway's database: what is written here, the gateway may only learn over the wire.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

EVERYWHERE = "*"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS texts (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    outbound INTEGER NOT NULL,      -- 1: from the gateway to a handset
    from_number TEXT NOT NULL,
    to_number TEXT NOT NULL,
    body TEXT NOT NULL,
    media TEXT NOT NULL DEFAULT '', -- content types, space between
    reference TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL,
    error_code TEXT,
    created_at REAL NOT NULL,       -- seconds since 1970, UTC
    taken_at REAL,                  -- inbound: when it left the handset
    arrived_at REAL,
    arrival INTEGER,                -- the order on the handset
    fate TEXT                       -- NULL while open: arrived | lost
);
CREATE INDEX IF NOT EXISTS open_texts ON texts (outbound, seq) WHERE fate IS NULL;
CREATE INDEX IF NOT EXISTS texts_to ON texts (to_number, from_number);
CREATE INDEX IF NOT EXISTS texts_from ON texts (from_number);
CREATE INDEX IF NOT EXISTS arrivals ON texts (arrival) WHERE arrival IS NOT NULL;
-- What the carrier was told to forget. Its books are `kept_texts`, and the handsets still have what they have.
CREATE TABLE IF NOT EXISTS forgotten (text_id TEXT PRIMARY KEY);
CREATE VIEW IF NOT EXISTS kept_texts AS SELECT * FROM texts WHERE id NOT IN (SELECT text_id FROM forgotten);
CREATE TABLE IF NOT EXISTS receipts (
    seq INTEGER PRIMARY KEY, text_id TEXT NOT NULL, status TEXT NOT NULL, error_code TEXT
);
CREATE TABLE IF NOT EXISTS weather (
    number TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (number, kind)
);
CREATE TABLE IF NOT EXISTS scripted_faults (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, wait_seconds REAL);
CREATE TABLE IF NOT EXISTS blocks (handset TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (handset, line));
"""

Row = sqlite3.Row


class Ledger:
    """Short transactions on one file, for any number of threads and processes. Without a path: a temporary file.

    `synchronous=OFF` outlives the death of the process, though not a power cut: enough for a pretend carrier.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._folder = None if path else tempfile.TemporaryDirectory(prefix="simulated-network-")
        self.path = Path(path) if path else Path(self._folder.name if self._folder else "", "ledger.db")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._owner = os.getpid()
        self._idle: list[sqlite3.Connection] = []
        self._left_to_parent: list[sqlite3.Connection] = []
        with self.writing() as books:
            for statement in _SCHEMA.split(";"):
                books.execute(statement)

    def read(self, query: str, *values: Any) -> list[Row]:
        """All rows of one query, or those that a statement returns."""
        with self._borrowed() as books:
            return list(books.execute(query, values))

    def write(self, statement: str, *values: Any) -> None:
        """One statement, committed."""
        with self._borrowed() as books:
            books.execute(statement, values)

    def write_many(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """One statement for many rows, in one transaction."""
        with self.writing() as books:
            books.executemany(statement, rows)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from its start. Nothing may be posted from inside."""
        with self._borrowed() as books:
            books.execute("BEGIN IMMEDIATE")
            try:
                yield books
            except BaseException:
                books.execute("ROLLBACK")
                raise
            books.execute("COMMIT")

    def close(self) -> None:
        """Close the connections of this process; a temporary file goes too. For when nobody uses it any more."""
        while self._idle:
            self._idle.pop().close()
        if self._folder:
            self._folder.cleanup()

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        if self._owner != os.getpid():  # SQLite connections must not cross a fork, not even to be closed
            self._left_to_parent, self._idle, self._owner = self._idle, [], os.getpid()
        try:
            books = self._idle.pop()
        except IndexError:
            books = self._open()
        try:
            yield books
        finally:
            self._idle.append(books)

    def _open(self) -> sqlite3.Connection:
        books = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
        books.row_factory = sqlite3.Row
        books.execute("PRAGMA journal_mode=WAL")
        books.execute("PRAGMA synchronous=OFF")
        return books
