"""The provider's own copies of texts: which of them are due to be removed there, and what must stay for a while.

Whoever opens the provider's console sees both numbers of a text and its words, and so who writes to whom. A copy is due
after the charter's days. It must never be removed while the law holds it, or while staff may still need it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, not_
from sqlmodel import col, func, or_, select, update

from gateway.db import Session
from gateway.models import (
    LIVE,
    UNDECIDED,
    Alert,
    Finding,
    InboundMessage,
    InboundState,
    OutboundMessage,
    OutboundState,
    Receipt,
    Reviewed,
    Urgency,
)
from gateway.people import legal_hold
from gateway.people.legal_hold import Texts

ASK_AGAIN = timedelta(days=1)
LATE_AFTER = timedelta(days=2)
# When each was handed over. An outbound row bears the time of its last claim: what earlier tries left is older.
TIMES: dict[Texts, Any] = {
    InboundMessage: InboundMessage.received_at,
    OutboundMessage: OutboundMessage.claimed_at,
}


@dataclass(frozen=True)
class Copies:
    """All that the provider may have of one row: an outbound text has an id for each time it was handed over."""

    texts: Texts
    id: int
    at: datetime


@dataclass(frozen=True)
class Rules:
    """At which provider, and for how long copies may stay there."""

    provider: str
    kept: timedelta


def due(session: Session, rules: Rules, now: datetime, most: int) -> list[Copies]:
    """What is to be removed now, oldest first, at most so many."""
    found = [copies for texts in TIMES for copies in _due_of(session, texts, rules, now, most)]
    return sorted(found, key=lambda copies: copies.at)[:most]


def ids_of(session: Session, copies: Copies, rules: Rules, now: datetime) -> list[str] | None:
    """The provider's ids of these copies, perhaps none. None when they are not due any more: a hold counts at once.

    What was handed over more than once has an id for each time. Those of earlier tries are in receipts that bear our own
    reference, and what a poll or a late answer told is kept as one. Only a copy that no list showed when it was looked up,
    and of which no receipt ever came, cannot be known.
    """
    texts = copies.texts
    row = session.execute(
        select(texts.uid, texts.provider_message_id).where(texts.id == copies.id, _is_due(texts, rules, now))
    ).first()
    if row is None:
        return None
    uid, own = row
    tries = select(Receipt.provider_message_id).where(Receipt.reference == uid)
    return list(dict.fromkeys([*filter(None, [own]), *session.exec(tries)]))


def removed(session: Session, copies: Copies, now: datetime) -> None:
    """The provider has none of them left."""
    _note(session, copies, provider_copy_removed_at=now, provider_copy_retry_at=None)


def put_off(session: Session, copies: Copies, now: datetime) -> None:
    """The provider would not, or did not answer for this one: it is asked again a day later, behind no other."""
    _note(session, copies, provider_copy_retry_at=now + ASK_AGAIN)


def overdue(session: Session, rules: Rules, now: datetime) -> tuple[int, int]:
    """(copies that should be gone for two days, copies as old that stay for staff or for the law)."""
    late = Rules(rules.provider, rules.kept + LATE_AFTER)
    there = waiting = 0
    for texts in TIMES:
        is_old = _is_old(texts, late, now)
        there += _count(session, texts, is_old)
        waiting += _count(session, texts, is_old & not_(_stays(texts)))
    return waiting, there - waiting


def _due_of(session: Session, texts: Texts, rules: Rules, now: datetime, most: int) -> list[Copies]:
    wanted = select(texts.id, TIMES[texts]).where(_is_due(texts, rules, now))
    rows = session.execute(wanted.order_by(TIMES[texts], col(texts.id)).limit(most))
    return [Copies(texts, row_id, at) for row_id, at in rows]


def _is_due(texts: Texts, rules: Rules, now: datetime) -> ColumnElement[bool]:
    asked = or_(col(texts.provider_copy_retry_at).is_(None), col(texts.provider_copy_retry_at) <= now)
    return and_(_is_old(texts, rules, now), asked, not_(_stays(texts)))


def _is_old(texts: Texts, rules: Rules, now: datetime) -> ColumnElement[bool]:
    """The condition of the index, an age, and that this provider has it, or may have it."""
    at = TIMES[texts]
    carrier = func.coalesce(
        texts.provider, ""
    )  # an expression: else SQLite walks the index of the provider's ids
    return and_(
        at.is_not(None),
        col(texts.provider_copy_removed_at).is_(None),
        at < now - rules.kept,
        carrier.in_([rules.provider, ""]),  # empty: handed over, and never surely accepted
    )


def _stays(texts: Texts) -> ColumnElement[bool]:
    """That a copy is not to be removed yet, however old: it is on hold, not done with here, or needed by staff."""
    names_it = col(Alert.inbound_id) == texts.id if texts is InboundMessage else false()
    urgent = exists().where(
        col(Alert.closed_at).is_(None),
        col(Alert.urgency) == Urgency.NOW,
        or_(legal_hold.is_about(texts, Alert), names_it),
    )
    own = _inbound_stays() if texts is InboundMessage else col(OutboundMessage.state).in_(LIVE)
    return or_(own, legal_hold.keeps(texts), urgent.correlate(texts))


def _inbound_stays() -> ColumnElement[bool]:
    """A text that nobody has handled is not known whose it is. One with a picture or file, which is at the provider
    alone, stays until staff have read its thread (docs/illegal-images.md); one that waits for a decision, until then.
    """
    text = InboundMessage
    is_read = exists().where(col(Reviewed.match_id) == text.match_id, col(Reviewed.inbound_id) >= text.id)
    unread = and_(col(text.media_types) != "", col(text.match_id).is_not(None), ~is_read.correlate(text))
    held = exists().where(
        col(OutboundMessage.inbound_id) == text.id, col(OutboundMessage.state) == OutboundState.HELD
    )
    found = exists().where(col(Finding.inbound_id) == text.id, UNDECIDED)
    is_handled = col(text.state) == InboundState.HANDLED
    return or_(not_(is_handled), unread, held.correlate(text), found.correlate(text))


def _count(session: Session, texts: Texts, condition: ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(texts).where(condition)).one()


def _note(session: Session, copies: Copies, **values: datetime | None) -> None:
    texts = copies.texts
    session.execute(
        update(texts)
        .where(col(texts.id) == copies.id, col(texts.provider_copy_removed_at).is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
