"""Texts whose outcome is unknown: an answer that was lost, or a process that died between claim and record.

They are looked up in the provider's own list: found, its id is adopted; surely absent, the text is queued again; when
the list cannot be read, the text stays `uncertain`, and after a cap it is parked so that others may pass. A list that
reaches less far back than the text proves nothing: it is parked for staff at once, and never sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, or_, select, update

from gateway.db import Session
from gateway.models import (
    IN_FLIGHT,
    Installation,
    Line,
    OutboundMessage,
    OutboundState,
    Receipt,
    Worker,
    spelled,
)
from gateway.outbox.record import record_sent
from gateway.providers.protocol import OutgoingText, SentText

BEAT_IS_OLD = timedelta(seconds=5)
LONGEST_SEND = timedelta(seconds=60)
BETWEEN_LOOKS = timedelta(seconds=3)
LOOKS_FOR_ABSENT = 2  # a list may lag behind by a moment, so one empty look is not enough
SKEW = timedelta(seconds=30)  # clocks of two companies
PARK_AFTER = timedelta(minutes=10)
WAIT_WHEN_DOWN = timedelta(seconds=15)
WAIT_WHEN_PARKED = timedelta(minutes=2)
STAFF_SEE_IT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Question:
    """What to ask the provider about one uncertain text."""

    outbound_id: int
    claimed_at: datetime
    text: OutgoingText

    @property
    def since(self) -> datetime:
        return self.claimed_at - SKEW


def beat(session: Session, token: str, now: datetime) -> None:
    """Say that the process `token` is alive."""
    session.add_once(Worker, {"token": token, "beat_at": now})
    session.execute(update(Worker).where(col(Worker.token) == token).values(beat_at=now))


def is_anybody_alive(session: Session, now: datetime) -> bool:
    """Whether some process has beaten lately."""
    fresh = select(Worker.token).where(col(Worker.beat_at) > now - BEAT_IS_OLD).limit(1)
    return session.exec(fresh).first() is not None


def doubt_the_dead(session: Session, now: datetime) -> int:
    """Mark uncertain what processes that no longer beat had left `sending`. Returns how many."""
    alive = select(Worker.token).where(col(Worker.beat_at) > now - BEAT_IS_OLD)
    doubted = session.execute(
        update(OutboundMessage)
        .where(
            spelled(col(OutboundMessage.state), *IN_FLIGHT),
            col(OutboundMessage.state) == OutboundState.SENDING,
            or_(
                col(OutboundMessage.claimed_by).not_in(alive),
                col(OutboundMessage.claimed_at) < now - LONGEST_SEND,
            ),
        )
        .values(state=OutboundState.UNCERTAIN, not_before=now, looked_up=0, reason="process_ended")
    )
    return int(doubted.rowcount)  # type: ignore[attr-defined]


def questions(session: Session, now: datetime, most: int = 50) -> list[Question]:
    """What is uncertain and due for a look, oldest first.

    Nothing, after a restore, until the texts that came since were taken in: one of them may be a STOP.
    """
    home = session.get(Installation, 1)
    if (
        home
        and home.restored_at
        and (not home.inbound_read_until or home.inbound_read_until < home.restored_at)
    ):
        return []
    found = session.exec(
        select(OutboundMessage, Line.number)
        .join(Line, col(Line.id) == OutboundMessage.line_id)
        .where(
            spelled(col(OutboundMessage.state), *IN_FLIGHT),
            OutboundMessage.state == OutboundState.UNCERTAIN,
            OutboundMessage.not_before <= now,
        )
        .order_by(col(OutboundMessage.id))
        .limit(most)
    )
    return [_question(session, row, number) for row, number in found]


def _question(session: Session, row: OutboundMessage, number: str) -> Question:
    assert row.id is not None and row.claimed_at is not None
    text = OutgoingText(session.open(row, "to_sealed"), number, session.open(row, "body_sealed"), row.uid)
    return Question(row.id, row.claimed_at, text)


def answer(
    session: Session,
    question: Question,
    found: Iterable[SentText],
    provider: str,
    kept: timedelta,
    now: datetime,
) -> OutboundMessage | None:
    """Adopt the text that the provider has, or queue it again once it is surely absent. The row, when it moved.

    `kept`: for how long the provider keeps its copies. That an older text is not in its list says nothing.
    """
    row = _still_uncertain(session, question)
    if row is None:
        return None
    ours = _not_adopted(session, found)
    if ours:
        record_sent(session, question.outbound_id, provider, ours[0], now)
        row.reason = None
        return row
    if question.claimed_at <= now - kept:
        return _never_known(session, row, now)
    row.looked_up += 1
    if row.looked_up < LOOKS_FOR_ABSENT:
        row.not_before = now + BETWEEN_LOOKS
    else:
        row.state, row.not_before, row.parked_at = OutboundState.QUEUED, now, None
    session.add(row)
    session.flush()
    return row if row.state is OutboundState.QUEUED else None


def _never_known(session: Session, row: OutboundMessage, now: datetime) -> OutboundMessage | None:
    """Parked, so that staff are called; a day later it counts as failed, since nobody will ever know more."""
    was_parked = row.parked_at is not None
    row.parked_at = row.parked_at or now
    row.not_before = row.parked_at + STAFF_SEE_IT_FOR
    if row.not_before <= now:
        row.state, row.reason, row.settled_at = OutboundState.FAILED, "never_known", now
    session.add(row)
    session.flush()
    return None if was_parked else row


def no_answer(session: Session, question: Question, now: datetime) -> OutboundMessage | None:
    """The list could not be read: nothing is known, so nothing is repeated. The row, when it was parked now."""
    row = _still_uncertain(session, question)
    if row is None:
        return None
    parked = row.parked_at is None and question.claimed_at < now - PARK_AFTER
    if parked:
        row.parked_at = now
    row.not_before = now + (WAIT_WHEN_PARKED if row.parked_at else WAIT_WHEN_DOWN)
    session.add(row)
    session.flush()
    return row if parked else None


def _still_uncertain(session: Session, question: Question) -> OutboundMessage | None:
    return session.exec(
        select(OutboundMessage)
        .where(
            OutboundMessage.id == question.outbound_id,
            OutboundMessage.state == OutboundState.UNCERTAIN,
            OutboundMessage.claimed_at == question.claimed_at,
        )
        .with_for_update()
    ).first()


def _not_adopted(session: Session, found: Iterable[SentText]) -> list[SentText]:
    """Those of the provider's texts that no row of ours has, or had in an earlier try; the oldest first."""
    texts = sorted(
        found, key=lambda text: (text.created_at is None, text.created_at, text.provider_message_id)
    )
    ids = [text.provider_message_id for text in texts]
    taken = set(
        session.exec(
            select(OutboundMessage.provider_message_id).where(
                col(OutboundMessage.provider_message_id).in_(ids)
            )
        )
    )
    tried = session.exec(
        select(Receipt.provider_message_id).where(
            col(Receipt.provider_message_id).in_(ids), col(Receipt.applied_at).is_not(None)
        )
    )
    taken.update(tried)
    return [text for text in texts if text.provider_message_id not in taken]
