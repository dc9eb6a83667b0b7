"""Legal hold: what must be kept, here and at the provider, until it is lifted. Every deletion asks here first."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, or_, select

from gateway.db import Session
from gateway.models import Alert, InboundMessage, LegalHold, Member, OutboundMessage
from gateway.people.directory import Refused

Texts = type[InboundMessage] | type[OutboundMessage]


def place(
    session: Session,
    why: str,
    now: datetime,
    staff_id: int | None,
    *,
    participant_id: int | None = None,
    match_id: int | None = None,
) -> LegalHold:
    """Keep everything about one person or one match. `why` must name nobody. Raises Refused."""
    if (participant_id is None) == (match_id is None):
        raise Refused("name either a person or a match")
    if not why.strip() or len(why) > 200:
        raise Refused("say why in one sentence of at most 200 characters, without a name")
    hold = LegalHold(
        participant_id=participant_id, match_id=match_id, why=why.strip(), placed_at=now, placed_by=staff_id
    )
    session.add(hold)
    session.flush()
    return hold


def lift(session: Session, hold_id: int, now: datetime, staff_id: int | None) -> LegalHold:
    """Raises Refused when there is none, or when it was lifted before."""
    hold = session.get(LegalHold, hold_id)
    if hold is None or hold.lifted_at:
        raise Refused(f"there is no legal hold {hold_id} in force; `gateway hold list` shows them")
    hold.lifted_at, hold.lifted_by = now, staff_id
    session.add(hold)
    return hold


def in_force(session: Session) -> list[LegalHold]:
    """Every hold that stands, oldest first."""
    return list(
        session.exec(
            select(LegalHold).where(col(LegalHold.lifted_at).is_(None)).order_by(col(LegalHold.id))
        ).all()
    )


def is_kept(session: Session, *, participant_id: int | None = None, match_id: int | None = None) -> bool:
    """Whether the law keeps this person or this match from deletion.

    A person is kept with every match that is, and a match with each of its members: a thread has two sides.
    """
    standing = select(LegalHold.id).where(col(LegalHold.lifted_at).is_(None))
    if participant_id is not None:
        own = select(Member.match_id).where(Member.participant_id == participant_id)
        standing = standing.where(
            or_(LegalHold.participant_id == participant_id, col(LegalHold.match_id).in_(own))
        )
    else:
        members = select(Member.participant_id).where(Member.match_id == match_id)
        standing = standing.where(
            or_(LegalHold.match_id == match_id, col(LegalHold.participant_id).in_(members))
        )
    return session.exec(standing.limit(1)).first() is not None


def is_about(texts: Texts, what: type[LegalHold] | type[Alert]) -> ColumnElement[bool]:
    """In a query over both: that a hold (or an alert) names the text's person or thread.

    A person is named with every thread that she is in, and a thread with each of its members: it has two sides.
    """
    in_her_thread = exists().where(
        col(Member.participant_id) == what.participant_id, col(Member.match_id) == texts.match_id
    )
    by_a_member = exists().where(
        col(Member.match_id) == what.match_id, col(Member.participant_id) == texts.participant_id
    )
    return or_(
        col(what.participant_id) == texts.participant_id,
        col(what.match_id) == texts.match_id,
        in_her_thread.correlate(what, texts),
        by_a_member.correlate(what, texts),
    )


def keeps(texts: Texts) -> ColumnElement[bool]:
    """In a query over texts: that the law keeps this one from deletion, here and at the provider."""
    return exists().where(col(LegalHold.lifted_at).is_(None), is_about(texts, LegalHold)).correlate(texts)
