"""Phones out of reach: program texts wait and become at most one; what people wrote arrives whole, in order."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import col, func, select, update

from gateway.db import Session
from gateway.models import InboundMessage, Kind, OutboundMessage, OutboundState, Participant
from gateway.models.types import UtcDateTime

PROGRAM_KINDS = (Kind.PROMPT, Kind.REMINDER, Kind.FLOW)
LOOK_AGAIN = timedelta(minutes=30)
UNHEARD_AFTER = timedelta(hours=6)
FORGOTTEN_AFTER = timedelta(
    hours=72
)  # networks keep a text for one to three days; after that it says nothing
TRY_AFTER = timedelta(hours=72)  # a phone whose owner never writes first must not be left out for ever
GAP = timedelta(seconds=3)  # between texts to a phone that has just come back


def lost_touch(session: Session, person: Participant, now: datetime) -> None:
    """Note since when the phone cannot be reached."""
    if person.unreachable_since is None:
        person.unreachable_since = now
        session.add(person)


def goes_unheard(session: Session, person: Participant, now: datetime) -> bool:
    """Whether a text sent hours ago has not arrived, on a phone whose deliveries are told of, and nothing came since.

    Many networks never tell of a delivery: their silence means nothing.
    """
    place = {
        "person": person.id,
        "phone": person.phone_index,
        "until": now - UNHEARD_AFTER,
        "since": now - FORGOTTEN_AFTER,
    }
    sent_at: datetime | None = session.execute(_UNHEARD, place).scalar_one()
    if sent_at is None:
        return False
    delivered_at = session.exec(
        select(func.max(OutboundMessage.settled_at)).where(
            OutboundMessage.participant_id == person.id, OutboundMessage.state == OutboundState.DELIVERED
        )
    ).one()
    wrote_at = session.exec(
        select(func.max(InboundMessage.received_at)).where(InboundMessage.from_index == person.phone_index)
    ).one()
    return delivered_at is not None and max(delivered_at, wrote_at or delivered_at) < sent_at


# Built once: it runs for every text of the program, and building it costs more than running it.
_UNHEARD = select(func.min(OutboundMessage.sent_at)).where(
    col(OutboundMessage.participant_id) == bindparam("person"),
    col(OutboundMessage.to_index) == bindparam("phone"),
    col(OutboundMessage.state) == OutboundState.SENT,
    col(OutboundMessage.sent_at) <= bindparam("until", type_=UtcDateTime()),
    col(OutboundMessage.sent_at) > bindparam("since", type_=UtcDateTime()),
)


def in_touch_again(session: Session, phone_index: bytes, now: datetime) -> set[int]:
    """A phone is back, and with it all who share it: returns the lines on which something is now due.

    It has written (to any of our numbers, whatever it said), or a text has arrived on it. People's texts follow a few
    seconds apart; of the program's, only the newest still goes.
    """
    owners = session.exec(
        select(Participant).where(
            Participant.phone_index == phone_index, col(Participant.unreachable_since).is_not(None)
        )
    ).all()
    if not owners:
        return set()
    for person in owners:
        person.unreachable_since = None
        session.add(person)
    waiting = session.exec(
        select(OutboundMessage)
        .where(
            col(OutboundMessage.participant_id).in_([person.id for person in owners]),
            OutboundMessage.state == OutboundState.QUEUED,
        )
        .order_by(col(OutboundMessage.id))
    ).all()
    people = [row for row in waiting if row.kind in (Kind.RELAY, Kind.NOTICE)]
    program = [row for row in waiting if _waited_for_the_phone(row, now)]
    _coalesce(program, now, now + GAP * len(people))
    for number, row in enumerate(people):
        row.not_before = now + GAP * number
    for row in waiting:
        session.add(row)
    session.flush()
    return {row.line_id for row in waiting}


def _waited_for_the_phone(row: OutboundMessage, now: datetime) -> bool:
    """A program text that was put off or is being tried again; not one whose own time is still to come."""
    return row.kind in PROGRAM_KINDS and (row.gentle_retries > 0 or row.not_before <= now + LOOK_AGAIN)


def _coalesce(rows: list[OutboundMessage], now: datetime, not_before: datetime) -> None:
    """Keep the newest program text (with all its parts) for after people's words; cancel the older, and the expired."""
    for row in rows:
        if row.expires_at and row.expires_at <= now:
            row.state, row.reason, row.settled_at = OutboundState.CANCELLED, "expired", now
    rows = [row for row in rows if row.state is OutboundState.QUEUED]
    if not rows:
        return
    newest = rows[-1]
    for row in rows:
        if row is newest or (row.lane and row.lane == newest.lane):
            row.not_before = not_before
        else:
            row.state, row.reason, row.settled_at = OutboundState.CANCELLED, "coalesced", now


def release_for(session: Session, match_id: int, now: datetime) -> set[int]:
    """Texts of a match that was paused are due again; the lines to ring."""
    lines = set(
        session.exec(
            select(OutboundMessage.line_id).where(
                OutboundMessage.match_id == match_id, OutboundMessage.state == OutboundState.QUEUED
            )
        )
    )
    session.execute(
        update(OutboundMessage)
        .where(
            col(OutboundMessage.match_id) == match_id,
            col(OutboundMessage.state) == OutboundState.QUEUED,
            col(OutboundMessage.kind) == Kind.RELAY,
        )
        .values(not_before=now)
    )
    return lines
