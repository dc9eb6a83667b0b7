"""Joining and leaving a match that goes on. Who leaves is heard by nobody there any more, and hears nothing from it."""

from datetime import datetime

from sqlmodel import col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from gateway.db import Session
from gateway.matching.gates import Gate, unmet_gates
from gateway.matching.matches import GatesNotMet
from gateway.matching.waivers import waive
from gateway.models import (
    Match,
    MatchState,
    Member,
    OutboundMessage,
    OutboundState,
    Participant,
    Role,
)
from gateway.people.directory import Refused
from gateway.routing.masks import lend, lend_again, rest_one

GOING = (MatchState.ACTIVE, MatchState.PAUSED)


def members_of(session: Session, match_id: int) -> list[Participant]:
    """Who is in the match, in the order in which they joined; of a closed match, who was at its end."""
    return list(
        session.exec(
            select(Participant)
            .join(Member, col(Member.participant_id) == Participant.id)
            .where(Member.match_id == match_id, col(Member.left_at).is_(None))
            .order_by(col(Member.id))
        )
    )


def gates_to_join(session: Session, match: Match, person: Participant, now: datetime) -> list[Gate]:
    """What keeps this person from joining: size, shared phones, community, and the person's own gates."""
    people = [*members_of(session, match.id or 0), person]
    youths = [one for one in people if one.role is Role.YOUTH]
    mentors = [one for one in people if one.role is not Role.YOUTH]
    gates = unmet_gates(session, youths, mentors, now.date())
    return [gate for gate in gates if gate.person is None or gate.person.id == person.id]


def join(
    session: Session, match: Match, person: Participant, waiver: str | None, actor: str, now: datetime
) -> tuple[str, list[Gate]]:
    """Add somebody: (the number that the person texts, gates waived). Raises GatesNotMet, PoolTooSmall, Refused."""
    if match.state not in GOING:
        raise Refused(f"match {match.id} is {match.state}; nobody can join it")
    gates = gates_to_join(session, match, person, now)
    if any(not gate.can_be_waived for gate in gates) or (gates and not waiver):
        raise GatesNotMet(gates)
    if waiver:
        waive(session, match, gates, waiver, actor, now)
    place = session.exec(_place(match, person)).first()
    if place is None:
        return lend(session, match, [person], now)[person.key], gates
    return lend_again(session, place, person, now), gates


def leave(session: Session, match: Match, person: Participant, cool_down_days: int, now: datetime) -> None:
    """Take somebody out; the others go on. Raises Refused when a match of one would be left."""
    place = session.exec(_place(match, person)).first()
    if place is None or place.left_at or match.state not in GOING:
        raise Refused(f"{person.key} is not in match {match.id}, or it goes on no longer")
    others = [one for one in members_of(session, match.id or 0) if one.id != person.id]
    if not {Role.YOUTH, Role.MENTOR} <= {one.role for one in others}:
        raise Refused("a match keeps at least one youth and one mentor; close it instead")
    place.left_at = now
    session.add(place)
    rest_one(session, place, cool_down_days, now)
    session.execute(
        update(OutboundMessage)
        .where(
            col(OutboundMessage.match_id) == match.id,
            col(OutboundMessage.participant_id) == person.id,
            col(OutboundMessage.state).in_([OutboundState.QUEUED, OutboundState.HELD]),
        )
        .values(state=OutboundState.CANCELLED, reason="left_match", settled_at=now)
    )


def _place(match: Match, person: Participant) -> SelectOfScalar[Member]:
    return select(Member).where(Member.match_id == match.id, Member.participant_id == person.id)
