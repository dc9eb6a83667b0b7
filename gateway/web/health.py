"""Whether the gateway is well: can it keep texts, and does anything wait too long. It tells counts, never who or what."""

from dataclasses import asdict, dataclass
from datetime import datetime

from flask import Blueprint, Response, jsonify
from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import (
    LIVE,
    InboundMessage,
    InboundState,
    Line,
    OutboundMessage,
    OutboundState,
    Priority,
    spelled,
)
from gateway.runtime import Gateway
from gateway.web.current import current_gateway
from gateway.web.webhooks import refusals

LONGEST_WAIT_SECONDS = 300

blueprint = Blueprint("health", __name__)


@dataclass(frozen=True)
class Health:
    """What waits. `oldest_waiting_seconds` is about texts that somebody is waiting for now, not planned ones."""

    database: bool
    inbound_waiting: int = 0
    outbound_waiting: int = 0
    oldest_waiting_seconds: int = 0
    uncertain: int = 0
    parked: int = 0
    stopped_lines: int = 0

    @property
    def is_well(self) -> bool:
        return self.database and self.oldest_waiting_seconds <= LONGEST_WAIT_SECONDS


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """200 when well, 503 when not; the same facts either way."""
    health = health_of(current_gateway())
    facts = {"well": health.is_well, **asdict(health), "webhooks_refused": refusals.total()}
    return jsonify(facts), 200 if health.is_well else 503


def health_of(gateway: Gateway) -> Health:
    """The health of a gateway at this moment; a database that does not answer is one of the answers."""
    try:
        with gateway.db.reading() as session:
            return measure(session, gateway.clock.now())
    except (SQLAlchemyError, OSError):
        return Health(database=False)


def measure(session: Session, now: datetime) -> Health:
    """Count what waits at `now`."""
    inbound = select(func.count(), func.min(InboundMessage.received_at)).where(
        spelled(col(InboundMessage.state), InboundState.RECEIVED)
    )
    waiting, arrived_at = session.exec(inbound).one()
    due_at = _oldest_due(session, now)
    return Health(
        database=True,
        inbound_waiting=waiting,
        outbound_waiting=_count_outbound(session, OutboundState.QUEUED, now),
        oldest_waiting_seconds=max(
            0, *(int((now - at).total_seconds()) for at in (arrived_at, due_at) if at), 0
        ),
        uncertain=_count_outbound(session, OutboundState.UNCERTAIN, now),
        parked=_count_parked(session),
        stopped_lines=session.exec(
            select(func.count()).select_from(Line).where(col(Line.stopped_at).is_not(None))
        ).one(),
    )


def _count_outbound(session: Session, state: OutboundState, now: datetime) -> int:
    counted = select(func.count()).select_from(OutboundMessage)
    return session.exec(
        counted.where(
            spelled(col(OutboundMessage.state), *LIVE),
            OutboundMessage.state == state,
            OutboundMessage.not_before <= now,
        )
    ).one()


def _count_parked(session: Session) -> int:
    arrived = select(func.count()).where(spelled(col(InboundMessage.state), InboundState.PARKED))
    leaving = select(func.count()).where(
        col(OutboundMessage.parked_at).is_not(None), spelled(col(OutboundMessage.state), *LIVE)
    )
    return session.exec(arrived).one() + session.exec(leaving).one()


def _oldest_due(session: Session, now: datetime) -> datetime | None:
    """Since when the oldest text that could leave has been due.

    Not counted: what waits for a stopped line, for staff, or behind an older text to the same phone (a phone may be
    out of reach for two days), and broadcasts, which leave at the pace of their line.
    """
    older = aliased(OutboundMessage)
    is_behind = (
        select(col(older.id))
        .where(
            col(older.lane) == OutboundMessage.lane,
            col(older.id) < col(OutboundMessage.id),
            spelled(col(older.state), *LIVE),
            col(older.parked_at).is_(None),
        )
        .exists()
    )
    return session.exec(
        select(func.min(OutboundMessage.not_before))
        .join(Line, col(Line.id) == OutboundMessage.line_id)
        .where(
            spelled(col(OutboundMessage.state), *LIVE),
            OutboundMessage.state == OutboundState.QUEUED,
            OutboundMessage.not_before <= now,
            OutboundMessage.priority <= Priority.KEYWORD,
            col(OutboundMessage.parked_at).is_(None),
            col(Line.stopped_at).is_(None),
            ~is_behind,
        )
    ).one()
