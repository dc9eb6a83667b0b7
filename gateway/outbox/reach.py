"""Phones out of reach: program texts wait and become at most one; what people wrote arrives whole, in order."""

from datetime import datetime, timedelta

from sqlmodel import col, select, update

from gateway.db import Session
from gateway.models import Kind, OutboundMessage, OutboundState, Participant
from gateway.outbox.permission import PROGRAM_KINDS

GAP = timedelta(seconds=3)  # between texts to a phone that has just come back


def lost_touch(session: Session, person: Participant, now: datetime) -> None:
    """Note since when the phone cannot be reached."""
    if person.unreachable_since is None:
        person.unreachable_since = now
        session.add(person)


def in_touch_again(session: Session, person: Participant, now: datetime) -> set[int]:
    """The phone is back: returns the lines on which something is now due.

    People's texts follow a few seconds apart; of the program's, only the newest still goes.
    """
    if person.unreachable_since is None:
        return set()
    person.unreachable_since = None
    session.add(person)
    waiting = session.exec(
        select(OutboundMessage)
        .where(
            OutboundMessage.participant_id == person.id,
            OutboundMessage.state == OutboundState.QUEUED,
        )
        .order_by(col(OutboundMessage.id))
    ).all()
    _coalesce([row for row in waiting if row.kind in PROGRAM_KINDS], now)
    people = [row for row in waiting if row.kind in (Kind.RELAY, Kind.NOTICE)]
    for number, row in enumerate(people):
        row.not_before = min(row.not_before, now) + GAP * number
    for row in waiting:
        session.add(row)
    session.flush()
    return {row.line_id for row in waiting}


def _coalesce(rows: list[OutboundMessage], now: datetime) -> None:
    """Keep the newest program text (with all its parts), cancel the older ones."""
    if not rows:
        return
    newest = rows[-1]
    for row in rows[:-1]:
        if row.lane is None or row.lane != newest.lane:
            row.state, row.reason, row.settled_at = OutboundState.CANCELLED, "coalesced", now
    newest.not_before = min(newest.not_before, now)


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
