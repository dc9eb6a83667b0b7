"""Gates that staff let a match pass, each with its reason, kept beside the match."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.matching.gates import Gate, person_gates
from gateway.models import Match, Member, Participant, Waiver
from gateway.people.directory import Refused, data_key_of


@dataclass(frozen=True)
class Waived:
    """One waiver, opened."""

    gate: str
    person: Participant
    reason: str
    at: datetime


def waive(
    session: Session, match: Match, gates: Iterable[Gate], reason: str, actor: str, now: datetime
) -> None:
    """Note that these gates are waived for this match. Raises Refused for one that never is."""
    key_uid = data_key_of(session, match.community_id)
    for gate in gates:
        if not gate.can_be_waived or gate.person is None:
            raise Refused(f"this cannot be waived: {gate.sentence}")
        row = Waiver(
            match_id=match.id or 0,
            participant_id=gate.person.id or 0,
            gate=gate.key,
            reason_sealed=b"",
            actor=actor,
            at=now,
        )
        session.seal(row, "reason_sealed", reason, key_uid)
        session.add(row)
    session.flush()


def waivers_of(session: Session, match: Match) -> list[Waived]:
    """What was waived for this match, oldest first."""
    found = session.exec(
        select(Waiver, Participant)
        .join(Participant, col(Participant.id) == Waiver.participant_id)
        .where(Waiver.match_id == match.id)
        .order_by(col(Waiver.id))
    )
    return [Waived(row.gate, person, session.open(row, "reason_sealed"), row.at) for row, person in found]


def open_gates(session: Session, match: Match, today: date) -> list[Gate]:
    """What the members of this match do not pass today and nobody has waived, member by member."""
    waived = {(one.gate, one.person.id) for one in waivers_of(session, match)}
    members = session.exec(
        select(Participant)
        .join(Member, col(Member.participant_id) == Participant.id)
        .where(Member.match_id == match.id, col(Member.left_at).is_(None))
        .order_by(col(Member.id))
    )
    return [
        gate
        for person in members
        for gate in person_gates(session, person, today)
        if (gate.key, person.id) not in waived
    ]
