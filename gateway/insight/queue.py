"""How the queue is doing: what waits, for how long, and what needs a human. The same facts for health and doctor."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, func, or_, select

from gateway.db import Session
from gateway.models import (
    IN_FLIGHT,
    LIVE,
    InboundMessage,
    InboundState,
    Line,
    OutboundMessage,
    OutboundState,
    spelled,
)


@dataclass(frozen=True)
class Queue:
    """Counts of rows; ages in seconds, None when nothing waits."""

    inbound_waiting: int
    inbound_oldest_seconds: float | None
    outbound_due: int
    outbound_oldest_seconds: float | None
    held: int
    uncertain: int
    parked: int
    stopped_lines: int


def look(session: Session, now: datetime) -> Queue:
    waiting, oldest = session.exec(
        select(func.count(), func.min(InboundMessage.received_at)).where(
            spelled(col(InboundMessage.state), InboundState.RECEIVED)
        )
    ).one()
    due, oldest_due = session.exec(
        select(func.count(), func.min(OutboundMessage.not_before))
        .join(Line, col(Line.id) == OutboundMessage.line_id)
        .where(
            spelled(col(OutboundMessage.state), *LIVE),
            OutboundMessage.state == OutboundState.QUEUED,
            OutboundMessage.not_before <= now,
            col(Line.stopped_at).is_(None),
        )
    ).one()
    return Queue(
        inbound_waiting=waiting,
        inbound_oldest_seconds=_age(oldest, now),
        outbound_due=due,
        outbound_oldest_seconds=_age(oldest_due, now),
        held=_count(session, spelled(col(OutboundMessage.state), OutboundState.HELD)),
        uncertain=_count(
            session,
            spelled(col(OutboundMessage.state), *IN_FLIGHT)
            & (col(OutboundMessage.state) == OutboundState.UNCERTAIN),
        ),
        parked=_parked(session),
        stopped_lines=session.exec(
            select(func.count()).select_from(Line).where(col(Line.stopped_at).is_not(None))
        ).one(),
    )


def balance(session: Session) -> tuple[int, int]:
    """(texts accepted, texts whose fate is known or that still wait): R3 says that the two are equal."""
    accepted = session.exec(select(func.count()).select_from(InboundMessage)).one()
    accounted = session.exec(
        select(func.count())
        .select_from(InboundMessage)
        .where(
            or_(
                col(InboundMessage.state).in_([InboundState.RECEIVED, InboundState.PARKED]),
                col(InboundMessage.outcome).is_not(None),
            )
        )
    ).one()
    return accepted, accounted


def relayed_without_a_leg(session: Session) -> int:
    """Texts said to be passed on or held, for which no text leaves: there must be none."""
    legs = select(OutboundMessage.inbound_id).where(col(OutboundMessage.inbound_id).is_not(None))
    return session.exec(
        select(func.count())
        .select_from(InboundMessage)
        .where(col(InboundMessage.outcome).in_(["relayed", "held"]), col(InboundMessage.id).not_in(legs))
    ).one()


def _count(session: Session, is_in_state: ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(OutboundMessage).where(is_in_state)).one()


def _parked(session: Session) -> int:
    inbound = session.exec(
        select(func.count())
        .select_from(InboundMessage)
        .where(spelled(col(InboundMessage.state), InboundState.PARKED))
    ).one()
    outbound = session.exec(
        select(func.count())
        .select_from(OutboundMessage)
        .where(
            spelled(col(OutboundMessage.state), *IN_FLIGHT),
            OutboundMessage.state == OutboundState.UNCERTAIN,
            col(OutboundMessage.parked_at).is_not(None),
        )
    ).one()
    return inbound + outbound


def _age(moment: datetime | None, now: datetime) -> float | None:
    return max(0.0, (now - moment).total_seconds()) if moment else None
