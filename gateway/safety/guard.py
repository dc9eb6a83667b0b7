"""What is done about one text before it goes anywhere: it is screened, staff are alerted, and in a crisis it is answered.

The steps, in order: screen (fails closed), alert whoever must know, reply in a crisis, say whether it may be passed on.
"""

from dataclasses import dataclass
from datetime import datetime

from gateway.db import Session
from gateway.people.alerts import Reason, raise_alert
from gateway.people.directory import people_at, voice_for
from gateway.safety import concerns, crisis, escalation, reports, screening
from gateway.safety.house import House
from gateway.safety.screen import Category
from gateway.safety.screening import FAILED, NOTHING, Seen
from gateway.safety.text import Text
from gateway.sms.keywords import reads_like_stop
from gateway.sms.reactions import is_folded_reaction

ALERTED_ALREADY = (FAILED, "number_doubted", *reports.HOLDS.values())


@dataclass(frozen=True)
class Guarded:
    """What became of a text so far: why it is held, if it is, and the lines to ring."""

    seen: Seen = NOTHING
    hold: str | None = None
    lines: frozenset[int] = frozenset()

    @property
    def is_crisis(self) -> bool:
        return self.seen.is_crisis

    @property
    def needs_company(self) -> bool:
        """Whether an adult who reads it should know that staff have been alerted."""
        return self.seen.is_crisis or Category.DISCLOSURE in self.seen.kinds


def look(session: Session, house: House, text: Text, now: datetime) -> Guarded:
    """Screen a text and do at once what cannot wait. Reactions quote somebody else's words, and are left alone."""
    if not text.words.strip() or is_folded_reaction(text.words):
        return Guarded()
    seen = screening.look(session, house.rules_of, text.row, text.words, text.language, text.writer, now)
    hold = (reports.hold_for(session, text, now) or seen.hold_for(text.writer)) if text.match else None
    lines = alert_staff(session, house, text, seen, now)
    if seen.is_crisis:
        helplines = house.help.of(session, text.community_id)
        voice = voice_for(session, house.voices, text.sender)
        lines |= crisis.care(session, voice, helplines, text, now, is_worry=seen.is_worry)
    concerns.weigh(session, text, now)
    if reads_like_stop(text.words):
        _note_wish(session, text, now)
    return Guarded(seen, hold, frozenset(lines))


def _note_wish(session: Session, text: Text, now: datetime) -> None:
    """Somebody wants no more texts and did not say STOP: staff ask what is meant; meanwhile the program is quiet."""
    for person in people_at(session, text.row.from_index):
        person.prompts_paused = True
        session.add(person)
        match_id = text.row.match_id if text.sender and person.id == text.sender.id else None
        raise_alert(session, person.id, Reason.ASKED_TO_STOP, now, match_id=match_id, inbound_id=text.id)


def alert_staff(session: Session, house: House, text: Text, seen: Seen, now: datetime) -> set[int]:
    """Raise one alert for the gravest thing that was found, and ring for it at once. The lines to ring."""
    reason = _reason(text, seen)
    if reason is None:
        return set()
    alert = raise_alert(
        session,
        None if reason is Reason.SCREEN_FAILED else text.sender.id if text.sender else None,
        reason,
        now,
        match_id=None if reason is Reason.SCREEN_FAILED else text.row.match_id,
        inbound_id=None if reason is Reason.SCREEN_FAILED else text.id,
        community_id=None if reason is Reason.SCREEN_FAILED else text.community_id,
    )
    return escalation.step(session, house.voice, house.alarms, alert, now)


def _reason(text: Text, seen: Seen) -> Reason | None:
    """On the program line nothing is passed on, so only what is urgent is worth an alert."""
    if seen.screened is None:
        return Reason.SCREEN_FAILED
    for category, reason in ((Category.CRISIS, Reason.CRISIS), (Category.DISCLOSURE, Reason.DISCLOSURE)):
        if category in seen.kinds:
            return reason
    if seen.escalates:
        return Reason.SEXUAL if Category.SEXUAL in seen.kinds else Reason.ESCALATED
    return Reason.FLAGGED if seen.is_flagged and text.match else None


def note_hold(session: Session, house: House, text: Text, hold: str, now: datetime) -> set[int]:
    """Staff hear of a text that waits for them, unless an alert about it has been raised already. The lines to ring."""
    if hold in ALERTED_ALREADY:
        return set()
    alert = raise_alert(
        session,
        text.sender.id if text.sender else None,
        Reason.HELD,
        now,
        match_id=text.row.match_id,
        inbound_id=text.id,
    )
    return escalation.step(session, house.voice, house.alarms, alert, now)
