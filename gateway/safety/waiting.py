"""The queue of review: texts that are held, or were flagged and not looked at yet, oldest first, page by page.

It holds ids, findings and ages, never words: `review.read` opens those, and audits it. A page reaches one text by its uid.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, true, union
from sqlmodel import col, func, or_, select

from gateway.db import Session
from gateway.models import (
    UNDECIDED,
    Decision,
    Finding,
    InboundMessage,
    Match,
    Member,
    OutboundMessage,
    OutboundState,
    Staff,
    StaffRole,
    spelled,
)
from gateway.safety.reports import AFTER_STAFF

PAGE = 50
Matches = Sequence[int] | Select[Any]


@dataclass(frozen=True)
class Waiting:
    """One text for staff. `reason` says why it is held; `is_held` that some copy of it still is, else it was passed on."""

    inbound_id: int
    uid: str
    match_id: int | None
    participant_id: int | None
    reason: str | None
    at: datetime
    age: timedelta
    is_overdue: bool
    is_held: bool
    findings: tuple[Finding, ...]


def queue(
    session: Session,
    now: datetime,
    limit: timedelta,
    *,
    matches: Matches | None = None,
    reader: Staff | None = None,
    after: int = 0,
    most: int = PAGE,
) -> list[Waiting]:
    """At most `most` texts with a higher id than `after`. `matches` are those that the reader may see; None: all.

    What is texted after a report about staff is shown to admins alone, never to the coordinator of that match.
    """
    wanted = select(InboundMessage).where(
        col(InboundMessage.id) > after, _waits(), _is_seen_by(matches, reader)
    )
    texts = session.exec(wanted.order_by(col(InboundMessage.id)).limit(most)).all()
    return _as_waiting(session, texts, now, limit)


def find(
    session: Session,
    uid: str,
    now: datetime,
    limit: timedelta,
    *,
    matches: Matches | None = None,
    reader: Staff | None = None,
) -> Waiting | None:
    """The text with this uid, when it waits for this reader."""
    wanted = select(InboundMessage).where(InboundMessage.uid == uid, _waits(), _is_seen_by(matches, reader))
    return next(iter(_as_waiting(session, session.exec(wanted).all(), now, limit)), None)


def was_settled(
    session: Session, uid: str, since: datetime, *, matches: Matches | None, reader: Staff | None
) -> bool:
    """Whether this reader's text with this uid was decided on since then, by somebody."""
    decided = select(Decision.inbound_id).where(Decision.at > since)
    wanted = select(InboundMessage.id).where(
        InboundMessage.uid == uid, col(InboundMessage.id).in_(decided), _is_seen_by(matches, reader)
    )
    return session.exec(wanted).first() is not None


def how_many(session: Session, *, matches: Matches | None = None, reader: Staff | None = None) -> int:
    """How many texts wait for this reader."""
    wanted = select(func.count()).select_from(InboundMessage).where(_waits(), _is_seen_by(matches, reader))
    return session.exec(wanted).one()


def _as_waiting(
    session: Session, texts: Sequence[InboundMessage], now: datetime, limit: timedelta
) -> list[Waiting]:
    ids = [text.id for text in texts if text.id]
    found = findings_of(session, ids)
    legs = select(OutboundMessage.inbound_id).where(
        col(OutboundMessage.inbound_id).in_(ids), OutboundMessage.state == OutboundState.HELD
    )
    held = set(session.exec(legs))
    return [
        Waiting(
            inbound_id=text.id or 0,
            uid=text.uid,
            match_id=text.match_id,
            participant_id=text.participant_id,
            reason=text.reason,
            at=text.received_at,
            age=now - text.received_at,
            is_overdue=now - text.received_at > limit,
            is_held=text.id in held,
            findings=tuple(found.get(text.id or 0, ())),
        )
        for text in texts
    ]


def _is_seen_by(matches: Matches | None, reader: Staff | None) -> ColumnElement[bool]:
    seen: ColumnElement[bool] = true()
    if matches is not None:
        members = select(Member.participant_id).where(col(Member.match_id).in_(matches))
        seen = or_(
            col(InboundMessage.match_id).in_(matches),
            col(InboundMessage.match_id).is_(None) & col(InboundMessage.participant_id).in_(members),
        )
    return seen & _is_for(reader) if reader is not None else seen


def findings_of(session: Session, inbound_ids: Sequence[int]) -> dict[int, list[Finding]]:
    """What the screen found in each of these texts, in the order of the words."""
    found: dict[int, list[Finding]] = defaultdict(list)
    rows = session.exec(
        select(Finding)
        .where(col(Finding.inbound_id).in_(inbound_ids))
        .order_by(col(Finding.span_start), col(Finding.id))
    )
    for row in rows:
        found[row.inbound_id].append(row)
    return found


def _waits() -> ColumnElement[bool]:
    """Held, or with a finding and without a decision. The few are found first: never by walking through the log."""
    held = select(OutboundMessage.inbound_id).where(spelled(col(OutboundMessage.state), OutboundState.HELD))
    found = select(Finding.inbound_id).where(UNDECIDED)
    return col(InboundMessage.id).in_(union(held, found))


def _is_for(reader: Staff) -> ColumnElement[bool]:
    own = exists().where(col(Match.id) == InboundMessage.match_id, col(Match.coordinator_id) == reader.id)
    is_private = _holds(InboundMessage.reason, AFTER_STAFF)
    if reader.role is StaffRole.COORDINATOR:
        return ~is_private
    return or_(~is_private, ~own)


def _holds(column: Any, value: str) -> ColumnElement[bool]:
    """Whether a column that may be empty holds this value."""
    return col(column).is_not(None) & (col(column) == value)
