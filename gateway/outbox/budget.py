"""What may be spent, in segments: by phone and day, by program and day, by program and month (UTC).

A limit that is reached holds back what the gateway itself says until the period ends, and raises an alarm. What one
person writes to another is counted and never held back by a budget; crisis texts do not come here.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Kind, OutboundMessage, Tally
from gateway.outbox.claim import PutOff


@dataclass(frozen=True)
class Budget:
    """Segments allowed."""

    person_day: int
    program_day: int
    program_month: int


def spend(session: Session, row: OutboundMessage, budget: Budget, now: datetime) -> PutOff | None:
    """Count the row's segments, or say until when it must wait. A retry counts again: it costs again."""
    scopes = _scopes(row.to_index, budget, now)
    if row.kind is not Kind.RELAY:
        used = _used(session, [scope for scope, _, _ in scopes])
        for scope, limit, until in scopes:
            if used.get(scope, 0) + row.segments > limit:
                return PutOff(until)
    session.add_up(Tally, "segments", [{"scope": scope, "segments": row.segments} for scope, _, _ in scopes])
    return None


def exhausted(session: Session, budget: Budget, now: datetime) -> list[str]:
    """The program-wide scopes with less than a tenth left: for alarms."""
    scopes = [scope for scope in _scopes(b"", budget, now) if scope[0].startswith("program:")]
    used = _used(session, [scope for scope, _, _ in scopes])
    return [scope for scope, limit, _ in scopes if used.get(scope, 0) >= 0.9 * limit]


def _scopes(to_index: bytes, budget: Budget, now: datetime) -> list[tuple[str, int, datetime]]:
    """(scope, limit, when its period ends)."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = today + timedelta(days=1)
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return [
        (f"phone:{to_index.hex()[:32]}:{today:%Y-%m-%d}", budget.person_day, tomorrow),
        (f"program:{today:%Y-%m-%d}", budget.program_day, tomorrow),
        (f"program:{today:%Y-%m}", budget.program_month, next_month),
    ]


def _used(session: Session, scopes: list[str]) -> dict[str, int]:
    return dict(session.execute(_USED, {"scopes": scopes}).all())


_USED = select(Tally.scope, Tally.segments).where(col(Tally.scope).in_(bindparam("scopes", expanding=True)))
