"""Which stored text is handled next, and what happens to one that cannot be handled."""

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import InboundMessage, InboundState

PARK_AFTER_FAILURES = 5


def next_waiting(session: Session, after: int = 0) -> int | None:
    """The oldest text that waits, of those with no older one from the same phone to the same line before it."""
    older = aliased(InboundMessage)
    blocked = (
        select(older.id)
        .where(
            older.state == InboundState.RECEIVED,
            older.from_index == InboundMessage.from_index,
            older.to_number == InboundMessage.to_number,
            col(older.id) < col(InboundMessage.id),
        )
        .exists()
    )
    return session.exec(
        select(InboundMessage.id)
        .where(InboundMessage.state == InboundState.RECEIVED, col(InboundMessage.id) > after, ~blocked)
        .order_by(col(InboundMessage.id))
        .limit(1)
    ).first()


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
