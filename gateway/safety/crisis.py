"""What is said at once when somebody may be in danger: to the writer, and to the adult who reads it.

It never quotes, probes, diagnoses or promises. Rules: Mental Health Commission of Canada, checklist of June 2025.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import col, select

from gateway.db import Session
from gateway.i18n import Voice, pick
from gateway.models import Community, Kind, OutboundMessage, OutboundState
from gateway.outbox.answers import say
from gateway.safety.text import Text

ONE_REPLY_IN = timedelta(hours=12)
REPLIES = ("crisis", "crisis_worry")
NEVER_READ = (OutboundState.CANCELLED, OutboundState.FAILED, OutboundState.UNDELIVERED)


@dataclass(frozen=True)
class Helplines:
    """Numbers to call. `near` is a community's own, by language; empty when it has none."""

    danger: str
    voice_line: str
    near: Mapping[str, str]


@dataclass(frozen=True)
class Help:
    """Helplines by a community's short name, and for everybody else."""

    default: Helplines
    by_community: Mapping[str, Helplines]

    def of(self, session: Session, community_id: int | None) -> Helplines:
        community = session.get(Community, community_id) if community_id else None
        return self.by_community.get(community.slug, self.default) if community else self.default


def care(
    session: Session, voice: Voice, helplines: Helplines, text: Text, now: datetime, *, is_worry: bool
) -> set[int]:
    """One automatic reply in twelve hours to one person; the line to ring.

    Each part is one segment, so that a part which gets lost never takes the emergency numbers with it.
    """
    if _was_answered(session, text, now):
        return set()
    answer = text.answer("crisis_worry" if is_worry else "crisis", Kind.CRISIS)
    answer = replace(
        answer, once_in=timedelta(seconds=-1), lane=f"crisis:{text.id}"
    )  # asked above, by person
    lines = say(session, voice, answer, now, danger=helplines.danger, voice_line=helplines.voice_line)
    if lines and helplines.near:
        near = replace(answer, wording="crisis_near", dedupe_key=f"answer:{text.id}:crisis_near")
        say(session, voice, near, now, near=pick(helplines.near, text.language))
    return lines


def _was_answered(session: Session, text: Text, now: datetime) -> bool:
    """Whether this person, on this phone, had such a reply already; a sibling on the same phone is another person.

    One that a STOP cancelled or that never arrived is no answer.
    """
    told = select(OutboundMessage.id).where(
        OutboundMessage.to_index == text.row.from_index,
        col(OutboundMessage.wording).in_(REPLIES),
        col(OutboundMessage.created_at) > now - ONE_REPLY_IN,
        col(OutboundMessage.state).not_in(NEVER_READ),
        OutboundMessage.participant_id == text.sender.id
        if text.sender
        else col(OutboundMessage.participant_id).is_(None),
    )
    return session.exec(told.limit(1)).first() is not None
