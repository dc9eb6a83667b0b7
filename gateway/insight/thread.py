"""One page of a match's thread: everybody's words as one conversation, with what became of each, newest first.

Prompts, the program's words to members and staff's notes stand in their place. A page costs the same few queries,
however long the log. Whoever opens a page to people audits it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select, text
from sqlalchemy.orm import Mapped
from sqlmodel import col

from gateway.db import Erased, Session
from gateway.insight.live import FOR_ADMINS, Query
from gateway.insight.log import HIDDEN, SECRET
from gateway.insight.places import RANK, Cursor, Entry, Leg, Page, Person, What
from gateway.models import (
    InboundMessage,
    InboundState,
    Kind,
    Member,
    Note,
    OutboundMessage,
    Participant,
    Reviewed,
)

MOST = 50
OF_THE_PROGRAM = text("outbound_messages.kind <> 'relay'")  # as in its index
Row = InboundMessage | OutboundMessage | Note


@dataclass(frozen=True)
class _Window:
    """Which part of a thread is asked for: what is older than `before`, else what is newer than `after`, else the newest."""

    match_id: int
    most: int
    before: Cursor | None = None
    after: Cursor | None = None
    with_staff_reports: bool = True


def page(
    session: Session,
    match_id: int,
    *,
    before: Cursor | None = None,
    after: Cursor | None = None,
    most: int = MOST,
    with_staff_reports: bool = True,
) -> Page:
    """The newest `most` (at most 50) entries of the thread, or those next to a cursor. Opens what is sealed.

    Without `with_staff_reports`, what a member reported about staff is left out (`safety.duty` says for whom).
    """
    most = min(most, MOST)
    review = last_review(session, match_id)
    window = _Window(match_id, most + 1, before, after, with_staff_reports)
    rows = [*_inbound(session, window), *_program(session, window), *_notes(session, window)]
    goes_on = before is None and after is not None
    rows.sort(key=_place, reverse=not goes_on)
    shown, has_more = rows[:most], len(rows) > most
    if goes_on:
        shown.reverse()
    legs = _legs(session, [row.id or 0 for row in shown if isinstance(row, InboundMessage)])
    read_until = review.inbound_id if review else 0
    entries = [_entry(session, row, legs, read_until) for row in shown]
    has_older, has_newer = (True, has_more) if goes_on else (has_more, before is not None)
    return Page(
        entries=entries,
        people=people_of(session, match_id),
        older=Cursor(*_place_of(entries[-1])) if entries and has_older else None,
        newer=Cursor(*_place_of(entries[0])) if entries and has_newer else None,
        newest_inbound_id=max((one.id for one in entries if one.what is What.WORDS), default=0),
        last_review=review,
    )


def around(
    session: Session, match_id: int, at: datetime, inbound_id: int, most: int = 2, *, with_staff_reports: bool
) -> list[Entry]:
    """What stands just before and just after one text, at most `most` entries on each side, oldest first."""
    here = Cursor(at, What.WORDS, inbound_id)
    before = page(session, match_id, before=here, most=most, with_staff_reports=with_staff_reports)
    after = page(session, match_id, after=here, most=most, with_staff_reports=with_staff_reports)
    return [*reversed(before.entries), *reversed(after.entries)]


def last_review(session: Session, match_id: int) -> Reviewed | None:
    """The newest review, by anybody; None when nobody has read the thread."""
    mine = select(Reviewed).where(col(Reviewed.match_id) == match_id)
    return session.scalars(mine.order_by(col(Reviewed.id).desc()).limit(1)).first()


def people_of(session: Session, match_id: int) -> dict[int, Person]:
    """Everybody who is or was in the match, by id, with their names opened."""
    rows = session.scalars(
        select(Participant)
        .join(Member, col(Member.participant_id) == Participant.id)
        .where(col(Member.match_id) == match_id)
        .order_by(col(Member.id))
    )
    return {
        row.id: Person(row.id, row.uid, row.key, session.open(row, "name_sealed"), row.role, row.language)
        for row in rows
        if row.id
    }


def _inbound(session: Session, window: _Window) -> Iterable[Row]:
    at, row_id = col(InboundMessage.received_at), col(InboundMessage.id)
    query = select(InboundMessage).where(col(InboundMessage.match_id) == window.match_id)
    if not window.with_staff_reports:
        reason = col(InboundMessage.reason)
        query = query.where(or_(reason.is_(None), reason.not_in(FOR_ADMINS)))
    return session.scalars(_within(query, window, What.WORDS, at, row_id))


def _program(session: Session, window: _Window) -> Iterable[Row]:
    at, row_id = col(OutboundMessage.created_at), col(OutboundMessage.id)
    query = select(OutboundMessage).where(OF_THE_PROGRAM, col(OutboundMessage.match_id) == window.match_id)
    if not window.with_staff_reports:
        answered = col(OutboundMessage.inbound_id)
        query = query.where(or_(answered.is_(None), answered.not_in(_staff_reports(window.match_id))))
    return session.scalars(_within(query, window, What.SAID, at, row_id))


def _notes(session: Session, window: _Window) -> Iterable[Row]:
    at, row_id = col(Note.at), col(Note.id)
    query = select(Note).where(col(Note.match_id) == window.match_id)
    return session.scalars(_within(query, window, What.NOTE, at, row_id))


def _staff_reports(match_id: int) -> Select[int | None]:
    return select(col(InboundMessage.id)).where(
        col(InboundMessage.match_id) == match_id, col(InboundMessage.reason).in_(FOR_ADMINS)
    )


def _within(
    query: Query, window: _Window, what: What, at: Mapped[datetime], row_id: Mapped[int | None]
) -> Query:
    """The rows of the window, nearest to its cursor first."""
    if window.before is None and window.after is not None:
        query = query.where(_after(window.after, what, at, row_id))
        return query.order_by(at, row_id).limit(window.most)
    query = query.where(_before(window.before, what, at, row_id))
    return query.order_by(at.desc(), row_id.desc()).limit(window.most)


def _before(
    cursor: Cursor | None, what: What, at: Mapped[datetime], row_id: Mapped[int | None]
) -> ColumnElement[bool]:
    """Older than the cursor, in the order (moment, what, id)."""
    if cursor is None:
        return at.is_not(None)
    if RANK[what] < RANK[cursor.what]:
        return at <= cursor.at
    if what is cursor.what:
        return and_(at <= cursor.at, or_(at < cursor.at, row_id < cursor.id))
    return at < cursor.at


def _after(
    cursor: Cursor, what: What, at: Mapped[datetime], row_id: Mapped[int | None]
) -> ColumnElement[bool]:
    """Newer than the cursor, in the same order."""
    if RANK[what] > RANK[cursor.what]:
        return at >= cursor.at
    if what is cursor.what:
        return and_(at >= cursor.at, or_(at > cursor.at, row_id > cursor.id))
    return at > cursor.at


def _place(row: Row) -> tuple[datetime, int, int]:
    match row:
        case InboundMessage():
            return row.received_at, RANK[What.WORDS], row.id or 0
        case OutboundMessage():
            return row.created_at, RANK[What.SAID], row.id or 0
        case Note():
            return row.at, RANK[What.NOTE], row.id or 0


def _place_of(entry: Entry) -> tuple[datetime, What, int]:
    return entry.at, entry.what, entry.id


def _legs(session: Session, inbound_ids: Sequence[int]) -> dict[int, list[Leg]]:
    """Where the copies of these texts are, by the text."""
    found: dict[int, list[Leg]] = defaultdict(list)
    rows = session.scalars(
        select(OutboundMessage)
        .where(col(OutboundMessage.inbound_id).in_(inbound_ids), col(OutboundMessage.kind) == Kind.RELAY)
        .order_by(col(OutboundMessage.id))
    )
    for row in rows:
        found[row.inbound_id or 0].append(_leg(row))
    return found


def _leg(row: OutboundMessage) -> Leg:
    return Leg(
        outbound_id=row.id or 0,
        to_id=row.participant_id,
        state=row.state,
        reason=row.reason,
        error_code=row.error_code,
        is_parked=row.parked_at is not None,
        settled_at=row.settled_at,
        not_before=row.not_before,
        attempts=row.attempts,
    )


def _entry(session: Session, row: Row, legs: Mapping[int, Sequence[Leg]], read_until: int) -> Entry:
    match row:
        case InboundMessage():
            return Entry(
                what=What.WORDS,
                id=row.id or 0,
                uid=row.uid,
                at=row.received_at,
                by_id=row.participant_id,
                body=_opened(session, row),
                legs=tuple(legs.get(row.id or 0, ())),
                outcome=row.outcome,
                reason=row.reason,
                has_media=bool(row.media_types),
                is_parked=row.state is InboundState.PARKED,
                is_unread=(row.id or 0) > read_until,
            )
        case OutboundMessage():
            return Entry(
                what=What.SAID,
                id=row.id or 0,
                uid=row.uid,
                at=row.created_at,
                by_id=None,
                body=HIDDEN if row.wording in SECRET else _opened(session, row),
                legs=(_leg(row),),
                reason=row.reason,
                kind=row.kind,
                wording=row.wording,
            )
        case Note():
            return Entry(What.NOTE, row.id or 0, row.uid, row.at, row.staff_id, _opened(session, row))


def _opened(session: Session, row: Row) -> str | None:
    try:
        return session.open(row, "body_sealed")
    except Erased:
        return None
