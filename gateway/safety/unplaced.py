"""Texts that belong to no thread: a stranger's, one from a shared phone, one to the program. An alert is the door to them."""

from datetime import timedelta

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Alert, InboundMessage

LOOKS_BACK = timedelta(days=1)
MOST = 20


def is_behind(session: Session, alert: Alert) -> bool:
    """Whether a text raised this alert that belongs to no thread."""
    return _text(session, alert) is not None


def behind(session: Session, alert: Alert) -> list[InboundMessage]:
    """What the same phone wrote to no thread, from a day before the alert's text until now: the newest, oldest first.

    Empty for an alert that no such text raised.
    """
    text = _text(session, alert)
    if text is None:
        return []
    found = session.exec(
        select(InboundMessage)
        .where(
            InboundMessage.from_index == text.from_index,
            col(InboundMessage.match_id).is_(None),
            col(InboundMessage.participant_id).is_not_distinct_from(text.participant_id),
            InboundMessage.received_at > text.received_at - LOOKS_BACK,
        )
        .order_by(col(InboundMessage.id).desc())
        .limit(MOST)
    ).all()
    return list(found)[::-1]


def _text(session: Session, alert: Alert) -> InboundMessage | None:
    text = session.get(InboundMessage, alert.inbound_id) if alert.inbound_id else None
    return text if text and text.match_id is None else None
