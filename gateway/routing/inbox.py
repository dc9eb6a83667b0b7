"""Which stored text is handled next, and what happens to one that cannot be handled."""

from sqlalchemy import Executable, bindparam, exists
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import InboundMessage, InboundState, spelled

PARK_AFTER_FAILURES = 5


def next_waiting(session: Session, after: int = 0) -> int | None:
    """The oldest text that waits, of those with no older one from the same phone to the same line before it."""
    found: int | None = session.execute(_NEXT, {"after": after}).scalar()
    return found


def _statement() -> Executable:
    older = aliased(InboundMessage)
    blocked = exists().where(
        spelled(col(older.state), InboundState.RECEIVED),
        col(older.from_index) == col(InboundMessage.from_index),
        col(older.to_number) == col(InboundMessage.to_number),
        col(older.id) < col(InboundMessage.id),
    )
    return (
        select(InboundMessage.id)
        .where(
            spelled(col(InboundMessage.state), InboundState.RECEIVED),
            col(InboundMessage.id) > bindparam("after"),
            ~blocked,
        )
        .order_by(col(InboundMessage.id))
        .limit(1)
    )


_NEXT = _statement()


def taken(session: Session, inbound_id: int) -> InboundMessage | None:
    """The text, locked, while it waits; None when another worker has it, or had it."""
    found: InboundMessage | None = session.execute(_TAKEN, {"id": inbound_id}).scalars().first()
    return found


_TAKEN = (
    select(InboundMessage)
    .where(col(InboundMessage.id) == bindparam("id"), col(InboundMessage.state) == InboundState.RECEIVED)
    .with_for_update(skip_locked=True)
)


def failed(session: Session, inbound_id: int) -> bool:
    """Count a failure of `handle`; after several the text is parked where staff see it. True when it was parked."""
    row = session.get(InboundMessage, inbound_id)
    if row is None or row.state is not InboundState.RECEIVED:
        return False
    row.failures += 1
    if row.failures >= PARK_AFTER_FAILURES:
        row.state, row.reason = InboundState.PARKED, "failed_repeatedly"
    session.add(row)
    return row.state is InboundState.PARKED
