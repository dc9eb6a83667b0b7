"""Loops and floods: two machines that answer each other, a phone that texts without end.

A flood is held for staff, never dropped; a loop is refused without an answer, since an answer would feed it.
"""

from datetime import datetime, timedelta

from sqlmodel import col, func, select

from gateway.db import Session
from gateway.models import InboundMessage

LOOP_SPAN = timedelta(minutes=5)
LOOP_COUNT = 5  # the same words more often than this within the span (hardening, abuse case 33)
FLOOD_SPAN = timedelta(minutes=10)
FLOOD_COUNT = 200  # one every three seconds: more than thumbs can do for so long


def is_loop(session: Session, row: InboundMessage, now: datetime) -> bool:
    """Whether this phone has sent these very words to this line more than LOOP_COUNT times within LOOP_SPAN."""
    recent = session.exec(
        select(InboundMessage)
        .where(
            InboundMessage.from_index == row.from_index,
            InboundMessage.to_number == row.to_number,
            col(InboundMessage.id) <= row.id,
            col(InboundMessage.received_at) > now - LOOP_SPAN,
        )
        .order_by(col(InboundMessage.id).desc())
        .limit(3 * LOOP_COUNT)
    ).all()
    if len(recent) <= LOOP_COUNT:
        return False
    words = session.open(row, "body_sealed")
    return sum(session.open(text, "body_sealed") == words for text in recent) > LOOP_COUNT


def is_flood(session: Session, row: InboundMessage, now: datetime) -> bool:
    """Whether this phone has sent more than FLOOD_COUNT texts, to any line, within FLOOD_SPAN."""
    count = session.exec(
        select(func.count())
        .select_from(InboundMessage)
        .where(
            InboundMessage.from_index == row.from_index,
            col(InboundMessage.id) <= row.id,
            col(InboundMessage.received_at) > now - FLOOD_SPAN,
        )
    ).one()
    return count > FLOOD_COUNT
