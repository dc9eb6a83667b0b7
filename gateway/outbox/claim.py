"""Taking the next text of a line: one claimant, in order, within the line's pace.

A claim is a conditional update whose row count decides, the same on SQLite and PostgreSQL. The line's row is locked
while it happens, so that its pace is kept by any number of workers together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists
from sqlalchemy.orm import aliased
from sqlmodel import col, func, or_, select, update

from gateway.crypto import key_uid_of
from gateway.db import Session
from gateway.models import LIVE, Line, OutboundMessage, OutboundState, Priority, spelled
from gateway.models.types import UtcDateTime
from gateway.outbox.circumstances import Circumstances, circumstances
from gateway.providers.protocol import OutgoingText
from gateway.sms.segments import LONGEST_BODY, measure

NEAREST, FARTHEST = 0.04, 0.3  # seconds, for `_horizon`
MOST_LOOKS = 50  # rows cancelled or put off in one claim, so that it ends


@dataclass(frozen=True)
class Go:
    """The text may leave. `stamp` is put before its words when it is late."""

    stamp: str = ""


@dataclass(frozen=True)
class PutOff:
    """The text may not leave before this moment."""

    until: datetime


@dataclass(frozen=True)
class Cancel:
    """The text will not leave; `reason` is for staff."""

    reason: str


@dataclass(frozen=True)
class Follow:
    """The person has another phone since: the text goes there."""


Permission = Go | PutOff | Cancel | Follow
MayLeave = Callable[[Session, Circumstances, datetime], Permission]


@dataclass(frozen=True)
class Claimed:
    """A text to send at `slot_at`, and not before."""

    outbound_id: int
    text: OutgoingText
    slot_at: datetime


@dataclass(frozen=True)
class NothingDue:
    """Nothing can be claimed now. `look_again_at` is None when only a new text or a repair changes that."""

    look_again_at: datetime | None = None


def claim(
    session: Session,
    line_id: int,
    token: str,
    may_leave: MayLeave,
    now: datetime,
    least_urgent: Priority = Priority.PROMPT,
) -> Claimed | NothingDue:
    """Claim the line's next due text for the process `token`, none less urgent than `least_urgent`."""
    line: Line | None = session.execute(_LINE, {"line": line_id}).scalars().first()
    if line is None or line.stopped_at:
        return NothingDue()
    horizon = _horizon(line)
    if line.next_slot_at > now + horizon:
        return NothingDue(line.next_slot_at - horizon)
    for _ in range(MOST_LOOKS):
        head = _head(session, line_id, least_urgent, now)
        if head is None:
            return NothingDue(_next_due(session, line_id))
        permission = may_leave(session, head, now)
        if isinstance(permission, Go):
            return _take(session, head.row, line, token, permission.stamp, now)
        if isinstance(permission, Follow):
            follow(session, head)
        else:
            _set_aside(session, head.row, permission, now)
    return NothingDue(now)


def _horizon(line: Line) -> timedelta:
    """How far ahead a slot may be taken: about one slot. The sender waits for it, and nothing urgent can overtake it."""
    return timedelta(seconds=min(FARTHEST, max(NEAREST, 1 / line.segments_per_second)))


def _head(session: Session, line_id: int, least_urgent: Priority, now: datetime) -> Circumstances | None:
    """The first due text of the line, by priority then age, that no older one of its lane is ahead of."""
    place = {"line": line_id, "moment": now, "least": int(least_urgent)}
    outbound_id = session.execute(_HEAD, place).scalar()
    return circumstances(session, outbound_id) if outbound_id else None


def _next_due(session: Session, line_id: int) -> datetime | None:
    """When the next head of a lane is due. A row behind another one is no reason to look: its head's fate rings."""
    due: datetime | None = session.execute(_NEXT_DUE, {"line": line_id}).scalar_one()
    return due


def _is_at_the_head() -> ColumnElement[bool]:
    """That no older row of the same lane still has to leave."""
    older = aliased(OutboundMessage)
    blocked = exists().where(
        col(older.lane) == col(OutboundMessage.lane),
        col(older.id) < col(OutboundMessage.id),
        spelled(col(older.state), *LIVE),
        col(older.parked_at).is_(None),
    )
    return or_(col(OutboundMessage.lane).is_(None), ~blocked)


# Built once: for every text that leaves, building them anew costs more than running them.
_LINE = select(Line).where(col(Line.id) == bindparam("line")).with_for_update()
_WAITS_ON_LINE = (
    col(OutboundMessage.line_id) == bindparam("line"),
    spelled(col(OutboundMessage.state), *LIVE),  # the condition of the index
    col(OutboundMessage.state) == OutboundState.QUEUED,
    _is_at_the_head(),
)
_HEAD = (
    select(OutboundMessage.id)
    .where(
        *_WAITS_ON_LINE,
        col(OutboundMessage.priority) <= bindparam("least"),
        col(OutboundMessage.not_before) <= bindparam("moment", type_=UtcDateTime()),
    )
    .order_by(col(OutboundMessage.priority), col(OutboundMessage.id))
    .limit(1)
)
_NEXT_DUE = select(func.min(OutboundMessage.not_before)).where(*_WAITS_ON_LINE)


def _take(
    session: Session, row: OutboundMessage, line: Line, token: str, stamp: str, now: datetime
) -> Claimed | NothingDue:
    assert row.id is not None
    changes: dict[str, Any] = {
        "state": OutboundState.SENDING,
        "claimed_at": now,
        "claimed_by": token,
        "attempts": row.attempts + 1,
    }
    body = _stamped(session.open(row, "body_sealed"), stamp)
    size = measure(body)
    if stamp:
        changes["body_sealed"] = session.sealed(
            OutboundMessage, row.uid, "body_sealed", body, key_uid_of(row.body_sealed)
        )
        changes |= {"segments": size.segments, "encoding": size.encoding}
    taken = session.execute(
        update(OutboundMessage)
        .where(
            col(OutboundMessage.id) == row.id,
            col(OutboundMessage.state) == OutboundState.QUEUED,
            col(OutboundMessage.to_index) == row.to_index,  # somebody's number may change at this moment
        )
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return NothingDue(now)
    slot = max(line.next_slot_at, now)
    line.next_slot_at = slot + timedelta(seconds=size.segments / line.segments_per_second)
    session.add(line)
    text = OutgoingText(
        to_number=session.open(row, "to_sealed"),
        from_number=line.number,
        body=body,
        reference=row.uid,
        validity_seconds=_validity(row, now),
    )
    return Claimed(row.id, text, slot)


def _stamped(body: str, stamp: str) -> str:
    """The words with their stamp, once; without it where it would make them too long to be taken."""
    stamped = f"{stamp} {body}"
    return body if not stamp or body.startswith(stamp) or len(stamped) > LONGEST_BODY else stamped


def _validity(row: OutboundMessage, now: datetime) -> int | None:
    """How long the text may wait at the provider, 1 to 36000 s. Nothing relies on it (domain facts 1.6)."""
    if row.expires_at is None:
        return None
    return max(10, min(36_000, int((row.expires_at - now).total_seconds())))


def follow(session: Session, text: Circumstances) -> None:
    """Address what waits to the phone that the person has now."""
    assert text.person
    text.row.to_index = text.person.phone_index
    phone = session.open(text.person, "phone_sealed")
    session.seal(text.row, "to_sealed", phone, key_uid_of(text.row.to_sealed))
    session.add(text.row)
    session.flush()


def _set_aside(session: Session, row: OutboundMessage, permission: PutOff | Cancel, now: datetime) -> None:
    if isinstance(permission, PutOff):
        row.not_before = max(permission.until, now + timedelta(seconds=1))
    else:
        row.state, row.reason, row.settled_at = OutboundState.CANCELLED, permission.reason, now
    session.add(row)
    session.flush()
