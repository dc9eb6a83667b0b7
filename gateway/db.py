"""The engine, its transactions, and sealed fields. Only edges open a transaction; domain functions take `session`.

SQLite: WAL, synchronous=FULL, BEGIN IMMEDIATE, foreign keys on, secure_delete. A process lets one thread write at a
time, in the order in which they asked: waiting in SQLite's own busy loop makes the slowest webhook ten times slower.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, Protocol, TypeVar

import sqlmodel
from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url

from gateway.crypto import KeyRing, Tampered, index_of, key_uid_of, seal, unseal
from gateway.models import DataKey

T = TypeVar("T")
READ_ONLY = "passerelle_read_only"


class Erased(Exception):
    """The data key of this value was destroyed: what it sealed is gone for good."""


class Sealed(Protocol):
    """A row with sealed columns."""

    __tablename__: ClassVar[Any]
    uid: str


@dataclass
class Vault:
    """Seals and opens fields with data keys read from the database and unwrapped by the ring."""

    ring: KeyRing
    index_key: bytes
    house_key_uid: bytes = (
        b""  # the data key of what belongs to no community; read once, when the gateway opens
    )
    community_keys: dict[int, bytes] = field(
        default_factory=dict, repr=False
    )  # community -> data key, for good
    opened: dict[bytes, bytes] = field(default_factory=dict, repr=False)

    def data_key(self, session: sqlmodel.Session, key_uid: bytes) -> bytes:
        """Raises Erased when the key was destroyed, KeyProblem when the ring does not fit."""
        if key_uid not in self.opened:
            row = session.get(DataKey, key_uid)
            if row is None or row.wrapped is None:
                raise Erased(key_uid.hex())
            self.opened[key_uid] = self.ring.unwrap(row.wrapped, key_uid)
        return self.opened[key_uid]


class Session(sqlmodel.Session):
    """A database session that can seal, open and look up. It never commits on its own."""

    vault: Vault

    def seal(self, row: Sealed, column: str, plain: str, key_uid: bytes) -> None:
        """Put `plain` into the sealed `column` of `row`, under the data key `key_uid`."""
        setattr(row, column, self.sealed(type(row), row.uid, column, plain, key_uid))

    def sealed(self, table: type[Sealed], uid: str, column: str, plain: str, key_uid: bytes) -> bytes:
        """The sealed form of `plain` for one column of the row `uid`, which may not be made yet."""
        return seal(plain, self.vault.data_key(self, key_uid), key_uid, _place(table, uid, column))

    def open(self, row: Sealed, column: str) -> str:
        """The plain text of a sealed column. Raises Tampered or Erased."""
        value: bytes = getattr(row, column)
        key_uid = key_uid_of(value)
        return unseal(value, self.vault.data_key(self, key_uid), _place(type(row), row.uid, column))

    def index(self, number: str) -> bytes:
        """The keyed index under which `number` is found."""
        return index_of(number, self.vault.index_key)

    def add_once(self, table: type[sqlmodel.SQLModel], values: Mapping[str, Any]) -> Any:
        """Insert a row unless a unique constraint says that it is there already; the new row's key, or None.

        Columns that `values` leaves out get their defaults.
        """
        self.flush()
        statement = _insert_once(table, self.get_bind().dialect.name)
        return self.connection().execute(statement, values).scalar()

    def add_up(self, table: type[sqlmodel.SQLModel], column: str, rows: list[dict[str, Any]]) -> None:
        """Insert each row, or add its `column` to that of the row which is there already."""
        self.flush()
        self.connection().execute(_insert_or_add(table, column, self.get_bind().dialect.name), rows)

    def take_turn(self, what: str) -> None:
        """Until this transaction ends, nobody else may do `what`. SQLite has one writer at a time anyway."""
        if self.get_bind().dialect.name == "postgresql":
            self.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


@cache
def _insert_once(table: type[sqlmodel.SQLModel], dialect: str) -> Executable:
    """The statement of `add_once`, built once: building it costs more than running it."""
    columns: Table = inspect(table).local_table
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(columns).on_conflict_do_nothing().returning(*columns.primary_key)


@cache
def _insert_or_add(table: type[sqlmodel.SQLModel], column: str, dialect: str) -> Executable:
    columns: Table = inspect(table).local_table
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(columns)
    total = columns.c[column] + insert.excluded[column]
    return insert.on_conflict_do_update(index_elements=list(columns.primary_key), set_={column: total})


def _place(table: type[Sealed], uid: str, column: str) -> str:
    return f"{table.__tablename__}.{column}:{uid}"


class Database:
    """One database and its two kinds of transaction."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.engine = open_engine(url)
        self.vault = vault
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._reader = self.engine.execution_options(**{READ_ONLY: True})
        self._turn = Lock()
        self._waiting: list[tuple[Callable[[Session], Any], Future[Any]]] = []
        self._waiting_lock = Lock()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction that writes: committed when the block ends, undone when it raises."""
        with self._turn if self.is_sqlite else nullcontext(), self._session(self.engine) as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads, and never waits for a writer."""
        with self._session(self._reader) as session:
            yield session

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        session = Session(engine, expire_on_commit=False)
        session.vault = self.vault
        with session:
            yield session

    def close(self) -> None:
        """Let go of every connection that is not in use."""
        self.engine.dispose()

    def together(self, work: Callable[[Session], T]) -> T:
        """Run a small write, sharing one commit (one sync to disk) with whoever else waits at this moment.

        Returns only after the commit. `work` must be safe to run again: when the shared transaction fails, each
        waiting piece is run by itself, so that one bad text cannot fail its neighbours.
        """
        if not self.is_sqlite:
            with self.transaction() as session:
                return work(session)
        mine: Future[T] = Future()
        with self._waiting_lock:
            self._waiting.append((work, mine))
        with self._turn:
            if not mine.done():
                self._run_waiting()
        return mine.result()

    def _run_waiting(self) -> None:
        with self._waiting_lock:
            batch, self._waiting = self._waiting, []
        try:
            self._run_batch(batch)
        except Exception:  # noqa: BLE001 - whatever it was, each piece is run again alone and reports its own
            for piece in batch:
                try:
                    self._run_batch([piece])
                except Exception as error:  # noqa: BLE001 - handed to the thread that asked
                    piece[1].set_exception(error)

    def _run_batch(self, batch: list[tuple[Callable[[Session], Any], Future[Any]]]) -> None:
        with self._session(self.engine) as session:
            results = [work(session) for work, _ in batch]
            session.commit()
        for (_, future), result in zip(batch, results, strict=True):
            future.set_result(result)


def open_engine(url: str) -> Engine:
    """An engine that never prints parameters (they would show sealed fields and indexes)."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20)
    file = make_url(url).database
    assert file, "an in-memory database cannot be shared between threads"
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, hide_parameters=True, pool_size=10, max_overflow=30, connect_args={"timeout": 20}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


__all__ = ["Database", "Erased", "Session", "Tampered", "Vault", "open_engine"]
