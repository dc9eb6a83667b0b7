"""Whose phone is it now? Numbers are given to other people after some months, and numbers get lost.

A number in doubt is held in both directions until staff have verified it by voice. Changing a number is two steps, by
staff: ask, then confirm with a code that was read out from the new phone.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import InboundMessage, Participant
from gateway.people.alerts import raise_alert
from gateway.people.directory import people_at


def doubt_idle(session: Session, phone_index: bytes, inbound_id: int, days: int, now: datetime) -> None:
    """Doubt the number of everybody at a phone from which nothing came for `days` before the text `inbound_id`.

    Whatever that text says, and whichever line it went to: a new holder may well ask HELP first.
    """
    since = now - timedelta(days=days)
    last_text = session.execute(_LAST_TEXT, {"phone": phone_index, "before": inbound_id}).scalar()
    if last_text and last_text >= since:
        return
    for person in people_at(session, phone_index):
        if max(person.created_at, person.number_verified_at or person.created_at) < since:
            doubt(session, person, now)


_LAST_TEXT = (
    select(InboundMessage.received_at)
    .where(col(InboundMessage.from_index) == bindparam("phone"), col(InboundMessage.id) < bindparam("before"))
    .order_by(col(InboundMessage.id).desc())
    .limit(1)
)


def doubt(session: Session, person: Participant, now: datetime) -> None:
    """Hold what this person writes and receives until staff verify the number. Safe to call twice."""
    if person.number_doubted_at is None:
        person.number_doubted_at = now
        session.add(person)
        raise_alert(session, person.id or 0, "number_doubted", now)


def verify(session: Session, person: Participant, now: datetime) -> None:
    """Staff have made sure that the phone is this person's."""
    person.number_doubted_at, person.number_verified_at = None, now
    session.add(person)
