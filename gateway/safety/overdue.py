"""What has waited for staff too long: a louder alarm for each thread in which a held text sits past its limit."""

from datetime import datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import OutboundMessage, OutboundState
from gateway.people.alerts import Reason, raise_condition
from gateway.safety.escalation import Alarms


def sound(session: Session, alarms: Alarms, now: datetime) -> int:
    """Raise an alert for each such thread; it rings by day until somebody takes it on, and again while texts still wait.

    Returns how many were raised.
    """
    late = session.exec(
        select(OutboundMessage.match_id)
        .where(
            OutboundMessage.state == OutboundState.HELD,
            col(OutboundMessage.created_at) <= now - alarms.review,
            col(OutboundMessage.match_id).is_not(None),
        )
        .distinct()
        .order_by(col(OutboundMessage.match_id))
    ).all()
    raised = 0
    for match_id in late:
        alert = raise_condition(session, Reason.REVIEW_OVERDUE, now, alarms.review, match_id)
        if alert is not None:
            alert.step = 1  # a letter was the first word of it; this one is a text
            session.add(alert)
            raised += 1
    return raised
