"""What the gateway saw of the phones on the page: their matches, and each text with every leg of its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import InboundMessage, Line, MaskState, Match, Member, OutboundMessage, Participant
from gateway.people.directory import first_name
from gateway.sms.numbers import as_written
from gateway.web import words
from gateway.web.handsets import Owner
from gateway.web.languages import gettext as _

MOST_PASSAGES = 8


@dataclass(frozen=True)
class Mask:
    name: str
    number: str


@dataclass(frozen=True)
class Tie:
    """A match, and the number that each of its members texts."""

    state: str
    masks: list[Mask]


@dataclass(frozen=True)
class Leg:
    """One text that left because of another."""

    name: str
    number: str
    said: words.Said
    cost: str


@dataclass(frozen=True)
class Passage:
    """One text that came in, what was decided, and what left because of it."""

    name: str
    number: str
    at: str
    text: str
    language: str
    said: words.Said
    legs: list[Leg]


def ties(session: Session, owners: Sequence[Owner]) -> list[Tie]:
    """The matches that the people on the page belong to, oldest first."""
    people = [owner.person.id for owner in owners if owner.person]
    theirs = select(Member.match_id).where(
        col(Member.participant_id).in_(people), col(Member.mask_state) != MaskState.FREE
    )
    rows = session.exec(
        select(Match, Participant, Line)
        .join(Member, col(Member.match_id) == Match.id)
        .join(Participant, col(Participant.id) == Member.participant_id)
        .join(Line, col(Line.id) == Member.line_id)
        .where(col(Match.id).in_(theirs))
        .order_by(col(Match.id), col(Member.id))
    )
    found: dict[str, Tie] = {}
    for match, person, line in rows:
        tie = found.setdefault(match.uid, Tie(words.match_state(match.state), []))
        tie.masks.append(Mask(words.visible(first_name(session, person)), as_written(line.number)))
    return list(found.values())


def passages(session: Session, owners: Sequence[Owner], now: datetime) -> list[Passage]:
    """The newest texts from the phones on the page, newest first."""
    by_index = {session.index(owner.number): owner for owner in owners}
    rows = session.exec(
        select(InboundMessage)
        .where(col(InboundMessage.from_index).in_(by_index))
        .order_by(col(InboundMessage.id).desc())
        .limit(MOST_PASSAGES)
    ).all()
    legs = _legs(session, [row.id for row in rows], now, owners[0]) if rows else {}
    return [_passage(session, row, by_index[row.from_index], legs.get(row.id, [])) for row in rows]


def _passage(session: Session, row: InboundMessage, owner: Owner, legs: list[Leg]) -> Passage:
    return Passage(
        name=owner.name,
        number=as_written(row.to_number),
        at=words.moment(row.received_at, owner.zone),
        text=words.excerpt(session.open(row, "body_sealed")),
        language=owner.language,
        said=words.arrived(row),
        legs=legs,
    )


def _legs(
    session: Session, inbound_ids: Sequence[int | None], now: datetime, viewer: Owner
) -> dict[int | None, list[Leg]]:
    rows = session.exec(
        select(OutboundMessage, Line, Participant)
        .join(Line, col(Line.id) == OutboundMessage.line_id)
        .outerjoin(Participant, col(Participant.id) == OutboundMessage.participant_id)
        .where(col(OutboundMessage.inbound_id).in_(inbound_ids))
        .order_by(col(OutboundMessage.id))
    )
    found: dict[int | None, list[Leg]] = {}
    for row, line, person in rows:
        name = words.visible(first_name(session, person)) if person else _("a stranger")
        said = words.leaving(row, now, viewer.zone)
        cost = words.cost(row.segments, row.encoding)
        found.setdefault(row.inbound_id, []).append(Leg(name, as_written(line.number), said, cost))
    return found
