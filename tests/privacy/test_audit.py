"""The audit trail cannot be changed unseen: each entry holds the hash of the one before."""

import json
from collections.abc import Callable

import pytest
from sqlmodel import col, delete, select, update

from gateway.db import Session
from gateway.models import AuditEntry
from gateway.privacy.audit import audit
from gateway.privacy.trail import walk
from tests.world import World


def note(world: World, count: int) -> list[int]:
    """Note some acts; the ids of their entries."""
    with world.gateway.db.transaction() as session:
        for number in range(count):
            audit(session, "cli", "thread.read", f"match:{number}", world.clock.now(), {"count": number})
        return [entry for entry in session.exec(select(AuditEntry.id).order_by(col(AuditEntry.id))) if entry]


def where_it_breaks(world: World) -> int | None:
    with world.gateway.db.reading() as session:
        return walk(session).broken_id


def test_a_trail_that_nobody_touched_is_whole(world: World) -> None:
    assert where_it_breaks(world) is None
    note(world, 5)
    assert where_it_breaks(world) is None


def edit(column: str, value: object) -> Callable[[Session, int], None]:
    def act(session: Session, entry: int) -> None:
        session.execute(update(AuditEntry).where(col(AuditEntry.id) == entry).values({column: value}))

    return act


def remove(session: Session, entry: int) -> None:
    session.execute(delete(AuditEntry).where(col(AuditEntry.id) == entry))


@pytest.mark.parametrize(
    ("act", "seen_at"),
    [
        pytest.param(edit("actor", "nobody"), 2, id="another actor"),
        pytest.param(edit("action", "thread.skip"), 2, id="another act"),
        pytest.param(edit("subject", "match:99"), 2, id="another subject"),
        pytest.param(edit("detail", "{}"), 2, id="another detail"),
        pytest.param(edit("previous_hash", "0" * 64), 2, id="another past"),
        pytest.param(remove, 3, id="an entry that is gone shows at the next one"),
    ],
)
def test_a_change_shows(world: World, act: Callable[[Session, int], None], seen_at: int) -> None:
    ids = note(world, 5)
    with world.gateway.db.transaction() as session:
        act(session, ids[2])
    assert where_it_breaks(world) == ids[seen_at]


def test_an_entry_slipped_in_between_shows(world: World) -> None:
    ids = note(world, 3)
    with world.gateway.db.transaction() as session:
        last = session.exec(select(AuditEntry).where(AuditEntry.id == ids[-1])).one()
        forged = last.model_dump(exclude={"id"}) | {"subject": "match:7", "hash": "f" * 64}
        session.add(AuditEntry(**forged))
    assert where_it_breaks(world) is not None


def test_what_is_noted_is_one_line_of_plain_facts(world: World) -> None:
    with world.gateway.db.transaction() as session:
        audit(session, "cli", "x", "y", world.clock.now(), {"reason": "é\n\x1b[31m"})
        detail = session.exec(select(AuditEntry.detail).order_by(col(AuditEntry.id).desc())).first()
    assert detail and detail.isascii() and "\n" not in detail
    assert json.loads(detail) == {"reason": "é\n\x1b[31m"}
