"""REPORT and SIGNALER: a private word to a human who is not the mentor.

The report itself is never passed on, nor is what its writer texts on that line in the hour after it: it is held, so that
a story meant for staff cannot land at the very person it is about. Staff release what was meant for the partner.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from gateway.db import Session
from gateway.i18n import day_and_time
from gateway.models import FOR_STAFF, InboundMessage, Kind, Match, Member, Outcome, Participant, Staff
from gateway.outbox.answers import say
from gateway.people.alerts import Reason, raise_alert
from gateway.people.directory import voice_for
from gateway.safety import escalation
from gateway.safety.house import House
from gateway.safety.text import Text
from gateway.sms.keywords import Command, Keyword

LISTENS_FOR = timedelta(hours=1)
SAYS_AGAIN_AFTER = timedelta(minutes=10)
AFTER, AFTER_STAFF = FOR_STAFF
HOLDS = {"report": AFTER, "report_staff": AFTER_STAFF}


def take(session: Session, house: House, text: Text, now: datetime, *, is_about_staff: bool) -> set[int]:
    """Alert staff at once and thank the writer. The lines to ring.

    A report about staff is kept from the coordinator of the match and goes to an admin first.
    """
    alert = raise_alert(
        session,
        text.sender.id if text.sender else None,
        Reason.REPORT_STAFF if is_about_staff else Reason.REPORT,
        now,
        match_id=text.row.match_id,
        inbound_id=text.id,
        community_id=text.community_id,
    )
    if is_about_staff:
        alert.about_staff_id = _partner_on_staff(session, text) or coordinator_of(session, text)
        session.add(alert)
    return escalation.step(session, house.voice, house.alarms, alert, now) | _thank(session, house, text, now)


def _thank(session: Session, house: House, text: Text, now: datetime) -> set[int]:
    """On a mask, say until when what is written there goes to staff alone; again when that has moved by some minutes."""
    voice = voice_for(session, house.voices, text.sender)
    if text.sender is None or text.match is None:
        return say(session, voice, text.answer("program_received", Kind.KEYWORD), now)
    until = day_and_time(now + LISTENS_FOR, ZoneInfo(text.sender.timezone), text.language)
    answer = replace(text.answer("report_done", Kind.KEYWORD), once_in=SAYS_AGAIN_AFTER)
    return say(session, voice, answer, now, time=until)


def coordinator_of(session: Session, text: Text) -> int | None:
    match = session.get(Match, text.row.match_id) if text.row.match_id else None
    return match.coordinator_id if match else None


def hold_for(session: Session, text: Text, now: datetime) -> str | None:
    """Why this text is for staff alone: its writer reported something on this line within the hour."""
    last = session.exec(
        select(InboundMessage.reason)
        .where(
            InboundMessage.from_index == text.row.from_index,
            InboundMessage.to_number == text.row.to_number,
            col(InboundMessage.id) < text.id,
            InboundMessage.outcome == Outcome.KEYWORD,
            col(InboundMessage.reason).in_(HOLDS),
            col(InboundMessage.received_at) > now - LISTENS_FOR,
        )
        .order_by(col(InboundMessage.id).desc())
        .limit(1)
    ).first()
    return HOLDS.get(last or "")


def meant(session: Session, text: Text, command: Command) -> Command:
    """A report by whoever is matched with somebody on the staff may be about that person: it is one about staff."""
    if command.keyword is Keyword.REPORT and _partner_on_staff(session, text):
        return replace(command, keyword=Keyword.REPORT_STAFF)
    return command


def _partner_on_staff(session: Session, text: Text) -> int | None:
    """The member of staff with whom the writer is or was matched, as far as one phone shows that it is one person."""
    if text.sender is None:
        return None
    own = select(Member.match_id).where(Member.participant_id == text.sender.id)
    phones = select(Participant.phone_index).join(Member, col(Member.participant_id) == Participant.id)
    theirs = set(session.exec(phones.where(col(Member.match_id).in_(own), Participant.id != text.sender.id)))
    staff = select(Staff).where(col(Staff.phone_sealed).is_not(None), col(Staff.disabled_at).is_(None))
    return next(
        (
            one.id
            for one in session.exec(staff.order_by(col(Staff.id)))
            if session.index(session.open(one, "phone_sealed")) in theirs
        ),
        None,
    )
