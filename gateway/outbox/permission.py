"""Whether a queued text may leave at this moment. Asked at every claim: much may have changed since it was queued.

Nothing may reach anybody outside its match (R8), nor anyone who said STOP (R6), nor come at night from a program.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from gateway.db import Session
from gateway.models import (
    ConsentKind,
    ConsentState,
    Kind,
    MatchState,
    OutboundMessage,
    OutboundState,
    Participant,
)
from gateway.models.types import UtcDateTime
from gateway.outbox import budget
from gateway.outbox.circumstances import Circumstances
from gateway.outbox.claim import Cancel, Follow, Go, Permission, PutOff
from gateway.outbox.reach import LOOK_AGAIN, PROGRAM_KINDS, TRY_AFTER, goes_unheard, lost_touch
from gateway.people.consent import state_of
from gateway.sms.quiet_days import NONE, QuietDays
from gateway.sms.quiet_hours import Window, next_open

RELAYING = (MatchState.ACTIVE, MatchState.CLOSING)
AT_ANY_HOUR = (Kind.CRISIS, Kind.ALERT)  # no quiet hours, coverage, allowance or budget holds these back
LATE_AFTER = timedelta(hours=2)
PAUSE_LOOK = timedelta(minutes=5)


@dataclass(frozen=True)
class Limits:
    """What the charter allows. Windows are local to each person; the budget counts segments."""

    program_window: Window
    day_window: Window
    per_day: int
    per_week: int
    budget: budget.Budget
    quiet: QuietDays = NONE  # days on which the program says nothing by itself


def may_leave(session: Session, text: Circumstances, limits: Limits, now: datetime) -> Permission:
    """Go, put off or cancel."""
    row, person = text.row, text.person
    denial = denied(text, now)
    if denial:
        return denial
    if row.kind in AT_ANY_HOUR:
        return Go()
    if person and row.kind in PROGRAM_KINDS and not _answers_a_text(row):
        denial = _program_denied(session, row, person, limits, now)
    elif person and _waits_for_morning(row, person):
        denial = _until_open(person, limits.day_window, now)
    return denial or budget.spend(session, row, limits.budget, now) or Go()


def denied(text: Circumstances, now: datetime) -> Cancel | PutOff | Follow | None:
    """What forbids a text whatever the hour: asked at the claim, and once more before the wire."""
    row, person, match = text.row, text.person, text.match
    if row.expires_at and row.expires_at <= now:
        return Cancel("expired")
    if (
        person and person.phone_index != row.to_index
    ):  # the answer to a phone's own word is for that phone alone
        return Cancel("number_changed") if row.kind is Kind.KEYWORD else Follow()
    if _was_stopped(text):
        return Cancel("opted_out")
    if row.match_id is None or row.kind in (Kind.NOTICE, Kind.KEYWORD, Kind.CRISIS):
        return None
    if match is None or match.state is MatchState.CLOSED or not text.holds_mask:
        return Cancel("match_closed")
    in_doubt = person is not None and person.number_doubted_at is not None
    return PutOff(now + PAUSE_LOOK) if in_doubt or match.state not in RELAYING else None


def _was_stopped(text: Circumstances) -> bool:
    """Whether STOP stands against the text. What was queued before a STOP stays stopped after the START, too.

    The answer to a phone's own keyword still goes: it is how the phone learns that it was heard.
    """
    row, word = text.row, text.word
    if word is None or not word.how:  # texted START without ever having stopped
        return False
    if row.created_at < word.changed_at:
        return True
    return word.active and not (row.kind is Kind.KEYWORD and row.inbound_id)


def _waits_for_morning(row: OutboundMessage, person: Participant) -> bool:
    """A partner's words only if the reader wants quiet nights; a word of ours unless it answers a text just sent."""
    return (row.kind is Kind.RELAY and person.nights_quiet) or (
        row.kind is Kind.NOTICE and row.inbound_id is None
    )


def _answers_a_text(row: OutboundMessage) -> bool:
    """A conversation goes on at once when the person has just written; only its first word keeps to hours and allowance."""
    return row.kind is Kind.FLOW and row.inbound_id is not None


def _program_denied(
    session: Session, row: OutboundMessage, person: Participant, limits: Limits, now: datetime
) -> Cancel | PutOff | None:
    if person.prompts_paused:
        return Cancel("prompts_paused")
    if person.number_doubted_at:  # it would greet whoever holds the phone now by name
        return PutOff(now + LOOK_AGAIN)
    consent = state_of(session, person.id or 0, ConsentKind.TEXTING)
    may_ask = row.kind is Kind.FLOW and consent is not ConsentState.WITHDRAWN  # a conversation may ask for it
    if consent is not ConsentState.GIVEN and not may_ask:
        return Cancel("no_consent")
    if person.unreachable_since is None and goes_unheard(session, person, now):
        lost_touch(session, person, now)
    if person.unreachable_since and now < person.unreachable_since + TRY_AFTER:
        return PutOff(now + LOOK_AGAIN)
    waits = _until_open(person, limits.program_window, now) or _until_a_day_to_speak(person, limits, now)
    if waits := waits or _over_allowance(session, row, person, limits, now):
        return waits
    if person.unreachable_since:  # this text tries the phone; the others wait for what becomes of it
        person.unreachable_since = now
        session.add(person)
    return None


def _until_open(person: Participant, window: Window, now: datetime) -> PutOff | None:
    opens = next_open(now, ZoneInfo(person.timezone), window)
    return PutOff(opens) if opens > now else None


def _until_a_day_to_speak(person: Participant, limits: Limits, now: datetime) -> PutOff | None:
    """On a quiet day, until the next one (which may be quiet too: it is asked again)."""
    local = now.astimezone(ZoneInfo(person.timezone))
    if not limits.quiet.holds(local.date()):
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return PutOff(next_open(midnight, ZoneInfo(person.timezone), limits.program_window))


def _over_allowance(
    session: Session, row: OutboundMessage, person: Participant, limits: Limits, now: datetime
) -> PutOff | None:
    """Program texts that left today and this week, in the person's own days; the week starts on Monday.

    A conversation counts once for each day on which it speaks unasked; what answers the person's own text does not.
    """
    zone = ZoneInfo(person.timezone)
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    place = {"person": person.id, "monday": monday, "itself": row.id}
    said = {
        (moment.astimezone(zone).date(), talk) for talk, moment in session.execute(_PROGRAM_TEXTS, place)
    } - {(today.date(), row.lane)}
    if len(said) >= limits.per_week:
        return PutOff(next_open(monday + timedelta(days=7), zone, limits.program_window))
    if sum(day == today.date() for day, _ in said) >= limits.per_day:
        return PutOff(next_open(today + timedelta(days=1), zone, limits.program_window))
    return None


_PROGRAM_TEXTS = select(
    func.coalesce(OutboundMessage.lane, OutboundMessage.dedupe_key), OutboundMessage.claimed_at
).where(
    col(OutboundMessage.participant_id) == bindparam("person"),
    col(OutboundMessage.kind).in_(PROGRAM_KINDS),
    col(OutboundMessage.inbound_id).is_(None),
    col(OutboundMessage.claimed_at) >= bindparam("monday", type_=UtcDateTime()),
    col(OutboundMessage.state).not_in([OutboundState.CANCELLED, OutboundState.DISCARDED]),
    col(OutboundMessage.id) != bindparam("itself"),
)
