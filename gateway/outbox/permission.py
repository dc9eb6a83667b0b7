"""Whether a queued text may leave at this moment. Asked at every claim: much may have changed since it was queued.

Nothing may reach anybody outside its match (R8), nor anyone who said STOP (R6), nor come at night from a program.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from gateway.db import Session
from gateway.models import (
    Kind,
    MaskState,
    Match,
    MatchState,
    Member,
    OutboundMessage,
    OutboundState,
    Participant,
)
from gateway.outbox import budget
from gateway.outbox.claim import Cancel, Go, Permission, PutOff
from gateway.people.opt_out import is_opted_out
from gateway.sms.quiet_hours import Window, next_open

PROGRAM_KINDS = (Kind.PROMPT, Kind.REMINDER, Kind.FLOW)
RELAYING = (MatchState.ACTIVE, MatchState.CLOSING)
LATE_AFTER = timedelta(hours=2)
PAUSE_LOOK = timedelta(minutes=5)
REACH_LOOK = timedelta(minutes=30)


@dataclass(frozen=True)
class Limits:
    """What the charter allows. Windows are local to each person; the budget counts segments."""

    program_window: Window
    day_window: Window
    per_day: int
    per_week: int
    budget: budget.Budget


def may_leave(session: Session, row: OutboundMessage, limits: Limits, now: datetime) -> Permission:
    """Go, put off or cancel."""
    person = session.get(Participant, row.participant_id) if row.participant_id else None
    denial = _denied(session, row, person, now)
    if denial:
        return denial
    if row.kind is Kind.CRISIS:
        return Go()
    if person and row.kind in PROGRAM_KINDS:
        denial = _program_denied(session, row, person, limits, now)
    elif person and row.kind is Kind.RELAY and person.nights_quiet:
        denial = _until_open(person, limits.day_window, now)
    return denial or budget.spend(session, row, limits.budget, now) or Go()


def _denied(
    session: Session, row: OutboundMessage, person: Participant | None, now: datetime
) -> Permission | None:
    if row.expires_at and row.expires_at <= now:
        return Cancel("expired")
    if row.kind is not Kind.KEYWORD and is_opted_out(session, row.to_index):
        return Cancel("opted_out")
    if person and person.phone_index != row.to_index:
        return Cancel("number_changed")
    if row.match_id is None or row.kind in (Kind.NOTICE, Kind.KEYWORD, Kind.CRISIS):
        return None
    match = session.get(Match, row.match_id)
    if match is None or match.state is MatchState.CLOSED or not _holds_mask(session, row):
        return Cancel("match_closed")
    return None if match.state in RELAYING else PutOff(now + PAUSE_LOOK)


def _holds_mask(session: Session, row: OutboundMessage) -> bool:
    """Whether the one who would receive it still has this line as the mask of this match."""
    return (
        session.exec(
            select(Member.id).where(
                Member.match_id == row.match_id,
                Member.participant_id == row.participant_id,
                Member.line_id == row.line_id,
                Member.phone_index == row.to_index,
                Member.mask_state == MaskState.ACTIVE,
            )
        ).first()
        is not None
    )


def _program_denied(
    session: Session, row: OutboundMessage, person: Participant, limits: Limits, now: datetime
) -> Permission | None:
    if person.prompts_paused:
        return Cancel("prompts_paused")
    if person.unreachable_since:
        return PutOff(now + REACH_LOOK)
    if waits := _until_open(person, limits.program_window, now):
        return waits
    return _over_allowance(session, row, person, limits, now)


def _until_open(person: Participant, window: Window, now: datetime) -> PutOff | None:
    opens = next_open(now, ZoneInfo(person.timezone), window)
    return PutOff(opens) if opens > now else None


def _over_allowance(
    session: Session, row: OutboundMessage, person: Participant, limits: Limits, now: datetime
) -> PutOff | None:
    """Program texts that left today and this week, in the person's own days; the week starts on Monday."""
    zone = ZoneInfo(person.timezone)
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    if _program_texts_since(session, person, row, monday) >= limits.per_week:
        return PutOff(next_open(monday + timedelta(days=7), zone, limits.program_window))
    if _program_texts_since(session, person, row, today) >= limits.per_day:
        return PutOff(next_open(today + timedelta(days=1), zone, limits.program_window))
    return None


def _program_texts_since(session: Session, person: Participant, row: OutboundMessage, since: datetime) -> int:
    """Different program texts; the parts of a long one, and what the person asked for, count once or not at all."""
    return session.exec(
        select(
            func.count(func.distinct(func.coalesce(OutboundMessage.lane, OutboundMessage.dedupe_key)))
        ).where(
            OutboundMessage.participant_id == person.id,
            col(OutboundMessage.kind).in_(PROGRAM_KINDS),
            col(OutboundMessage.claimed_at) >= since,
            col(OutboundMessage.state).not_in([OutboundState.CANCELLED, OutboundState.DISCARDED]),
            OutboundMessage.id != row.id,
            func.coalesce(OutboundMessage.lane, "") != (row.lane or "-"),
        )
    ).one()
