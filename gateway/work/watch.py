"""The watch over what staff must know: alerts ring, letters are posted, what lasts too long is noticed.

Stateless like every tick: it may run twice, or not for a while, and nobody is told twice or forgotten.
"""

from datetime import timedelta

import structlog

from gateway import occasions
from gateway.insight import queue
from gateway.outbox.budget import exhausted
from gateway.people.alerts import Reason, raise_condition
from gateway.providers.mail import MailRefused
from gateway.runtime import Gateway
from gateway.safety import digest, escalation, letters, overdue, samples
from gateway.work.jobs import ring

log = structlog.get_logger()
MOST_LETTERS = 50  # in one round
MOST_ROUNDS = 50
LATE_SECONDS = 300
REPEAT_AFTER = timedelta(hours=12)


def watch(gateway: Gateway) -> None:
    """Every few seconds: the next step of each alert that nobody has answered."""
    for _ in range(MOST_ROUNDS):
        with gateway.db.transaction() as session:
            lines = escalation.tick(session, gateway.content.voice, gateway.alarms, gateway.clock.now())
        ring(gateway, lines)
        if not lines:
            break


def post_letters(gateway: Gateway) -> int:
    """Post what is due, until the mail server says no; no transaction is open while it is asked. Returns how many it took.

    A job of its own: a mail server that does not answer must hold up neither the beat nor the alarms.
    """
    if gateway.mailbox is None:
        return 0
    for taken in range(MOST_LETTERS):
        with gateway.db.transaction() as session:
            ready = letters.take(session, gateway.clock.now())
        if ready is None or not _post(gateway, ready):
            return taken
    return MOST_LETTERS


def _post(gateway: Gateway, ready: letters.Ready) -> bool:
    """True when the server took it, or refused this one letter for good: then the next may be tried."""
    voice, facts = gateway.content.voice, ready.facts | {"console": gateway.settings.gateway_public_url}
    subject, body = _words(ready.wording)
    assert gateway.mailbox is not None
    try:
        gateway.mailbox.post(
            ready.to_address,
            voice.say(subject, ready.language, **facts),
            voice.say(body, ready.language, **facts),
            ready.uid,
        )
    except MailRefused as error:
        with gateway.db.transaction() as session:
            is_over = letters.refused(
                session, ready.id, error.code, gateway.clock.now(), is_final=error.is_final
            )
        log.warning("letter_refused", letter=ready.id, code=error.code, is_over=is_over)
        return error.is_final
    with gateway.db.transaction() as session:
        letters.posted(session, ready.id, gateway.clock.now())
    return True


def _words(wording: str) -> tuple[str, str]:
    """The keys of a letter's subject and body."""
    if wording == "digest_mail":
        return "digest_mail_subject", "digest_mail"
    return "alert_mail_subject", "alert_mail"


def take_stock(gateway: Gateway) -> None:
    """Every minute: what lasts too long becomes an alert, mornings get their digest, chance picks its threads."""
    charter = gateway.content.charter
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        state = queue.look(session, now)
        overdue.sound(session, gateway.alarms, now)
        if state.stopped_lines:
            raise_condition(session, Reason.LINE_STOPPED, now, timedelta())
        if (state.inbound_oldest_seconds or 0) > LATE_SECONDS:
            raise_condition(session, Reason.QUEUE_AGE, now, REPEAT_AFTER)
        if state.parked:
            raise_condition(session, Reason.PARKED, now, REPEAT_AFTER)
        if exhausted(session, occasions.limits(gateway).budget, now):
            raise_condition(session, Reason.BUDGET, now, REPEAT_AFTER)
        samples.pick(session, charter.alarms.sample_percent_a_week, now)
        lines = digest.tell(session, gateway.content.voice, gateway.alarms, now)
    ring(gateway, lines)
