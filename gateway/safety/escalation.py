"""The clock of alerts: one person is told, then the second, then all and the on-call phone, until somebody answers.

What is urgent rings at any hour; what can wait is a letter first, and rings by day when its time is over. Every step is
written down. Stateless: two schedulers, a restart or a clock that jumps tell each person once for each step.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import col, select, update

from gateway.db import Session
from gateway.i18n import Voice
from gateway.models import Alert, AlertAct, Kind, OutboundMessage, OutboundState, Staff, Urgency
from gateway.outbox.enqueue import Draft, enqueue
from gateway.people.alerts import note
from gateway.people.directory import house_key
from gateway.people.opt_out import is_opted_out
from gateway.routing.lines import any_line, program_line
from gateway.safety import duty, letters
from gateway.sms.quiet_hours import Window, next_open

log = structlog.get_logger()
MOST_STEPS = 20  # alerts in one transaction
HOURLY_AFTER_STEPS = 12  # a phone that rings every ten minutes for two hours is not heard better for it
CLOSE_WITHIN = timedelta(hours=4)  # an urgent alert that was taken on, and not closed, rings again
LOUD_FROM_STEP = 1
ALL_FROM_STEP = 2


@dataclass(frozen=True)
class Alarms:
    """What the charter says of alerts. `day` is in each member of staff's own zone; `on_call` is E.164 or empty."""

    acknowledge: timedelta
    review: timedelta
    day: Window
    on_call: str = ""
    on_call_language: str = "en"
    has_mail: bool = False


def tick(session: Session, voice: Voice, alarms: Alarms, now: datetime) -> set[int]:
    """Take the next step of every alert whose time has come; the lines to ring."""
    due = session.exec(
        select(Alert)
        .where(col(Alert.closed_at).is_(None), col(Alert.due_at) <= now)
        .order_by(col(Alert.due_at), col(Alert.id))
        .limit(MOST_STEPS)
        .with_for_update(skip_locked=True)
    ).all()
    lines: set[int] = set()
    for alert in due:
        lines |= step(session, voice, alarms, alert, now)
    return lines


def step(session: Session, voice: Voice, alarms: Alarms, alert: Alert, now: datetime) -> set[int]:
    """Tell whoever is next of one alert that is due, and set its clock. The lines to ring."""
    if alert.due_at is None or alert.due_at > now or alert.closed_at:
        return set()
    if alert.acknowledged_at:
        note(session, alert, AlertAct.REOPENED, now)
        alert.acknowledged_at = alert.acknowledged_by = None
        alert.step = max(alert.step, ALL_FROM_STEP)
    people = duty.chain(session, alert, now)
    rings = alert.urgency is Urgency.NOW or alert.step > 0
    if rings:  # whoever can be reached by text is asked first; the sort keeps their order
        people.sort(key=lambda one: not _can_ring(session, one))
    if alert.urgency is Urgency.TODAY and rings and (opens := _by_day(people, alarms, now)) > now:
        alert.due_at = opens
        session.add(alert)
        return set()
    told = _told(alert, people)
    lines = _tell(session, voice, alarms, alert, told, now, by_text=rings)
    if rings and (alert.step >= ALL_FROM_STEP or len(people) <= alert.step):
        lines |= _tell_on_call(session, voice, alarms, alert, now)
    if not told and not lines:
        note(session, alert, AlertAct.NOBODY, now)
        log.error("alarm_nobody_to_tell", alert=alert.id, reason=alert.reason)
    alert.due_at = now + _pause(alert, alarms)
    alert.step += 1
    session.add(alert)
    session.flush()
    return lines


def _told(alert: Alert, people: list[Staff]) -> list[Staff]:
    """Whom this step tells: what can wait, one person twice; what cannot, the first and then the second; then all."""
    if alert.step >= ALL_FROM_STEP:
        return people
    if alert.urgency is Urgency.TODAY:
        return people[:1]
    return people[alert.step : alert.step + 1] or people


def _can_ring(session: Session, one: Staff) -> bool:
    if one.phone_sealed is None:
        return False
    return not is_opted_out(session, session.index(session.open(one, "phone_sealed")))


def _pause(alert: Alert, alarms: Alarms) -> timedelta:
    """How long to wait for an answer before the next step."""
    if alert.urgency is Urgency.NOW:
        return (
            alarms.acknowledge
            if alert.step < HOURLY_AFTER_STEPS
            else max(alarms.acknowledge, timedelta(hours=1))
        )
    return alarms.review if alert.step == 0 else alarms.review / 4


def _by_day(people: list[Staff], alarms: Alarms, now: datetime) -> datetime:
    """When the day of whoever is next begins; now, when it has begun or there is nobody."""
    return next_open(now, ZoneInfo(people[0].timezone), alarms.day) if people else now


def _tell(
    session: Session,
    voice: Voice,
    alarms: Alarms,
    alert: Alert,
    told: list[Staff],
    now: datetime,
    *,
    by_text: bool,
) -> set[int]:
    lines: set[int] = set()
    for one in told:
        if alarms.has_mail and letters.write(
            session,
            one,
            "alert_mail",
            {"alert": str(alert.id)},
            f"alert:{alert.id}:{alert.step}:{one.id}",
            now,
            alert.id,
        ):
            note(session, alert, AlertAct.MAILED, now, staff_id=one.id)
        if by_text and one.phone_sealed:
            number = session.open(one, "phone_sealed")
            lines |= _text(session, voice, alarms, alert, number, one.language, now, staff_id=one.id)
    return lines


def _tell_on_call(session: Session, voice: Voice, alarms: Alarms, alert: Alert, now: datetime) -> set[int]:
    if not alarms.on_call:
        return set()
    return _text(session, voice, alarms, alert, alarms.on_call, alarms.on_call_language, now, staff_id=None)


def _text(
    session: Session,
    voice: Voice,
    alarms: Alarms,
    alert: Alert,
    number: str,
    language: str,
    now: datetime,
    *,
    staff_id: int | None,
) -> set[int]:
    """Text one phone. It names nobody and nothing; its code is known to this phone alone."""
    line, phone = program_line(session) or any_line(session), session.index(number)
    if line is None or line.id is None or is_opted_out(session, phone):
        log.error("alarm_phone_cannot_be_texted", alert=alert.id, staff=staff_id)
        return set()
    code = f"{randbelow(100_000):05d}"
    wording = "alert_again" if alert.step >= LOUD_FROM_STEP else "alert"
    draft = Draft(
        kind=Kind.ALERT,
        dedupe_key=f"alert:{alert.id}:{alert.step}:{staff_id or 'on-call'}",
        line_id=line.id,
        to_number=number,
        body=voice.say(wording, language, alert=str(alert.id), code=code),
        key_uid=house_key(session),
        wording=wording,
        expires_at=now + 2 * alarms.acknowledge,
    )
    if not enqueue(session, draft, now):
        return set()
    noted = note(session, alert, AlertAct.TEXTED if staff_id else AlertAct.CALLED_ON, now, staff_id=staff_id)
    noted.phone_index, noted.code_index = phone, session.index(f"{alert.id}:{code}")
    session.add(noted)
    return {line.id}


def acknowledge(session: Session, alert: Alert, staff_id: int | None, now: datetime) -> None:
    """Somebody is on it: nobody else is told. An urgent one must be closed within hours, or it rings again."""
    if alert.acknowledged_at or alert.closed_at:
        return
    alert.acknowledged_at, alert.acknowledged_by = now, staff_id
    alert.due_at = now + CLOSE_WITHIN if alert.urgency is Urgency.NOW else None
    session.add(alert)
    note(session, alert, AlertAct.ACKNOWLEDGED, now, staff_id=staff_id)
    _cancel_texts(session, alert, now)


def close(session: Session, alert: Alert, staff_id: int | None, now: datetime) -> None:
    """Nothing remains to be done. Safe to call twice."""
    if alert.closed_at:
        return
    alert.closed_at, alert.closed_by, alert.due_at = now, staff_id, None
    session.add(alert)
    note(session, alert, AlertAct.CLOSED, now, staff_id=staff_id)
    _cancel_texts(session, alert, now)


def _cancel_texts(session: Session, alert: Alert, now: datetime) -> None:
    session.execute(
        update(OutboundMessage)
        .where(
            col(OutboundMessage.dedupe_key).startswith(f"alert:{alert.id}:"),
            col(OutboundMessage.state) == OutboundState.QUEUED,
        )
        .values(state=OutboundState.CANCELLED, reason="acknowledged", settled_at=now)
        .execution_options(synchronize_session=False)
    )
