"""Loops and floods: two machines that answer each other, a phone that texts without end.

A flood is held for staff, never dropped; a loop is stopped without an answer, since an answer would feed it.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import col, select

from gateway.db import Erased, Session, Tampered
from gateway.models import InboundMessage

LOOP_SPAN = timedelta(minutes=5)
LOOP_COUNT = 5  # the same words more often than this within the span (hardening, abuse case 33)
FLOOD_SPAN = timedelta(minutes=10)
FLOOD_COUNT = 200  # one every three seconds: more than thumbs can do for so long

# Newest first from one phone up to one text; both questions look back by count, never over a whole history.
_BACKWARDS = (
    select(InboundMessage)
    .where(col(InboundMessage.from_index) == bindparam("phone"), col(InboundMessage.id) <= bindparam("last"))
    .order_by(col(InboundMessage.id).desc())
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)


def is_loop(session: Session, row: InboundMessage, now: datetime) -> bool:
    """Whether this phone has sent these very words to this line more than LOOP_COUNT times within LOOP_SPAN."""
    before = session.execute(
        _BACKWARDS, {"phone": row.from_index, "last": row.id, "most": 1, "skip": LOOP_COUNT}
    ).scalar()
    if before is None or before.received_at <= now - LOOP_SPAN:
        return False
    recent = session.execute(
        _BACKWARDS, {"phone": row.from_index, "last": row.id, "most": 4 * LOOP_COUNT, "skip": 0}
    ).scalars()
    words = session.open(row, "body_sealed")
    same = [
        text
        for text in recent
        if text.to_number == row.to_number
        and text.received_at > now - LOOP_SPAN
        and _says(session, text, words)
    ]
    return len(same) > LOOP_COUNT


def _says(session: Session, text: InboundMessage, words: str) -> bool:
    """A neighbour that cannot be opened (its key destroyed, its row tampered with) says something else."""
    try:
        return session.open(text, "body_sealed") == words
    except (Erased, Tampered):
        return False


def is_flood(session: Session, row: InboundMessage, now: datetime) -> bool:
    """Whether this phone has sent more than FLOOD_COUNT texts, to any line, within FLOOD_SPAN."""
    before = session.execute(
        _BACKWARDS, {"phone": row.from_index, "last": row.id, "most": 1, "skip": FLOOD_COUNT}
    ).scalar()
    return before is not None and before.received_at > now - FLOOD_SPAN
