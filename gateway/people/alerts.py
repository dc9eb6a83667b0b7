"""What a human must look at: raised by whoever notices, once while nobody has looked.

How soon somebody must look follows from the reason alone, in one table. Who is told, and when, is `safety.escalation`.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlmodel import col, or_, select

from gateway.db import Session
from gateway.models import Alert, AlertAct, AlertStep, InboundMessage, Match, Participant, Urgency

log = structlog.get_logger()


class Reason(StrEnum):
    """Why we raise an alert. Conversations raise others, in words of their authors."""

    CRISIS = "crisis"
    DISCLOSURE = "disclosure"
    SEXUAL = "sexual"
    ESCALATED = "escalated"  # another category whose verdict is to escalate, or staff asked for more eyes
    REPORT = "report"
    REPORT_STAFF = "report_staff"
    SCREEN_FAILED = "screen_failed"
    HELD = "held"
    FLAGGED = "flagged"
    REVIEW_OVERDUE = "review_overdue"
    CONCERN = "concern"
    CALLED = "called"
    LINE_STOPPED = "line_stopped"
    QUEUE_AGE = "queue_age"
    PARKED = "parked"  # a text that could not be handled was never screened, or one may or may not have left
    BUDGET = "budget"
    OPTED_OUT = "opted_out"
    ASKED_TO_STOP = "asked_to_stop"  # in a sentence: no STOP, and perhaps meant for the partner
    ASKED_FOR_HELP = "asked_for_help"
    NUMBER_DOUBTED = "number_doubted"


AGAIN_WITHIN = timedelta(minutes=10)  # what is urgent, and has happened again, rings at the latest
URGENCY: dict[str, Urgency] = {
    **dict.fromkeys((Reason.CRISIS, Reason.DISCLOSURE, Reason.SEXUAL, Reason.ESCALATED), Urgency.NOW),
    **dict.fromkeys((Reason.REPORT, Reason.REPORT_STAFF, Reason.SCREEN_FAILED), Urgency.NOW),
    **dict.fromkeys((Reason.LINE_STOPPED, Reason.QUEUE_AGE, Reason.PARKED), Urgency.NOW),
    **dict.fromkeys((Reason.FLAGGED, Reason.CALLED, Reason.OPTED_OUT), Urgency.WHENEVER),
}  # everything else can wait for today, and not longer


def urgency_of(reason: str) -> Urgency:
    return URGENCY.get(reason, Urgency.TODAY)


def raise_alert(
    session: Session,
    participant_id: int | None,
    reason: str,
    now: datetime,
    run_id: int | None = None,
    *,
    match_id: int | None = None,
    inbound_id: int | None = None,
    community_id: int | None = None,
) -> Alert:
    """Note that a human is needed; returns the alert, the waiting one when nobody has taken it on yet.

    The same reason about the same person (or the same unknown phone) is then only noted as a further step of it.
    `community_id` is asked where nobody is named: that of a phone which several people share.
    """
    waiting = _waiting(session, participant_id, reason, match_id, inbound_id)
    if waiting is not None:
        note(session, waiting, AlertAct.AGAIN, now, inbound_id=inbound_id)
        if waiting.urgency is Urgency.NOW and waiting.due_at:  # it may have come to ring every hour only
            waiting.due_at = min(waiting.due_at, now + AGAIN_WITHIN)
            session.add(waiting)
        return waiting
    urgency = urgency_of(reason)
    alert = Alert(
        community_id=_community_of(session, participant_id, match_id) or community_id,
        participant_id=participant_id,
        match_id=match_id,
        inbound_id=inbound_id,
        run_id=run_id,
        reason=reason,
        urgency=urgency,
        at=now,
        due_at=None if urgency is Urgency.WHENEVER else now,
    )
    session.add(alert)
    session.flush()
    note(session, alert, AlertAct.RAISED, now, inbound_id=inbound_id)
    log.warning(
        "alert", alert=alert.id, participant=participant_id, reason=str(reason), urgency=urgency.value
    )
    return alert


def ring_at_once(session: Session, alert: Alert, now: datetime) -> None:
    """It cannot wait, whatever its reason is worth by itself."""
    if alert.urgency is not Urgency.NOW:
        alert.urgency, alert.due_at = Urgency.NOW, now
        session.add(alert)


def raise_condition(
    session: Session, reason: str, now: datetime, within: timedelta, match_id: int | None = None
) -> Alert | None:
    """Raise an alert for something that lasts, unless one rings already or was raised within `within`."""
    last = session.exec(
        select(Alert)
        .where(
            Alert.reason == reason,
            Alert.match_id == match_id if match_id else col(Alert.match_id).is_(None),
            or_(
                (col(Alert.closed_at).is_(None)) & (col(Alert.due_at).is_not(None)),
                col(Alert.at) > now - within,
            ),
        )
        .limit(1)
    ).first()
    return None if last else raise_alert(session, None, reason, now, match_id=match_id)


def note(
    session: Session,
    alert: Alert,
    act: AlertAct,
    now: datetime,
    *,
    staff_id: int | None = None,
    inbound_id: int | None = None,
) -> AlertStep:
    """Write down one step of an alert's life."""
    assert alert.id is not None
    step = AlertStep(alert_id=alert.id, at=now, act=act, staff_id=staff_id, inbound_id=inbound_id)
    session.add(step)
    session.flush()
    return step


def _waiting(
    session: Session, participant_id: int | None, reason: str, match_id: int | None, inbound_id: int | None
) -> Alert | None:
    """The alert that this one would repeat: same reason, same person or phone, and nobody has taken it on."""
    same = select(Alert).where(
        Alert.reason == reason, col(Alert.acknowledged_at).is_(None), col(Alert.closed_at).is_(None)
    )
    if participant_id is not None:
        same = same.where(Alert.participant_id == participant_id)
    else:
        same = same.where(col(Alert.participant_id).is_(None))
        same = same.where(Alert.match_id == match_id if match_id else col(Alert.match_id).is_(None))
        text = session.get(InboundMessage, inbound_id) if inbound_id else None
        if text is not None:
            same = same.join(InboundMessage, col(InboundMessage.id) == Alert.inbound_id).where(
                InboundMessage.from_index == text.from_index
            )
    return session.exec(same.order_by(col(Alert.id)).limit(1)).first()


def _community_of(session: Session, participant_id: int | None, match_id: int | None) -> int | None:
    """The match's community, else the person's; none for what concerns the whole installation."""
    if match_id is not None:
        return session.get_one(Match, match_id).community_id
    person = session.get(Participant, participant_id) if participant_id else None
    return person.community_id if person else None
