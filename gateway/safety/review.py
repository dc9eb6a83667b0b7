"""What staff do with texts that are held: release them, in the order in which they were written, or discard them."""

from datetime import datetime

from sqlmodel import col, select, update

from gateway.db import Session
from gateway.models import InboundMessage, OutboundMessage, OutboundState
from gateway.people.directory import Refused


def held(session: Session) -> list[OutboundMessage]:
    """Every text that waits for a look, oldest first."""
    return list(
        session.exec(
            select(OutboundMessage)
            .where(OutboundMessage.state == OutboundState.HELD)
            .order_by(col(OutboundMessage.id))
        )
    )


def release(session: Session, outbound_id: int, now: datetime) -> int:
    """Let a held text go; returns its line. Raises Refused when it is not held."""
    return _decide(session, outbound_id, OutboundState.QUEUED, now)


def discard(session: Session, outbound_id: int, now: datetime) -> int:
    """A held text will never leave. Raises Refused when it is not held."""
    return _decide(session, outbound_id, OutboundState.DISCARDED, now)


def release_of(session: Session, participant_id: int, reason: str, now: datetime) -> set[int]:
    """Let go all that one person wrote, or was to receive, and that was held for `reason`; the lines to ring."""
    wrote = select(InboundMessage.id).where(InboundMessage.participant_id == participant_id)
    concerned = (
        col(OutboundMessage.state) == OutboundState.HELD,
        col(OutboundMessage.reason) == reason,
        col(OutboundMessage.inbound_id).in_(wrote) | (col(OutboundMessage.participant_id) == participant_id),
    )
    lines = set(session.exec(select(OutboundMessage.line_id).where(*concerned)))
    session.execute(
        update(OutboundMessage)
        .where(*concerned)
        .values(state=OutboundState.QUEUED, not_before=now, reason=None)
        .execution_options(synchronize_session=False)
    )
    return lines


def _decide(session: Session, outbound_id: int, state: OutboundState, now: datetime) -> int:
    row = session.get(OutboundMessage, outbound_id)
    if row is None or row.state is not OutboundState.HELD:
        raise Refused(f"text {outbound_id} is not held; `gateway held list` shows those that are")
    row.state, row.not_before = state, now
    row.settled_at = now if state is OutboundState.DISCARDED else None
    session.add(row)
    return row.line_id
