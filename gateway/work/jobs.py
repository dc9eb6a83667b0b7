"""The jobs: each opens its own transactions and calls the spines. A job may die at any line and be run again.

No transaction is open while the provider is asked: a slow network must never hold the database.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import col, select

from gateway import endings, intake, outreach
from gateway.insight import pulse
from gateway.models import LIVE, OutboundMessage, OutboundState, Priority, spelled
from gateway.outbox import lookup, polls
from gateway.outbox.claim import Claimed, NothingDue
from gateway.people.directory import installation
from gateway.providers.protocol import ProviderError, SentText
from gateway.routing import inbox
from gateway.runtime import Gateway

log = structlog.get_logger()

NEVER = datetime.max.replace(tzinfo=UTC)
# What cannot leave yet, behind an older text or a full line, must not be asked for without a pause.
BLOCKED_LOOK = timedelta(milliseconds=250)
RECOVERY_OVERLAP = timedelta(minutes=10)  # a provider's list may be late, and so may its clock
FIRST_RECOVERY = timedelta(days=1)


def drain_inbox(gateway: Gateway, most: int = 10_000) -> int:
    """Handle every text that waits, oldest first; returns how many. One that fails is left and counted."""
    handled, after = 0, 0
    for _ in range(most):
        with gateway.db.reading() as session:
            inbound_id = inbox.next_waiting(session, after)
        if inbound_id is None:
            break
        if _handle_one(gateway, inbound_id):
            handled += 1
        else:
            after = inbound_id
    return handled


def _handle_one(gateway: Gateway, inbound_id: int) -> bool:
    try:
        with gateway.db.transaction() as session:
            result = intake.handle(session, gateway, inbound_id, gateway.clock.now())
    except (OperationalError, InterfaceError):  # the database is away or full: no fault of this text
        raise
    except Exception:  # a bug: the text stays, is counted, and is parked where staff see it
        log.exception("handle_failed", inbound=inbound_id)
        with gateway.db.transaction() as session:
            parked = inbox.failed(session, inbound_id)
        if parked:
            log.critical("alarm_text_parked", inbound=inbound_id)
        return False
    if result is None:
        return False
    ring(gateway, result.lines)
    return True


def ring(gateway: Gateway, lines: set[int] | frozenset[int]) -> None:
    for line_id in lines:
        gateway.bell.line(line_id)


def deliver_next(
    gateway: Gateway, line_id: int, most: int = 1, least_urgent: Priority = Priority.PROMPT
) -> datetime:
    """Send the line's next texts, `most` of them, as far as they may leave; none less urgent than `least_urgent`.

    Returns when to look at this line again (UTC), or NEVER. What became of one text and the claim of the next are one
    commit: a process that dies in it has sent a text whose outcome is looked up, and claimed nothing.
    """
    with gateway.db.transaction() as session:
        claimed = outreach.next_text(session, gateway, line_id, gateway.clock.now(), least_urgent)
    for left in reversed(range(most)):
        if not isinstance(claimed, Claimed):
            return max(claimed.look_again_at or NEVER, gateway.clock.now() + BLOCKED_LOOK)
        if not _may_still_go(gateway, claimed):
            break
        following = _send(gateway, claimed, line_id if left else None, least_urgent)
        if following is None:
            break
        claimed = following
    return gateway.clock.now()


def _may_still_go(gateway: Gateway, claimed: Claimed) -> bool:
    """Wait for the slot, and then look once more: STOP wins over a text that is claimed, too."""
    wait = (claimed.slot_at - gateway.clock.now()).total_seconds()
    if wait <= 0:
        return True  # the claim itself looked, a moment ago
    gateway.clock.wait(wait)
    with gateway.db.reading() as session:
        if outreach.is_still_wanted(session, claimed.outbound_id, gateway.token):
            return True
    with gateway.db.transaction() as session:
        outreach.call_back(session, claimed.outbound_id, gateway.token, gateway.clock.now())
    return False


def _send(
    gateway: Gateway, claimed: Claimed, line_id: int | None, least_urgent: Priority
) -> Claimed | NothingDue | None:
    """Send it and write down the answer; with that, claim the next text of the line when one is named."""
    answer: SentText | ProviderError
    try:
        answer = gateway.provider.send(claimed.text)
    except ProviderError as error:
        answer = error
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        if isinstance(answer, SentText):
            lines = outreach.was_sent(session, gateway, claimed.outbound_id, answer, now)
        else:
            lines = outreach.went_wrong(session, gateway, claimed.outbound_id, answer, now)
        following = outreach.next_text(session, gateway, line_id, now, least_urgent) if line_id else None
    ring(gateway, lines)
    return following


def beat(gateway: Gateway) -> None:
    """Say that this process is alive, and doubt what dead ones left behind."""
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        lookup.beat(session, gateway.token, now)
        doubted = lookup.doubt_the_dead(session, now)
    if doubted:
        log.warning("texts_uncertain", count=doubted)


def look_up_uncertain(gateway: Gateway) -> int:
    """Ask the provider about each text whose outcome is unknown. Returns how many were asked about."""
    with gateway.db.reading() as session:
        asked = lookup.questions(session, gateway.clock.now())
    for question in asked:
        _look_up(gateway, question)
    return len(asked)


def _look_up(gateway: Gateway, question: lookup.Question) -> None:
    found: list[SentText] | None
    try:
        found = gateway.provider.find_sent(question.text, question.since)
    except ProviderError as error:
        log.warning("look_up_failed", outbound=question.outbound_id, code=error.code)
        found = None
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        if found is None:
            row = lookup.no_answer(session, question, now)
        else:
            row = lookup.answer(session, question, found, gateway.provider.name, gateway.copies_kept, now)
            if row and row.provider_message_id:
                outreach.apply_waiting(session, gateway, row.provider_message_id, now)
    if row:
        gateway.bell.line(row.line_id)


def poll_receipts(gateway: Gateway) -> int:
    """Ask after texts that were accepted and not heard of since. Returns how many were asked about."""
    with gateway.db.transaction() as session:
        due = polls.to_poll(session, gateway.clock.now())
    for outbound_id, reference, provider_message_id in due:
        try:
            seen = gateway.provider.status_of(provider_message_id)
        except ProviderError as error:
            log.warning("poll_failed", outbound=outbound_id, code=error.code)
            continue
        with gateway.db.transaction() as session:
            lines = outreach.record_status(session, gateway, seen, reference, gateway.clock.now())
        ring(gateway, lines)
    return len(due)


def recover_inbound(gateway: Gateway) -> int:
    """Take in texts that the provider has and we lack, in order, once. Returns how many were new."""
    started = gateway.clock.now()
    with gateway.db.transaction() as session:
        row = installation(session, started)
        since = (row.inbound_read_until or max(row.created_at, started - FIRST_RECOVERY)) - RECOVERY_OVERLAP
        restored_at = row.restored_at
    try:
        texts = list(gateway.provider.received_since(since))
    except ProviderError as error:
        log.warning("recovery_failed", code=error.code)
        return 0
    with gateway.db.transaction() as session:
        new = sum(
            intake.record(
                session,
                text,
                gateway.provider.name,
                gateway.clock.now(),
                is_replayed=bool(restored_at and text.sent_at and text.sent_at < restored_at),
            )
            for text in texts
        )
        installation(session, started).inbound_read_until = started
    if new:
        log.warning("texts_recovered", count=new)
        gateway.bell.inbox()
    return new


def sweep(gateway: Gateway) -> None:
    """Ring for whatever waits: a bell may have been lost, a retry may be due, Redis may have been emptied."""
    with gateway.db.reading() as session:
        now = gateway.clock.now()
        waiting = inbox.next_waiting(session) is not None
        lines = set(
            session.exec(
                select(OutboundMessage.line_id)
                .where(
                    spelled(col(OutboundMessage.state), *LIVE),
                    OutboundMessage.state == OutboundState.QUEUED,
                    OutboundMessage.not_before <= now,
                )
                .distinct()
            )
        )
    if waiting:
        gateway.bell.inbox()
    ring(gateway, lines)


def tick(gateway: Gateway) -> None:
    """Every second: beat, resolve what is uncertain, ring for what waits."""
    beat(gateway)
    look_up_uncertain(gateway)
    sweep(gateway)


def end_matches(gateway: Gateway) -> None:
    """Tell of the ends that come near, and close the matches whose last day is over."""
    with gateway.db.transaction() as session:
        lines = endings.tick(session, gateway, gateway.clock.now())
    ring(gateway, lines)


def slow_tick(gateway: Gateway) -> None:
    """Every few minutes: recover texts that arrived while we were away, ask after old ones, end what ends."""
    recover_inbound(gateway)
    poll_receipts(gateway)
    end_matches(gateway)


def keep_insight(gateway: Gateway) -> int:
    """Every minute: measure the matches in which something happened. Returns how many."""
    now = gateway.clock.now()
    with gateway.db.reading() as session:
        match_ids = pulse.to_refresh(session, now)
    measure_all(gateway, match_ids)
    with gateway.db.transaction() as session:
        pulse.note_refreshed(session, now)
    return len(match_ids)


def measure_all(gateway: Gateway, match_ids: Sequence[int]) -> None:
    """Measure these matches from their logs. Reading them holds up nobody who writes; each batch is a short write."""
    for batch in pulse.in_batches(match_ids):
        with gateway.db.reading() as session:
            measured = pulse.measure(session, batch, gateway.watch, gateway.clock.now())
        with gateway.db.transaction() as session:
            pulse.store(session, measured)
