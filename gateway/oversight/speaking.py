"""Staff write to one member of a match, from the program line and in the program's name; and let a match rest or go on."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from gateway.db import Session
from gateway.i18n import Voice
from gateway.matching import matches
from gateway.models import Kind, Match, Member, OutboundMessage, Participant
from gateway.outbox.enqueue import Draft, enqueue
from gateway.outbox.reach import release_for
from gateway.oversight.acting import By
from gateway.people.directory import Refused, data_key_of
from gateway.people.opt_out import is_opted_out
from gateway.privacy.audit import audit
from gateway.routing.lines import program_line

LONGEST = 300  # characters
WORDING = "staff_note"


class Stopped(Refused):
    """This phone asked us to stop: nothing may be texted to it."""


@dataclass(frozen=True)
class Sent:
    """How many segments are billed, and the lines to ring."""

    segments: int
    lines: frozenset[int]


def text_member(
    session: Session, voice: Voice, by: By, match: Match, person: Participant, words: str, now: datetime
) -> Sent:
    """Queue a text to this member alone; by night it waits for the person's morning. Raises Refused, Stopped."""
    words = " ".join(words.split())
    if not words or len(words) > LONGEST:
        raise Refused(f"write 1 to {LONGEST} characters")
    if not _belongs(session, match, person):
        raise Refused("this person is not in this match")
    if is_opted_out(session, person.phone_index):
        raise Stopped("this phone texted STOP; call instead")
    line = program_line(session)
    if line is None or line.id is None:
        raise Refused("there is no program line that can send; see `gateway lines list`")
    draft = Draft(
        kind=Kind.NOTICE,
        dedupe_key=f"{WORDING}:{match.id}:{person.id}:{now:%Y%m%d%H%M%S%f}",
        line_id=line.id,
        to_number=session.open(person, "phone_sealed"),
        body=voice.say(WORDING, person.language, note=words),
        key_uid=data_key_of(session, match.community_id),
        wording=WORDING,
        participant_id=person.id,
        match_id=match.id,
    )
    queued = enqueue(session, draft, now)
    segments = session.exec(
        select(func.sum(OutboundMessage.segments)).where(col(OutboundMessage.id).in_(queued))
    ).one()
    audit(session, by.actor, "staff.text", f"match:{match.id}", now, {"to": person.id, "outbound": queued})
    return Sent(int(segments or 0), frozenset({line.id}))


def pause(session: Session, by: By, match: Match, why: str, now: datetime) -> None:
    """What members write waits for nobody: they are told that the match rests. Raises Refused."""
    matches.pause(session, match, why[:64])
    audit(session, by.actor, "match.pause", f"match:{match.id}", now)


def resume(session: Session, by: By, match: Match, now: datetime) -> frozenset[int]:
    """Texts pass again. Returns the lines to ring. Raises Refused."""
    matches.resume(session, match)
    audit(session, by.actor, "match.resume", f"match:{match.id}", now)
    return frozenset(release_for(session, match.id or 0, now))


def _belongs(session: Session, match: Match, person: Participant) -> bool:
    member = select(Member.id).where(Member.match_id == match.id, Member.participant_id == person.id)
    return session.exec(member).first() is not None
