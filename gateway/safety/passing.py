"""A member's words go on to every other member: queued, or held until staff have looked, each on its own lane."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.db import Session
from gateway.i18n import Voices
from gateway.models import Kind, Role
from gateway.outbox.enqueue import Draft, enqueue
from gateway.people.directory import data_key_of, first_name, voice_for
from gateway.routing.routes import Partner
from gateway.safety.text import Text
from gateway.sms.wording import in_group


@dataclass(frozen=True)
class Passing:
    """How words go on: held for a reason or not, in a group or a pair, with company for the adult who reads them."""

    is_group: bool = False
    held_for: str | None = None
    is_crisis: bool = False
    needs_company: bool = False


def pass_on(
    session: Session, voices: Voices, text: Text, present: Sequence[Partner], how: Passing, now: datetime
) -> set[int]:
    """Queue one text for each partner who can have it; in a group it opens with the sender's first name.

    Returns the lines to ring.
    """
    assert text.sender is not None
    words = in_group(first_name(session, text.sender), text.words) if how.is_group else text.words
    for partner in present:
        held_for = _held_for(partner, how)
        enqueue(session, _draft(session, text, partner, words, held_for), now)
        if how.needs_company and held_for is None and partner.person.role is not Role.YOUTH:
            _keep_company(session, voices, text, partner, now)
    return {partner.line.id for partner in present if partner.line.id}


def _held_for(partner: Partner, how: Passing) -> str | None:
    """Words of a crisis reach the adults of a group at once; its other young people only after staff have looked."""
    if how.held_for or partner.person.number_doubted_at:
        return how.held_for or "number_doubted"
    is_peer = how.is_group and partner.person.role is Role.YOUTH
    return "crisis" if how.is_crisis and is_peer else None


def _draft(session: Session, text: Text, partner: Partner, words: str, held_for: str | None) -> Draft:
    assert partner.line.id is not None and text.match is not None
    return Draft(
        kind=Kind.RELAY,
        dedupe_key=f"relay:{text.id}:{partner.person.id}",
        line_id=partner.line.id,
        to_number=session.open(partner.person, "phone_sealed"),
        body=words,
        key_uid=data_key_of(session, text.match.community_id),
        lane=_lane(partner),
        participant_id=partner.person.id,
        match_id=text.match.id,
        inbound_id=text.id,
        held_for=held_for,
    )


def _lane(partner: Partner) -> str:
    """What leaves one mask for one phone leaves in order."""
    return f"{partner.line.id}:{partner.person.id}"


def _keep_company(session: Session, voices: Voices, text: Text, partner: Partner, now: datetime) -> None:
    """Right behind the words: staff have been alerted, and nobody is alone with this."""
    assert partner.line.id is not None
    draft = Draft(
        kind=Kind.CRISIS,
        dedupe_key=f"company:{text.id}:{partner.person.id}",
        line_id=partner.line.id,
        to_number=session.open(partner.person, "phone_sealed"),
        body=voice_for(session, voices, partner.person).say("crisis_partner", partner.person.language),
        key_uid=data_key_of(session, partner.person.community_id),
        wording="crisis_partner",
        lane=_lane(partner),
        participant_id=partner.person.id,
        match_id=text.row.match_id,
        inbound_id=text.id,
    )
    enqueue(session, draft, now)
