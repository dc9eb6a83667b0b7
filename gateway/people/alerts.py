"""What a human must look at: raised by whoever notices, listed by `gateway alerts`, once while nobody has looked."""

from datetime import datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Alert


def raise_alert(
    session: Session, participant_id: int, reason: str, now: datetime, run_id: int | None = None
) -> None:
    """Note that a human is needed. The same reason about the same person is not noted twice until it was seen."""
    waiting = select(Alert.id).where(
        Alert.participant_id == participant_id, Alert.reason == reason, col(Alert.seen_at).is_(None)
    )
    if session.exec(waiting.limit(1)).first() is None:
        session.add(Alert(participant_id=participant_id, run_id=run_id, reason=reason, at=now))
