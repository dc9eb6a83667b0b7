"""Spine 2: something is due.

`ROUNDS` are what the clock brings: conversations that waited, people and matches whose time has come (`occasions`).
`next_text` claims what may leave a line now; the edge sends it, with no transaction open, and comes back to `was_sent`
or `went_wrong`. `record_receipt` hears of it later. What follows from trouble is decided here: the partner is told kindly
and once, a phone that left is opted out everywhere, a doubtful number pauses its matches, a broken line stops.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from zoneinfo import ZoneInfo

import structlog

from gateway import occasions
from gateway.db import Session
from gateway.flows import running
from gateway.i18n import day_and_time, day_of
from gateway.matching import matches, presence
from gateway.models import (
    InboundMessage,
    Kind,
    Line,
    MatchState,
    OutboundState,
    Participant,
    Priority,
)
from gateway.outbox.circumstances import Circumstances, circumstances
from gateway.outbox.claim import Cancel, Claimed, Follow, Go, NothingDue, Permission, PutOff, claim, follow
from gateway.outbox.permission import LATE_AFTER, denied, may_leave
from gateway.outbox.reach import in_touch_again, lost_touch, release_for
from gateway.outbox.record import (
    Changed,
    apply_receipt,
    keep_receipt,
    record_sent,
    record_trouble,
    waiting_receipts,
)
from gateway.people import numbers
from gateway.privacy.audit import audit
from gateway.prompts import agenda
from gateway.providers.protocol import DeliveryReceipt, ProviderError, SentText, Status, Trouble
from gateway.routing.routes import partners_of
from gateway.runtime import Gateway
from gateway.safety.review import release_of

log = structlog.get_logger()
SETTLED = (Status.DELIVERED, Status.UNDELIVERED, Status.FAILED)


@dataclass(frozen=True)
class Round:
    """One thing that the clock brings: who waits for it, what is done for each, what if that keeps failing.

    `act` returns the lines to ring. Only what waits is read, whatever the number of participants; two schedulers at
    once do each thing once. `failed` says whether it was set aside, where staff see it.
    """

    name: str
    waiting: Callable[[Session, datetime, int], list[int]]
    act: Callable[[Session, Gateway, int, datetime], set[int]]
    failed: Callable[[Session, int, datetime], bool]


ROUNDS = (
    Round("conversation", running.waiting, occasions.wake, running.failed),
    Round("person", agenda.people_waiting, occasions.look_at_person, agenda.person_failed),
    Round("match", agenda.matches_waiting, occasions.look_at_match, agenda.match_failed),
)


def next_text(
    session: Session,
    gateway: Gateway,
    line_id: int,
    now: datetime,
    least_urgent: Priority = Priority.PROMPT,
) -> Claimed | NothingDue:
    """Claim the next text that may leave this line, none less urgent than `least_urgent`."""

    def permission(session: Session, text: Circumstances, now: datetime) -> Permission:
        allowed = occasions.limits_for(session, gateway, text.row.participant_id)
        answer = may_leave(session, text, allowed, now)
        return Go(_late_stamp(gateway, text, now)) if isinstance(answer, Go) else answer

    return claim(session, line_id, gateway.token, permission, now, least_urgent)


def _late_stamp(gateway: Gateway, text: Circumstances, now: datetime) -> str:
    """ "(sent Mon 21:40)" for a person's words that waited on our side, in the reader's zone and language."""
    row, reader = text.row, text.person
    written_at = row.written_at or row.created_at
    if row.kind is not Kind.RELAY or now - written_at < LATE_AFTER or reader is None:
        return ""
    if ":part" in row.dedupe_key:  # the first part of a long text bears the stamp for all
        return ""
    written = day_and_time(written_at, ZoneInfo(reader.timezone), reader.language)
    return gateway.content.voice.say("late_words", reader.language, time=written)


def was_sent(session: Session, gateway: Gateway, outbound_id: int, sent: SentText, now: datetime) -> set[int]:
    """The provider accepted the text. Returns the lines to ring."""
    record_sent(session, outbound_id, gateway.provider.name, sent, now)
    return apply_waiting(session, gateway, sent.provider_message_id, now)


def apply_waiting(session: Session, gateway: Gateway, provider_message_id: str, now: datetime) -> set[int]:
    """Apply the receipts that came before their row was known. Returns the lines to ring."""
    lines: set[int] = set()
    for early in waiting_receipts(session, provider_message_id):
        lines |= _apply(session, gateway, early, now)
    return lines


def record_status(
    session: Session, gateway: Gateway, seen: SentText, reference: str, now: datetime
) -> set[int]:
    """What the provider says when asked after a text: the same as a receipt. Returns the lines to ring."""
    report = DeliveryReceipt(seen.provider_message_id, seen.status, reference, seen.error_code)
    return record_receipt(session, gateway, report, now) if seen.status in SETTLED else set()


def is_still_wanted(session: Session, outbound_id: int, token: str) -> bool:
    """Whether a claimed text may go over the wire: still ours, and nothing has come between since the claim."""
    text = _in_hand(session, outbound_id, token)
    return text is not None and _came_between(text) is None


def call_back(session: Session, outbound_id: int, token: str, now: datetime) -> None:
    """A claimed text that may not leave after all: cancelled, or back in the queue (a pause, another phone)."""
    text = _in_hand(session, outbound_id, token, to_change=True)
    if text is None:
        return
    row = text.row
    match _came_between(text):
        case Cancel(reason):
            row.state, row.reason, row.settled_at = OutboundState.CANCELLED, reason, now
        case PutOff(until):
            row.state, row.not_before = OutboundState.QUEUED, max(until, now)
        case Follow():
            follow(session, text)
            row.state, row.not_before = OutboundState.QUEUED, now
        case _:
            row.state, row.not_before = OutboundState.QUEUED, now
    session.add(row)


def _in_hand(
    session: Session, outbound_id: int, token: str, *, to_change: bool = False
) -> Circumstances | None:
    """The text, while this process has it claimed."""
    text = circumstances(session, outbound_id, to_change=to_change)
    claimed = text and text.row.state is OutboundState.SENDING and text.row.claimed_by == token
    return text if claimed else None


def _came_between(text: Circumstances) -> Cancel | PutOff | Follow | None:
    """STOP, another number, the end or a pause of the match: whatever has happened since the claim."""
    return denied(text, text.row.claimed_at or text.row.created_at)


def went_wrong(
    session: Session, gateway: Gateway, outbound_id: int, error: ProviderError, now: datetime
) -> set[int]:
    """The send did not work, or its answer was lost. Returns the lines to ring."""
    changed = record_trouble(session, outbound_id, error, _keep_trying(gateway), random(), now)
    return _follow_up(session, gateway, changed, now) if changed else set()


def record_receipt(session: Session, gateway: Gateway, report: DeliveryReceipt, now: datetime) -> set[int]:
    """The provider reports on a text: kept as it came, applied if that raises the status. Returns lines to ring."""
    keep_receipt(session, report, now)
    return _apply(session, gateway, report, now)


def _apply(session: Session, gateway: Gateway, report: DeliveryReceipt, now: datetime) -> set[int]:
    failed = report.status in (Status.UNDELIVERED, Status.FAILED)
    verdict = gateway.provider.judge(report.error_code) if failed else None
    changed = apply_receipt(session, report, verdict, _keep_trying(gateway), random(), now)
    if changed is None:
        return set()
    if changed.is_delivered:
        return in_touch_again(session, changed.row.to_index, now)
    return _follow_up(session, gateway, changed, now)


def _follow_up(session: Session, gateway: Gateway, changed: Changed, now: datetime) -> set[int]:
    """What a trouble sets in motion."""
    row = changed.row
    log.info(
        "text_trouble", outbound=row.id, trouble=changed.trouble, code=changed.code, retry=changed.will_retry
    )
    person = session.get(Participant, row.participant_id) if row.participant_id else None
    lines: set[int] = set()
    match changed.trouble:
        case Trouble.OPTED_OUT if start := presence.start_elsewhere(session, row):
            lines = presence.say_where_to_start(session, gateway.content, row, start, now)
        case Trouble.OPTED_OUT:
            return presence.leave(session, gateway.content, row.to_index, "provider", now)
        case Trouble.CONFIGURATION:
            _stop_line(session, row.line_id, changed.code, now)
            return set()
        case Trouble.UNKNOWN_NUMBER if person:
            _doubt(session, gateway, person, now)
        case Trouble.UNREACHABLE if person:
            lost_touch(session, person, now)
    if row.kind is not Kind.RELAY or changed.trouble is Trouble.LOST_ANSWER:
        return lines
    return lines | _tell_writer(session, gateway, changed, now)


def _tell_writer(session: Session, gateway: Gateway, changed: Changed, now: datetime) -> set[int]:
    """Whoever wrote it hears once, kindly, without blame or reason, that it has not arrived."""
    row = changed.row
    if changed.will_retry and changed.trouble is not Trouble.UNREACHABLE:
        return set()
    written = session.get(InboundMessage, row.inbound_id) if row.inbound_id else None
    if written is None or written.participant_id is None or row.match_id is None:
        return set()
    writer = presence.member_of(session, row.match_id, written.participant_id)
    if writer is None:
        return set()
    zone, language = ZoneInfo(writer.person.timezone), writer.person.language
    return presence.tell(
        session,
        gateway.content,
        writer,
        row.match_id,
        "not_reached_yet" if changed.will_retry else "not_reached",
        f"{row.id}",
        now,
        day=day_of(row.created_at + _keep_trying(gateway), zone, language),
    )


def _doubt(session: Session, gateway: Gateway, person: Participant, now: datetime) -> None:
    """The number may be somebody else's by now: nothing passes until staff have verified it."""
    numbers.doubt(session, person, now)
    for match in matches.open_matches_of(session, person.id or 0):
        if match.state is MatchState.ACTIVE:
            matches.pause(session, match, "number_doubted")
            audit(session, "gateway", "match.pause", f"match:{match.id}", now, {"why": "number_doubted"})


def number_verified(session: Session, person: Participant, now: datetime) -> set[int]:
    """Staff have verified the number: its matches go on, what was held for it leaves. Returns lines to ring."""
    numbers.verify(session, person, now)
    lines = release_of(session, person.id or 0, "number_doubted", now)
    for match in matches.open_matches_of(session, person.id or 0):
        doubts = any(p.person.number_doubted_at for p in partners_of(session, match.id or 0, person.id or 0))
        if match.state is MatchState.PAUSED and match.pause_why == "number_doubted" and not doubts:
            matches.resume(session, match)
            lines |= release_for(session, match.id or 0, now)
    return lines


def _stop_line(session: Session, line_id: int, code: str, now: datetime) -> None:
    """Nothing leaves this line until an operator has mended it and says `gateway lines start`."""
    line = session.get(Line, line_id)
    if line is None or line.stopped_at:
        return
    line.stopped_at, line.stopped_why = now, f"provider code {code}"
    session.add(line)
    audit(session, "gateway", "line.stop", f"line:{line_id}", now, {"code": code})
    log.error("alarm_line_stopped", line=line_id, code=code)


def _keep_trying(gateway: Gateway) -> timedelta:
    return timedelta(hours=gateway.content.charter.keep_trying_hours)
