"""What the log says of some matches, read in a few queries for all of them together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, func, select

from gateway.db import Session
from gateway.insight.needs import Facts
from gateway.insight.talk import Word, replies_in
from gateway.models import (
    Agenda,
    InboundMessage,
    KeptAnswer,
    Kind,
    Match,
    MatchState,
    Member,
    OutboundMessage,
    Outcome,
    Participant,
    Reviewed,
    Role,
    Run,
    RunState,
    StaffContact,
)

WRITTEN = (
    Outcome.RELAYED,
    Outcome.HELD,
)  # what a member said to the others, whether it has passed yet or not
TASK = "task/"
TASK_DONE = "task_done:"


@dataclass
class Reading:
    """What was read of one match."""

    state: MatchState
    made_at: datetime
    members: dict[int, Role] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)
    reviewed_until: int | None = None
    contacts: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[str, datetime] = field(default_factory=dict)
    closing_at: datetime | None = None

    def facts(self) -> Facts:
        """As what the reasons are worked out from."""
        until = self.reviewed_until
        return Facts(
            made_at=self.made_at,
            members=self.members,
            words=self.words,
            replies=replies_in(self.words, self.members),
            unread=[word for word in self.words if until is None or word.id > until],
            was_reviewed=until is not None,
            contacts=self.contacts,
            open_tasks=self.asked,
            closing_at=self.closing_at if self.state is MatchState.CLOSING else None,
        )


def read(session: Session, match_ids: Sequence[int]) -> dict[int, Reading]:
    """What the log says of each of these matches; those that do not exist are left out."""
    found = session.execute(
        select(Match.id, Match.state, Match.created_at, Agenda.closing_at)
        .outerjoin(Agenda, col(Agenda.match_id) == Match.id)
        .where(col(Match.id).in_(match_ids))
    )
    readings = {
        match_id: Reading(state, made_at, closing_at=closing_at)
        for match_id, state, made_at, closing_at in found
    }
    _read_members(session, readings)
    _read_words(session, readings)
    _read_staff(session, readings)
    _read_tasks(session, readings)
    return readings


def _read_members(session: Session, readings: dict[int, Reading]) -> None:
    rows = session.execute(
        select(Member.match_id, Participant.id, Participant.role)
        .join(Participant, col(Participant.id) == Member.participant_id)
        .where(col(Member.match_id).in_(readings))
        .order_by(col(Member.id))
    )
    for match_id, person_id, role in rows:
        readings[match_id].members[person_id] = role


def _read_words(session: Session, readings: dict[int, Reading]) -> None:
    sizes = _sizes(session, readings)
    rows = session.execute(
        select(
            InboundMessage.match_id,
            InboundMessage.id,
            InboundMessage.participant_id,
            InboundMessage.received_at,
        )
        .where(col(InboundMessage.match_id).in_(readings), col(InboundMessage.outcome).in_(WRITTEN))
        .order_by(col(InboundMessage.received_at), col(InboundMessage.id))
    )
    for match_id, inbound_id, person_id, at in rows:
        role = readings[match_id].members.get(person_id)
        if role is not None:
            word = Word(inbound_id, person_id, role, at, sizes.get(inbound_id, 1))
            readings[match_id].words.append(word)


def _sizes(session: Session, readings: dict[int, Reading]) -> dict[int, int]:
    """The segments of each text as one partner gets it, by its id."""
    legs = (
        select(
            OutboundMessage.inbound_id,
            func.sum(OutboundMessage.segments),
            func.count(func.distinct(OutboundMessage.participant_id)),
        )
        .where(col(OutboundMessage.match_id).in_(readings), OutboundMessage.kind == Kind.RELAY)
        .group_by(col(OutboundMessage.inbound_id))
    )
    return {
        inbound_id: round(total / max(1, people))
        for inbound_id, total, people in session.execute(legs)
        if inbound_id
    }


def _read_staff(session: Session, readings: dict[int, Reading]) -> None:
    reviews = session.execute(
        select(Reviewed.match_id, func.max(Reviewed.inbound_id))
        .where(col(Reviewed.match_id).in_(readings))
        .group_by(col(Reviewed.match_id))
    )
    for match_id, until in reviews:
        readings[match_id].reviewed_until = until
    contacts = session.execute(
        select(StaffContact.match_id, StaffContact.participant_id, StaffContact.at)
        .where(col(StaffContact.match_id).in_(readings))
        .order_by(col(StaffContact.at))
    )
    for match_id, person_id, at in contacts:
        readings[match_id].contacts[person_id].append(at)


def _read_tasks(session: Session, readings: dict[int, Reading]) -> None:
    """Tasks of which the program has asked whether they are done, without the ones that somebody said are."""
    done = {
        (match_id, question)
        for match_id, question in session.execute(
            select(KeptAnswer.match_id, KeptAnswer.question).where(
                col(KeptAnswer.match_id).in_(readings), col(KeptAnswer.question).startswith(TASK_DONE)
            )
        )
    }
    asked = session.execute(
        select(Run.match_id, Run.flow, func.min(Run.created_at))
        .where(col(Run.match_id).in_(readings), col(Run.flow).startswith(TASK), Run.state != RunState.STOPPED)
        .group_by(col(Run.match_id), col(Run.flow))
    )
    for match_id, flow, at in asked:
        task = flow.removeprefix(TASK)
        if (match_id, f"{TASK_DONE}{task}") not in done:
            readings[match_id].asked[task] = at
