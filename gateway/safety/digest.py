"""What waits, told to each member of staff in the morning where they live; on a day when nothing waits, nothing is said."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, func, or_, select

from gateway.db import Session
from gateway.i18n import Voice
from gateway.models import Alert, Kind, Letter, Match, OutboundMessage, OutboundState, Staff
from gateway.outbox.enqueue import Draft, enqueue
from gateway.people.directory import house_key
from gateway.routing.lines import program_line
from gateway.safety import duty, letters
from gateway.safety.escalation import Alarms

MORNING_LASTS = timedelta(hours=4)  # a digest that could not be made by then waits for the next day


def tell(session: Session, voice: Voice, alarms: Alarms, now: datetime) -> set[int]:
    """One digest a day for each member of staff whose morning it is. The lines to ring."""
    lines: set[int] = set()
    for one in duty.staff_of(session, None):
        local = now.astimezone(ZoneInfo(one.timezone))
        opens = local.replace(
            hour=alarms.day.opens.hour, minute=alarms.day.opens.minute, second=0, microsecond=0
        )
        key = f"digest:{one.id}:{local.date()}"
        if opens <= local < opens + MORNING_LASTS and not _was_told(session, key):
            lines |= _tell(session, voice, alarms, one, key, now)
    return lines


def _was_told(session: Session, key: str) -> bool:
    letter = select(Letter.id).where(Letter.dedupe_key == key)
    text = select(OutboundMessage.id).where(OutboundMessage.dedupe_key == key)
    return bool(session.exec(letter).first() or session.exec(text).first())


def _tell(session: Session, voice: Voice, alarms: Alarms, one: Staff, key: str, now: datetime) -> set[int]:
    alerts, held = waiting_for(session, one)
    if not alerts and not held:
        return set()
    facts = {"alerts": str(alerts), "held": str(held)}
    if alarms.has_mail:
        letters.write(session, one, "digest_mail", facts, key, now)
        return set()
    line = program_line(session)
    if line is None or line.id is None or one.phone_sealed is None:
        return set()
    draft = Draft(
        kind=Kind.ALERT,
        dedupe_key=key,
        line_id=line.id,
        to_number=session.open(one, "phone_sealed"),
        body=voice.say("digest", one.language, **facts),
        key_uid=house_key(session),
        wording="digest",
        expires_at=now + MORNING_LASTS,
    )
    return {line.id} if enqueue(session, draft, now) else set()


def waiting_for(session: Session, one: Staff) -> tuple[int, int]:
    """(open alerts, held texts) of the communities that this member of staff serves."""
    alerts = select(func.count()).where(
        col(Alert.closed_at).is_(None),
        or_(col(Alert.about_staff_id).is_(None), Alert.about_staff_id != one.id),
    )
    held = (
        select(func.count())
        .select_from(OutboundMessage)
        .join(Match, col(Match.id) == OutboundMessage.match_id)
        .where(OutboundMessage.state == OutboundState.HELD)
    )
    if one.community_id:
        alerts = alerts.where(or_(col(Alert.community_id).is_(None), Alert.community_id == one.community_id))
        held = held.where(Match.community_id == one.community_id)
    return session.exec(alerts).one(), session.exec(held).one()
