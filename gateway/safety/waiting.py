"""The queue of review: texts that are held, or were flagged and not looked at yet, oldest first, page by page.

It holds ids, findings and ages, never words: `review.read` opens those, and audits it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists
from sqlmodel import col, or_, select

from gateway.db import Session
from gateway.models import (
    Decision,
    Finding,
    InboundMessage,
    Match,
    Member,
    OutboundMessage,
    OutboundState,
    Staff,
    StaffRole,
)
from gateway.safety.reports import AFTER_STAFF

PAGE = 50
Matches = Sequence[int] | Select[Any]


@dataclass(frozen=True)
class Waiting:
    """One text for staff. `reason` says why it is held (None: it was passed on, and flagged)."""

    inbound_id: int
    match_id: int | None
    participant_id: int | None
    reason: str | None
    at: datetime
    age: timedelta
    is_overdue: bool
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
    wanted = select(InboundMessage).where(col(InboundMessage.id) > after, _waits())
    if matches is not None:
        members = select(Member.participant_id).where(col(Member.match_id).in_(matches))
        wanted = wanted.where(
            or_(
                col(InboundMessage.match_id).in_(matches),
                col(InboundMessage.match_id).is_(None) & col(InboundMessage.participant_id).in_(members),
            )
        )
    if reader is not None:
        wanted = wanted.where(_is_for(reader))
    texts = session.exec(wanted.order_by(col(InboundMessage.id)).limit(most)).all()
    found = findings_of(session, [text.id for text in texts if text.id])
    return [
        Waiting(
            inbound_id=text.id or 0,
            match_id=text.match_id,
            participant_id=text.participant_id,
            reason=text.reason,
            at=text.received_at,
            age=now - text.received_at,
            is_overdue=now - text.received_at > limit,
            findings=tuple(found.get(text.id or 0, ())),
        )
        for text in texts
    ]


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
    """Held, or with a finding and without a decision."""
    is_held = exists().where(
        col(OutboundMessage.inbound_id) == InboundMessage.id,
        col(OutboundMessage.state) == OutboundState.HELD,
    )
    is_found = exists().where(col(Finding.inbound_id) == InboundMessage.id, col(Finding.verdict) != "allow")
    is_decided = exists().where(col(Decision.inbound_id) == InboundMessage.id)
    return or_(is_held, is_found & ~is_decided)


def _is_for(reader: Staff) -> ColumnElement[bool]:
    own = exists().where(col(Match.id) == InboundMessage.match_id, col(Match.coordinator_id) == reader.id)
    is_private = _holds(InboundMessage.reason, AFTER_STAFF)
    if reader.role is StaffRole.COORDINATOR:
        return ~is_private
    return or_(~is_private, ~own)


def _holds(column: Any, value: str) -> ColumnElement[bool]:
    """Whether a column that may be empty holds this value."""
    return col(column).is_not(None) & (col(column) == value)
