"""What staff do with texts that are held: release them, in the order in which they were written, or discard them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlmodel import col, select, update

from gateway.db import Session
from gateway.models import InboundMessage, OutboundMessage, OutboundState, Participant, spelled
from gateway.people.directory import Refused


def held(session: Session) -> list[OutboundMessage]:
    """Every text that waits for a look, oldest first."""
    return list(
        session.exec(
            select(OutboundMessage)
            .where(spelled(col(OutboundMessage.state), OutboundState.HELD))
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
    doubted = select(Participant.id).where(col(Participant.number_doubted_at).is_not(None))
    concerned = (
        spelled(col(OutboundMessage.state), OutboundState.HELD),
        col(OutboundMessage.reason) == reason,
        _written_by([participant_id]) | (col(OutboundMessage.participant_id) == participant_id),
        # the other end may be in doubt as well
        ~_written_by(doubted),
        col(OutboundMessage.participant_id).not_in(doubted),
    )
    lines = set(session.exec(select(OutboundMessage.line_id).where(*concerned)))
    session.execute(
        update(OutboundMessage)
        .where(*concerned)
        .values(state=OutboundState.QUEUED, not_before=now, reason=None)
        .execution_options(synchronize_session=False)
    )
    return lines


def _written_by(people: Sequence[int] | Select[Any]) -> ColumnElement[bool]:
    """Texts that these people wrote."""
    wrote = select(InboundMessage.id).where(col(InboundMessage.participant_id).in_(people))
    return col(OutboundMessage.inbound_id).in_(wrote)


def _decide(session: Session, outbound_id: int, state: OutboundState, now: datetime) -> int:
    row = session.get(OutboundMessage, outbound_id)
    if row is None or row.state is not OutboundState.HELD:
        raise Refused(f"text {outbound_id} is not held; `gateway held list` shows those that are")
    row.state, row.not_before = state, now
    row.settled_at = now if state is OutboundState.DISCARDED else None
    session.add(row)
    return row.line_id
