"""The parts that other tests stand on: each is real, starts by itself and begins empty."""

import urllib.request
from collections.abc import Iterable
from operator import add
from wsgiref.types import StartResponse, WSGIEnvironment

from redis import Redis
from rq import Queue, SimpleWorker
from sqlalchemy import create_engine, inspect, text
from sqlmodel import SQLModel

import gateway.models  # noqa: F401 - the tables register themselves
from gateway.db import open_engine
from tests.parts import Serve


def table_names(address: str) -> set[str]:
    engine = open_engine(address)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def add_opt_out(address: str) -> int:
    """How many opt-outs there are after one more."""
    engine = open_engine(address)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO opt_outs (phone_index, active, how, changed_at)"
                " VALUES (:index, true, 'keyword', '2026-01-05 12:00:00')"
            ),
            {"index": b"maya"},
        )
        count: int = connection.execute(text("SELECT count(*) FROM opt_outs")).scalar_one()
    engine.dispose()
    return count


def test_a_fresh_database_has_every_table(fresh_database: str) -> None:
    assert table_names(fresh_database) >= set(SQLModel.metadata.tables)


def test_an_empty_database_has_no_table(empty_database: str) -> None:
    assert table_names(empty_database) == set()


def test_what_one_test_writes(fresh_database: str) -> None:
    assert add_opt_out(fresh_database) == 1


def test_the_next_test_does_not_see(fresh_database: str) -> None:
    assert add_opt_out(fresh_database) == 1


def test_two_databases_of_one_test_are_apart(
    fresh_postgres: str, empty_postgres: str, fresh_sqlite: str
) -> None:
    assert add_opt_out(fresh_postgres) == add_opt_out(fresh_sqlite) == 1
    assert table_names(empty_postgres) == set()


def test_the_postgres_server_is_a_recent_one(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        version = connection.dialect.server_version_info
    engine.dispose()
    assert version is not None
    assert version >= (14,)


def test_a_job_runs_on_the_valkey(valkey_url: str) -> None:
    with Redis.from_url(valkey_url) as connection:
        assert connection.dbsize() == 0
        queue = Queue("bell", connection=connection)
        job = queue.enqueue(add, 19, 23)
        SimpleWorker([queue], connection=connection).work(burst=True)
        assert job.return_value() == 42


def test_the_valkey_is_empty_again(valkey_url: str) -> None:
    with Redis.from_url(valkey_url) as connection:
        assert connection.dbsize() == 0


def test_an_app_is_served_over_a_real_socket(serve: Serve) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["PATH_INFO"].encode()]

    with serve(app) as address, urllib.request.urlopen(f"{address}/phones") as answer:
        assert answer.read() == b"/phones"
