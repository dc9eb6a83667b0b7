"""One page of a match's thread: everybody's words as one conversation, with what became of each, newest first.

Prompts, the program's words to members and staff's notes stand in their place. A page costs the same few queries,
however long the log. Whoever opens a page to people audits it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, text
from sqlalchemy.orm import Mapped
from sqlmodel import col

from gateway.db import Erased, Session
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


def page(session: Session, match_id: int, *, before: Cursor | None = None, most: int = MOST) -> Page:
    """The newest `most` (at most 50) entries of the thread, or those before a cursor. Opens what is sealed."""
    most = min(most, MOST)
    review = last_review(session, match_id)
    rows = [
        *_inbound(session, match_id, before, most + 1),
        *_program(session, match_id, before, most + 1),
        *_notes(session, match_id, before, most + 1),
    ]
    rows.sort(key=_place, reverse=True)
    shown, has_more = rows[:most], len(rows) > most
    legs = _legs(session, [row.id or 0 for row in shown if isinstance(row, InboundMessage)])
    read_until = review.inbound_id if review else 0
    entries = [_entry(session, row, legs, read_until) for row in shown]
    newest = max((one.id for one in entries if one.what is What.WORDS), default=0)
    older = Cursor(*_place_of(entries[-1])) if has_more else None
    return Page(entries, people_of(session, match_id), older, newest, review)


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
        row.id: Person(row.id, row.uid, row.key, session.open(row, "name_sealed"), row.role)
        for row in rows
        if row.id
    }


def _inbound(session: Session, match_id: int, before: Cursor | None, most: int) -> Iterable[Row]:
    at, row_id = col(InboundMessage.received_at), col(InboundMessage.id)
    query = select(InboundMessage).where(col(InboundMessage.match_id) == match_id)
    query = query.where(_before(before, What.WORDS, at, row_id))
    return session.scalars(query.order_by(at.desc(), row_id.desc()).limit(most))


def _program(session: Session, match_id: int, before: Cursor | None, most: int) -> Iterable[Row]:
    at, row_id = col(OutboundMessage.created_at), col(OutboundMessage.id)
    query = select(OutboundMessage).where(OF_THE_PROGRAM, col(OutboundMessage.match_id) == match_id)
    query = query.where(_before(before, What.SAID, at, row_id))
    return session.scalars(query.order_by(at.desc(), row_id.desc()).limit(most))


def _notes(session: Session, match_id: int, before: Cursor | None, most: int) -> Iterable[Row]:
    at, row_id = col(Note.at), col(Note.id)
    query = select(Note).where(col(Note.match_id) == match_id, _before(before, What.NOTE, at, row_id))
    return session.scalars(query.order_by(at.desc(), row_id.desc()).limit(most))


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
