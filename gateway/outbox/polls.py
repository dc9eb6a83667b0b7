"""Asking after texts that were accepted and then not heard of: receipts that get lost are never sent again."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import OutboundMessage, OutboundState, spelled

POLL_AFTER = (timedelta(minutes=15), timedelta(hours=24), timedelta(hours=72))


def to_poll(session: Session, now: datetime, most: int = 50) -> list[tuple[int, str, str]]:
    """(row id, our reference, provider's id) of texts that are due for a poll. Each is counted as polled at once."""
    rows: list[OutboundMessage] = []
    for polled, wait in enumerate(POLL_AFTER):
        rows += session.exec(
            select(OutboundMessage)
            .where(
                spelled(col(OutboundMessage.state), OutboundState.SENT),
                OutboundMessage.polled == polled,
                col(OutboundMessage.sent_at) <= now - wait,
                col(OutboundMessage.provider_message_id).is_not(None),
            )
            .order_by(col(OutboundMessage.sent_at))
            .limit(most)
        )
    for row in rows:
        row.polled += 1
        session.add(row)
    return [(row.id or 0, row.uid, row.provider_message_id or "") for row in rows]
