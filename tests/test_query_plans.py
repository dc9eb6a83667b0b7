"""No query on the way of a text reads a whole table: a program that has run for years must answer as on its first day.

SQLite uses a partial index only when its condition stands in the query as it stands in the index, with literals: a
bound parameter hides it. So every statement of whole stories is explained with the parameters that it had.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import SQLModel, col, select

from gateway.cli.content import load_first
from gateway.insight import queue
from gateway.models import Match, Role
from gateway.privacy import provider_copies
from gateway.providers.simulator import SendFault
from gateway.safety import waiting
from gateway.web.health import health_of
from gateway.work import copies, jobs, rounds
from tests.world import open_world

GROWING = (
    "inbound_messages",
    "outbound_messages",
    "receipts",
    "members",
    "participants",
    "consents",
    "matches",
    "runs",
    "agendas",
    "answers",
    "alerts",
    "tallies",
    "audit_entries",
    "opt_outs",
    "findings",
    "decisions",
)

WHOLE = r"SCAN |SEARCH \w+ USING INTEGER PRIMARY KEY \(rowid[<>]"  # a range of ids begins at the first row
PARTIAL = [  # an index over what still waits is short, however long the program has run
    str(index.name)
    for table in SQLModel.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
]


@contextmanager
def statements_of(engine: Engine) -> Iterator[dict[str, Any]]:
    """Every statement that is run meanwhile, with the parameters of its first time."""
    seen: dict[str, Any] = {}

    def note(
        _connection: object, _cursor: object, statement: str, parameters: Any, _context: object, many: bool
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            seen.setdefault(statement, parameters[0] if many else parameters)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan_of(engine: Engine, statement: str, parameters: Any) -> list[str]:
    """The steps by which SQLite would answer the statement."""
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [str(row[3]) for row in plan]


def scans(engine: Engine, statement: str, parameters: Any) -> list[str]:
    """The growing tables that the statement reads from end to end."""
    steps = plan_of(engine, statement, parameters)
    whole = [step for step in steps if re.match(WHOLE, step) and not any(name in step for name in PARTIAL)]
    names = dict(re.findall(r"(?:FROM|JOIN|,) (\w+) AS (\w+)", statement))
    aliases = {alias: table for table, alias in names.items()}
    read = [step.split()[1] for step in whole]
    return [aliases.get(name, name) for name in read if aliases.get(name, name) in GROWING]


def test_a_text_its_troubles_and_every_tick_read_by_index(fresh_sqlite: str, tmp_path: Path) -> None:
    world = open_world(fresh_sqlite, tmp_path)
    maya = world.person("maya", Role.YOUTH, "+17055550111")
    ben = world.person("ben", Role.MENTOR, "+14165550112")
    with statements_of(world.gateway.db.engine) as seen:
        load_first(world.gateway)
        match = world.match(maya, ben)
        maya.texts("hi")
        world.network.weather.fail_next_send(SendFault.ACCEPT_THEN_LOSE, wait_seconds=3)
        ben.texts("hello")
        world.network.weather.coverage(maya.number, False)
        ben.texts("are you there")
        world.advance(hours=1)
        world.network.weather.coverage(maya.number, True)
        for words in ("STOP", "START", "HELP"):
            maya.texts(words)
        for _ in range(10):
            world.clock.wait(86_400)
            rounds.speak(world.gateway)
            world.settle()
        jobs.tick(world.gateway)
        assert health_of(world.gateway).is_well
        with world.gateway.db.reading() as session:
            assert queue.look(session, world.clock.now()).parked == 0
        world.close(match)
        ben.texts("still there?")
    engine = world.gateway.db.engine
    found = {
        sql: scans(engine, sql, values) for sql, values in seen.items() if " WHERE " in sql.replace("\n", " ")
    }
    world.network.close()
    engine.dispose()
    assert len(seen) > 40
    assert {sql: tables for sql, tables in found.items() if tables} == {}


def test_a_text_that_waits_for_a_decision_is_found_by_its_uid(fresh_sqlite: str, tmp_path: Path) -> None:
    world = open_world(fresh_sqlite, tmp_path)
    engine, now = world.gateway.db.engine, world.clock.now()
    with statements_of(engine) as seen, world.gateway.db.reading() as session:
        assert waiting.find(session, "nobody's", now, timedelta(hours=2)) is None
        assert not waiting.was_settled(session, "nobody's", now, matches=None, reader=None)
    plans = [plan_of(engine, sql, values) for sql, values in seen.items() if "inbound_messages.uid = " in sql]
    world.network.close()
    engine.dispose()
    assert len(plans) == 2
    assert all("ix_inbound_uid" in plan[0] for plan in plans)


def test_the_queue_of_review_is_found_by_index(fresh_sqlite: str, tmp_path: Path) -> None:
    world = open_world(fresh_sqlite, tmp_path)
    engine, now = world.gateway.db.engine, world.clock.now()
    with statements_of(engine) as seen, world.gateway.db.reading() as session:
        mine = select(col(Match.id))
        assert waiting.queue(session, now, timedelta(hours=2), matches=mine) == []
        assert waiting.how_many(session, matches=mine) == 0
    found = {
        sql: [
            table for table in scans(engine, sql, values) if table != "matches"
        ]  # the viewer's are all of them
        for sql, values in seen.items()
    }
    plans = [plan_of(engine, sql, values) for sql, values in seen.items() if "'held' UNION" in sql]
    world.network.close()
    engine.dispose()
    assert {sql: tables for sql, tables in found.items() if tables} == {}
    assert len(plans) == 2
    for plan in plans:
        assert {"ix_outbound_held", "ix_findings_undecided"} <= {step.split()[-1] for step in plan}, plan


def test_what_the_provider_should_no_longer_have_is_found_by_index(fresh_sqlite: str, tmp_path: Path) -> None:
    world = open_world(fresh_sqlite, tmp_path)
    maya = world.person("maya", Role.YOUTH, "+17055550111")
    ben = world.person("ben", Role.MENTOR, "+14165550112")
    world.match(maya, ben)
    maya.texts("hi")
    world.clock.wait(33 * 86_400)
    engine = world.gateway.db.engine
    with statements_of(engine) as seen:
        with world.gateway.db.reading() as session:
            rules = provider_copies.Rules(world.gateway.provider.name, world.gateway.copies_kept)
            assert provider_copies.overdue(session, rules, world.clock.now()) == (2, 0)
        assert copies.remove_provider_copies(world.gateway) == 2
    found = {sql: scans(engine, sql, values) for sql, values in seen.items()}
    plans = [plan_of(engine, sql, values)[0] for sql, values in seen.items() if " ORDER BY " in sql]
    world.network.close()
    engine.dispose()
    assert {sql: tables for sql, tables in found.items() if tables} == {}
    assert sorted(plans) == [
        "SEARCH inbound_messages USING INDEX ix_inbound_at_provider (received_at<?)",
        "SEARCH outbound_messages USING INDEX ix_outbound_at_provider (claimed_at>? AND claimed_at<?)",
    ]
